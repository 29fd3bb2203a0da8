import { serviceKind } from 'longshore/plugins/compute';
import { bindingLabelOf, httpRouteKind } from 'longshore/plugins/network';
import { ConflictError, type KindRef } from 'longshore/sdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TaskKind, TaskPhase } from '../../api.ts';
import { advancedStatefulSetEngine } from '../../engines/advanced-stateful-set/advanced-stateful-set-engine.ts';
import { cloneSetEngine } from '../../engines/clone-set/clone-set-engine.ts';
import { deploymentPairEngine } from '../../engines/deployment-pair/deployment-pair-engine.ts';
import type { ReleaseEngine, ReleaseTarget, Wanted } from '../../engines/engine.ts';
import { makeTarget, type TargetDraft } from '../../testing/make-target.ts';
import { type ReleaseCluster, startReleaseCluster } from '../../testing/start-release-cluster.ts';
import type { AccessSpec } from '../app-services/version-spec.ts';
import { lookAtTask } from './task-work.ts';

let world: ReleaseCluster;
beforeAll(async () => {
  world = await startReleaseCluster(['kruise', 'gateway-api']);
});
afterAll(() => world[Symbol.asyncDispose]());

const v1 = '11111111-0000-4000-8000-000000000001';
const v2 = '22222222-0000-4000-8000-000000000002';
const port = { name: 'http', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: null } as const;
const access = (name: string, more: Partial<AccessSpec> = {}): AccessSpec => ({
  ...{ name, type: 'CLUSTER_IP', ports: [port] },
  ...more,
});
const all = (target: ReleaseTarget): Wanted => new Map(target.units.map(({ unit, replicas }) => [unit, replicas]));

interface Asked {
  readonly phase?: TaskPhase;
  readonly previous?: ReleaseTarget | null;
  readonly engine?: ReleaseEngine;
  readonly wanted?: Wanted;
}

/** As the loop does: one write, then another look; each write is made twice. Answers the end, and how many writes it took. */
async function run(kind: TaskKind, target: ReleaseTarget, asked: Asked = {}): Promise<string> {
  const { phase = 'PRE', previous = null, engine = deploymentPairEngine, wanted = all(target) } = asked;
  for (let writes = 0; writes < 30; writes += 1) {
    const look = await lookAtTask({
      ...{ kind, phase, target, previous, engine, wanted, hasBegun: writes > 0, reader: world.reader() },
    });
    if (look.is !== 'write') return look.is === 'failed' ? look.reason : `${look.is} ${writes}`;
    for (let times = 0; times < 2; times += 1) {
      await world.write(target, look.write).catch((error: unknown) => {
        if (!(error instanceof ConflictError)) throw error;
      });
    }
  }
  throw new Error(`${kind} has no end`);
}

const find = <T>(kind: KindRef<T>, name: string) => {
  const { store } = world.embedded;
  return store.get(store.resource(kind.group, kind.plural), 'default', name) as
    | { metadata: { uid: string; annotations?: object }; spec: { selector: object; [field: string]: unknown } }
    | undefined;
};
const make = (kind: KindRef, object: object) => {
  const { store } = world.embedded;
  return store.create(store.resource(kind.group, kind.plural), object);
};

