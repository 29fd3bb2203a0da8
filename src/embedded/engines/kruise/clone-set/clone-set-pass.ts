import type { ControllerRevision, Pod } from '../../../controllers/kubernetes-shapes.ts';
import type { CloneSet } from '../kinds.ts';

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
  readonly nowMs: number;
}

/** So many pods are made, deleted or updated in one pass; the next pass continues, so that large steps do not block. */
export const podsPerPass = 50;
