import { type CloneSetPod, isAvailable } from './clone-set-pod.ts';

/** What a CloneSet asks for, percentages resolved. */
export interface CloneSetWish {
  readonly replicas: number;
  /** Pods that stay at their old revision. */
  readonly partition: number;
  /** 0 while the update is paused. */
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  /** `scaleStrategy.maxUnavailable`; infinity without one. */
  readonly scaleMaxUnavailable: number;
  /** Whether pods that are being prepared for deletion no longer count. */
  readonly excludesPreparingDelete: boolean;
}

/** How far the pods are from the wish; the numbers are never negative. */
export interface CloneSetNumbers {
  readonly missing: number;
  /** Of the missing ones; may be more than them. */
  readonly missingOld: number;
  /** So many may be made now. */
  readonly creatable: number;
  /** Too many, besides those that are to go anyway. */
  readonly surplus: number;
  /** Of the surplus; may be more than it. */
  readonly surplusOld: number;
  /** So many ready pods may be deleted now. */
  readonly deletableReady: number;
  /** Old pods that are to be updated. */
  readonly outdated: number;
  /** So many pods may be unavailable while they are updated. */
  readonly updateMaxUnavailable: number;
}

/**
 * The counts a CloneSet is moved by: made, deleted and updated pods follow from them alone. Pods are never taken back to
 * the old revision when the partition grows (the gate CloneSetPartitionRollback is off by default).
 */
export function decideNumbers(wish: CloneSetWish, pods: readonly CloneSetPod[]): CloneSetNumbers {
  const { replicas, partition, maxUnavailable } = wish;
  const updated = countPods(pods.filter(({ isUpdated }) => isUpdated));
  const old = countPods(pods.filter(({ isUpdated }) => !isUpdated));
  const unavailable = updated.unavailable + old.unavailable + updated.leaving + old.leaving;
  const specified = updated.specified + old.specified;
  const tooOld = Math.max(0, old.active - partition);
  const tooFewUpdated = Math.max(0, replicas - partition - updated.active);
  const surge = decideSurge(wish, {
    unavailable,
    specified,
    specifiedUpdated: updated.specified,
    toUpdate: Math.min(tooOld, tooFewUpdated),
  });

  const leaving = wish.excludesPreparingDelete ? updated.leaving + old.leaving : 0;
  const present = pods.length - leaving;
  const presentOld = old.all - (wish.excludesPreparingDelete ? old.leaving : 0);
  const wanted = replicas + surge.all;
  const wantedOld = partition + surge.old;
  const missing = Math.max(0, wanted - present);
  const surplus = Math.max(0, present - specified - wanted);
  const outdated = Math.min(tooOld, tooFewUpdated);
  return {
    missing,
    missingOld: missing === 0 ? 0 : Math.max(0, wantedOld - presentOld),
    creatable: Math.min(missing, Math.max(0, wish.scaleMaxUnavailable - unavailable)),
    surplus,
    surplusOld: surplus === 0 ? 0 : Math.max(0, presentOld - old.specified - wantedOld),
    deletableReady:
      specified > 0 || surplus > 0 ? Math.max(0, maxUnavailable + (pods.length - replicas) - unavailable) : 0,
    outdated,
    updateMaxUnavailable: outdated === 0 ? 0 : maxUnavailable + pods.length - replicas,
  };
}

interface Counts {
  readonly all: number;
  readonly active: number;
  /** Being prepared for deletion. */
  readonly leaving: number;
  readonly specified: number;
  /** Of those that are to stay. */
  readonly unavailable: number;
}

function countPods(pods: readonly CloneSetPod[]): Counts {
  const active = pods.filter(({ state }) => state !== 'PreparingDelete');
  const specified = active.filter(({ isSpecified }) => isSpecified).length;
  return {
    all: pods.length,
    active: active.length,
    leaving: pods.length - active.length,
    specified,
    unavailable: active.filter((pod) => !pod.isSpecified && !isAvailable(pod)).length,
  };
}

interface SurgeInput {
  readonly unavailable: number;
  readonly specified: number;
  readonly specifiedUpdated: number;
  readonly toUpdate: number;
}

/** Pods above the wish: for deletions that would leave too few, or for updates, whichever needs more. */
function decideSurge(
  { maxSurge, maxUnavailable }: CloneSetWish,
  { unavailable, specified, specifiedUpdated, toUpdate }: SurgeInput,
): { readonly all: number; readonly old: number } {
  const forDeletion = Math.min(Math.max(0, unavailable + specified - maxUnavailable), specified);
  if (forDeletion < toUpdate) return { all: Math.min(maxSurge, toUpdate), old: 0 };
  const all = Math.min(maxSurge, forDeletion);
  return { all, old: Math.min(all, Math.max(0, forDeletion - specifiedUpdated)) };
}
