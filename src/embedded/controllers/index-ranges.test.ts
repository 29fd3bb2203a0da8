import { describe, expect, it } from 'vitest';
import { formatIndexes, parseIndexes } from './index-ranges.ts';

describe('index ranges', () => {
  it('come back as they were written', () => {
    expect(formatIndexes(new Set([4, 0, 1, 2]))).toBe('0-2,4');
    expect(formatIndexes(new Set([7, 3, 8]))).toBe('3,7,8');
    expect(parseIndexes('0-2,4,x')).toEqual(new Set([0, 1, 2, 4]));
    expect(parseIndexes(undefined)).toEqual(new Set());
  });
});
