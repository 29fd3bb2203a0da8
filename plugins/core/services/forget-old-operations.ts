import {
  type Clock,
  type Clusters,
  type Job,
  type OperationRecords,
  type Profiles,
  type ServiceRef,
  serviceRef,
} from 'longshore/sdk';
import { operationRecordsKeepDays } from '../profile-keys/records.ts';

/** What the job needs of the gateway: a manifest is data. */
export interface OperationRetention {
  readonly operations: Pick<OperationRecords, 'forget'>;
  readonly clusters: Pick<Clusters, 'all'>;
  readonly profiles: Pick<Profiles, 'at'>;
}

export const operationRetentionRef: ServiceRef<OperationRetention> =
  serviceRef<OperationRetention>('core.operationRetention');

const dayMs = 24 * 60 * 60 * 1_000;

/** Without it operation records are kept for ever (CON-32). */
export const forgetOperationsJob: Job = {
  name: 'core.forgetOperations',
  description:
    'Drops operation records older than the profile of their cluster keeps them; without it they grow for ever.',
  cron: '23 * * * *',
  zone: 'UTC',
  async run(context) {
    const forgotten = await forgetOldOperations(context.service(operationRetentionRef), context.clock, context.signal);
    if (forgotten > 0) context.logger.info({ forgotten }, 'old operation records were dropped');
  },
};

/** Each cluster keeps what its profile says; what belongs to none, or to one that is no longer served, what the platform's says. */
export async function forgetOldOperations(
  { operations, clusters, profiles }: OperationRetention,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const before = (cluster: string | undefined) =>
    new Date(clock.now() - profiles.at({ cluster }).get(operationRecordsKeepDays) * dayMs);
  const names = clusters.all.map(({ name }) => name);
  let forgotten = await operations.forget({ notOf: names, before: before(undefined) }, signal);
  for (const cluster of names) forgotten += await operations.forget({ cluster, before: before(cluster) }, signal);
  return forgotten;
}
