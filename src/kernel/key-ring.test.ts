import { describe, expect, it } from 'vitest';
import { createKeyRing } from './key-ring.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('createKeyRing', () => {
  const keys = createKeyRing(new Uint8Array(32).fill(7));

  it('gives the same key for the same purpose, on every replica', () => {
    expect(hex(keys.derive('a/1'))).toBe(hex(createKeyRing(new Uint8Array(32).fill(7)).derive('a/1')));
    expect(keys.derive('a/1')).toHaveLength(32);
  });

  it('gives another for another purpose, and from another secret key (refused)', () => {
    const other = createKeyRing(new Uint8Array(32).fill(8));
    expect(new Set([keys.derive('a/1'), keys.derive('a/2'), other.derive('a/1')].map(hex)).size).toBe(3);
  });
});
