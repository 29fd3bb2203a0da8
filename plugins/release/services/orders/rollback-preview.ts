import type { RollbackOutcome } from '../../api.ts';
import type { ReleaseRow } from './model.ts';

/** All releases of one version of a service that succeeded. */
export interface ReleasedVersion {
  readonly serviceId: string;
  readonly versionId: string;
  readonly releases: number;
  /** When the last of them ended. */
  readonly lastAt: Date;
}

/** Where a rollback would lead. */
export interface RollbackPreview {
  readonly outcome: RollbackOutcome;
  /** The version that would run again; null for TO_EMPTY and CANCEL_ONLY. */
  readonly versionId: string | null;
}

/**
 * Where a rollback of a release leads (REL-34): to the last other version that was released with success; to nothing where none ever was;
 * nowhere where this very version was the only one. A release that has succeeded itself does not count for itself. Pure.
 */
export function previewRollback(
  release: Pick<ReleaseRow, 'serviceId' | 'versionId' | 'state'>,
  history: readonly ReleasedVersion[],
): RollbackPreview {
  const own = history.filter(({ serviceId }) => serviceId === release.serviceId);
  let last: ReleasedVersion | undefined;
  for (const each of own) {
    if (each.versionId !== release.versionId && (!last || isLater(each, last))) last = each;
  }
  if (last) return { outcome: 'TO_PREVIOUS', versionId: last.versionId };
  const same = own.find(({ versionId }) => versionId === release.versionId)?.releases ?? 0;
  const others = same - (release.state === 'SUCCEEDED' ? 1 : 0);
  return { outcome: others > 0 ? 'CANCEL_ONLY' : 'TO_EMPTY', versionId: null };
}

/** Of two that ended in the same moment always the same one. */
function isLater(one: ReleasedVersion, other: ReleasedVersion): boolean {
  const difference = one.lastAt.getTime() - other.lastAt.getTime();
  return difference > 0 || (difference === 0 && one.versionId > other.versionId);
}
