import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conditionOf, createCloneSetBench, inPlace, lifecycleOf, next, old } from '../testing/clone-set-bench.ts';
import { type KruiseCluster, startKruise } from '../testing/start-kruise.ts';

describe('hooks of CloneSets', () => {
  let kruise: KruiseCluster;
  const { create, change, setImage, status, images, names, only } = createCloneSetBench(() => kruise);

  beforeEach(async () => {
    kruise = await startKruise();
  });
  afterEach(async () => {
    await kruise.stop();
  });

  it('hold a pod back from its deletion until their labels are gone', () => {
    create({
      replicas: 1,
      lifecycle: { preDelete: { labelsHandler: { guarded: 'yes' }, markPodNotReady: true } },
    });
    const { name } = only().metadata;
    const label = (value: string | undefined): void =>
      kruise.change('', 'pods', name, (pod) => {
        pod.metadata.labels.guarded = value;
      });
    label('yes');
    kruise.clock.advance(10);
    change((set) => {
      set.spec.replicas = 0;
    });
    kruise.clock.advance(10_000);
    expect(lifecycleOf(kruise.pod(name))).toBe('PreparingDelete');
    expect(conditionOf(kruise.pod(name), 'KruisePodReady')).toBe('False');
    expect(conditionOf(kruise.pod(name), 'Ready')).toBe('False');
    label(undefined);
    kruise.clock.advance(60_000);
    expect(kruise.pod(name)).toBeUndefined();
  });

  it('call a pod back that was to go when the size grows again', () => {
    create({ replicas: 1, lifecycle: { preDelete: { labelsHandler: { guarded: 'yes' } } } });
    const { name } = only().metadata;
    kruise.change('', 'pods', name, (pod) => {
      pod.metadata.labels.guarded = 'yes';
    });
    const resize = (replicas: number): void => {
      change((set) => {
        set.spec.replicas = replicas;
      });
      kruise.clock.advance(5_000);
    };
    resize(0);
    expect(lifecycleOf(kruise.pod(name))).toBe('PreparingDelete');
    resize(1);
    expect(lifecycleOf(kruise.pod(name))).toBe('Normal');
    expect(names()).toEqual([name]);
  });

  it('hold a pod back before its update and before it is Normal again', () => {
    const finalizer = 'example.com/traffic';
    create({
      replicas: 1,
      updateStrategy: inPlace,
      lifecycle: { inPlaceUpdate: { finalizersHandler: [finalizer] } },
    });
    const { name } = only().metadata;
    const setFinalizers = (finalizers: readonly string[]): void => {
      kruise.change('', 'pods', name, (pod) => {
        pod.metadata.finalizers = finalizers;
      });
      kruise.clock.advance(5_000);
    };
    setFinalizers([finalizer]);
    setImage(next);
    kruise.clock.advance(5_000);
    expect(lifecycleOf(kruise.pod(name))).toBe('PreparingUpdate');
    expect(images()).toEqual([old]);
    setFinalizers([]);
    expect(images()).toEqual([next]);
    expect(lifecycleOf(kruise.pod(name))).toBe('Updated');
    expect(status()).toMatchObject({ readyReplicas: 1, availableReplicas: 0 });
    setFinalizers([finalizer]);
    expect(lifecycleOf(kruise.pod(name))).toBe('Normal');
    expect(status()).toMatchObject({ updatedAvailableReplicas: 1 });
  });

  it('hold every pod back before its update, also those behind more than one pass of held ones', () => {
    const guarded = { guarded: 'yes' };
    create({
      replicas: 15,
      updateStrategy: inPlace,
      lifecycle: { inPlaceUpdate: { labelsHandler: guarded } },
      template: {
        metadata: { labels: { app: 'web', ...guarded } },
        spec: { containers: [{ name: 'main', image: old }] },
      },
    });
    setImage(next);
    kruise.clock.advance(5_000);
    expect(kruise.pods().filter((pod) => lifecycleOf(pod) === 'PreparingUpdate')).toHaveLength(15);
    expect(status()).toMatchObject({ readyReplicas: 15, availableReplicas: 0 });
  });
});
