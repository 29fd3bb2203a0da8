import {
  advancedStatefulSetKind,
  cloneSetKind,
  deploymentKind,
  podKind,
  statefulSetKind,
} from 'longshore/plugins/compute';
import { ConflictError, type KindRef, PreconditionError } from 'longshore/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTarget, type TargetDraft } from '../testing/make-target.ts';
import { type ReleaseCluster, startReleaseCluster } from '../testing/start-release-cluster.ts';
import { advancedStatefulSetEngine } from './advanced-stateful-set/advanced-stateful-set-engine.ts';
import { cloneSetEngine } from './clone-set/clone-set-engine.ts';
import { deploymentPairEngine } from './deployment-pair/deployment-pair-engine.ts';
import {
  type EngineWrite,
  type Observed,
  type ReleaseEngine,
  type ReleaseTarget,
  versionLabel,
  type Wanted,
} from './engine.ts';
import { podsOfVersion } from './observe-pods.ts';
import { statefulSetEngine } from './stateful-set/stateful-set-engine.ts';

interface Row {
  readonly name: string;
  readonly engine: ReleaseEngine;
  readonly kind: KindRef;
  readonly isStateful?: boolean;
  readonly mode: ReleaseTarget['upgradeMode'];
  /** Whether a new image alone leaves a pod where it is. */
  readonly keepsPods: boolean;
}

const rows: readonly Row[] = [
  { name: 'CloneSets in place', engine: cloneSetEngine, kind: cloneSetKind, mode: 'IN_PLACE', keepsPods: true },
  { name: 'CloneSets with new pods', engine: cloneSetEngine, kind: cloneSetKind, mode: 'REPLACE', keepsPods: false },
  {
    name: 'Advanced StatefulSets in place',
    engine: advancedStatefulSetEngine,
    kind: advancedStatefulSetKind,
    isStateful: true,
    mode: 'IN_PLACE',
    keepsPods: true,
  },
  {
    name: 'native StatefulSets',
    engine: statefulSetEngine,
    kind: statefulSetKind,
    isStateful: true,
    mode: 'IN_PLACE',
    keepsPods: false,
  },
  {
    name: 'native Deployments',
    engine: deploymentPairEngine,
    kind: deploymentKind,
    mode: 'IN_PLACE',
    keepsPods: false,
  },
];

let world: ReleaseCluster;
beforeAll(async () => {
  world = await startReleaseCluster();
});
afterAll(() => world[Symbol.asyncDispose]());

const v1 = '11111111-0000-4000-8000-000000000001';
const v2 = '22222222-0000-4000-8000-000000000002';
const v3 = '33333333-0000-4000-8000-000000000003';
const all = (target: ReleaseTarget): Wanted => new Map(target.units.map(({ unit, replicas }) => [unit, replicas]));
const wantedOf = (counts: Readonly<Record<string, number>>): Wanted => new Map(Object.entries(counts));
const counts = (observed: Observed, version: string) =>
  Object.fromEntries(observed.map(({ unit, pods }) => [unit, podsOfVersion(pods, version).length]));
const identities = (observed: Observed, version: string): string[] =>
  observed
    .flatMap(({ pods }) => podsOfVersion(pods, version))
    .map(({ uid, object }) => `${uid} ${String((object.status as { podIP?: string } | undefined)?.podIP)}`)
    .sort();
const replicasIn = (object: unknown): number | undefined =>
  (object as { readonly spec?: { readonly replicas?: number } }).spec?.replicas;

