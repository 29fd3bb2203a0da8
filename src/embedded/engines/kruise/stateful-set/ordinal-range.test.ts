import { describe, expect, it } from 'vitest';
import { ordinalsOf, rangeOf, reservedOrdinals } from './ordinal-range.ts';

describe('reserveOrdinals', () => {
  it.each([
    { reserved: [], replicas: 3, ordinals: [0, 1, 2] },
    { reserved: [1], replicas: 3, ordinals: [0, 2, 3] },
    { reserved: ['0-2', 4], replicas: 2, ordinals: [3, 5] },
    { reserved: ['nonsense', 9], replicas: 1, ordinals: [0] },
    { reserved: [4, '3-6', '1-3', 5], replicas: 3, ordinals: [0, 7, 8] },
    { reserved: ['1-2000000000'], replicas: 2, ordinals: [0, 2_000_000_001] },
  ])('$reserved leave $ordinals to $replicas pods', ({ reserved, replicas, ordinals }) => {
    expect(ordinalsOf(replicas, reservedOrdinals(reserved))).toEqual(ordinals);
  });

  it.each(['5-3', '3', '-1', '1-2-3', '', '0-99999999999999999999'])('are no range as %j (refused)', (entry) => {
    expect(rangeOf(entry)).toBeUndefined();
  });
});
