import type { ReleasePodState } from '../../api.ts';
import type { ObservedPod, ObservedUnit } from '../../engines/engine.ts';

/** Where a pod is in a release (REL-27): new and ready for `readySeconds` without a break is UPDATED. */
export function podStateOf(
  { versionId, problem, readySince }: Pick<ObservedPod, 'versionId' | 'problem' | 'readySince'>,
  targetVersionId: string,
  readySeconds: number,
  now: number,
): ReleasePodState {
  if (versionId !== targetVersionId) return 'NOT_UPDATED';
  if (problem !== undefined) return 'FAILED';
  return readySince !== undefined && now - readySince >= readySeconds * 1_000 ? 'UPDATED' : 'UPDATING';
}

/** How far a unit is. Pods that are leaving count for nothing. */
export interface UnitProgress {
  readonly unit: string;
  readonly updated: number;
  readonly updating: number;
  readonly notUpdated: number;
  readonly failed: readonly ObservedPod[];
  /** Whether all that are UPDATING are ready, and only have to stay so. */
  readonly isOnlyWaiting: boolean;
  /** ms until the next pod has been ready for long enough; undefined where none is ready. */
  readonly nextInMs: number | undefined;
}

export function unitProgress(
  { unit, pods }: Pick<ObservedUnit, 'unit' | 'pods'>,
  versionId: string,
  readySeconds: number,
  now: number,
): UnitProgress {
  let [updated, updating, notUpdated] = [0, 0, 0];
  let nextInMs: number | undefined;
  let ready = 0;
  const failed: ObservedPod[] = [];
  for (const pod of pods) {
    if (pod.isLeaving) continue;
    const state = podStateOf(pod, versionId, readySeconds, now);
    if (state === 'UPDATED') updated += 1;
    else if (state === 'NOT_UPDATED') notUpdated += 1;
    else if (state === 'FAILED') failed.push(pod);
    else {
      updating += 1;
      if (pod.readySince === undefined) continue;
      ready += 1;
      const inMs = pod.readySince + readySeconds * 1_000 - now;
      nextInMs = Math.min(nextInMs ?? inMs, inMs);
    }
  }
  return { unit, updated, updating, notUpdated, failed, nextInMs, isOnlyWaiting: updating > 0 && ready === updating };
}
