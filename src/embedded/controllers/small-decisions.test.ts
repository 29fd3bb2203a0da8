import { describe, expect, it } from 'vitest';
import { decideDisruptions } from './decide-disruptions.ts';
import { decideGarbage } from './decide-garbage.ts';
import { formatIndexes, parseIndexes } from './index-ranges.ts';
import { matchesSelector } from './matches-selector.ts';
import { parseQuantity } from './parse-quantity.ts';
import { resolveIntOrPercent } from './resolve-int-or-percent.ts';
import { templateHash } from './template-hash.ts';

describe('decideGarbage', () => {
  const reference = { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'a' };
  it.each([
    { name: 'keeps what has a living owner', fates: ['alive'], hasDependents: false, decision: { do: 'keep' } },
    {
      name: 'deletes what has none left',
      fates: ['gone'],
      hasDependents: true,
      decision: { do: 'delete', policy: 'Background' },
    },
    {
      name: 'forgets the owners that are gone as long as one lives',
      fates: ['gone', 'alive'],
      hasDependents: false,
      decision: { do: 'unlink', keep: [reference] },
    },
    {
      name: 'goes leaves first where the owner waits',
      fates: ['waits-for-dependents'],
      hasDependents: true,
      decision: { do: 'delete', policy: 'Foreground' },
    },
    {
      name: 'goes at once where the owner waits and nothing depends on it',
      fates: ['waits-for-dependents'],
      hasDependents: false,
      decision: { do: 'delete', policy: 'Background' },
    },
  ] as const)('$name', ({ fates, hasDependents, decision }) => {
    const owners = fates.map((fate) => ({ reference, fate }));
    expect(decideGarbage(owners, hasDependents)).toEqual(decision);
  });
});

describe('decideDisruptions', () => {
  const none = { minAvailable: undefined, maxUnavailable: undefined, pods: 4, healthy: 4, wanted: 4 };
  it.each([
    { name: 'spares what is above a number', input: { minAvailable: 3 }, allowed: 1 },
    { name: 'spares nothing below it (refused)', input: { minAvailable: 3, healthy: 2 }, allowed: 0 },
    { name: 'rounds a share of available pods up', input: { minAvailable: '60%' }, allowed: 1 },
    {
      name: 'counts unavailability against what controllers want',
      input: { maxUnavailable: 1, healthy: 3 },
      allowed: 0,
    },
    {
      name: 'allows nothing when a share is asked of an unknown number (refused)',
      input: { maxUnavailable: '50%', wanted: undefined },
      allowed: 0,
    },
    { name: 'needs no controller for a number', input: { minAvailable: 1, wanted: undefined }, allowed: 3 },
  ])('$name', ({ input, allowed }) => {
    expect(decideDisruptions({ ...none, ...input }).disruptionsAllowed).toBe(allowed);
  });
});

describe('parseQuantity', () => {
  it.each([
    ['250m', 0.25],
    ['2', 2],
    ['64Mi', 67_108_864],
    ['1.5Gi', 1_610_612_736],
    ['1e3', 1000],
    ['5k', 5000],
    [3, 3],
    [undefined, 0],
    ['12 apples', Number.NaN],
  ])('reads %s', (quantity, value) => {
    expect(parseQuantity(quantity)).toBe(value);
  });
});

describe('resolveIntOrPercent', () => {
  it.each([
    [2, 'up', 2],
    ['25%', 'up', 2],
    ['25%', 'down', 1],
    ['7', 'up', 7],
    ['many', 'up', 0],
  ] as const)('resolves %s of 5 rounding %s', (value, rounding, expected) => {
    expect(resolveIntOrPercent(value, 5, rounding)).toBe(expected);
  });
});

describe('matchesSelector', () => {
  const labels = { app: 'web', tier: 'front' };
  it.each([
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'api' } }, false],
    [{ matchExpressions: [{ key: 'tier', operator: 'In', values: ['front', 'back'] }] }, true],
    [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] }, false],
    [{ matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] }, true],
    [{ matchExpressions: [{ key: 'zone', operator: 'Exists' }] }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'Resembles' }] }, false],
    [{}, true],
    [undefined, false],
  ])('%j', (selector, expected) => {
    expect(matchesSelector(selector, labels)).toBe(expected);
  });
});

describe('index ranges', () => {
  it('come back as they were written', () => {
    expect(formatIndexes(new Set([4, 0, 1, 2]))).toBe('0-2,4');
    expect(parseIndexes('0-2,4,x')).toEqual(new Set([0, 1, 2, 4]));
    expect(parseIndexes(undefined)).toEqual(new Set());
  });
});

describe('templateHash', () => {
  it('depends on the content, not on the order of its members', () => {
    expect(templateHash({ a: 1, b: [2] })).toBe(templateHash({ b: [2], a: 1 }));
    expect(templateHash({ a: 1 })).not.toBe(templateHash({ a: 2 }));
    expect(templateHash({ a: 1 }, 1)).not.toBe(templateHash({ a: 1 }));
  });
});
