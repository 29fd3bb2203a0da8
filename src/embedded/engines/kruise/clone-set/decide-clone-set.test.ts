import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availableIn, bringUp, type Model, oldPod, runPass } from '../testing/clone-set-model.ts';
import { isAvailable } from './clone-set-pod.ts';
import { type CloneSetWish, decideNumbers } from './decide-numbers.ts';
import { decideScale } from './decide-scale.ts';
import { decideUpdates } from './decide-updates.ts';

const wishOf = (changes: Partial<CloneSetWish> = {}): CloneSetWish => ({
  replicas: 4,
  partition: 0,
  maxSurge: 0,
  maxUnavailable: 1,
  scaleMaxUnavailable: Number.POSITIVE_INFINITY,
  excludesPreparingDelete: false,
  ...changes,
});
const podsOf = (count: number): ReturnType<typeof oldPod>[] =>
  Array.from({ length: count }, (_, at) => oldPod(`old-${at}`));

/** A CloneSet whose template has just been changed, with what may happen to its pods between passes. */
const rollout = fc
  .record({
    replicas: fc.integer({ min: 1, max: 8 }),
    partition: fc.integer({ min: 0, max: 8 }),
    maxSurge: fc.integer({ min: 0, max: 3 }),
    maxUnavailable: fc.integer({ min: 0, max: 4 }),
    inPlace: fc.boolean(),
    luck: fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 40 }),
  })
  .filter(
    ({ maxSurge, maxUnavailable, inPlace }) => maxSurge + maxUnavailable > 0 && !(inPlace && maxUnavailable === 0),
  )
  .map(({ inPlace, luck, ...wish }): { readonly model: Model; readonly luck: readonly number[] } => ({
    model: {
      wish: wishOf({ ...wish, partition: Math.min(wish.partition, wish.replicas) }),
      inPlace,
      pods: podsOf(wish.replicas),
      made: 0,
    },
    luck,
  }));

/** Every state on the way, and the end, when all pods come up in time. */
function play(start: Model, luck: readonly number[]): { readonly states: readonly Model[]; readonly end: Model } {
  const states: Model[] = [];
  let model = start;
  for (const bits of luck) {
    model = runPass(model);
    states.push(model);
    model = bringUp(model, (at) => ((bits >> (at % 8)) & 1) === 1);
    states.push(model);
  }
  for (let round = 0; round < 200; round += 1) {
    const passed = runPass(model);
    const after = bringUp(passed, () => true);
    states.push(passed, after);
    if (passed === model && model.pods.every(isAvailable)) return { states, end: model };
    model = after;
  }
  throw new Error('the rollout does not come to rest');
}

describe('a rollout of a CloneSet', () => {
  it('never leaves fewer pods available than it may', () => {
    fc.assert(
      fc.property(rollout, ({ model, luck }) => {
        const least = model.wish.replicas - model.wish.maxUnavailable;
        for (const state of play(model, luck).states) expect(availableIn(state)).toBeGreaterThanOrEqual(least);
      }),
    );
  });

  it('keeps the partition at the old revision, and never has more pods than its surge', () => {
    fc.assert(
      fc.property(rollout, ({ model, luck }) => {
        const { partition, replicas, maxSurge } = model.wish;
        for (const { pods } of play(model, luck).states) {
          expect(pods.filter(({ isUpdated }) => !isUpdated).length).toBeGreaterThanOrEqual(partition);
          expect(pods.length).toBeLessThanOrEqual(replicas + maxSurge);
        }
      }),
    );
  });

  it('ends with as many pods as asked for, and all but the partition updated', () => {
    fc.assert(
      fc.property(rollout, ({ model, luck }) => {
        const { pods } = play(model, luck).end;
        const { partition, replicas } = model.wish;
        expect(pods).toHaveLength(replicas);
        expect(pods.filter(({ isUpdated }) => isUpdated)).toHaveLength(replicas - partition);
        expect(pods.every(isAvailable)).toBe(true);
      }),
    );
  });

  it('keeps every pod where it updates in place and has no surge', () => {
    fc.assert(
      fc.property(rollout, ({ model, luck }) => {
        fc.pre(model.inPlace && model.wish.maxSurge === 0);
        const names = model.pods.map(({ name }) => name);
        expect(play(model, luck).end.pods.map(({ name }) => name)).toEqual(names);
      }),
    );
  });
});

