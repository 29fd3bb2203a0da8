import { autoscalerTargetKey, horizontalPodAutoscalerKind } from 'longshore/plugins/compute';
import type { ClusterReader, KindRef, KubeObject } from 'longshore/sdk';
import { type ReleaseTarget, type SeenWorkload, unitLabel } from './engine.ts';
import { wholeList } from './whole-list.ts';
import { isOf, serviceSelector } from './workload-marks.ts';

/** The workloads of a service of one kind, in all units. */
export async function observeWorkloads<T>(
  target: Pick<ReleaseTarget, 'namespace' | 'service' | 'serviceId'>,
  kind: KindRef<T>,
  reader: ClusterReader,
): Promise<readonly KubeObject<T>[]> {
  const found = await wholeList(reader, kind, target.namespace, serviceSelector(target));
  return found.filter((workload) => isOf(target, workload));
}

export const unitOfWorkload = ({ metadata }: Pick<KubeObject, 'metadata'>): string =>
  metadata.labels?.[unitLabel] ?? '';

/** Whether a HorizontalPodAutoscaler sets the number of a workload's pods. One at 0 it leaves alone (`autoscaling/v2`, ScalingDisabled). */
export async function hasScaler(
  reader: ClusterReader,
  kind: KindRef,
  { metadata }: Pick<KubeObject, 'metadata'>,
): Promise<boolean> {
  const key = autoscalerTargetKey(kind.group, kind.kind, metadata.namespace ?? '', metadata.name);
  return (await reader.byIndex(horizontalPodAutoscalerKind, 'target', key)).length > 0;
}

/** A workload as it was looked at, whether it is there or not. */
export function seenWorkload(kind: KindRef, name: string, workload: KubeObject | undefined): SeenWorkload {
  if (workload === undefined) return { kind, name };
  const { uid, generation } = workload.metadata;
  return { kind, name, uid, generation: generation as number | undefined };
}

/** Whether its controller has seen the last change of its spec. */
export function isSettled({
  metadata,
  status,
}: {
  readonly metadata: { readonly generation?: number };
  readonly status?: unknown;
}): boolean {
  const { observedGeneration = 0 } = (status ?? {}) as { readonly observedGeneration?: number };
  return observedGeneration >= (metadata.generation ?? 0);
}
