import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePod } from '../../testing/make-objects.ts';
import { type DrainedPod, type DrainedPodState, judgeDrain, lookAtPods, wantsToGo } from './decide-drain.ts';

const owned = (kind: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name: 'owner', uid: 'u', controller: true }],
});
const pod = (name: string, metadata: object = owned('ReplicaSet'), spec: object = { containers: [] }) =>
  makePod({ metadata: { name, uid: name, ...metadata }, spec });
const leaving = { ...owned('ReplicaSet'), deletionTimestamp: '2026-01-01T00:00:00Z' };
const drained = (state: DrainedPodState, name = 'a', message: string | null = null): DrainedPod => ({
  ...{ namespace: 'shop', name, uid: name, state, message },
});
const look = (pods: ReturnType<typeof pod>[], known: DrainedPod[] = [], more: object = {}) =>
  lookAtPods({ pods, known, acknowledged: [], isRetry: false, ...more });

describe('lookAtPods', () => {
  it('tells each pod apart, and keeps those that are gone (CMP-26)', () => {
    const pods = [pod('new'), pod('daemon', owned('DaemonSet')), pod('going', leaving), pod('held')];
    const known = [drained('LEAVING', 'before'), drained('BLOCKED', 'held', 'by guard'), drained('WAITING', 'going')];
    expect(look(pods, known).map(({ name, state, message }) => [name, state, message])).toEqual([
      ['before', 'GONE', null],
      ['daemon', 'STAYS', "DaemonSet 'owner' would make it anew here."],
      ['going', 'LEAVING', null],
      ['held', 'BLOCKED', 'by guard'],
      ['new', 'WAITING', null],
    ]);
  });
  it('lets nothing go that nobody acknowledged, also where it came later (CMP-26) (refused)', () => {
    const bare = pod('bare', {}, { containers: [], volumes: [{ name: 'cache', emptyDir: {} }] });
    expect(look([bare])).toMatchObject([{ state: 'FAILED', message: expect.stringContaining('LOCAL_DATA_LOST') }]);
    expect(look([bare], [], { acknowledged: ['LOCAL_DATA_LOST'] })).toMatchObject([{ state: 'FAILED' }]);
    const acknowledged = ['LOCAL_DATA_LOST', 'PODS_NOT_REMADE'];
    expect(look([bare], [], { acknowledged })).toMatchObject([{ state: 'WAITING' }]);
  });
  it('asks what failed again only where the step is tried again (CMP-26)', () => {
    const known = [drained('FAILED', 'a', 'two budgets')];
    expect(look([pod('a')], known)).toEqual(known);
    expect(look([pod('a')], known, { isRetry: true })).toMatchObject([{ state: 'WAITING' }]);
  });
  it('takes a pod of the same name for another one (CMP-26)', () => {
    const [gone, here] = look([pod('a', { ...owned('ReplicaSet'), uid: 'b' })], [drained('LEAVING')]);
    expect([gone?.state, here?.state]).toEqual(['GONE', 'WAITING']);
  });
});

describe('judgeDrain', () => {
  const at = { nowMs: 0, deadlineMs: 10_000, isNodeReady: true, endBy: new Map<string, number>() };
  it('is done when only those are left that stay (CMP-26)', () => {
    expect(judgeDrain([drained('STAYS'), drained('GONE', 'b')], at)).toEqual({ do: 'done' });
    expect(judgeDrain([], at)).toEqual({ do: 'done' });
  });
  it('waits longer for budgets than for pods that end (CMP-26)', () => {
    expect(judgeDrain([drained('LEAVING'), drained('BLOCKED', 'b')], at)).toEqual({ do: 'wait', ms: 1_000 });
    expect(judgeDrain([drained('BLOCKED')], at)).toEqual({ do: 'wait', ms: 2_000 });
  });
  it('fails at once where nothing but what cannot go is left, and not before (CMP-26) (refused)', () => {
    const failed = drained('FAILED', 'a', 'two budgets');
    expect(judgeDrain([failed, drained('LEAVING', 'b')], at)).toMatchObject({ do: 'wait' });
    expect(judgeDrain([failed, drained('STAYS', 'b')], at)).toEqual({ do: 'fail', why: 'shop/a (two budgets).' });
  });
  it('fails when its time is up, and names the budget (CMP-26) (refused)', () => {
    const verdict = judgeDrain([drained('BLOCKED', 'a', 'guard needs 2')], { ...at, nowMs: 10_000 });
    expect(verdict).toMatchObject({ do: 'fail', why: expect.stringContaining('shop/a (guard needs 2)') });
  });
  it('fails on a dead node once all its pods should have ended (CMP-26) (refused)', () => {
    const dead = { ...at, isNodeReady: false, endBy: new Map([['a', 5]]) };
    expect(judgeDrain([drained('LEAVING')], dead)).toMatchObject({ do: 'wait' });
    expect(judgeDrain([drained('LEAVING')], { ...dead, nowMs: 6 })).toMatchObject({
      do: 'fail',
      why: expect.stringContaining('does not answer'),
    });
    expect(judgeDrain([drained('LEAVING')], { ...dead, nowMs: 6, isNodeReady: true })).toMatchObject({ do: 'wait' });
    expect(judgeDrain([drained('LEAVING'), drained('BLOCKED', 'b')], { ...dead, nowMs: 6 })).toMatchObject({
      do: 'wait',
    });
  });
});

interface Played {
  readonly name: string;
  /** How often a budget says no. */
  refusals: number;
  /** How many looks it takes to end. */
  ending: number;
  isLeaving: boolean;
}

it('ends with an empty node whatever budgets say for a while, though it dies between any two statements (CMP-26)', () => {
  const played = fc.record({ refusals: fc.nat(3), ending: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(played, { maxLength: 8 }), fc.infiniteStream(fc.boolean()), (drafts, deaths) => {
      const world: Played[] = drafts.map((draft, index) => ({ ...draft, name: `p${index}`, isLeaving: false }));
      let known: readonly DrainedPod[] = [];
      let asked = 0;
      for (let round = 0; round < 200; round += 1) {
        const there = world.filter(({ ending, isLeaving }) => !isLeaving || ending > 0);
        for (const each of world) if (each.isLeaving) each.ending -= 1;
        const looked = lookAtPods({
          pods: there.map(({ name, isLeaving }) => pod(name, isLeaving ? leaving : undefined)),
          known,
          acknowledged: [],
          isRetry: round === 0,
        });
        const results = looked.map((each): DrainedPod => {
          if (!wantsToGo(each)) return each;
          const of = world.find(({ name }) => name === each.name) as Played;
          if (of.refusals > 0) {
            of.refusals -= 1;
            return { ...each, state: 'BLOCKED', message: 'guard' };
          }
          // Never asked again once it goes.
          expect(of.isLeaving).toBe(false);
          asked += 1;
          of.isLeaving = true;
          return { ...each, state: 'LEAVING' };
        });
        // Killed before it could write down what it did.
        if (deaths.next().value) continue;
        known = results;
        const verdict = judgeDrain(results, { nowMs: 0, deadlineMs: 1, isNodeReady: true, endBy: new Map() });
        if (verdict.do === 'wait') continue;
        expect(verdict).toEqual({ do: 'done' });
        expect(asked).toBe(world.length);
        return;
      }
      throw new Error('It never ended');
    }),
  );
});
