import { describe, expect, it } from 'vitest';
import { formatIndexes, parseIndexes } from './index-ranges.ts';

describe('index ranges', () => {
  it('come back as they were written', () => {
    expect(formatIndexes(new Set([4, 0, 1, 2]))).toBe('0-2,4');
    expect(parseIndexes('0-2,4,x')).toEqual(new Set([0, 1, 2, 4]));
    expect(parseIndexes(undefined)).toEqual(new Set());
  });
});
