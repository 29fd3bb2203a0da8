import {
  type Clock,
  type Clusters,
  type Job,
  type OperationRecords,
  type Profile,
  type Profiles,
  type ServiceRef,
  serviceRef,
} from 'longshore/sdk';
import { operationRecordsKeepDays } from '../../profile-keys/records.ts';

/** What the job needs of the gateway: a manifest is data. */
export interface OperationRetention {
  readonly operations: Pick<OperationRecords, 'forget'>;
  readonly clusters: Pick<Clusters, 'all'>;
  readonly profiles: Pick<Profiles, 'at' | 'get'>;
  /** Which workspaces carry a profile of their own; undefined while that is not known. */
  readonly profiledWorkspaces: () => readonly ProfiledWorkspace[] | undefined;
}

interface ProfiledWorkspace {
  readonly uuid: string;
  readonly profile: string;
}

export const operationRetentionRef: ServiceRef<OperationRetention> =
  serviceRef<OperationRetention>('core.operationRetention');

const dayMs = 24 * 60 * 60 * 1_000;

/** Without it operation records are kept for ever (CON-32). */
export const forgetOperationsJob: Job = {
  name: 'core.forgetOperations',
  description:
    'Drops operation records older than the profile of their workspace or cluster keeps them; without it they grow for ever.',
  cron: '23 * * * *',
  zone: 'UTC',
  async run(context) {
    const forgotten = await forgetOldOperations(context.service(operationRetentionRef), context.clock, context.signal);
    if (forgotten > 0) context.logger.info({ forgotten }, 'old operation records were dropped');
  },
};

/**
 * A record is kept for as long as the profile of the workspace says in which its target lay, where that carries one; else that of its cluster;
 * what belongs to none, or to one that is no longer served, as long as the platform's says. Where a workspace carries a profile that
 * is not there, nobody knows how long: all are kept.
 */
export async function forgetOldOperations(
  { operations, clusters, profiles, profiledWorkspaces }: OperationRetention,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const workspaces = profiledWorkspaces();
  if (workspaces === undefined) return 0;
  const endOf = (profile: Profile) => new Date(clock.now() - profile.get(operationRecordsKeepDays) * dayMs);
  const before = (cluster: string | undefined) => endOf(profiles.at({ cluster }));
  const names = clusters.all.map(({ name }) => name);
  const others = { exceptWorkspaceIds: workspaces.map(({ uuid }) => uuid) };
  let forgotten = await operations.forget({ notOf: names, before: before(undefined), ...others }, signal);
  for (const cluster of names) {
    forgotten += await operations.forget({ cluster, before: before(cluster), ...others }, signal);
  }
  for (const [name, carriers] of Map.groupBy(workspaces, ({ profile }) => profile)) {
    const profile = profiles.get(name);
    if (!profile) continue;
    const workspaceIds = carriers.map(({ uuid }) => uuid);
    forgotten += await operations.forget({ workspaceIds, before: endOf(profile) }, signal);
  }
  return forgotten;
}
