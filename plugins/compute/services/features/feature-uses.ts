import {
  allMaybe,
  type ClusterReader,
  type KindRef,
  type KubeObject,
  type MaybePromise,
  mapMaybe,
  type ObjectList,
} from 'longshore/sdk';
import { anyWorkloadKinds, meshInjectLabel, type WorkloadObject } from '../../api.ts';
import { logCollectionAnnotation } from '../form/log-collection.ts';
import { templateOf } from '../workload-facts.ts';
import { isOwnedByWorkload } from '../workload-kinds.ts';
import type { FeatureName } from './feature-state.ts';

/** Where metadata of a pod template says that a feature is used. */
export const featureMarks: Readonly<
  Record<FeatureName, { readonly in: 'labels' | 'annotations'; readonly key: string }>
> = {
  mesh: { in: 'labels', key: meshInjectLabel },
  logs: { in: 'annotations', key: logCollectionAnnotation },
};

/** Whether a value of the mark means use: `false` and nothing at all do not. */
export const isUse = (value: unknown): boolean => typeof value === 'string' && value !== '' && value !== 'false';

/** Workloads whose pods use a feature, without those that another workload makes. */
export function usersOf(name: FeatureName, reader: ClusterReader): MaybePromise<readonly KubeObject[]> {
  const mark = featureMarks[name];
  const lists = allMaybe<ObjectList<unknown>>(
    (anyWorkloadKinds as readonly KindRef[]).map((kind) => reader.list(kind)),
  );
  return mapMaybe(lists, (found) =>
    found
      .flatMap(({ items }) => items as readonly unknown[] as readonly WorkloadObject[])
      .filter(
        (workload) => !isOwnedByWorkload(workload) && isUse(templateOf(workload)?.metadata?.[mark.in]?.[mark.key]),
      ),
  );
}