describe('the Services of a version (REL-25, REL-26)', () => {
  const target = (draft: TargetDraft) => makeTarget({ service: 'svc', ...draft });

  it('are applied before the groups, cleaned behind them, and nothing is done twice', async () => {
    const first = target({ access: [access('svc'), access('svc-old')] });
    expect(await run('APPLY_SERVICES', first)).toBe('done 2');
    expect(await run('APPLY_SERVICES', first)).toBe('skipped 0');
    expect(find(serviceKind, 'svc')?.spec).toMatchObject({
      type: 'ClusterIP',
      selector: { 'longshore.dev/app-service': 'svc' },
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    });
    const second = target({
      versionId: v2,
      access: [access('svc', { type: 'NODE_PORT', ports: [port, { ...port, name: 'admin', port: 81 }] })],
    });
    expect(await run('APPLY_SERVICES', second)).toBe('done 1');
    expect(find(serviceKind, 'svc')?.spec).toMatchObject({ type: 'NodePort', ports: [{ port: 80 }, { port: 81 }] });
    // Until the groups are through, the version before is reached as it was.
    expect(find(serviceKind, 'svc-old')).toBeDefined();
    expect(await run('CLEAN_SERVICES', second, { phase: 'POST', previous: first })).toBe('done 1');
    expect(find(serviceKind, 'svc-old')).toBeUndefined();
    expect(await run('CLEAN_SERVICES', second, { phase: 'POST', previous: first })).toBe('skipped 0');
  });

  it('are as they were behind a rollback, and gone where there was nothing before', async () => {
    const first = target({ service: 'undo', access: [access('undo')] });
    const second = target({
      service: 'undo',
      versionId: v2,
      access: [access('undo', { type: 'HEADLESS' }), access('undo-more')],
    });
    await run('APPLY_SERVICES', first);
    // Whether it is headless cannot be changed: it is made anew.
    expect(await run('APPLY_SERVICES', second)).toBe('done 3');
    expect(find(serviceKind, 'undo')?.spec).toMatchObject({ clusterIP: 'None' });
    await run('UNDO_SERVICES', second, { phase: 'ROLLBACK_POST', previous: first });
    expect(find(serviceKind, 'undo')?.spec.clusterIP).not.toBe('None');
    expect(find(serviceKind, 'undo-more')).toBeUndefined();
    await run('UNDO_SERVICES', first, { phase: 'ROLLBACK_POST', previous: null });
    expect(find(serviceKind, 'undo')).toBeUndefined();
  });

  it('of somebody else are left as they are (refused)', async () => {
    const mine = make(serviceKind, {
      metadata: { name: 'taken', namespace: 'default' },
      spec: { selector: { app: 'mine' }, ports: [{ port: 80 }] },
    });
    const taken = target({ service: 'taken', access: [access('taken')] });
    await expect.poll(() => world.reader().get(serviceKind, 'default', 'taken')).toBeDefined();
    expect(await run('APPLY_SERVICES', taken)).toContain("was not made for app service 'taken'");
    await run('UNDO_SERVICES', taken, { phase: 'ROLLBACK_POST' });
    expect(find(serviceKind, 'taken')?.metadata.uid).toBe(mine.metadata.uid);
  });

  it('has nothing to do for logs, which pods say themselves', async () => {
    for (const kind of ['APPLY_LOG_CONFIG', 'DELETE_LOG_CONFIG', 'UNDO_LOG_CONFIG'] as const) {
      expect(await run(kind, target({}))).toBe('skipped 0');
    }
  });
});

