import { describe, expect, it } from 'vitest';
import { formatAge, formatDuration } from './format-age.ts';

describe('formatDuration', () => {
  it.each([
    [-5, '<invalid>'],
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [200, '3m20s'],
    [600, '10m'],
    [10_799, '179m'],
    [10_800, '3h'],
    [18_720, '5h12m'],
    [28_800, '8h'],
    [172_800, '2d'],
    [273_600, '3d4h'],
    [864_000, '10d'],
    [63_072_000, '2y'],
    [315_360_000, '10y'],
  ])('prints %i seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds * 1000)).toBe(text);
  });

  it('says when a time cannot be read', () => {
    expect(formatAge(undefined, 0)).toBe('<unknown>');
  });
});