describe.each(rows)('$name', ({ engine, kind, isStateful = false, mode, keepsPods }) => {
  let services = 0;
  const newService = () =>
    `s${++services}-${engine.name.toLowerCase().replaceAll('_', '-')}-${mode.slice(0, 2).toLowerCase()}`;
  const family = (draft: TargetDraft = {}) => {
    const base: TargetDraft = { service: newService(), isStateful, upgradeMode: mode, pods: { a: 3, b: 2 }, ...draft };
    return {
      first: makeTarget({
        ...base,
        versionId: v1,
        image: 'registry.local/web:1',
        annotations: { note: 'first', extra: 'x' },
      }),
      second: makeTarget({ ...base, versionId: v2, image: 'registry.local/web:2', annotations: { note: 'second' } }),
      /** Its pods cannot be had in place. */
      third: makeTarget({
        ...base,
        versionId: v3,
        image: 'registry.local/web:3',
        container: { resources: { requests: { cpu: '50m' } } },
      }),
    };
  };
  const released = async (target: ReleaseTarget): Promise<Observed> => {
    await world.reach(engine, target, all(target));
    return world.finish(engine, target);
  };
  const liveWorkloads = (target: ReleaseTarget) =>
    world.embedded.store
      .list(world.embedded.store.resource(kind.group, kind.plural), 'default')
      .filter(({ metadata }) => metadata.labels?.['longshore.dev/app-service'] === target.service);

  it('releases for the first time in groups: no pod before its turn (REL-29)', async () => {
    const { first } = family();
    for (const wanted of [
      { a: 1, b: 1 },
      { a: 2, b: 1 },
      { a: 3, b: 2 },
    ]) {
      const observed = await world.reach(engine, first, wantedOf(wanted));
      expect(counts(observed, v1)).toEqual(wanted);
    }
    expect(await world.finish(engine, first)).toMatchObject([
      { unit: 'a', exists: true, isPrepared: true, allowed: 3, replicas: 3 },
      { unit: 'b', exists: true, isPrepared: true, allowed: 2, replicas: 2 },
    ]);
  });

  it('updates the pods of a group and leaves the others as they are (REL-28)', async () => {
    const { first, second } = family();
    const before = await released(first);
    const untouched = new Set(identities(before, v1));
    for (const wanted of [
      { a: 1, b: 1 },
      { a: 2, b: 1 },
    ]) {
      const observed = await world.reach(engine, second, wantedOf(wanted));
      expect(counts(observed, v2)).toEqual(wanted);
      for (const identity of identities(observed, v1)) expect(untouched).toContain(identity);
      // What is ready of both together is what the unit has.
      const old = async () => counts(await world.observe(engine, second), v1);
      await expect.poll(old).toEqual({ a: 3 - wanted.a, b: 2 - wanted.b });
    }
    await world.reach(engine, second, all(second));
    const after = await world.finish(engine, second);
    expect(counts(after, v2)).toEqual({ a: 3, b: 2 });
    expect(identities(after, v2).every((identity) => untouched.has(identity))).toBe(keepsPods);
    for (const { object } of after.flatMap(({ pods }) => pods)) {
      expect(object.metadata.annotations).toMatchObject({ note: 'second' });
      expect(object.spec).toMatchObject({ containers: [{ image: 'registry.local/web:2' }] });
    }
  });

  it('makes new pods where a version changes more than images (REL-08)', async () => {
    const { first, third } = family({ pods: { '': 2 } });
    const before = identities(await released(first), v1);
    await world.reach(engine, third, all(third));
    const after = await world.finish(engine, third);
    expect(counts(after, v3)).toEqual({ '': 2 });
    for (const identity of identities(after, v3)) expect(before).not.toContain(identity);
    // What the version before had and this one has not is gone, too.
    for (const { object } of after.flatMap(({ pods }) => pods)) {
      expect(object.metadata.annotations ?? {}).not.toHaveProperty('note');
    }
  });

  it('has the same end where each write is made twice, and its maker forgets everything in between (P11)', async () => {
    const { first, second } = family({ pods: { '': 3 } });
    const again = async (target: ReleaseTarget, write: EngineWrite) => {
      try {
        await world.write(target, write);
      } catch (error) {
        expect(error).toBeInstanceOf(ConflictError);
      }
    };
    const seen: string[] = [];
    for (const target of [first, second]) {
      for (const wanted of [1, 3]) {
        const observed = await world.reach(engine, target, wantedOf({ '': wanted }), {
          after: (write) => again(target, write),
        });
        seen.push(JSON.stringify(counts(observed, target.versionId)));
      }
      await world.finish(engine, target);
    }
    expect(seen).toEqual(['{"":1}', '{"":3}', '{"":1}', '{"":3}']);
    expect(liveWorkloads(first)).toHaveLength(1);
  });

  it('makes no wrong write on what it saw 1 to 50 looks ago (P13)', async () => {
    const { first, second } = family({ pods: { '': 4 } });
    await released(first);
    let seed = 7;
    const random = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    const history: Observed[] = [];
    for (const wanted of [1, 2, 4]) {
      const observed = await world.reach(engine, second, wantedOf({ '': wanted }), {
        see: (now) => {
          history.push(now);
          const age = random() < 0.5 ? 0 : Math.floor(random() * Math.min(50, history.length));
          return history[history.length - 1 - age] ?? now;
        },
        after: async () => {
          const [unit] = await world.observe(engine, second);
          expect(unit?.allowed).toBeLessThanOrEqual(wanted);
          const total = liveWorkloads(second).reduce((sum, object) => sum + (replicasIn(object) ?? 0), 0);
          // 25 % of 4 pods may be missing.
          expect(total).toBeGreaterThanOrEqual(4);
        },
      });
      expect(counts(observed, v2)).toEqual({ '': wanted });
    }
    const after = await world.finish(engine, second);
    expect(counts(after, v2)).toEqual({ '': 4 });
    expect(liveWorkloads(second)).toHaveLength(1);
  });

  it('goes back from the middle to the very template that was there, on all pods (REL-34, T16)', async () => {
    const { first, third } = family();
    await released(first);
    const templateNow = () => liveWorkloads(first).map(({ spec }) => (spec as { template: unknown }).template);
    const template = templateNow();
    await world.reach(engine, third, wantedOf({ a: 2, b: 1 }));
    await expect.poll(async () => counts(await world.observe(engine, first), v1)).toEqual({ a: 1, b: 1 });
    const middle = await world.observe(engine, first);
    await world.reach(engine, first, all(first));
    const after = await world.finish(engine, first);
    expect(counts(after, v1)).toEqual({ a: 3, b: 2 });
    expect(templateNow()).toEqual(template);
    // Those that were never touched are the same ones still.
    for (const identity of identities(middle, v1)) expect(identities(after, v1)).toContain(identity);
  });

  it('goes back from pods that never come up (REL-34)', async () => {
    const { first } = family({ pods: { '': 2 } });
    const broken = makeTarget({
      ...first,
      pods: { '': 2 },
      versionId: v2,
      image: 'registry.local/no-such-image:missing',
    });
    await released(first);
    const write = engine.next(broken, wantedOf({ '': 1 }), await world.observe(engine, broken));
    expect(write).toBeDefined();
    await expect(
      world.reach(engine, broken, wantedOf({ '': 1 }), {
        see: (observed) => {
          const problem = observed.flatMap(({ pods }) => pods).find((pod) => pod.problem)?.problem;
          if (problem) throw new Error(problem);
          return observed;
        },
      }),
    ).rejects.toThrow(/container main: (ErrImagePull|ImagePullBackOff)/);
    await world.reach(engine, first, all(first));
    expect(counts(await world.finish(engine, first), v1)).toEqual({ '': 2 });
  });

  it('grows and shrinks with the number of pods of a version', async () => {
    const { first } = family({ pods: { '': 2 } });
    await released(first);
    const larger = makeTarget({ ...first, versionId: v2, pods: { '': 4 }, image: 'registry.local/web:2' });
    const smaller = makeTarget({ ...first, versionId: v3, pods: { '': 1 }, image: 'registry.local/web:3' });
    expect(counts(await world.reach(engine, larger, wantedOf({ '': 1 })), v2)).toEqual({ '': 1 });
    expect(counts(await released(larger), v2)).toEqual({ '': 4 });
    const writes: EngineWrite[] = [];
    await world.reach(engine, smaller, all(smaller), { before: (write) => void writes.push(write) });
    expect(counts(await world.finish(engine, smaller), v3)).toEqual({ '': 1 });
  });

  it('leaves a unit without pods with none, and takes a unit away that a version does not have any more', async () => {
    const { first } = family({ pods: { a: 1, b: 0 } });
    const observed = await released(first);
    expect(counts(observed, v1)).toEqual({ a: 1, b: 0 });
    const moved = makeTarget({ ...first, versionId: v2, pods: { a: 0, c: 1 }, image: 'registry.local/web:2' });
    const middle = await world.reach(engine, moved, all(moved));
    expect(middle.map(({ unit, replicas, pods }) => [unit, replicas, pods.length])).toEqual([
      ['a', 0, 0],
      ['c', 1, 1],
      ['b', 0, 0],
    ]);
    const after = await world.finish(engine, moved);
    expect(after.map(({ unit, pods }) => [unit, pods.length])).toEqual([
      ['a', 0],
      ['c', 1],
    ]);
  });

  it('takes all away, and nothing of anybody else (REL-14)', async () => {
    const { first, second } = family();
    const other = family();
    await released(first);
    const kept = await released(other.first);
    await world.reach(engine, second, wantedOf({ a: 1, b: 1 }));
    for (let writes = 0; ; writes += 1) {
      const observed = await world.observe(engine, second);
      const write = engine.remove(second, observed);
      if (!write) break;
      expect(writes).toBeLessThan(10);
      await world.write(second, write);
      await world.write(second, write);
    }
    await expect.poll(async () => (await world.observe(engine, second)).flatMap(({ pods }) => pods)).toEqual([]);
    expect(liveWorkloads(second)).toEqual([]);
    expect(identities(await world.observe(engine, other.first), v1)).toEqual(identities(kept, v1));
  });

  it('leaves the number of pods to whoever scales them, and goes on with what there is (P16, T14)', async () => {
    const { first, second } = family({ pods: { '': 4 } });
    await released(first);
    const name = liveWorkloads(first)[0]?.metadata.name ?? '';
    const { store } = world.embedded;
    const apiVersion = `${kind.group}/${kind.version}`;
    const made = store.create(store.resource('autoscaling', 'horizontalpodautoscalers'), {
      metadata: { name, namespace: 'default' },
      spec: { scaleTargetRef: { apiVersion, kind: kind.kind, name }, minReplicas: 2, maxReplicas: 8 },
    });
    await expect.poll(async () => (await world.observe(engine, second))[0]?.isScaled).toBe(true);
    if (engine === deploymentPairEngine) {
      await expect(world.reach(engine, second, all(second))).rejects.toMatchObject({ reason: 'SCALER_CANNOT_FOLLOW' });
      store.delete(store.resource('autoscaling', 'horizontalpodautoscalers'), 'default', made.metadata.name);
      return;
    }
    const writes: EngineWrite[] = [];
    const scale = (replicas: number) => {
      const workload = structuredClone(liveWorkloads(first)[0]) as never as { spec: { replicas: number } };
      workload.spec.replicas = replicas;
      store.update(store.resource(kind.group, kind.plural), workload as never);
    };
    const moves = [6, 3, 8, 2, 5];
    for (const wanted of [1, 2, 3, 4, 8]) {
      const observed = await world.reach(engine, second, wantedOf({ '': wanted }), {
        before: (write) => {
          writes.push(write);
          const move = moves.shift();
          // Between the look and the write: what was decided on is gone.
          if (move !== undefined) scale(move);
        },
      });
      expect(observed[0]?.replicas).toBe(replicasIn(liveWorkloads(first)[0]));
    }
    expect(writes.filter(({ body }) => replicasIn(body) !== undefined)).toEqual([]);
    const after = await world.finish(engine, second);
    expect(counts(after, v2)).toEqual({ '': after[0]?.replicas });
    expect(after[0]?.replicas).toBeGreaterThanOrEqual(2);
    store.delete(store.resource('autoscaling', 'horizontalpodautoscalers'), 'default', made.metadata.name);
  });

  it('never takes over what somebody else made (refused)', async () => {
    const { first } = family({ pods: { '': 1 } });
    const write = engine.next(first, all(first), await world.observe(engine, first));
    const body = write?.body as { readonly metadata: object };
    const { store } = world.embedded;
    const foreign = { ...body, metadata: { ...body.metadata, annotations: { note: 'mine' } } };
    const made = store.create(store.resource(kind.group, kind.plural), foreign);
    await expect(world.reach(engine, first, all(first))).rejects.toThrow(PreconditionError);
    await expect(world.reach(engine, first, all(first))).rejects.toMatchObject({
      reason: 'NAME_TAKEN',
      message: expect.stringContaining(`was not made for app service '${first.service}'`),
    });
    const now = store.get(store.resource(kind.group, kind.plural), 'default', made.metadata.name);
    expect(now?.spec).toEqual(made.spec);
    store.delete(store.resource(kind.group, kind.plural), 'default', made.metadata.name);
  });

  it('owns nothing of what it made: pods and workloads belong to no order (T12)', async () => {
    const { first } = family({ pods: { '': 1 } });
    const observed = await released(first);
    for (const { metadata } of liveWorkloads(first)) expect(metadata.ownerReferences).toBeUndefined();
    const [pod] = observed[0]?.pods ?? [];
    expect(pod?.object.metadata.labels).toMatchObject({ [versionLabel]: v1 });
    expect(pod).toMatchObject({ isReady: true, isLeaving: false, problem: undefined, node: expect.any(String) });
    expect(
      await world.cluster.reader({ id: 'x', roles: ['ADMIN'] } as never).get(podKind, 'default', pod?.name ?? ''),
    ).toBe(pod?.object);
  });
});
