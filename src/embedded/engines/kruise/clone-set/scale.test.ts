import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PersistentVolumeClaim, Pod } from '../../../controllers/kubernetes-shapes.ts';
import { createCloneSetBench } from '../testing/clone-set-bench.ts';
import { type KruiseCluster, startKruise } from '../testing/start-kruise.ts';

describe('CloneSets and their size', () => {
  let kruise: KruiseCluster;
  const { create, change, status, names, revisions } = createCloneSetBench(() => kruise);

  beforeEach(async () => {
    kruise = await startKruise();
  });
  afterEach(async () => {
    await kruise.stop();
  });

  it('makes the pods, brings each to Normal and counts them', () => {
    create({ replicas: 3 });
    const [revision] = revisions();
    const name = revision?.metadata.name ?? '';
    expect(status()).toEqual({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      updatedReplicas: 3,
      updatedReadyReplicas: 3,
      updatedAvailableReplicas: 3,
      expectedUpdatedReplicas: 3,
      updateRevision: name,
      currentRevision: name,
      collisionCount: 0,
      labelSelector: 'app=web',
    });
    const pod = kruise.pods()[0] as Pod;
    const id = pod.metadata.labels?.['apps.kruise.io/cloneset-instance-id'];
    expect(pod.metadata).toMatchObject({
      name: `web-${id}`,
      labels: {
        app: 'web',
        'controller-revision-hash': name,
        'pod-template-hash': name.slice('web-'.length),
        'lifecycle.apps.kruise.io/state': 'Normal',
      },
      ownerReferences: [{ kind: 'CloneSet', name: 'web', controller: true }],
    });
    expect(pod.spec.readinessGates).toEqual([
      { conditionType: 'InPlaceUpdateReady' },
      { conditionType: 'KruisePodReady' },
    ]);
    expect(revision?.data).toMatchObject({ spec: { template: { $patch: 'replace' } } });
  });

  it('deletes exactly the pods that are named together with a smaller size', () => {
    create({ replicas: 4 });
    const [first, , third] = names();
    const rest = names().filter((name) => name !== first && name !== third);
    change((set) => {
      set.spec.replicas = 2;
      set.spec.scaleStrategy = { podsToDelete: [first, third] };
      set.spec.updateStrategy.maxUnavailable = '100%';
    });
    kruise.clock.advance(60_000);
    expect(names()).toEqual(rest);
    expect(kruise.cloneSet().spec.scaleStrategy?.podsToDelete).toBeUndefined();
  });

  it('makes named pods anew where the size stays', () => {
    create({ replicas: 2 });
    const [first = '', second = ''] = names();
    change((set) => {
      set.spec.scaleStrategy = { podsToDelete: [first] };
    });
    kruise.clock.advance(60_000);
    expect(names()).toHaveLength(2);
    expect(names()).toContain(second);
    expect(names()).not.toContain(first);
  });

  it('deletes a pod that is labelled for it', () => {
    create({ replicas: 2 });
    const [first = ''] = names();
    kruise.change('', 'pods', first, (pod) => {
      pod.metadata.labels['apps.kruise.io/specified-delete'] = 'true';
    });
    kruise.clock.advance(60_000);
    expect(names()).toHaveLength(2);
    expect(names()).not.toContain(first);
  });

  it('makes no more pods at once than may be unavailable', () => {
    create({ replicas: 0 });
    change((set) => {
      set.spec.replicas = 5;
      set.spec.scaleStrategy = { maxUnavailable: 2 };
    });
    kruise.clock.advance(10);
    expect(names()).toHaveLength(2);
    expect(kruise.events('ScaleUpLimited')).not.toEqual([]);
    kruise.clock.advance(60_000);
    expect(status()).toMatchObject({ replicas: 5, readyReplicas: 5 });
  });

  it.each([2, 2_147_483_647])('says in FailedScale that a quota lets no more of %d pods in (refused)', (replicas) => {
    kruise.create('', 'resourcequotas', {
      metadata: { name: 'small', namespace: 'default' },
      spec: { hard: { pods: '1' } },
    });
    kruise.clock.advance(10);
    create({ replicas });
    expect(status()).toMatchObject({ replicas: 1, readyReplicas: 1 });
    expect(status()?.conditions).toMatchObject([
      { type: 'FailedScale', status: 'True', message: expect.stringContaining('exceeded quota') },
    ]);
    expect(kruise.events('FailedCreate')).not.toEqual([]);
  });

  it('gives each pod claims of its own, which go with it', () => {
    create({
      replicas: 2,
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    });
    const claims = (): string[] =>
      kruise.list<PersistentVolumeClaim>('', 'persistentvolumeclaims').map(({ metadata }) => metadata.name);
    const idOf = (pod: string): string => pod.slice('web-'.length);
    expect(claims().sort()).toEqual(names().map((name) => `data-web-${idOf(name)}`));
    const [kept = '', lost = ''] = names();
    // A pod that somebody else deletes leaves its claim to the next one, which has its name.
    kruise.cluster.store.delete(kruise.cluster.store.resource('', 'pods'), 'default', lost);
    kruise.clock.advance(60_000);
    expect(names()).toEqual([kept, lost]);
    change((set) => {
      set.spec.replicas = 1;
      set.spec.scaleStrategy = { podsToDelete: [lost] };
    });
    kruise.clock.advance(60_000);
    expect(claims()).toEqual([`data-web-${idOf(kept)}`]);
  });
});
