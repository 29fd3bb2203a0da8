import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conditionOf, createCloneSetBench, inPlace, lifecycleOf, next, old } from '../testing/clone-set-bench.ts';
import { type KruiseCluster, startKruise } from '../testing/start-kruise.ts';

describe('CloneSets in place', () => {
  let kruise: KruiseCluster;
  const { create, change, setImage, setEnv, status, images, only, revisions } = createCloneSetBench(() => kruise);

  beforeEach(async () => {
    kruise = await startKruise();
  });
  afterEach(async () => {
    await kruise.stop();
  });

  it('restarts the container of the same pod with the new image', () => {
    create({ replicas: 1, updateStrategy: inPlace });
    const before = only();
    setImage(next);
    kruise.clock.advance(10);
    const during = only();
    expect(conditionOf(during, 'InPlaceUpdateReady')).toBe('False');
    expect(conditionOf(during, 'Ready')).toBe('False');
    expect(lifecycleOf(during)).toBe('Updating');
    expect(status()).toMatchObject({ updatedReplicas: 1, updatedReadyReplicas: 0, availableReplicas: 0 });
    const state = JSON.parse(during.metadata.annotations?.['apps.kruise.io/inplace-update-state'] ?? '{}');
    expect(state).toMatchObject({
      revision: status()?.updateRevision,
      lastContainerStatuses: { main: { imageID: before.status?.containerStatuses?.[0]?.imageID } },
      updateImages: true,
    });
    kruise.clock.advance(5_000);
    const after = only();
    const [was] = before.status?.containerStatuses ?? [];
    const [is] = after.status?.containerStatuses ?? [];
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(after.status?.podIP).toBe(before.status?.podIP);
    expect(after.spec.nodeName).toBe(before.spec.nodeName);
    expect(is).toMatchObject({ image: next, restartCount: 1, ready: true });
    expect(is?.imageID).not.toBe(was?.imageID);
    expect(is?.containerID).not.toBe(was?.containerID);
    expect(conditionOf(after, 'InPlaceUpdateReady')).toBe('True');
    expect(conditionOf(after, 'Ready')).toBe('True');
    expect(lifecycleOf(after)).toBe('Normal');
    expect(after.metadata.labels?.['controller-revision-hash']).toBe(status()?.updateRevision);
    expect(status()).toMatchObject({ updatedReadyReplicas: 1, currentRevision: status()?.updateRevision });
    expect(kruise.events('SuccessfulUpdatePodInPlace')).toHaveLength(1);
  });

  it('keeps the pod unready for the grace period before its image changes', () => {
    create({
      replicas: 1,
      updateStrategy: { ...inPlace, inPlaceUpdateStrategy: { gracePeriodSeconds: 10 } },
    });
    setImage(next);
    kruise.clock.advance(9_000);
    expect(images()).toEqual([old]);
    expect(conditionOf(only(), 'Ready')).toBe('False');
    expect(only().metadata.annotations).toHaveProperty(['apps.kruise.io/inplace-update-grace']);
    kruise.clock.advance(6_000);
    expect(images()).toEqual([next]);
    expect(only().metadata.annotations).not.toHaveProperty(['apps.kruise.io/inplace-update-grace']);
    expect(status()).toMatchObject({ updatedReadyReplicas: 1 });
  });

  it('changes labels and annotations of the template without a restart', () => {
    create({ replicas: 1, updateStrategy: inPlace });
    const { uid } = only().metadata;
    change((set) => {
      set.spec.template.metadata.annotations = { restartedAt: 'today' };
    });
    kruise.clock.advance(2_000);
    expect(only().metadata).toMatchObject({ uid, annotations: { restartedAt: 'today' } });
    expect(only().status?.containerStatuses?.[0]?.restartCount).toBe(0);
    expect(status()).toMatchObject({ updatedReadyReplicas: 1 });
  });

  it('replaces the pod where more than the image changes', () => {
    create({ replicas: 1, updateStrategy: inPlace });
    const { uid } = only().metadata;
    setEnv('hello');
    kruise.clock.advance(60_000);
    expect(only().metadata.uid).not.toBe(uid);
    expect(status()).toMatchObject({ replicas: 1, updatedReadyReplicas: 1 });
    expect(kruise.events('SuccessfulUpdatePodReCreate')).toHaveLength(1);
  });

  it('says in FailedUpdate that InPlaceOnly cannot replace the pod (refused)', () => {
    create({ replicas: 1, updateStrategy: { paused: true } });
    const { uid, name } = only().metadata;
    setEnv('hello');
    change((set) => {
      set.spec.updateStrategy = { type: 'InPlaceOnly' };
    });
    kruise.clock.advance(5_000);
    expect(only().metadata.uid).toBe(uid);
    expect(status()?.conditions).toMatchObject([
      {
        type: 'FailedUpdate',
        status: 'True',
        message: `find Pod ${name} update strategy is InPlaceOnly but can not update in-place`,
      },
    ]);
    expect(status()).toMatchObject({ updatedReplicas: 0 });
  });

  it('stays with a container that cannot be pulled, and goes back to the image that ran', () => {
    create({ replicas: 2, updateStrategy: { type: 'InPlaceIfPossible', maxUnavailable: 1 } });
    const [first] = revisions();
    setImage('registry.local/does-not-exist:2');
    kruise.clock.advance(30_000);
    expect(status()).toMatchObject({ updatedReplicas: 1, updatedReadyReplicas: 0, availableReplicas: 1 });
    const broken = kruise.pods().find((pod) => lifecycleOf(pod) === 'Updating');
    expect(broken?.status?.containerStatuses?.[0]).toMatchObject({
      image: old,
      state: { waiting: { reason: expect.stringMatching(/ErrImagePull|ImagePullBackOff/) } },
    });
    setImage(old);
    kruise.clock.advance(30_000);
    expect(images()).toEqual([old, old]);
    expect(status()).toMatchObject({
      updateRevision: first?.metadata.name,
      currentRevision: first?.metadata.name,
      updatedReadyReplicas: 2,
      availableReplicas: 2,
    });
    expect(revisions().map(({ revision }) => revision)).toEqual([2, 3]);
    expect(revisions().at(-1)?.metadata.name).toBe(first?.metadata.name);
  });
});
