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

/** The same that `planRollback` answers (REL-34), for all releases of an order out of one look at the history. Pure. */
export function previewRollback(
  release: Pick<ReleaseRow, 'serviceId' | 'versionId' | 'state'>,
  history: readonly ReleasedVersion[],
): RollbackPreview {
  const own = history.filter(({ serviceId }) => serviceId === release.serviceId);
  let last: ReleasedVersion | undefined;
  for (const each of own) {
    if (each.versionId !== release.versionId && (!last || each.lastAt > last.lastAt)) last = each;
  }
  if (last) return { outcome: 'TO_PREVIOUS', versionId: last.versionId };
  const same = own.find(({ versionId }) => versionId === release.versionId)?.releases ?? 0;
  const others = same - (release.state === 'SUCCEEDED' ? 1 : 0);
  return { outcome: others > 0 ? 'CANCEL_ONLY' : 'TO_EMPTY', versionId: null };
}