describe('one pass over a CloneSet, whatever state it is in', () => {
  const anyPod = fc.record({
    isUpdated: fc.boolean(),
    state: fc.constantFrom(
      '',
      'Normal',
      'PreparingNormal',
      'PreparingUpdate',
      'Updating',
      'Updated',
      'PreparingDelete',
    ),
    isReady: fc.boolean(),
    isSpecified: fc.boolean(),
    isHeldFromDeletion: fc.boolean(),
    isInGrace: fc.boolean(),
  });
  const anySet = fc
    .record({
      pods: fc.array(anyPod, { maxLength: 8 }),
      replicas: fc.nat({ max: 8 }),
      partition: fc.nat({ max: 8 }),
      maxSurge: fc.nat({ max: 3 }),
      maxUnavailable: fc.nat({ max: 4 }),
      excludesPreparingDelete: fc.boolean(),
    })
    .map(({ pods, ...wish }) => ({
      wish: wishOf({ ...wish, partition: Math.min(wish.partition, wish.replicas) }),
      pods: pods.map((pod, at) => ({ ...oldPod(`old-${at}`), ...pod, hasBeenReady: pod.isReady }) as const),
    }));

  it('takes no more available pods down than may be unavailable', () => {
    fc.assert(
      fc.property(anySet, ({ wish, pods }) => {
        const numbers = decideNumbers(wish, pods);
        const allowed = (unavailable: number): number =>
          Math.max(0, wish.maxUnavailable + pods.length - wish.replicas - unavailable);
        const byName = new Map(pods.map((pod) => [pod.name, pod] as const));
        const steps = decideScale({
          replicas: wish.replicas,
          numbers,
          pods,
          rank: (candidates) => candidates,
          neverCallsBack: false,
        });
        const deleted = steps
          .map((step) => (step.do === 'delete' || step.do === 'prepare-delete' ? byName.get(step.pod) : undefined))
          .filter((pod) => pod !== undefined && isAvailable(pod));
        // Pods that were named to go are not held against those that stay.
        const staying = pods.filter(
          (pod) => !isAvailable(pod) && (!pod.isSpecified || pod.state === 'PreparingDelete'),
        );
        expect(deleted.length).toBeLessThanOrEqual(allowed(staying.length));
        const updated = decideUpdates({ numbers, pods, priority: undefined, scatter: [] });
        expect(updated.filter(isAvailable).length).toBeLessThanOrEqual(
          allowed(pods.filter((pod) => !isAvailable(pod)).length),
        );
        expect(updated.some((pod) => pod.isUpdated || pod.state === 'PreparingDelete')).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('makes and deletes in turns, deletes no pod twice and makes no more than are missing', () => {
    fc.assert(
      fc.property(anySet, ({ wish, pods }) => {
        const numbers = decideNumbers(wish, pods);
        const steps = decideScale({
          replicas: wish.replicas,
          numbers,
          pods,
          rank: (candidates) => candidates,
          neverCallsBack: false,
        });
        expect(new Set(steps.map((step) => step.do === 'create')).size).toBeLessThanOrEqual(1);
        const named = steps.map((step) => (step.do === 'create' ? 'new' : step.pod));
        expect(new Set(named).size).toBe(named.length);
        const made = steps.reduce((sum, step) => sum + (step.do === 'create' ? step.old + step.updated : 0), 0);
        expect(made).toBeLessThanOrEqual(numbers.missing);
        expect(numbers.missing === 0 || numbers.surplus === 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('podsToDelete', () => {
  const named = fc
    .record({
      replicas: fc.integer({ min: 1, max: 8 }),
      picks: fc.array(fc.nat({ max: 7 }), { maxLength: 8 }),
      maxUnavailable: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ replicas, picks, maxUnavailable }) => ({
      replicas,
      maxUnavailable,
      chosen: new Set(picks.filter((at) => at < replicas).map((at) => `old-${at}`)),
    }));

  it('takes exactly the named pods where the size is lowered by as many', () => {
    fc.assert(
      fc.property(named, ({ replicas, maxUnavailable, chosen }) => {
        const pods = podsOf(replicas).map((pod) => ({ ...pod, isUpdated: true, isSpecified: chosen.has(pod.name) }));
        const wish = wishOf({ replicas: replicas - chosen.size, maxUnavailable });
        const { end } = play({ wish, inPlace: false, pods, made: 0 }, []);
        const kept = pods.map(({ name }) => name).filter((name) => !chosen.has(name));
        expect(end.pods.map(({ name }) => name)).toEqual(kept);
      }),
    );
  });

  it('has the named pods made anew where the size stays', () => {
    fc.assert(
      fc.property(named, ({ replicas, maxUnavailable, chosen }) => {
        const pods = podsOf(replicas).map((pod) => ({ ...pod, isUpdated: true, isSpecified: chosen.has(pod.name) }));
        const { end } = play({ wish: wishOf({ replicas, maxUnavailable }), inPlace: false, pods, made: 0 }, []);
        expect(end.pods).toHaveLength(replicas);
        expect(end.pods.some(({ name }) => chosen.has(name))).toBe(false);
        expect(end.made).toBe(chosen.size);
      }),
    );
  });
});

describe('decideScale', () => {
  const decide = (wish: CloneSetWish, pods: ReturnType<typeof podsOf>): ReturnType<typeof decideScale> =>
    decideScale({
      replicas: wish.replicas,
      numbers: decideNumbers(wish, pods),
      pods,
      rank: (candidates) => candidates,
      neverCallsBack: false,
    });
  const pod = oldPod('a');
  const leaving = { ...pod, state: 'PreparingDelete', isHeldFromDeletion: true } as const;

  it.each([
    {
      name: 'makes what is missing, as the partition wants it',
      wish: { partition: 1 },
      pods: podsOf(2).map((each) => ({ ...each, isUpdated: true })),
      steps: [{ do: 'create', old: 1, updated: 1 }],
    },
    { name: 'does nothing where all is as asked for', wish: {}, pods: podsOf(4), steps: [] },
    {
      name: 'makes nothing while too many are unavailable',
      wish: { scaleMaxUnavailable: 1 },
      pods: [{ ...pod, isReady: false, hasBeenReady: false }],
      steps: [],
    },
    {
      name: 'deletes the surplus of the old revision first',
      wish: { replicas: 1, maxUnavailable: 4 },
      pods: [{ ...pod, name: 'b', isUpdated: true }, pod],
      steps: [{ do: 'delete', pod: 'a' }],
    },
    {
      name: 'deletes unready pods beyond the limit of ready ones',
      wish: { replicas: 0, maxUnavailable: 0 },
      pods: [{ ...pod, isReady: false, hasBeenReady: false }],
      steps: [{ do: 'delete', pod: 'a' }],
    },
    {
      name: 'asks those who hold a pod to let it go',
      wish: { replicas: 0 },
      pods: [{ ...pod, isHeldFromDeletion: true }],
      steps: [{ do: 'prepare-delete', pod: 'a' }],
    },
    { name: 'waits for those who hold it', wish: { replicas: 0 }, pods: [leaving], steps: [] },
    {
      name: 'calls a pod back that was to go',
      wish: { replicas: 1 },
      pods: [leaving],
      steps: [{ do: 'cancel-delete', pod: 'a' }],
    },
    {
      name: 'never calls back what was specified',
      wish: { replicas: 1 },
      pods: [{ ...leaving, isSpecified: true }],
      steps: [],
    },
    {
      name: 'makes a pod in place of one that is held, where those do not count',
      wish: { replicas: 1, excludesPreparingDelete: true },
      pods: [{ ...leaving, isSpecified: true, isUpdated: true }],
      steps: [{ do: 'create', old: 0, updated: 1 }],
    },
  ])('$name', ({ wish, pods, steps }) => {
    expect(decide(wishOf(wish), pods)).toEqual(steps);
  });
});

describe('decideUpdates', () => {
  const choose = (wish: Partial<CloneSetWish>, pods: ReturnType<typeof podsOf>): string[] =>
    decideUpdates({
      numbers: decideNumbers(wishOf({ replicas: pods.length, ...wish }), pods),
      pods,
      priority: undefined,
      scatter: [],
    }).map(({ name }) => name);
  const [first, second, third] = podsOf(3) as [
    ReturnType<typeof oldPod>,
    ReturnType<typeof oldPod>,
    ReturnType<typeof oldPod>,
  ];
  const broken = { isReady: false, hasBeenReady: false };

  it.each([
    {
      name: 'takes as many as may be unavailable',
      wish: { maxUnavailable: 2 },
      pods: [first, second, third],
      chosen: ['old-0', 'old-1'],
    },
    {
      name: 'takes one that is unavailable anyway',
      wish: {},
      pods: [{ ...first, ...broken }, second],
      chosen: ['old-0'],
    },
    {
      name: 'takes none while an updated one does not come up',
      wish: {},
      pods: [{ ...first, ...broken, isUpdated: true }, second],
      chosen: [],
    },
    { name: 'takes none beyond the partition', wish: { partition: 3 }, pods: [first, second, third], chosen: [] },
    {
      name: 'takes prepared pods before others',
      wish: { maxUnavailable: 3, partition: 2 },
      pods: [first, { ...second, state: 'PreparingUpdate' }, third],
      chosen: ['old-1'],
    },
    {
      name: 'leaves a pod alone whose grace is running',
      wish: { maxUnavailable: 3 },
      pods: [{ ...first, isInGrace: true }],
      chosen: [],
    },
    {
      name: 'leaves a pod alone that is to go',
      wish: { maxUnavailable: 3 },
      pods: [{ ...first, state: 'PreparingDelete' }],
      chosen: [],
    },
  ] as const)('$name', ({ wish, pods, chosen }) => {
    expect(choose(wish, [...pods])).toEqual(chosen);
  });
});
