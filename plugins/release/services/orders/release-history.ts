import { type DatabaseHandle, drizzle } from 'longshore/sdk';
import type { EngineName } from '../../api.ts';
import type { ReleaseTarget } from '../../engines/engine.ts';
import { appServices, serviceReleases } from '../../tables.ts';
import type { RollbackPlan } from './decide-action.ts';
import type { ReleaseRow } from './model.ts';

const { and, desc, eq, inArray, isNotNull, ne } = drizzle;

/**
 * Where a rollback of a release would lead (REL-34): to the last other version that was released with success, exactly as it was written
 * then; to nothing where none ever was; nowhere where this very version was the only one.
 */
export async function planRollback(
  db: DatabaseHandle,
  release: Pick<ReleaseRow, 'id' | 'serviceId' | 'versionId'>,
): Promise<RollbackPlan> {
  const succeeded = and(
    eq(serviceReleases.serviceId, release.serviceId),
    ne(serviceReleases.id, release.id),
    eq(serviceReleases.state, 'SUCCEEDED'),
    isNotNull(serviceReleases.target),
  );
  const [other] = await db
    .select({ target: serviceReleases.target })
    .from(serviceReleases)
    .where(and(succeeded, ne(serviceReleases.versionId, release.versionId)))
    .orderBy(desc(serviceReleases.finishedAt))
    .limit(1);
  if (other?.target) return { outcome: 'TO_PREVIOUS', previous: other.target };
  const [same] = await db.select({ id: serviceReleases.id }).from(serviceReleases).where(succeeded).limit(1);
  return { outcome: same ? 'CANCEL_ONLY' : 'TO_EMPTY', previous: null };
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
    .where(and(inArray(serviceId, [...serviceIds]), eq(serviceReleases.state, 'SUCCEEDED'), isNotNull(target)))
    .orderBy(serviceId, desc(serviceReleases.finishedAt));
  return new Map(rows.flatMap((row) => (row.target ? [[row.serviceId, { ...row, target: row.target }] as const] : [])));
}
