import type { ControllerRevision, Pod } from '../../../controllers/kubernetes-shapes.ts';
import { findCondition } from '../../../controllers/set-condition.ts';
import { type CloneSetStatus, group } from '../kinds.ts';
import { cloneSetOf, imagesOf, type KruiseCluster } from './start-kruise.ts';

export const old = 'registry.local/web:1';
export const next = 'registry.local/web:2';
export const inPlace = { type: 'InPlaceIfPossible', maxUnavailable: '100%' };

/** What tests say of the one CloneSet `web`. */
export interface CloneSetBench {
  /** Creates it and gives it five seconds. */
  create(spec?: object): void;
  change(edit: Parameters<KruiseCluster['change']>[3]): void;
  setImage(image: string): void;
  setEnv(value: string): void;
  status(): CloneSetStatus | undefined;
  images(): string[];
  names(): string[];
  /** The only pod there is. */
  only(): Pod;
  /** The oldest first. */
  revisions(): ControllerRevision[];
  /** Answers the lowest number of available pods that the status has told of since. */
  watchAvailable(): () => number;
}

export function createCloneSetBench(cluster: () => KruiseCluster): CloneSetBench {
  const change: CloneSetBench['change'] = (edit) => cluster().change(group, 'clonesets', 'web', edit);
  return {
    change,
    create(spec) {
      cluster().create(group, 'clonesets', cloneSetOf(spec));
      cluster().clock.advance(5_000);
    },
    setImage: (image) =>
      change((set) => {
        set.spec.template.spec.containers[0].image = image;
      }),
    setEnv: (value) =>
      change((set) => {
        set.spec.template.spec.containers[0].env = [{ name: 'GREETING', value }];
      }),
    status: () => cluster().cloneSet().status,
    images: () => imagesOf(cluster().pods()),
    names: () =>
      cluster()
        .pods()
        .map(({ metadata }) => metadata.name),
    only() {
      const [pod, another] = cluster().pods();
      if (pod === undefined || another !== undefined) throw new Error('there is not exactly one pod');
      return pod;
    },
    revisions: () =>
      cluster()
        .list<ControllerRevision>('apps', 'controllerrevisions')
        .sort((left, right) => left.revision - right.revision),
    watchAvailable() {
      let least = Number.POSITIVE_INFINITY;
      cluster().cluster.store.onChange(({ object }, { plural }) => {
        const told = object.status as { readonly availableReplicas?: number } | undefined;
        if (plural === 'clonesets') least = Math.min(least, told?.availableReplicas ?? least);
      });
      return () => least;
    },
  };
}

/** `True` or `False`. */
export function conditionOf(pod: Pod | undefined, type: string): string | undefined {
  return findCondition(pod?.status?.conditions, type)?.status;
}

export function lifecycleOf(pod: Pod | undefined): string | undefined {
  return pod?.metadata.labels?.['lifecycle.apps.kruise.io/state'];
}
