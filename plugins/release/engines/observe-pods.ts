import { type PodObject, podKind } from 'longshore/plugins/compute';
import type { ClusterReader } from 'longshore/sdk';
import { type ObservedPod, type ReleaseTarget, unitLabel, versionLabel } from './engine.ts';
import { noteOf, problemOf } from './pod-problem.ts';
import { wholeList } from './whole-list.ts';
import { serviceSelector } from './workload-marks.ts';

/** All pods of a service by unit, by name, whatever their version. */
export async function observePods(
  target: Pick<ReleaseTarget, 'namespace' | 'service'>,
  reader: ClusterReader,
): Promise<ReadonlyMap<string, readonly ObservedPod[]>> {
  const pods = await wholeList(reader, podKind, target.namespace, serviceSelector(target));
  const byUnit = new Map<string, ObservedPod[]>();
  for (const pod of pods) {
    const observed = toObservedPod(pod);
    const known = byUnit.get(observed.unit);
    if (known) known.push(observed);
    else byUnit.set(observed.unit, [observed]);
  }
  for (const known of byUnit.values()) known.sort((one, other) => (one.name < other.name ? -1 : 1));
  return byUnit;
}

export function toObservedPod(pod: PodObject): ObservedPod {
  const { metadata, spec, status } = pod;
  const isLeaving = metadata.deletionTimestamp !== undefined;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const isReady = ready?.status === 'True' && !isLeaving && status?.phase === 'Running';
  const problem = problemOf(pod);
  return {
    name: metadata.name,
    uid: metadata.uid,
    unit: metadata.labels?.[unitLabel] ?? '',
    node: spec?.nodeName,
    versionId: metadata.labels?.[versionLabel],
    isReady,
    readySince: isReady ? Date.parse(String(ready?.lastTransitionTime ?? metadata.creationTimestamp)) : undefined,
    isLeaving,
    problem,
    note: problem === undefined ? noteOf(pod) : undefined,
    object: pod,
  };
}

/** Pods of a version that are there to stay. */
export function podsOfVersion(pods: readonly ObservedPod[], versionId: string): readonly ObservedPod[] {
  return pods.filter((pod) => !pod.isLeaving && pod.versionId === versionId);
}
