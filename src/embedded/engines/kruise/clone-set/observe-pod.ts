import { revisionHashLabel } from '../../../controllers/controller-revisions.ts';
import type { Pod } from '../../../controllers/kubernetes-shapes.ts';
import { availableInMs, isReady } from '../../../controllers/pod-state.ts';
import { findCondition } from '../../../controllers/set-condition.ts';
import { hashOf } from '../create-pod-updater.ts';
import { isInGrace } from '../in-place/in-place-state.ts';
import type { CloneSet } from '../kinds.ts';
import { isHooked, specifiedDeleteLabel, stateOf } from '../lifecycle.ts';
import { inPlaceGate } from '../readiness.ts';
import type { CloneSetPod } from './clone-set-pod.ts';

/** Whether the pod was made from the revision, or has been brought to it; full names and hashes alone both count. */
export function isAtRevision({ metadata }: Pod, revision: string): boolean {
  return hashOf(metadata.labels?.[revisionHashLabel] ?? '') === hashOf(revision);
}

/** How long until the pod has been ready for long enough, in milliseconds; 0 when it has, undefined when it is not ready. */
export function readyInMs(pod: Pod, minReadySeconds: number, nowMs: number): number | undefined {
  if (pod.status?.phase !== 'Running' || !isReady(pod)) return undefined;
  const gate = findCondition(pod.status.conditions, inPlaceGate);
  if (gate !== undefined && gate.status !== 'True') return undefined;
  return availableInMs(pod, minReadySeconds, nowMs);
}

export function observePod(set: CloneSet, pod: Pod, updateRevision: string, nowMs: number): CloneSetPod {
  const { metadata } = pod;
  const waitMs = readyInMs(pod, set.spec.minReadySeconds ?? 0, nowMs);
  return {
    name: metadata.name,
    labels: metadata.labels ?? {},
    isUpdated: isAtRevision(pod, updateRevision),
    state: stateOf(pod),
    isReady: waitMs !== undefined,
    hasBeenReady: waitMs === 0,
    isSpecified:
      metadata.labels?.[specifiedDeleteLabel] !== undefined ||
      (set.spec.scaleStrategy?.podsToDelete ?? []).includes(metadata.name),
    isHeldFromDeletion: isHooked(set.spec.lifecycle?.preDelete, pod),
    isInGrace: isInGrace(pod),
  };
}
