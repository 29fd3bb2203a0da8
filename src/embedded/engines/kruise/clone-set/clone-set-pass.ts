import type { ControllerRevision, Pod } from '../../../controllers/kubernetes-shapes.ts';
import type { CloneSet } from '../kinds.ts';
import type { CloneSetPod } from './clone-set-pod.ts';
import type { CloneSetNumbers, CloneSetWish } from './decide-numbers.ts';

/** What one look at a CloneSet goes by. */
export interface CloneSetPass {
  readonly set: CloneSet;
  /** The revision of its template. */
  readonly update: ControllerRevision;
  /** The revision that its pods had before. */
  readonly current: ControllerRevision;
  readonly revisions: readonly ControllerRevision[];
  /** Its pods that have neither ended nor are ending. */
  readonly pods: readonly Pod[];
  /** The same pods as decisions see them. */
  readonly observed: ReadonlyMap<CloneSetPod, Pod>;
  readonly wish: CloneSetWish;
  readonly numbers: CloneSetNumbers;
}

/** So many pods are made or deleted in one pass; the next pass continues, so that large steps do not block. */
export const podsPerPass = 50;
/** So many are changed, which is two writes for each of them. */
export const changesPerPass = 10;
