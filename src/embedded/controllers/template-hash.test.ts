import { describe, expect, it } from 'vitest';
import { templateHash } from './template-hash.ts';

describe('templateHash', () => {
  it('depends on the content, not on the order of its members', () => {
    expect(templateHash({ a: 1, b: [2] })).toBe(templateHash({ b: [2], a: 1 }));
    expect(templateHash({ a: 1 })).not.toBe(templateHash({ a: 2 }));
    expect(templateHash({ a: 1 }, 1)).not.toBe(templateHash({ a: 1 }));
  });
});
