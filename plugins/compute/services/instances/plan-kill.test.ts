import fc from 'fast-check';
import { ValidationError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { type AdvancedStatefulSetObject, advancedStatefulSetKind } from '../../api.ts';
import { makeObject } from '../../testing/make-objects.ts';
import { reservedOf } from './ordinals.ts';
import { planKill, planRemoval, planStart } from './plan-kill.ts';

function tapp(replicas: number, reserveOrdinals: readonly (number | string)[] = []): AdvancedStatefulSetObject {
  return makeObject(advancedStatefulSetKind, { metadata: { name: 'web' }, spec: { replicas, reserveOrdinals } });
}

const resultOf = ({ spec }: { readonly spec: { replicas: number; reserveOrdinals: readonly (number | string)[] } }) =>
  tapp(spec.replicas, spec.reserveOrdinals);
const numbersOf = (set: AdvancedStatefulSetObject) => reservedOf(set).ordinalsOf(set.spec?.replicas ?? 1);
const named = (numbers: readonly number[]) => numbers.map((number) => `web-${number}`);

function issuesOf(act: () => unknown): readonly unknown[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ValidationError) return error.issues.map(({ path, code }) => `${path.join('.')} ${code}`);
    throw error;
  }
  return [];
}

describe('planKill', () => {
  it.each([
    ['one in the middle', tapp(3), ['web-1'], [0, 2]],
    ['the last', tapp(3), ['web-2'], [0, 1]],
    ['all of them', tapp(2), ['web-0', 'web-1'], []],
    ['one that is named twice, once', tapp(3), ['web-1', 'web-1'], [0, 2]],
    ['one behind a range that is left out', tapp(3, ['1-4']), ['web-5'], [0, 6]],
  ])('ends %s and no other (CMP-79)', (_name, set, names, left) => {
    expect(numbersOf(resultOf(planKill(set, names)))).toEqual(left);
  });

  it('leaves out what was left out before, however much that is (CMP-79)', () => {
    expect(planKill(tapp(3, ['5-2000000000', 4]), ['web-1']).spec).toEqual({
      replicas: 2,
      reserveOrdinals: [1, 4, '5-2000000000'],
    });
  });

  it('takes one away of more instances than are ever listed, and no others (CMP-79)', () => {
    expect(planKill(tapp(20_000), ['web-15000']).spec).toEqual({ replicas: 19_999, reserveOrdinals: [15_000] });
  });

  it('says of each name at its place what is wrong with it (CMP-79, refused)', () => {
    const names = ['web-0', 'web-0', 'web-1', 'web-9', 'web-01', 'other'];
    expect(issuesOf(() => planKill(tapp(2, [1]), names))).toEqual([
      'instances.2 is_killed',
      'instances.3 no_such_instance',
      'instances.4 no_such_instance',
      'instances.5 no_such_instance',
    ]);
  });
});

describe('planStart', () => {
  it('brings back one out of a range, and splits that (CMP-79)', () => {
    expect(planStart(tapp(10, ['3-6']), ['web-4']).spec).toEqual({ replicas: 11, reserveOrdinals: [3, '5-6'] });
  });

  it.each([
    ['what runs', tapp(3), ['web-1'], 'instances.0 not_killed'],
    ['what never was', tapp(3), ['web-7'], 'instances.0 no_such_instance'],
    ['what lies behind instances that are missing', tapp(1, [5]), ['web-5'], 'instances out_of_range'],
  ])('does not bring back %s (CMP-79, refused)', (_name, set, names, issue) => {
    expect(issuesOf(() => planStart(set, names))).toEqual([issue]);
  });
});

const sets = fc.record({
  replicas: fc.integer({ min: 1, max: 12 }),
  reserved: fc.array(
    fc.oneof(
      fc.integer({ min: 0, max: 15 }),
      fc
        .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 4 }))
        .map(([first, more]) => `${first}-${first + more}`),
      fc.constantFrom('', '-', '3-', '-3', '5-1', '1e3', ' 2', '0x1'),
    ),
    { maxLength: 5 },
  ),
});

describe('killing, starting and taking away', () => {
  it('end exactly the chosen instances, and a start brings exactly these back (CMP-79)', () => {
    fc.assert(
      fc.property(sets, fc.array(fc.nat(11)), ({ replicas, reserved }, picks) => {
        const set = tapp(replicas, reserved);
        const before = numbersOf(set);
        const going = [...new Set(picks.flatMap((pick) => before[pick % before.length] ?? []))];
        const staying = before.filter((number) => !going.includes(number));
        const killed = resultOf(planKill(set, named(going)));
        expect(numbersOf(killed)).toEqual(staying);
        expect(numbersOf(resultOf(planRemoval(set, named(going))))).toEqual(staying);
        expect(numbersOf(resultOf(planStart(killed, named(going))))).toEqual(before);
      }),
    );
  });
});
