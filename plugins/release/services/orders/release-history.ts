import { type DatabaseHandle, drizzle } from 'longshore/sdk';
import type { EngineName } from '../../api.ts';
import type { ReleaseTarget } from '../../engines/engine.ts';
import { appServices, serviceReleases } from '../../tables.ts';
import { acrossMesh } from '../app-services/mesh.ts';
import type { RollbackPlan } from './decide-action.ts';
import type { ReleaseRow } from './model.ts';
import { previewRollback, type ReleasedVersion } from './rollback-preview.ts';

const { and, count, desc, eq, inArray, isNotNull, max } = drizzle;

/** A release that can be gone back to: what it wrote is known. */
const succeeded = and(eq(serviceReleases.state, 'SUCCEEDED'), isNotNull(serviceReleases.target));

/** Versions of these services that were released with success. */
export async function releasedVersions(
  db: DatabaseHandle,
  serviceIds: readonly string[],
): Promise<readonly ReleasedVersion[]> {
  if (serviceIds.length === 0) return [];
  const { serviceId, versionId } = serviceReleases;
  const rows = await db
    .select({ serviceId, versionId, releases: count(), lastAt: max(serviceReleases.finishedAt) })
    .from(serviceReleases)
    .where(and(inArray(serviceId, [...serviceIds]), succeeded))
    .groupBy(serviceId, versionId);
  return rows.map(({ lastAt, ...row }) => ({ ...row, lastAt: lastAt ?? new Date(0) }));
}

/** Where a rollback of a release leads: where its preview says (REL-34), and to what was written there when that was last released. */
export async function planRollback(
  db: DatabaseHandle,
  release: Pick<ReleaseRow, 'serviceId' | 'versionId' | 'state' | 'target'>,
): Promise<RollbackPlan> {
  const { outcome, versionId } = previewRollback(release, await releasedVersions(db, [release.serviceId]));
  if (outcome !== 'TO_PREVIOUS' || versionId === null) return { outcome, previous: null };
  const [row] = await db
    .select({ target: serviceReleases.target })
    .from(serviceReleases)
    .where(and(succeeded, eq(serviceReleases.serviceId, release.serviceId), eq(serviceReleases.versionId, versionId)))
    .orderBy(desc(serviceReleases.finishedAt), desc(serviceReleases.createdAt))
    .limit(1);
  return { outcome, previous: row?.target ? acrossMesh(asPrevious(row.target), release.target) : null };
}

/** What runs of a service: as it was written, and who moved its pods. */
export interface RunningRelease {
  readonly target: ReleaseTarget;
  readonly engine: EngineName | null;
}

/** By the ids of services; those of which nothing runs are missing. */
export async function findRunning(
  db: DatabaseHandle,
  serviceIds: readonly string[],
): Promise<ReadonlyMap<string, RunningRelease>> {
  if (serviceIds.length === 0) return new Map();
  const { serviceId, target, engine } = serviceReleases;
  const rows = await db
    .selectDistinctOn([serviceId], { serviceId, target, engine })
    .from(serviceReleases)
    .innerJoin(
      appServices,
      and(eq(appServices.id, serviceId), eq(appServices.currentVersionId, serviceReleases.versionId)),
    )
    .where(and(inArray(serviceId, [...serviceIds]), succeeded))
    .orderBy(serviceId, desc(serviceReleases.finishedAt));
  return new Map(
    rows.flatMap((row) => (row.target ? [[row.serviceId, { ...row, target: asPrevious(row.target) }] as const] : [])),
  );
}

/** What has run before is scaled by others, if it is at all, also where it was the first (REL-06). */
const asPrevious = (target: ReleaseTarget): ReleaseTarget =>
  target.scheduled ? { ...target, scheduled: 'LATER' } : target;