describe('traffic that goes over by weights (REL-37)', () => {
  const family = (service: string, draft: TargetDraft = {}) => {
    const base: TargetDraft = { service, pods: { '': 2 }, access: [access(service)], ...draft };
    const traffic = { route: service, percent: 20 };
    return {
      first: makeTarget({ ...base, versionId: v1 }),
      second: makeTarget({ ...base, versionId: v2, image: 'registry.local/web:2', traffic }),
    };
  };
  const newRoute = (service: string, backendRefs: readonly object[]) =>
    make(httpRouteKind, { metadata: { name: service, namespace: 'default' }, spec: { rules: [{ backendRefs }] } });
  const weights = (service: string) => {
    const [rule] = find(httpRouteKind, service)?.spec.rules as [{ backendRefs: { name: string; weight: number }[] }];
    return Object.fromEntries(rule.backendRefs.map(({ name, weight }) => [name, weight]));
  };

  it('waits for a pod of the new version, shifts, goes over and leaves the route as it was', async () => {
    const { first, second } = family('road', { previousStays: true });
    newRoute('road', [
      { name: 'road', port: 80 },
      { name: 'others', port: 80, weight: 1 },
    ]);
    await run('APPLY_SERVICES', first);
    await world.reach(deploymentPairEngine, first, all(first));
    expect(await run('SHIFT_TRAFFIC', second)).toBe('done 1');
    expect(find(serviceKind, 'road-next')?.spec.selector).toEqual({
      'longshore.dev/app-service': 'road',
      'longshore.dev/app-service-version': v2,
    });
    expect(await run('SHIFT_TRAFFIC', second, { phase: 'GROUP' })).toBe('waiting 0');
    expect(weights('road')).toEqual({ road: 1, others: 1 });

    await world.reach(deploymentPairEngine, second, all(second));
    // Blue-green: all that was there before is there still.
    const before = await world.observe(deploymentPairEngine, { ...first, previousStays: false });
    expect(before[0]?.pods.filter(({ versionId }) => versionId === v1)).toHaveLength(2);
    expect(await run('SHIFT_TRAFFIC', second, { phase: 'GROUP' })).toBe('done 1');
    expect(weights('road')).toEqual({ road: 80, 'road-next': 20, others: 100 });
    expect(await run('SHIFT_TRAFFIC', second, { phase: 'POST' })).toBe('done 1');
    expect(weights('road')).toEqual({ road: 0, 'road-next': 100, others: 100 });
    expect(await run('CLEAN_WORKLOADS', second, { phase: 'POST' })).toBe('done 1');
    await run('CLEAN_SERVICES', second, { phase: 'POST', previous: first });
    expect(weights('road')).toEqual({ road: 1, others: 1 });
    expect(find(serviceKind, 'road-next')).toBeUndefined();
  });

  it('comes back on the way back', async () => {
    const { first, second } = family('back');
    newRoute('back', [{ name: 'back', port: 80, weight: 7 }]);
    await run('APPLY_SERVICES', first);
    await world.reach(deploymentPairEngine, second, new Map([['', 1]]));
    await run('SHIFT_TRAFFIC', second, { phase: 'GROUP' });
    expect(weights('back')).toEqual({ back: 560, 'back-next': 140 });
    await run('UNDO_SERVICES', second, { phase: 'ROLLBACK_POST', previous: first });
    expect(weights('back')).toEqual({ back: 7 });
    expect(find(serviceKind, 'back-next')).toBeUndefined();
  });

  it('is not shifted on a route whose weights a Kruise Rollout sets, until that is switched off (refused)', async () => {
    const { second } = family('owned');
    newRoute('owned', [{ name: 'owned', port: 80 }]);
    const crd = {
      metadata: { name: 'rollouts.rollouts.kruise.io' },
      spec: {
        group: 'rollouts.kruise.io',
        scope: 'Namespaced',
        names: { kind: 'Rollout', plural: 'rollouts', singular: 'rollout', listKind: 'RolloutList' },
        versions: [
          {
            ...{ name: 'v1beta1', served: true, storage: true },
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    };
    const { store } = world.embedded;
    store.create(store.resource('apiextensions.k8s.io', 'customresourcedefinitions'), crd as never);
    const rollout = (disabled: boolean) => ({
      metadata: { name: 'canary', namespace: 'default' },
      spec: { disabled, strategy: { canary: { trafficRoutings: [{ gateway: { httpRouteName: 'owned' } }] } } },
    });
    const rollouts = await vi.waitFor(() => store.resource('rollouts.kruise.io', 'rollouts'), { timeout: 10_000 });
    store.create(rollouts, rollout(false) as never);
    const refused = "Rollout 'canary' of OpenKruise sets the weights of HTTPRoute 'owned'.";
    await expect.poll(() => run('SHIFT_TRAFFIC', second), { timeout: 20_000 }).toBe(refused);
    expect(await run('SHIFT_TRAFFIC', second, { phase: 'POST' })).toBe(refused);
    expect(weights('owned')).toEqual({ owned: 1 });
    const { metadata } = store.get(rollouts, 'default', 'canary') as { metadata: object };
    store.update(rollouts, { ...rollout(true), metadata } as never);
    await expect.poll(() => run('SHIFT_TRAFFIC', second), { timeout: 20_000 }).toMatch(/^(done|skipped)/);
  });

  it('needs a route of its namespace that leads to it (refused)', async () => {
    const { second } = family('lost');
    expect(await run('SHIFT_TRAFFIC', second)).toBe("There is no HTTPRoute 'lost' in namespace 'default'.");
    newRoute('lost', [{ name: 'others', port: 80 }]);
    expect(await run('SHIFT_TRAFFIC', second)).toBe("HTTPRoute 'lost' does not lead to a Service of 'lost'.");
  });
});

describe('pods that are taken off their Services before they are updated (REL-38)', () => {
  const engine = advancedStatefulSetEngine;
  const base: TargetDraft = {
    service: 'lossless',
    isStateful: true,
    isLossless: true,
    pods: { '': 3 },
    access: [access('lossless')],
  };
  const first = makeTarget({ ...base, versionId: v1 });
  const second = makeTarget({ ...base, versionId: v2, image: 'registry.local/web:2' });
  const label = bindingLabelOf({ metadata: { name: 'lossless' } });
  const bound = async () => {
    const [unit] = await world.observe(engine, second);
    return unit?.pods.map(({ name, object }) => [name, object.metadata.labels?.[label]]);
  };

  it('are the next ones, and are put back when they are updated', async () => {
    await run('APPLY_SERVICES', first);
    await world.reach(engine, first, all(first));
    // Nobody drops out: the Service asks for the label once all have it.
    expect(await run('CLEAN_SERVICES', first, { phase: 'POST', engine })).toBe('done 1');
    expect(find(serviceKind, 'lossless')?.spec.selector).toMatchObject({ [label]: 'true' });

    const wanted = new Map([['', 1]]);
    expect(await run('TAKE_OFF_TRAFFIC', second, { phase: 'GROUP', engine, wanted })).toBe('done 1');
    expect(await bound()).toEqual([
      ['lossless-0', 'true'],
      ['lossless-1', 'true'],
      ['lossless-2', 'false'],
    ]);
    const observed = await world.reach(engine, second, wanted);
    expect(observed[0]?.pods.map(({ versionId }) => versionId)).toEqual([v1, v1, v2]);
    expect(await run('PUT_BACK_TRAFFIC', second, { phase: 'GROUP', engine, wanted })).toBe('done 1');
    // The last one is never taken off.
    expect(await run('TAKE_OFF_TRAFFIC', second, { phase: 'GROUP', engine })).toBe('done 2');
    await run('UNDO_SERVICES', second, { phase: 'ROLLBACK_POST', previous: first, engine });
    expect((await bound())?.map(([, value]) => value)).toEqual(['true', 'true', 'true']);
  });
});

interface SlicedPod {
  readonly metadata: { readonly uid: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status?: { readonly containerStatuses?: readonly { readonly state?: { readonly terminated?: object } }[] };
}
interface Slice {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly endpoints?: readonly {
    readonly targetRef?: { readonly uid?: string };
    readonly conditions?: { readonly ready?: boolean };
  }[];
}

describe('pods without numbers are off their Services before anything happens to them (REL-38)', () => {
  /** Whom requests of a Service still reach at the moment at which a pod of it is changed or ends, by the EndpointSlices of that moment. */
  function watchChanges(service: string) {
    const { store } = world.embedded;
    const slices = store.resource('discovery.k8s.io', 'endpointslices');
    const images = new Map<string, string>();
    const changed = new Map<string, boolean>();
    const isReached = (uid: string) =>
      (store.list(slices) as unknown as readonly Slice[])
        .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service)
        .some(({ endpoints = [] }) =>
          endpoints.some(({ targetRef, conditions }) => targetRef?.uid === uid && conditions?.ready !== false),
        );
    const stop = store.onChange(({ type, object }, { plural }) => {
      if (plural !== 'pods') return;
      const pod = object as unknown as SlicedPod;
      const { uid, labels } = pod.metadata;
      if (labels?.['longshore.dev/app-service'] !== service || changed.has(uid)) return;
      const image = pod.spec.containers[0]?.image ?? '';
      const before = images.get(uid) ?? image;
      images.set(uid, image);
      const hasEnded = pod.status?.containerStatuses?.some(({ state }) => state?.terminated !== undefined) ?? false;
      if (image !== before || hasEnded || type === 'DELETED') changed.set(uid, isReached(uid));
    });
    return { changed, isReached, stop };
  }

  it.each([
    ['changed in place by a CloneSet', 'inplace', cloneSetEngine, 'IN_PLACE'],
    ['made anew by a CloneSet', 'anew', cloneSetEngine, 'REPLACE'],
    ['made anew by a pair of Deployments', 'pair', deploymentPairEngine, 'REPLACE'],
  ] as const)('where they are %s', async (_how, service, engine, upgradeMode) => {
    const draft = { service, upgradeMode, access: [access(service)], pods: { '': 3 }, maxUnavailable: 3 };
    const base: TargetDraft = { ...draft, isLossless: true };
    const first = makeTarget({ ...base, versionId: v1 });
    const second = makeTarget({ ...base, versionId: v2, image: 'registry.local/web:2' });
    await run('APPLY_SERVICES', first);
    const [unit] = await world.reach(engine, first, all(first));
    const uids = unit?.pods.map(({ uid }) => uid) ?? [];
    const { changed, isReached, stop } = watchChanges(service);
    await expect.poll(() => uids.map(isReached)).toEqual([true, true, true]);
    await world.reach(engine, second, all(second));
    await world.finish(engine, second);
    await expect
      .poll(() => uids.map((uid) => [changed.has(uid), changed.get(uid)]))
      .toEqual(uids.map(() => [true, false]));
    stop();
  });
});
