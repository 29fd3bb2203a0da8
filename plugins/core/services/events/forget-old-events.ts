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
import type { EventHistory } from './event-history.ts';
import { anyOf } from './where-events.ts';

const { sql } = drizzle;

/** What the job needs of the gateway: a manifest is data. */
export interface EventRetention {
  readonly database: Database;
  readonly clusters: Pick<Clusters, 'all'>;
  readonly profiles: Pick<Profiles, 'at' | 'unknownAt'>;
  readonly history: Pick<EventHistory, 'namespacesIn'>;
  /** Which workspaces carry a profile of their own; undefined while that is not known. */
  readonly profiledWorkspaces: () => readonly object[] | undefined;
}

export const eventRetentionRef: ServiceRef<EventRetention> = serviceRef<EventRetention>('core.eventRetention');

const dayMs = 24 * 60 * 60 * 1_000;
/** Rows per statement: each locks little and is over soon. */
const stepRows = 5_000;

/** Without it events are kept for ever (CON-32). */
export const forgetEventsJob: Job = {
  name: 'core.forgetEvents',
  description:
    'Drops events older than the profile of their workspace or cluster keeps them, and more than that of their cluster keeps; without it they grow for ever.',
  cron: '*/5 * * * *',
  zone: 'UTC',
  async run(context) {
    const forgotten = await forgetOldEvents(context.service(eventRetentionRef), context.clock, context.signal);
    if (forgotten > 0) context.logger.info({ forgotten }, 'old events were dropped');
  },
};

/**
 * An event is kept for as long as the profile of its namespace says: the one of its workspace, else the cluster's. Where a workspace carries
 * a profile that is not there, nobody knows how long: all are kept. Of clusters that are no longer served the platform's profile counts.
 */
export async function forgetOldEvents(
  retention: EventRetention,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { database, clusters, profiles, profiledWorkspaces } = retention;
  if (profiledWorkspaces() === undefined) return 0;
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
    const isServed = served.has(cluster);
    const profile = profiles.at(isServed ? { cluster } : {});
    const days = profile.get(eventsKeepDays);
    const apart = isServed ? await namespacesApart(retention, cluster, days) : new Map<number | null, string[]>();
    const others = sql`not ${anyOf(sql`namespace`, [...apart.values()].flat())}`;
    const spans = [{ days, where: others }].concat(
      [...apart].map(([own, namespaces]) => ({ days: own, where: anyOf(sql`namespace`, namespaces) })),
    );
    for (const { days: keepDays, where } of spans) {
      if (keepDays === null) continue;
      const before = new Date(clock.now() - keepDays * dayMs).toISOString();
      const old = sql`
        select uid from core_events where cluster = ${cluster} and last_seen_at < ${before} and ${where} limit ${stepRows}`;
      forgotten += await forgetStepwise(database, cluster, old, signal);
    }
    const beyond = sql`
      select uid from core_events where cluster = ${cluster}
      order by last_seen_at desc, uid desc offset ${profile.get(eventsKeepMost)} limit ${stepRows}`;
    forgotten += await forgetStepwise(database, cluster, beyond, signal);
  }
  return forgotten;
}

/** Namespaces whose events are not kept for as long as the cluster's, by their days; null: for ever. */
async function namespacesApart(
  { profiles, history }: EventRetention,
  cluster: string,
  days: number | null,
): Promise<ReadonlyMap<number | null, string[]>> {
  const keptIn = (namespace: string) =>
    profiles.unknownAt({ cluster, namespace }) === undefined
      ? profiles.at({ cluster, namespace }).get(eventsKeepDays)
      : null;
  const apart = Map.groupBy(await history.namespacesIn(cluster), keptIn);
  apart.delete(days);
  return apart;
}

async function forgetStepwise(
  database: Database,
  cluster: string,
  chosen: ReturnType<typeof sql>,
  signal: AbortSignal | undefined,
): Promise<number> {
  let forgotten = 0;
  for (let went = stepRows; went === stepRows && !signal?.aborted; forgotten += went) {
    const [gone] = await database.db.execute<{ count: string }>(sql`
      with gone as (delete from core_events where cluster = ${cluster} and uid in (${chosen}) returning 1)
      select count(*) as count from gone`);
    went = Number(gone?.count ?? 0);
  }
  return forgotten;
}
