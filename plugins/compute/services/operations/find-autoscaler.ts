import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { type ClusterReader, type KubeObject, type MaybePromise, mapMaybe, origin } from 'longshore/sdk';
import { horizontalPodAutoscalerKind, type WorkloadObject } from '../../api.ts';

/** Index of HorizontalPodAutoscalers by what they scale (`autoscaling/v2` CrossVersionObjectReference). */
export const autoscalerIndexes = {
  target({ spec, metadata }: KubeObject<V2HorizontalPodAutoscaler>): readonly string[] {
    if (!spec) return [];
    const { apiVersion = '', kind, name } = spec.scaleTargetRef;
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    return [autoscalerTargetKey(group, kind, metadata.namespace ?? '', name)];
  },
};

export function autoscalerTargetKey(group: string, kind: string, namespace: string, name: string): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** Name of the HorizontalPodAutoscaler that scales a workload; undefined where none does that the reader can see. */
export function findAutoscaler(reader: ClusterReader, workload: WorkloadObject): MaybePromise<string | undefined> {
  const { group, kind } = workload[origin];
  const { namespace = '', name } = workload.metadata;
  const key = autoscalerTargetKey(group, kind, namespace, name);
  return mapMaybe(reader.byIndex(horizontalPodAutoscalerKind, 'target', key), ([found]) => found?.metadata.name);
}
