import { type DatabaseHandle, drizzle } from 'longshore/sdk';
import { serviceReleases } from '../../tables.ts';
import type { RollbackPlan } from './decide-action.ts';
import type { ReleaseRow } from './model.ts';

const { and, desc, eq, isNotNull, ne } = drizzle;

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
