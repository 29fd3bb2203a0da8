import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCondition } from '../../../controllers/set-condition.ts';
import { createCloneSetBench, inPlace, next, old } from '../testing/clone-set-bench.ts';
import { type KruiseCluster, startKruise } from '../testing/start-kruise.ts';

describe('updates of CloneSets', () => {
  let kruise: KruiseCluster;
  const { create, change, setImage, status, images, names, revisions, watchAvailable } = createCloneSetBench(
    () => kruise,
  );

  beforeEach(async () => {
    kruise = await startKruise();
  });
  afterEach(async () => {
    await kruise.stop();
  });

  it.each([
    { partition: 2, updated: 2 },
    { partition: '60%', updated: 1 },
    { partition: '99%', updated: 1 },
    { partition: '100%', updated: 0 },
  ])('keep $partition of four pods at the old revision', ({ partition, updated }) => {
    create({ replicas: 4, updateStrategy: { ...inPlace, partition } });
    setImage(next);
    kruise.clock.advance(10_000);
    expect(images().filter((image) => image === next)).toHaveLength(updated);
    expect(status()).toMatchObject({ updatedReplicas: updated, updatedReadyReplicas: updated });
    expect(status()?.expectedUpdatedReplicas ?? 0).toBe(updated);
    expect(status()?.currentRevision === status()?.updateRevision).toBe(false);
  });

  it('go on when the partition falls, and undo nothing when it rises', () => {
    create({ replicas: 4, updateStrategy: { ...inPlace, partition: 3 } });
    const partition = (pods: number): void => {
      change((set) => {
        set.spec.updateStrategy.partition = pods;
      });
      kruise.clock.advance(10_000);
    };
    setImage(next);
    kruise.clock.advance(10_000);
    partition(1);
    expect(images()).toEqual([old, next, next, next]);
    partition(3);
    expect(images()).toEqual([old, next, next, next]);
    partition(0);
    expect(images()).toEqual([next, next, next, next]);
  });

  it('make a pod that is lost anew at the revision that the partition wants', () => {
    create({ replicas: 3, updateStrategy: { ...inPlace, partition: 2 } });
    setImage(next);
    kruise.clock.advance(10_000);
    const held = kruise.pods().find(({ spec }) => spec.containers[0]?.image === old);
    kruise.cluster.store.delete(kruise.cluster.store.resource('', 'pods'), 'default', held?.metadata.name ?? '');
    kruise.clock.advance(60_000);
    expect(images()).toEqual([old, old, next]);
  });

  it('never leave fewer pods available than maxUnavailable allows', () => {
    create({ replicas: 5, updateStrategy: { type: 'InPlaceIfPossible', maxUnavailable: 2 } });
    const least = watchAvailable();
    setImage(next);
    kruise.clock.advance(60_000);
    expect(images()).toEqual(Array.from({ length: 5 }, () => next));
    expect(least()).toBe(3);
  });

  it('replace pods one after the other by default, a fifth at a time', () => {
    create({ replicas: 5 });
    const before = new Set(kruise.pods().map(({ metadata }) => metadata.uid));
    const least = watchAvailable();
    setImage(next);
    kruise.clock.advance(300_000);
    expect(kruise.pods().filter(({ metadata }) => before.has(metadata.uid))).toEqual([]);
    expect(least()).toBe(4);
    expect(status()).toMatchObject({ replicas: 5, updatedAvailableReplicas: 5 });
  });

  it('make pods above the size where maxSurge allows it, so that none is missing', () => {
    create({ replicas: 2, updateStrategy: { maxSurge: 1, maxUnavailable: 0 } });
    const least = watchAvailable();
    setImage(next);
    kruise.clock.advance(300_000);
    expect(images()).toEqual([next, next]);
    expect(least()).toBe(2);
  });

  it('wait while they are paused', () => {
    create({ replicas: 2, updateStrategy: { ...inPlace, paused: true } });
    setImage(next);
    kruise.clock.advance(10_000);
    expect(images()).toEqual([old, old]);
    expect(status()).toMatchObject({ updatedReplicas: 0, observedGeneration: 2 });
    change((set) => {
      set.spec.updateStrategy.paused = false;
    });
    kruise.clock.advance(10_000);
    expect(images()).toEqual([next, next]);
  });

  it('take pods by priority', () => {
    create({
      replicas: 3,
      updateStrategy: {
        ...inPlace,
        partition: 2,
        priorityStrategy: { weightPriority: [{ weight: 10, matchSelector: { matchLabels: { first: 'yes' } } }] },
      },
    });
    const chosen = names()[1] ?? '';
    kruise.change('', 'pods', chosen, (pod) => {
      pod.metadata.labels.first = 'yes';
    });
    setImage(next);
    kruise.clock.advance(10_000);
    expect(kruise.pod(chosen)?.spec.containers[0]?.image).toBe(next);
  });

  it('count a pod as available only after minReadySeconds', () => {
    create({ replicas: 2, minReadySeconds: 30, updateStrategy: { type: 'InPlaceIfPossible', maxUnavailable: 1 } });
    kruise.clock.advance(30_000);
    expect(status()).toMatchObject({ availableReplicas: 2 });
    setImage(next);
    kruise.clock.advance(20_000);
    expect(status()).toMatchObject({ readyReplicas: 2, availableReplicas: 1, updatedReplicas: 1 });
    kruise.clock.advance(60_000);
    expect(status()).toMatchObject({ availableReplicas: 2, updatedReplicas: 2 });
  });

  it('keep as many old revisions as revisionHistoryLimit says', () => {
    create({ replicas: 1, revisionHistoryLimit: 1, updateStrategy: inPlace });
    for (const version of [2, 3, 4]) {
      setImage(`registry.local/web:${version}`);
      kruise.clock.advance(5_000);
    }
    expect(revisions().map(({ revision }) => revision)).toEqual([3, 4]);
  });

  it('tell of their progress where there is a deadline', () => {
    create({ replicas: 1, progressDeadlineSeconds: 60, updateStrategy: inPlace });
    const progress = (): unknown => findCondition(status()?.conditions, 'Progressing');
    expect(progress()).toMatchObject({ status: 'True', reason: 'CloneSetAvailable' });
    setImage('registry.local/does-not-exist:2');
    kruise.clock.advance(10_000);
    expect(progress()).toMatchObject({ status: 'True', reason: 'CloneSetUpdated' });
    kruise.clock.advance(60_000);
    expect(progress()).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
    setImage(old);
    kruise.clock.advance(10_000);
    expect(progress()).toMatchObject({ status: 'True', reason: 'CloneSetAvailable' });
  });
});
