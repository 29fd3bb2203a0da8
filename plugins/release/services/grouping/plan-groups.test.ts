import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GroupingRules, planGroups, spreadPods } from './plan-groups.ts';

const fast: GroupingRules = { grouping: 'FAST', minGroups: 3, betaGroup: true };
const show = (units: readonly { readonly unit: string; readonly count: number }[], rules: GroupingRules) =>
  planGroups(units, rules).map(
    ({ isBeta, pods }) => (isBeta ? 'beta ' : '') + pods.map(({ unit, count }) => `${unit}${count}`).join(' '),
  );
const a5b3 = [
  { unit: 'a', count: 5 },
  { unit: 'b', count: 3 },
];

describe('planGroups (REL-29)', () => {
  it.each([
    ['FAST beside a beta group', a5b3, fast, ['beta a1 b1', 'a2 b1', 'a1 b1', 'a1']],
    ['FAST alone', a5b3, { ...fast, betaGroup: false }, ['a2 b1', 'a2 b1', 'a1 b1']],
    ['ONE_PER_POD', a5b3, { ...fast, grouping: 'ONE_PER_POD' }, ['beta a1 b1', 'a1', 'b1', 'a1', 'b1', 'a1', 'a1']],
    ['ALL_IN_ONE', a5b3, { ...fast, grouping: 'ALL_IN_ONE' }, ['beta a1 b1', 'a4 b2']],
    ['one pod: the beta group is all', [{ unit: '', count: 1 }], fast, ['beta 1']],
    ['fewer pods than groups', [{ unit: '', count: 2 }], { ...fast, betaGroup: false }, ['1', '1']],
    [
      'a unit without pods',
      [
        { unit: 'a', count: 0 },
        { unit: 'b', count: 2 },
      ],
      fast,
      ['beta b1', 'b1'],
    ],
    ['nothing', [], fast, []],
  ] as const)('%s', (_name, units, rules, expected) => {
    expect(show(units, rules as GroupingRules)).toEqual(expected);
  });

  const units = fc
    .uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 6 })
    .chain((names) => fc.tuple(...names.map((unit) => fc.nat(200).map((count) => ({ unit, count })))));
  const rules = fc.record({
    grouping: fc.constantFrom('FAST' as const, 'ONE_PER_POD' as const, 'ALL_IN_ONE' as const),
    minGroups: fc.integer({ min: 1, max: 50 }),
    betaGroup: fc.boolean(),
  });

  it('has each pod in exactly one group, no empty group, and the beta group first with one pod of each unit (REL-30)', () => {
    fc.assert(
      fc.property(units, rules, (of, by) => {
        const planned = planGroups(of, by);
        for (const { unit, count } of of) {
          const sum = planned
            .flatMap(({ pods }) => pods)
            .reduce((all, each) => all + (each.unit === unit ? each.count : 0), 0);
          expect(sum).toBe(count);
        }
        for (const { pods } of planned) expect(pods.every(({ count }) => count > 0) && pods.length > 0).toBe(true);
        expect(planned.slice(1).some(({ isBeta }) => isBeta)).toBe(false);
        const inUse = of.filter(({ count }) => count > 0).map(({ unit }) => ({ unit, count: 1 }));
        if (by.betaGroup && inUse.length > 0) expect(planned[0]).toEqual({ isBeta: true, pods: inUse });
      }),
    );
  });

  it('makes FAST parts of a unit that differ by one pod at the most, as many groups as wanted while there are pods for them', () => {
    fc.assert(
      fc.property(units, fc.integer({ min: 1, max: 50 }), fc.boolean(), (of, minGroups, betaGroup) => {
        const planned = planGroups(of, { grouping: 'FAST', minGroups, betaGroup }).filter(({ isBeta }) => !isBeta);
        const rest = of.map(({ unit, count }) => ({ unit, count: count - (betaGroup ? Math.min(1, count) : 0) }));
        expect(planned).toHaveLength(Math.min(minGroups, Math.max(0, ...rest.map(({ count }) => count))));
        for (const { unit, count } of rest) {
          const sizes = planned.map(({ pods }) => pods.find((each) => each.unit === unit)?.count ?? 0);
          if (count >= minGroups) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('spreadPods', () => {
  it('spreads evenly, with no pod lost', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 20 }), (replicas, names) => {
        const counts = spreadPods(replicas, names).map(({ count }) => count);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(replicas);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
