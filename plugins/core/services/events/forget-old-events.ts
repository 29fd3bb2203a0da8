import {
  type Clock,
  type Clusters,
  type Database,
  drizzle,
  type Job,
  type Profiles,
  type ServiceRef,
  serviceRef,
} from 'longshore/sdk';
import { eventsKeepDays, eventsKeepMost } from '../../profile-keys/events.ts';

const { sql } = drizzle;

/** What the job needs of the gateway: a manifest is data. */
export interface EventRetention {
  readonly database: Database;
  readonly clusters: Pick<Clusters, 'all'>;
  readonly profiles: Pick<Profiles, 'at'>;
}

export const eventRetentionRef: ServiceRef<EventRetention> = serviceRef<EventRetention>('core.eventRetention');

const dayMs = 24 * 60 * 60 * 1_000;
/** Rows per statement: each locks little and is over soon. */
const stepRows = 5_000;

/** Without it events are kept for ever (CON-32). */
export const forgetEventsJob: Job = {
  name: 'core.forgetEvents',
  description: 'Drops events older or more than the profile of their cluster keeps; without it they grow for ever.',
  cron: '*/5 * * * *',
  zone: 'UTC',
  async run(context) {
    const forgotten = await forgetOldEvents(context.service(eventRetentionRef), context.clock, context.signal);
    if (forgotten > 0) context.logger.info({ forgotten }, 'old events were dropped');
  },
};

/** Each cluster keeps what its profile says; those that are no longer served, what the platform's says. */
export async function forgetOldEvents(
  { database, clusters, profiles }: EventRetention,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const rows = await database.db.execute<{ cluster: string | null }>(sql`
    with recursive named (cluster) as (
      select min(cluster) from core_events
      union all
      select (select min(cluster) from core_events where cluster > named.cluster) from named where named.cluster is not null
    )
    select cluster from named where cluster is not null`);
  const served = new Set(clusters.all.map(({ name }) => name));
  let forgotten = 0;
  for (const { cluster } of rows) {
    if (cluster === null) continue;
    const profile = profiles.at(served.has(cluster) ? { cluster } : {});
    const days = profile.get(eventsKeepDays);
    const before = days === null ? undefined : new Date(clock.now() - days * dayMs);
    forgotten += await forgetOf(database, cluster, before, profile.get(eventsKeepMost), signal);
  }
  return forgotten;
}

async function forgetOf(
  database: Database,
  cluster: string,
  before: Date | undefined,
  most: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const beyond = sql`
    select uid from core_events where cluster = ${cluster}
    order by last_seen_at desc, uid desc offset ${most} limit ${stepRows}`;
  const old =
    before &&
    sql`select uid from core_events where cluster = ${cluster} and last_seen_at < ${before.toISOString()} limit ${stepRows}`;
  let forgotten = 0;
  for (const chosen of old ? [old, beyond] : [beyond]) {
    for (let went = stepRows; went === stepRows && !signal?.aborted; forgotten += went) {
      const [gone] = await database.db.execute<{ count: string }>(sql`
        with gone as (delete from core_events where cluster = ${cluster} and uid in (${chosen}) returning 1)
        select count(*) as count from gone`);
      went = Number(gone?.count ?? 0);
    }
  }
  return forgotten;
}
