import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkOrder } from './check-order.ts';
import { podsOfGroup } from './group-pods.ts';
import { mayConfirm } from './may-confirm.ts';
import { progressOf } from './order-progress.ts';
import { previewRollback } from './rollback-preview.ts';

describe('mayConfirm (REL-30)', () => {
  const service = { owner: 'oidc:ann', operators: ['oidc:bob', 'group:ops'] };
  const nobody = { owner: null, operators: [] };
  const who = (id: string, roles: readonly string[] = ['DEVELOPER'], groups: readonly string[] = []) => ({
    id,
    roles,
    groups,
  });
  it.each([
    ['the owner', who('oidc:ann'), service, { OWNER_OR_OPS: true, MEMBERS: true, ADMIN: false }],
    ['an operator', who('oidc:bob'), service, { OWNER_OR_OPS: true, MEMBERS: true, ADMIN: false }],
    [
      'a group of operators',
      who('oidc:eve', ['DEVELOPER'], ['ops']),
      service,
      { OWNER_OR_OPS: true, MEMBERS: true, ADMIN: false },
    ],
    ['another member', who('oidc:eve'), service, { OWNER_OR_OPS: false, MEMBERS: true, ADMIN: false }],
    [
      'who is only called like a group',
      who('group:ops2'),
      service,
      { OWNER_OR_OPS: false, MEMBERS: true, ADMIN: false },
    ],
    ['an administrator', who('oidc:root', ['ADMIN']), service, { OWNER_OR_OPS: true, MEMBERS: true, ADMIN: true }],
    ['a member where nobody is named', who('oidc:eve'), nobody, { OWNER_OR_OPS: true, MEMBERS: true, ADMIN: false }],
  ] as const)('%s', (_who, principal, of, expected) => {
    for (const [rule, may] of Object.entries(expected)) {
      expect([rule, mayConfirm(principal, of, rule as keyof typeof expected)]).toEqual([rule, may]);
    }
  });
});

describe('progressOf (REL-36)', () => {
  const count = fc.record({ updatedPods: fc.nat(5_000), totalPods: fc.nat(5_000) });
  it('is 100 percent exactly where every pod that was planned is updated', () => {
    fc.assert(
      fc.property(fc.array(count), (counts) => {
        const { updatedPods, totalPods, percent } = progressOf(counts);
        const isAll = counts.every((each) => each.updatedPods >= each.totalPods);
        expect(percent === 100).toBe(totalPods > 0 && isAll);
        expect(updatedPods).toBeLessThanOrEqual(totalPods);
        if (totalPods > 0) expect(percent).toBeGreaterThanOrEqual(0);
        else expect(percent).toBeNull();
      }),
    );
  });

  it('rounds down, and lets pods that were not planned make up for none that is missing', () => {
    expect(progressOf([{ updatedPods: 999, totalPods: 1000 }]).percent).toBe(99);
    expect(
      progressOf([
        { updatedPods: 9, totalPods: 1 },
        { updatedPods: 0, totalPods: 1 },
      ]).percent,
    ).toBe(50);
  });
});

describe('podsOfGroup', () => {
  const pod = (unit: string, state: 'NOT_UPDATED' | 'UPDATING' | 'UPDATED' | 'FAILED', readySince?: number) => ({
    unit,
    state,
    readySince,
  });
  it('gives the pods that were updated first to the first groups of their unit, and old ones to none', () => {
    const groups = [
      { position: 0, pods: [{ unit: 'a', count: 1 }] },
      { position: 1, pods: [{ unit: 'a', count: 2 }] },
    ];
    const pods = [pod('a', 'UPDATING'), pod('a', 'UPDATED', 2), pod('a', 'UPDATED', 1), pod('a', 'NOT_UPDATED', 0)];
    expect(podsOfGroup(pods, groups, 0)).toEqual([pods[2]]);
    expect(podsOfGroup(pods, groups, 1)).toEqual([pods[1], pods[0]]);
    expect(podsOfGroup(pods, groups, 2)).toEqual([]);
  });

  it('has no pod in two groups, and no group with more than were planned', () => {
    const unit = fc.constantFrom('a', 'b');
    const pods = fc.array(
      fc.record({
        unit,
        state: fc.constantFrom('NOT_UPDATED', 'UPDATING', 'UPDATED', 'FAILED') as fc.Arbitrary<'UPDATED'>,
        readySince: fc.option(fc.nat(), { nil: undefined }),
      }),
    );
    const plan = fc.array(fc.uniqueArray(fc.record({ unit, count: fc.nat(4) }), { selector: (each) => each.unit }));
    fc.assert(
      fc.property(pods, plan, (seen, plans) => {
        const groups = plans.map((planned, position) => ({ position, pods: planned }));
        const told = groups.map(({ position }) => podsOfGroup(seen, groups, position));
        const all = told.flat();
        expect(new Set(all).size).toBe(all.length);
        told.forEach((each, index) => {
          for (const { unit: of, count } of plans[index] ?? []) {
            expect(each.filter((one) => one.unit === of).length).toBeLessThanOrEqual(count);
          }
        });
      }),
    );
  });
});

describe('previewRollback (REL-34)', () => {
  const released = (versionId: string, at: number, releases = 1) => ({
    serviceId: 's',
    versionId,
    releases,
    lastAt: new Date(at),
  });
  it.each([
    ['to the last other version that succeeded', 'GROUPS', [released('v1', 1), released('v2', 2)], 'TO_PREVIOUS', 'v2'],
    ['past its own version', 'SUCCEEDED', [released('v1', 1), released('v3', 5)], 'TO_PREVIOUS', 'v1'],
    ['to nothing where none ever did', 'FAILED', [], 'TO_EMPTY', null],
    ['to nothing from the first that did', 'SUCCEEDED', [released('v3', 1)], 'TO_EMPTY', null],
    ['nowhere where the same version is released again', 'FAILED', [released('v3', 1)], 'CANCEL_ONLY', null],
    ['nowhere from the second time', 'SUCCEEDED', [released('v3', 1, 2)], 'CANCEL_ONLY', null],
  ] as const)('leads %s', (_case, state, history, outcome, versionId) => {
    const others = [{ ...released('x', 9), serviceId: 'other' }];
    expect(previewRollback({ serviceId: 's', versionId: 'v3', state }, [...history, ...others])).toEqual({
      outcome,
      versionId,
    });
  });
});

describe('checkOrder (REL-19)', () => {
  const one = [{ serviceId: 'a' }];
  const two = [...one, { serviceId: 'b' }];
  it.each([
    ['one service without a title', { services: one }, []],
    ['several with a title', { title: 'Release 7', services: two }, []],
    ['128 characters, whatever their width', { title: '𝒳'.repeat(128), services: two }, []],
    ['several without a title', { services: two }, ['title required']],
    ['a blank title', { title: '  ', services: one }, ['title required']],
    ['129 characters', { title: 'x'.repeat(129), services: one }, ['title too_long']],
    ['a line break', { title: 'a\nb', services: one }, ['title bad_characters']],
    ['no services', { title: 'x', services: [] }, ['services too_few']],
    ['501 services', { title: 'x', services: Array(501).fill(one[0]) }, ['services too_many']],
    ['101 units', { title: 'x', services: one, units: Array(101).fill('a') }, ['units too_many']],
  ])('%s', (_case, input, expected) => {
    expect(checkOrder(input).map(({ path, code }) => `${path.join('.')} ${code}`)).toEqual(expected);
  });
});
