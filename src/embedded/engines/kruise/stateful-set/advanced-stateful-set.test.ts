import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PersistentVolumeClaim } from '../../../controllers/kubernetes-shapes.ts';
import { group } from '../kinds.ts';
import { conditionOf, lifecycleOf, next, old } from '../testing/clone-set-bench.ts';
import { imagesOf, type KruiseCluster, startKruise } from '../testing/start-kruise.ts';

const gates = [{ conditionType: 'InPlaceUpdateReady' }];
const parallel = { podManagementPolicy: 'Parallel' };
const rolling = (changes: object = {}): object => ({
  updateStrategy: {
    rollingUpdate: { podUpdatePolicy: 'InPlaceIfPossible', maxUnavailable: '100%', ...changes },
  },
});

describe('the Advanced StatefulSet controller', () => {
  let kruise: KruiseCluster;
  const change = (edit: Parameters<KruiseCluster['change']>[3]): void =>
    kruise.change(group, 'statefulsets', 'db', edit);
  const setImage = (image: string): void =>
    change((set) => {
      set.spec.template.spec.containers[0].image = image;
    });
  const create = (spec: object): void => {
    kruise.create(group, 'statefulsets', {
      apiVersion: `${group}/v1beta1`,
      kind: 'StatefulSet',
      metadata: { name: 'db', namespace: 'default' },
      spec: {
        selector: { matchLabels: { app: 'db' } },
        serviceName: 'db',
        template: {
          metadata: { labels: { app: 'db' } },
          spec: { readinessGates: gates, containers: [{ name: 'main', image: old }] },
        },
        ...spec,
      },
    });
    kruise.clock.advance(20_000);
  };
  const names = (): string[] => kruise.pods().map(({ metadata }) => metadata.name);
  const atNext = (): string[] =>
    kruise
      .pods()
      .filter(({ spec }) => spec.containers[0]?.image === next)
      .map(({ metadata }) => metadata.name);
  const status = (): ReturnType<KruiseCluster['statefulSet']>['status'] => kruise.statefulSet().status;

  beforeEach(async () => {
    kruise = await startKruise();
  });
  afterEach(async () => {
    await kruise.stop();
  });

  it('makes one pod after the other, by number', () => {
    create({ replicas: 3 });
    expect(names()).toEqual(['db-0', 'db-1', 'db-2']);
    const [first, second] = kruise.pods();
    expect(Date.parse(second?.metadata.creationTimestamp ?? '')).toBeGreaterThan(
      Date.parse(first?.metadata.creationTimestamp ?? ''),
    );
    const revision = status()?.updateRevision ?? '';
    expect(first?.metadata.labels).toMatchObject({
      'controller-revision-hash': revision,
      'statefulset.kubernetes.io/pod-name': 'db-0',
      'apps.kubernetes.io/pod-index': '0',
      'lifecycle.apps.kruise.io/state': 'Normal',
    });
    expect(status()).toEqual({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      updatedReadyReplicas: 3,
      updatedAvailableReplicas: 3,
      currentRevision: revision,
      updateRevision: revision,
      collisionCount: 0,
      labelSelector: 'app=db',
    });
  });

  it('updates in place: the same pod with a new container', () => {
    create({ replicas: 1, ...parallel, ...rolling() });
    const uid = kruise.pod('db-0')?.metadata.uid;
    setImage(next);
    kruise.clock.advance(10);
    expect(conditionOf(kruise.pod('db-0'), 'InPlaceUpdateReady')).toBe('False');
    expect(lifecycleOf(kruise.pod('db-0'))).toBe('Updating');
    kruise.clock.advance(10_000);
    const pod = kruise.pod('db-0');
    expect(pod?.metadata.uid).toBe(uid);
    expect(pod?.status?.containerStatuses?.[0]).toMatchObject({ image: next, restartCount: 1, ready: true });
    expect(status()).toMatchObject({ updatedReadyReplicas: 1, currentRevision: status()?.updateRevision });
  });

  it('replaces pods where it is not told to update in place', () => {
    create({ replicas: 2 });
    const before = new Set(kruise.pods().map(({ metadata }) => metadata.uid));
    setImage(next);
    kruise.clock.advance(120_000);
    expect(atNext()).toEqual(['db-0', 'db-1']);
    expect(kruise.pods().some(({ metadata }) => before.has(metadata.uid))).toBe(false);
  });

  it('updates from the highest number down to the partition, and further when it falls', () => {
    create({ replicas: 4, ...parallel, ...rolling({ partition: 2 }) });
    setImage(next);
    kruise.clock.advance(30_000);
    expect(atNext()).toEqual(['db-2', 'db-3']);
    expect(status()).toMatchObject({ updatedReplicas: 2, currentReplicas: 2 });
    change((set) => {
      set.spec.updateStrategy.rollingUpdate.partition = 0;
    });
    kruise.clock.advance(30_000);
    expect(atNext()).toHaveLength(4);
  });

  it('updates as many at once as maxUnavailable says', () => {
    create({ replicas: 4, ...parallel, ...rolling({ maxUnavailable: 2 }) });
    setImage(next);
    kruise.clock.advance(10);
    expect(atNext()).toEqual(['db-2', 'db-3']);
    kruise.clock.advance(30_000);
    expect(atNext()).toHaveLength(4);
  });

  it('stops at a pod that does not come up, in order (refused to go on)', () => {
    create({ replicas: 2, ...rolling({ maxUnavailable: 1 }) });
    setImage('registry.local/does-not-exist:2');
    kruise.clock.advance(60_000);
    expect(imagesOf(kruise.pods())).toEqual(['registry.local/does-not-exist:2', old]);
    expect(status()).toMatchObject({ readyReplicas: 1, updatedReplicas: 1 });
    expect(status()?.updatedReadyReplicas).toBeUndefined();
  });

  it('waits while the update is paused, and takes pods by priority', () => {
    const priorityStrategy = { orderPriority: [{ orderedKey: 'apps.kubernetes.io/pod-index' }] };
    const weights = { weightPriority: [{ weight: 1, matchSelector: { matchLabels: { first: 'yes' } } }] };
    create({
      replicas: 3,
      ...parallel,
      ...rolling({ partition: 2, paused: true, unorderedUpdate: { priorityStrategy } }),
    });
    setImage(next);
    kruise.clock.advance(10_000);
    expect(atNext()).toEqual([]);
    kruise.change('', 'pods', 'db-1', (pod) => {
      pod.metadata.labels.first = 'yes';
    });
    change((set) => {
      set.spec.updateStrategy.rollingUpdate.paused = false;
      set.spec.updateStrategy.rollingUpdate.unorderedUpdate = { priorityStrategy: weights };
    });
    kruise.clock.advance(10_000);
    expect(atNext()).toEqual(['db-1']);
  });

  it('gives up reserved numbers and makes others in their place', () => {
    create({ replicas: 3, ...parallel });
    change((set) => {
      set.spec.reserveOrdinals = [1];
    });
    kruise.clock.advance(60_000);
    expect(names()).toEqual(['db-0', 'db-2', 'db-3']);
    change((set) => {
      set.spec.reserveOrdinals = ['1-2'];
      set.spec.replicas = 2;
    });
    kruise.clock.advance(60_000);
    expect(names()).toEqual(['db-0', 'db-3']);
  });

  it('makes no more pods at once than scaleStrategy.maxUnavailable', () => {
    create({ replicas: 0, ...parallel });
    change((set) => {
      set.spec.replicas = 5;
      set.spec.scaleStrategy = { maxUnavailable: 2 };
    });
    kruise.clock.advance(10);
    expect(names()).toEqual(['db-0', 'db-1']);
    kruise.clock.advance(60_000);
    expect(names()).toHaveLength(5);
  });

  it('waits minReadySeconds before it goes on', () => {
    create({ replicas: 2, ...parallel, ...rolling({ maxUnavailable: 1, minReadySeconds: 60 }) });
    kruise.clock.advance(60_000);
    setImage(next);
    kruise.clock.advance(30_000);
    expect(atNext()).toEqual(['db-1']);
    expect(status()).toMatchObject({ readyReplicas: 2, availableReplicas: 1 });
    kruise.clock.advance(60_000);
    expect(atNext()).toEqual(['db-0', 'db-1']);
  });

  it('makes a labelled pod anew, whatever the partition', () => {
    create({ replicas: 2, ...parallel, ...rolling({ partition: 2 }) });
    const uid = kruise.pod('db-0')?.metadata.uid;
    kruise.change('', 'pods', 'db-0', (pod) => {
      pod.metadata.labels['apps.kruise.io/specified-delete'] = 'true';
    });
    kruise.clock.advance(60_000);
    expect(names()).toEqual(['db-0', 'db-1']);
    expect(kruise.pod('db-0')?.metadata.uid).not.toBe(uid);
  });

  it('says in FailedCreatePod that a quota lets no more pods in (refused)', () => {
    kruise.create('', 'resourcequotas', {
      metadata: { name: 'small', namespace: 'default' },
      spec: { hard: { pods: '1' } },
    });
    kruise.clock.advance(10);
    create({ replicas: 2, ...parallel });
    expect(names()).toEqual(['db-0']);
    expect(status()?.conditions).toMatchObject([
      {
        type: 'FailedCreatePod',
        status: 'True',
        message: expect.stringMatching(/^StatefulPodControl failed to create Pod error: .*exceeded quota/),
      },
    ]);
    expect(kruise.events('FailedCreate').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Create Pod db-1 in StatefulSet db failed error: .*exceeded quota/),
    ]);
  });

  it('tells every pod to prepare for its end, also those behind more than one pass of held ones', () => {
    const guarded = { guarded: 'yes' };
    create({
      replicas: 25,
      ...parallel,
      lifecycle: { preDelete: { labelsHandler: guarded } },
      template: {
        metadata: { labels: { app: 'db', ...guarded } },
        spec: { readinessGates: gates, containers: [{ name: 'main', image: old }] },
      },
    });
    change((set) => {
      set.spec.replicas = 0;
    });
    kruise.clock.advance(5_000);
    expect(kruise.pods().filter((pod) => lifecycleOf(pod) === 'PreparingDelete')).toHaveLength(25);
  });

  it('deletes the claims of what is scaled away where the policy says so', () => {
    create({
      replicas: 2,
      ...parallel,
      persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    });
    const claims = (): string[] =>
      kruise
        .list<PersistentVolumeClaim>('', 'persistentvolumeclaims')
        .map(({ metadata }) => metadata.name)
        .sort();
    expect(claims()).toEqual(['data-db-0', 'data-db-1']);
    change((set) => {
      set.spec.replicas = 1;
    });
    kruise.clock.advance(60_000);
    expect(names()).toEqual(['db-0']);
    expect(claims()).toEqual(['data-db-0']);
  });

  it('lives beside a StatefulSet of apps/v1 with its name', () => {
    create({ replicas: 1 });
    kruise.create('apps', 'statefulsets', {
      metadata: { name: 'db', namespace: 'default' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'other' } },
        template: {
          metadata: { labels: { app: 'other' } },
          spec: { containers: [{ name: 'main', image: old }] },
        },
      },
    });
    kruise.clock.advance(30_000);
    // The name db-0 is taken: the second set waits for it and touches nothing.
    expect(names()).toEqual(['db-0']);
    expect(kruise.pod('db-0')?.metadata.ownerReferences?.[0]?.apiVersion).toBe(`${group}/v1beta1`);
  });
});
