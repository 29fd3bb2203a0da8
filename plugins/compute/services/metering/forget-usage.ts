import { type Database, drizzle, type Job, type ServiceRef, serviceRef } from 'longshore/sdk';
import { meteredClusters, meteredPods, meteringGaps, usageHours, usageSeries } from '../../tables.ts';

const { sql } = drizzle;

/** What the job needs of the gateway: a manifest is data. */
export interface UsageRetention {
  readonly database: Database;
  readonly keepDays: number;
}

export const usageRetentionRef: ServiceRef<UsageRetention> = serviceRef<UsageRetention>('compute.usageRetention');

const daySeconds = 86_400;
/** Rows per statement: each locks little and is over soon. */
const stepRows = 5_000;

/** Without it usage is kept for ever (CMP-114). */
export const forgetUsageJob: Job = {
  name: 'compute.forgetUsage',
  description: 'Drops usage that is older than `metering.keepDays`; without it that grows for ever.',
  cron: '23 3 * * *',
  zone: 'UTC',
  async run(context) {
    const forgotten = await forgetUsage(context.service(usageRetentionRef), context.clock.now(), context.signal);
    if (forgotten > 0) context.logger.info({ forgotten }, 'old usage was dropped');
  },
};

/** Drops hours that are too old, and what then nothing is left of. Answers how many hours. */
export async function forgetUsage(
  { database, keepDays }: UsageRetention,
  nowMs: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const seconds = Math.floor(nowMs / 1_000) - keepDays * daySeconds;
  const before = new Date(seconds * 1_000).toISOString();
  let forgotten = 0;
  for (let went = stepRows; went === stepRows && !signal?.aborted; forgotten += went) {
    const gone = await database.db.execute(sql`
      delete from ${usageHours} where (hour, series_id) in (
        select hour, series_id from ${usageHours} where hour < ${before} limit ${stepRows}) returning 1`);
    went = gone.length;
  }
  await database.db.execute(sql`
    delete from ${usageSeries} series where created_at < ${before}
      and not exists (select 1 from ${usageHours} where series_id = series.id)`);
  await database.db.execute(sql`delete from ${meteringGaps} where to_seconds < ${seconds}`);
  await database.db.execute(sql`
    with gone as (delete from ${meteredClusters} where through_seconds < ${seconds} returning cluster)
    delete from ${meteredPods} where cluster in (select cluster from gone)`);
  return forgotten;
}
