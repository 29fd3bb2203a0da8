import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { type ClusterReader, type KubeObject, type MaybePromise, mapMaybe, origin } from 'longshore/sdk';
import { autoscalerTargetKey, horizontalPodAutoscalerKind, type WorkloadObject } from '../../api.ts';

/** Index of HorizontalPodAutoscalers by what they scale (`autoscaling/v2` CrossVersionObjectReference). */
export const autoscalerIndexes = {
  target({ spec, metadata }: KubeObject<V2HorizontalPodAutoscaler>): readonly string[] {
    if (!spec) return [];
    const { apiVersion = '', kind, name } = spec.scaleTargetRef;
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    return [autoscalerTargetKey(group, kind, metadata.namespace ?? '', name)];
  },
};

/** HorizontalPodAutoscalers that scale a workload, as far as the reader can see them. */
export function autoscalersOf(
  reader: ClusterReader,
  workload: WorkloadObject,
): MaybePromise<readonly KubeObject<V2HorizontalPodAutoscaler>[]> {
  const { group, kind } = workload[origin];
  const { namespace = '', name } = workload.metadata;
  return reader.byIndex(horizontalPodAutoscalerKind, 'target', autoscalerTargetKey(group, kind, namespace, name));
}

/** The one that scales a workload; undefined where none does. */
export function findAutoscaler(
  reader: ClusterReader,
  workload: WorkloadObject,
): MaybePromise<KubeObject<V2HorizontalPodAutoscaler> | undefined> {
  return mapMaybe(autoscalersOf(reader, workload), ([found]) => found);
}
