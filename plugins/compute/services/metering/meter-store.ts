import { assertFence, type Clock, type Database, type DatabaseHandle, drizzle, type Fence } from 'longshore/sdk';
import type { UsageSeries } from './attribution.ts';
import type { Heard, Hearing } from './create-hearing.ts';
import type { MeteredPod } from './metered-pod.ts';
import { seenPods } from './seen-pods.ts';
import { type Meter, type Settlement, settle } from './settle.ts';
import { hourSeconds, type Segment, type Timeline } from './timeline.ts';

const { sql } = drizzle;

export type RoundOutcome =
  | { readonly is: 'SETTLED'; readonly throughSeconds: number; readonly position: string }
  /** Nothing was written: the cluster is away, this replica is behind or just began to hear, or the clock is not to be believed. */
  | { readonly is: 'AWAY' | 'BEHIND' | 'DEAF' | 'CLOCK' };

/** A cluster as a round sees it. */
export interface MeteredCluster {
  readonly name: string;
  /** Uid of its `kube-system`; empty where it cannot be read. */
  readonly identity: string;
  readonly hearing: Pick<Hearing, 'look'>;
  readonly seriesOf: (pod: MeteredPod) => UsageSeries | undefined;
}

/** Replicas that began to hear only now leave it to the others for so long, who may have heard everything. */
const patienceSeconds = 150;
/** After so long a cluster whose versions have gone back (its store was restored) is taken as it is. */
const restoredSeconds = 3_600;
/** Rows in one statement. */
const rowsAtOnce = 5_000;

interface MeterRow extends Meter {
  readonly identity: string;
  readonly position: string;
}

/**
 * Settles what a cluster's pods have used since the last round: one transaction under the fence, so that each second counts once,
 * however many replicas try and wherever they die.
 */
export function createMeterStore(options: { readonly database: Database; readonly clock: Pick<Clock, 'now'> }) {
  const { database, clock } = options;
  const seriesWritten = { hour: 0, ids: new Set<string>() };

  return {
    async settle(cluster: MeteredCluster, fence: Fence): Promise<RoundOutcome> {
      const written: string[] = [];
      const outcome = await database.transaction(async (tx): Promise<RoundOutcome> => {
        await assertFence(tx, fence);
        const nowSeconds = Math.floor(clock.now() / 1_000);
        const row = await readMeter(tx, cluster.name);
        const isOther =
          row !== undefined && row.identity !== '' && cluster.identity !== '' && row.identity !== cluster.identity;
        const meter = isOther ? undefined : row;
        const heard = listen(cluster.hearing, meter, nowSeconds);
        if (typeof heard === 'string') return { is: heard };
        if (meter && heard.deafUntilSeconds !== undefined && nowSeconds - meter.throughSeconds < patienceSeconds) {
          return { is: 'DEAF' };
        }
        const timelines = isOther ? new Map<string, Timeline>() : await readTimelines(tx, cluster.name);
        const series = new Map<string, UsageSeries>();
        const pods = seenPods(heard, (pod) => {
          const of = cluster.seriesOf(pod);
          if (of) series.set(of.id, of);
          return of?.id;
        });
        const { deafUntilSeconds } = heard;
        const settled = settle(meter, timelines, { nowSeconds, pods, deafUntilSeconds });
        if (!settled) return { is: 'CLOCK' };
        const at = new Date(clock.now()).toISOString();
        if (isOther) await tx.execute(sql`delete from compute_metered_pods where cluster = ${cluster.name}`);
        const hour = Math.floor(nowSeconds / hourSeconds);
        if (seriesWritten.hour !== hour) {
          seriesWritten.hour = hour;
          seriesWritten.ids.clear();
        }
        written.push(...(await writeUsage(tx, settled, series, seriesWritten.ids, at)));
        await writePods(tx, cluster.name, settled, at);
        await writeGap(tx, cluster.name, settled.gap, at);
        const identity = cluster.identity === '' ? (meter?.identity ?? '') : cluster.identity;
        await writeMeter(tx, cluster.name, { ...settled.meter, identity, position: heard.position }, at);
        return { is: 'SETTLED', throughSeconds: settled.meter.throughSeconds, position: heard.position };
      });
      for (const id of written) seriesWritten.ids.add(id);
      return outcome;
    },
  };
}

export type MeterStore = ReturnType<typeof createMeterStore>;

function listen(
  hearing: Pick<Hearing, 'look'>,
  meter: MeterRow | undefined,
  nowSeconds: number,
): Heard | 'AWAY' | 'BEHIND' {
  const heard = hearing.look(meter?.position);
  if (heard !== 'BEHIND' || !meter || nowSeconds - meter.throughSeconds < restoredSeconds) return heard;
  const anew = hearing.look(undefined);
  return typeof anew === 'string' ? anew : { ...anew, deafUntilSeconds: nowSeconds };
}

async function readMeter(tx: DatabaseHandle, cluster: string): Promise<MeterRow | undefined> {
  const [row] = await tx.execute<{ identity: string; position: string; since: string; through: string }>(sql`
    select identity, position, since_seconds as since, through_seconds as through
    from compute_metered_clusters where cluster = ${cluster} for update`);
  return (
    row && {
      identity: row.identity,
      position: row.position,
      sinceSeconds: Number(row.since),
      throughSeconds: Number(row.through),
    }
  );
}

