/** How many pods of a release, or of an order, are updated. */
export interface PodProgress {
  readonly updatedPods: number;
  readonly totalPods: number;
  /** Null while nothing is planned, and for what has no pods. */
  readonly percent: number | null;
}

/** Only pods that were counted; 100 percent is all of them, and nothing else is. Pure. */
export function progressOf(counts: Iterable<Pick<PodProgress, 'updatedPods' | 'totalPods'>>): PodProgress {
  let [updatedPods, totalPods] = [0, 0];
  for (const each of counts) {
    totalPods += each.totalPods;
    // A scaler may have made more of them than were planned.
    updatedPods += Math.min(each.updatedPods, each.totalPods);
  }
  return { updatedPods, totalPods, percent: totalPods === 0 ? null : Math.floor((updatedPods * 100) / totalPods) };
}
