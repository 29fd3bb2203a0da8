import type { TenancyService } from 'longshore/plugins/core';
import {
  type Clock,
  type Clusters,
  type Database,
  drizzle,
  type Job,
  type Profile,
  type Profiles,
  type ServiceRef,
  serviceRef,
} from 'longshore/sdk';
import { alarmsKeepDays, alarmsKeepMost } from '../../profile-keys/alarms.ts';

const { sql } = drizzle;

/** What the job needs of the gateway: a manifest is data. */
export interface AlarmRetention {
  readonly database: Database;
  readonly clusters: Pick<Clusters, 'get'>;
  readonly profiles: Pick<Profiles, 'at' | 'get'>;
  readonly tenancy: Pick<TenancyService, 'workspaces'>;
}

export const alarmRetentionRef: ServiceRef<AlarmRetention> = serviceRef<AlarmRetention>('compute.alarmRetention');

const dayMs = 24 * 60 * 60 * 1_000;
/** Rows per statement: each locks little and is over soon. */
const stepRows = 2_000;

/** Without it alarms, and what was told of them, are kept for ever (CMP-64, CON-32). */
export const forgetAlarmsJob: Job = {
  name: 'compute.forgetAlarms',
  description: 'Drops alarms older or more than the profile of their place keeps; without it they grow for ever.',
  cron: '41 * * * *',
  zone: 'UTC',
  async run(context) {
    const forgotten = await forgetOldAlarms(context.service(alarmRetentionRef), context.clock, context.signal);
    if (forgotten > 0) context.logger.info({ forgotten }, 'old alarms were dropped');
  },
};

type Place = {
  readonly cluster: string | null;
  readonly namespace: string | null;
  readonly workspace_id: string | null;
};

/**
 * Drops what is over and too old, or more than is kept of its policy, by the profile of its place; with it what was told of it. Policies
 * that are deleted go once none of their alarms is left. Where a workspace carries a profile that is not there, nobody knows how long:
 * all are kept.
 */
export async function forgetOldAlarms(
  { database, clusters, profiles, tenancy }: AlarmRetention,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const places = await database.db.execute<Place>(
    sql`select distinct cluster, namespace, workspace_id from compute_alarms`,
  );
  const workspaces = new Map((await tenancy.workspaces()).map((each) => [each.uuid, each]));
  const profileOf = ({ cluster, namespace, workspace_id: workspaceId }: Place): Profile | undefined => {
    if (cluster !== null) {
      return profiles.at(clusters.get(cluster) ? { cluster, namespace: namespace ?? undefined } : {});
    }
    const named = workspaceId === null ? undefined : workspaces.get(workspaceId)?.profile;
    return named ? profiles.get(named) : profiles.at({});
  };
  let forgotten = 0;
  for (const place of places) {
    const profile = profileOf(place);
    if (profile) forgotten += await forgetOf(database, place, profile, clock.now(), signal);
  }
  await database.db.execute(sql`
    delete from compute_alarm_policies policy
    where deleted_at is not null and not exists (select 1 from compute_alarms where policy_id = policy.id)
      and not exists (select 1 from compute_alarm_deliveries where policy_id = policy.id)`);
  return forgotten;
}

async function forgetOf(
  database: Database,
  place: Place,
  profile: Profile,
  nowMs: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const here = sql`
    status = 'RESOLVED' and cluster is not distinct from ${place.cluster}
    and namespace is not distinct from ${place.namespace} and workspace_id is not distinct from ${place.workspace_id}`;
  const days = profile.get(alarmsKeepDays);
  const old =
    days === null
      ? []
      : [
          sql`select id from compute_alarms where ${here} and resolved_at < ${new Date(nowMs - days * dayMs).toISOString()} limit ${stepRows}`,
        ];
  const beyond = sql`
    select id from (
      select id, status, cluster, namespace, workspace_id,
        row_number() over (partition by policy_id order by fired_at desc, id desc) as place_in_policy
      from compute_alarms
    ) ranked
    where ${here} and place_in_policy > ${profile.get(alarmsKeepMost)} limit ${stepRows}`;
  let forgotten = 0;
  for (const chosen of [...old, beyond]) {
    for (let went = stepRows; went === stepRows && !signal?.aborted; forgotten += went) {
      const [gone] = await database.db.execute<{ count: string }>(sql`
        with gone as (delete from compute_alarms where id in (${chosen}) returning id),
          told as (delete from compute_alarm_deliveries where alarm_id in (select id from gone))
        select count(*) as count from gone`);
      went = Number(gone?.count ?? 0);
    }
  }
  return forgotten;
}