async function readTimelines(tx: DatabaseHandle, cluster: string): Promise<Map<string, Timeline>> {
  const rows = await tx.execute<{ uid: string; segments: readonly Segment[]; ended: string | null }>(sql`
    select uid, segments, end_seconds as ended from compute_metered_pods where cluster = ${cluster}`);
  return new Map(
    rows.map(({ uid, segments, ended }) => [uid, { segments, endSeconds: ended === null ? null : Number(ended) }]),
  );
}

/** Answers the series that are new. */
async function writeUsage(
  tx: DatabaseHandle,
  { usage }: Settlement,
  series: ReadonlyMap<string, UsageSeries>,
  known: ReadonlySet<string>,
  at: string,
): Promise<readonly string[]> {
  const rows = [...usage.entries()].map(({ series: id, hour, millicoreSeconds, kibSeconds, podSeconds }) => ({
    id,
    hour: new Date(hour * 1_000).toISOString(),
    cpu: String(millicoreSeconds),
    memory: String(kibSeconds),
    pods: String(podSeconds),
  }));
  const used = new Set(rows.map(({ id }) => id));
  // One that pods had before is there, since it has been written with them.
  const fresh = [...series.values()].filter(({ id }) => used.has(id) && !known.has(id));
  for (const some of chunks(fresh)) {
    await tx.execute(sql`
      insert into compute_usage_series
        (id, cluster, namespace, workload_kind, workload_name, application_id, workspace_id, project_id, created_at)
      select id, cluster, namespace, "workloadKind", "workloadName", "applicationId", "workspaceId", "projectId", ${at}
      from json_to_recordset(${JSON.stringify(some)}::json) as r(id text, cluster text, namespace text,
        "workloadKind" text, "workloadName" text, "applicationId" uuid, "workspaceId" uuid, "projectId" uuid)
      on conflict do nothing`);
  }
  for (const some of chunks(rows)) {
    await tx.execute(sql`
      insert into compute_usage_hours as known (hour, series_id, millicore_seconds, kib_seconds, pod_seconds, created_at)
      select hour, id, cpu, memory, pods, ${at}
      from json_to_recordset(${JSON.stringify(some)}::json)
        as r(hour timestamptz, id text, cpu numeric, memory numeric, pods numeric)
      on conflict (hour, series_id) do update set millicore_seconds = known.millicore_seconds + excluded.millicore_seconds,
        kib_seconds = known.kib_seconds + excluded.kib_seconds, pod_seconds = known.pod_seconds + excluded.pod_seconds`);
  }
  return fresh.map(({ id }) => id);
}

async function writePods(tx: DatabaseHandle, cluster: string, { written, dropped }: Settlement, at: string) {
  const rows = [...written].map(([uid, { segments, endSeconds }]) => ({ uid, segments, ended: endSeconds }));
  for (const some of chunks(rows)) {
    await tx.execute(sql`
      insert into compute_metered_pods (cluster, uid, segments, end_seconds, created_at)
      select ${cluster}, uid, segments, ended, ${at}
      from json_to_recordset(${JSON.stringify(some)}::json) as r(uid text, segments jsonb, ended bigint)
      on conflict (cluster, uid) do update set segments = excluded.segments, end_seconds = excluded.end_seconds`);
  }
  for (const some of chunks(dropped)) {
    await tx.execute(sql`
      delete from compute_metered_pods where cluster = ${cluster}
        and uid in (select json_array_elements_text(${JSON.stringify(some)}::json))`);
  }
}

/** One that touches the last one makes it longer. */
async function writeGap(tx: DatabaseHandle, cluster: string, gap: Settlement['gap'], at: string): Promise<void> {
  if (!gap) return;
  const { fromSeconds: from, toSeconds: to } = gap;
  const longer = await tx.execute(sql`
    update compute_metering_gaps set to_seconds = greatest(to_seconds, ${to})
    where cluster = ${cluster} and from_seconds <= ${from} and to_seconds >= ${from} returning cluster`);
  if (longer.length > 0) return;
  await tx.execute(sql`
    insert into compute_metering_gaps (cluster, from_seconds, to_seconds, created_at)
    values (${cluster}, ${from}, ${to}, ${at}) on conflict do nothing`);
}

async function writeMeter(tx: DatabaseHandle, cluster: string, row: MeterRow, at: string): Promise<void> {
  const { identity, sinceSeconds, throughSeconds, position } = row;
  await tx.execute(sql`
    insert into compute_metered_clusters (cluster, identity, since_seconds, through_seconds, position, created_at)
    values (${cluster}, ${identity}, ${sinceSeconds}, ${throughSeconds}, ${position}, ${at})
    on conflict (cluster) do update set identity = excluded.identity, since_seconds = excluded.since_seconds,
      through_seconds = excluded.through_seconds, position = excluded.position`);
}

function* chunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) yield rows.slice(from, from + rowsAtOnce);
}
