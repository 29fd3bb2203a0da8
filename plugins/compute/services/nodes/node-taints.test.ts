import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeTaints, checkTaints, requireOwnTaints, type TaintChange } from './node-taints.ts';

const gpu = { key: 'gpu', value: 'yes', effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z' };
const disk = { key: 'disk', effect: 'NoSchedule' };
const effects = ['NO_SCHEDULE', 'PREFER_NO_SCHEDULE', 'NO_EXECUTE'] as const;

describe('changeTaints', () => {
  it.each<[string, Partial<TaintChange>, object[]]>([
    [
      'adds one behind the others',
      { set: [{ key: 'new', value: 'v', effect: 'PREFER_NO_SCHEDULE' }] },
      [gpu, disk, { key: 'new', value: 'v', effect: 'PreferNoSchedule' }],
    ],
    [
      'changes a value in its place',
      { set: [{ key: 'gpu', value: 'no', effect: 'NO_EXECUTE' }] },
      [{ key: 'gpu', value: 'no', effect: 'NoExecute' }, disk],
    ],
    [
      'leaves one that is as wanted, and since when',
      { set: [{ key: 'gpu', value: 'yes', effect: 'NO_EXECUTE' }] },
      [gpu, disk],
    ],
    [
      'has one for each effect',
      { set: [{ key: 'disk', effect: 'NO_EXECUTE' }] },
      [gpu, disk, { key: 'disk', effect: 'NoExecute' }],
    ],
    ['takes away one effect', { remove: [{ key: 'disk', effect: 'NO_EXECUTE' }] }, [gpu, disk]],
    ['takes away all of a key', { remove: [{ key: 'disk' }] }, [gpu]],
  ])('%s (CMP-29)', (_name, change, expected) => {
    expect(changeTaints([gpu, disk], { set: [], remove: [], ...change })).toEqual(expected);
  });

  it('has what was set, nothing of what was removed, and no taint twice, whatever was there (CMP-29)', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const taint = fc.record({ key, value: fc.constantFrom('', 'v'), effect: fc.constantFrom(...effects) });
    const unique = fc.uniqueArray(taint, { selector: (each) => `${each.key} ${each.effect}` });
    fc.assert(
      fc.property(unique, unique, unique, (before, set, remove) => {
        const start = changeTaints([], { set: before, remove: [] });
        const change = { set, remove: remove.filter((each) => !set.some((other) => other.key === each.key)) };
        const result = changeTaints(start, change);
        const keys = result.map((each) => `${each.key} ${each.effect}`);
        expect(new Set(keys).size).toBe(keys.length);
        expect(changeTaints(result, change)).toEqual(result);
        expect(
          changeTaints([], { set, remove: [] }).every((each) =>
            result.some(
              (other) =>
                other.key === each.key && other.effect === each.effect && (other.value ?? '') === (each.value ?? ''),
            ),
          ),
        ).toBe(true);
      }),
    );
  });
});

describe('checkTaints', () => {
  it.each<[string, Partial<TaintChange>, string]>([
    ['nothing', {}, 'empty'],
    [
      '10,000 taints',
      { set: Array.from({ length: 10_000 }, (_, at) => ({ key: `k${at}`, effect: 'NO_SCHEDULE' as const })) },
      'too_many',
    ],
    ['a key of no form', { set: [{ key: '-', effect: 'NO_SCHEDULE' }] }, 'invalid_key'],
    ['a value of no form', { set: [{ key: 'a', value: 'b c', effect: 'NO_SCHEDULE' }] }, 'invalid_value'],
    ['an effect that nobody knows', { set: [{ key: 'a', effect: 'UNKNOWN' }] }, 'invalid_effect'],
    [
      'one that stands there twice',
      { set: [{ key: 'a', effect: 'NO_SCHEDULE' }], remove: [{ key: 'a' }] },
      'duplicate',
    ],
  ])('refuses %s, once (CMP-29) (bad input)', (_name, change, code) => {
    expect(checkTaints({ set: [], remove: [], ...change }).map((issue) => issue.code)).toEqual([code]);
  });
  it('takes one key with two effects (CMP-29)', () => {
    expect(
      checkTaints({
        set: [
          { key: 'a', effect: 'NO_SCHEDULE' },
          { key: 'a', effect: 'NO_EXECUTE' },
        ],
        remove: [],
      }),
    ).toEqual([]);
  });
});

it("leaves the cluster's own taints alone (CMP-29) (refused)", () => {
  expect(() => requireOwnTaints({ set: [], remove: [{ key: 'node.kubernetes.io/not-ready' }] })).toThrow(/cordonNode/);
  expect(() => requireOwnTaints({ set: [], remove: [{ key: 'node-role.kubernetes.io/control-plane' }] })).not.toThrow();
});
