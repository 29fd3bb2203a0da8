import { type Database, drizzle, RequestError, type ServiceRef, serviceRef } from 'longshore/sdk';
import type { PriceSettings } from '../../settings.ts';
import { meteredClusters, meteringGaps, usageHours, usageSeries } from '../../tables.ts';
import { type Cost, costOf, type Rate, ratesOf } from './prices.ts';
import { hourSeconds, noUsage, plus, type Usage } from './timeline.ts';

const { sql } = drizzle;

export const usageDimensions = {
  NAMESPACE: 'By namespace.',
  WORKLOAD: 'By workload, with its namespace and kind.',
  APPLICATION: 'By application of the platform.',
  WORKSPACE: 'By the workspace that the namespace belonged to.',
  PROJECT: 'By the project that the namespace belonged to.',
} as const;
export type UsageDimension = keyof typeof usageDimensions;

export const usageIntervals = {
  HOUR: 'By the hour.',
  DAY: 'By the day, of UTC.',
  MONTH: 'By the month, of UTC.',
} as const;
export type UsageInterval = keyof typeof usageIntervals;

/** A namespace that a caller sees: its usage since it was made, and while it belonged to whom it belongs now. */
export interface UsagePlace {
  readonly namespace: string;
  readonly sinceMs: number;
  readonly workspaceUuid: string | null;
  readonly projectUuid: string | null;
}

export interface UsageQuestion {
  readonly cluster: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly by: readonly UsageDimension[];
  readonly interval: UsageInterval | undefined;
  /** Undefined: all there is. */
  readonly places: readonly UsagePlace[] | undefined;
  readonly only: {
    readonly namespaces?: readonly string[] | undefined;
    readonly applicationUuid?: string | undefined;
    readonly workspaceUuid?: string | undefined;
    readonly projectUuid?: string | undefined;
  };
}

export interface UsageAmount extends Usage {
  readonly cost: Cost | undefined;
}

export interface UsageRow {
  readonly beginsAtMs: number | null;
  readonly namespace: string | null;
  readonly workloadKind: string | null;
  readonly workloadName: string | null;
  readonly applicationUuid: string | null;
  readonly workspaceUuid: string | null;
  readonly projectUuid: string | null;
  readonly amount: UsageAmount;
}

export interface UsageGap {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface UsageReport {
  /** How far the cluster has been metered; undefined where it has not yet been. */
  readonly meteredUntilMs: number | undefined;
  readonly rows: readonly UsageRow[];
  readonly total: UsageAmount;
  readonly gaps: readonly UsageGap[];
}

/** Usage as it was metered. Says nothing about rights: `places` are what the caller may see. */
export interface UsageReports {
  /** Throws `TOO_COMPLEX` where there would be too many rows. */
  report(question: UsageQuestion): Promise<UsageReport>;
  /** What so many millicores and KiB cost for an hour, at a time; undefined where they have no price. */
  costPerHour(cluster: string, millicores: number, memoryKib: number, atMs: number): Cost | undefined;
}

export const usageReportsRef: ServiceRef<UsageReports> = serviceRef<UsageReports>('compute.usageReports');

const mostRows = 10_000;

const columns = {
  NAMESPACE: ['namespace'],
  WORKLOAD: ['namespace', 'workload_kind', 'workload_name'],
  APPLICATION: ['application_id'],
  WORKSPACE: ['workspace_id'],
  PROJECT: ['project_id'],
} as const satisfies Readonly<Record<UsageDimension, readonly string[]>>;

type Column = (typeof columns)[UsageDimension][number];
type Found = Readonly<Record<Column, string | null>> & {
  readonly begins: string | null;
  readonly epoch: number;
  readonly cpu: string;
  readonly memory: string;
  readonly pods: string;
};

export function createUsageReports(options: {
  readonly database: Database;
  readonly prices: PriceSettings | undefined;
}): UsageReports {
  const { database, prices } = options;
  return {
    async report(question) {
      const { cluster, fromMs, toMs } = question;
      const rates = ratesOf(cluster, prices);
      const found = await database.current().execute<Found>(usageQuery(question, rates));
      if (found.length > mostRows) {
        throw new RequestError('TOO_COMPLEX', `There are more than ${mostRows} rows: ask for less time, or by less`);
      }
      // An epoch counts the rates that had begun by then.
      const amountOf = (group: readonly Found[]): UsageAmount => {
        const parts = group.map((row) => [usageOf(row), rates[Number(row.epoch) - 1]] as const);
        return { ...parts.reduce((sum, [usage]) => plus(sum, usage), noUsage), cost: costOf(parts, prices?.currency) };
      };
      const groups = Map.groupBy(found, (row) =>
        JSON.stringify([row.begins, ...wanted(question.by).map((name) => row[name])]),
      );
      const [meter] = await database.current().execute<{ through: string }>(sql`
        select through_seconds as through from ${meteredClusters} where cluster = ${cluster}`);
      const gaps = await database.current().execute<{ since: string; until: string }>(sql`
        select from_seconds as since, to_seconds as until from ${meteringGaps} where cluster = ${cluster}
          and to_seconds > ${Math.floor(fromMs / 1_000)} and from_seconds < ${Math.ceil(toMs / 1_000)}
        order by from_seconds limit ${mostRows}`);
      return {
        meteredUntilMs: meter && Number(meter.through) * 1_000,
        rows: [...groups.values()].map((group) => toRow(group[0] as Found, amountOf(group))),
        total: amountOf(found),
        gaps: gaps.map(({ since, until }) => ({ fromMs: Number(since) * 1_000, toMs: Number(until) * 1_000 })),
      };
    },
    costPerHour(cluster, millicores, memoryKib, atMs) {
      const rate = ratesOf(cluster, prices).findLast(({ fromMs }) => fromMs <= atMs);
      const seconds = BigInt(hourSeconds);
      const used = { millicoreSeconds: BigInt(millicores) * seconds, kibSeconds: BigInt(memoryKib) * seconds };
      return costOf([[used, rate]], prices?.currency);
    },
  };
}

const wanted = (by: readonly UsageDimension[]): readonly Column[] => [...new Set(by.flatMap((each) => columns[each]))];

function usageQuery(question: UsageQuestion, rates: readonly Rate[]): drizzle.SQL {
  const { cluster, fromMs, toMs, by, interval, places, only } = question;
  const dimensions = wanted(by).map((name) => sql.raw(`series.${name}`));
  const truncated = { HOUR: 'hour', DAY: 'day', MONTH: 'month' } as const;
  const begins = interval
    ? sql`extract(epoch from date_trunc(${sql.raw(`'${truncated[interval]}'`)}, usage.hour at time zone 'UTC') at time zone 'UTC')::bigint`
    : sql`null::bigint`;
  const epoch = rates.reduce(
    (sum, { fromMs: begin }) =>
      begin === Number.NEGATIVE_INFINITY
        ? sql`${sum} + 1`
        : sql`${sum} + (usage.hour >= ${new Date(begin).toISOString()}::timestamptz)::int`,
    sql`0`,
  );
  const mine = places
    ? sql`join json_to_recordset(${JSON.stringify(places.map((place) => ({ ...place, since: new Date(place.sinceMs).toISOString() })))}::json)
        as mine(namespace text, since timestamptz, "workspaceUuid" uuid, "projectUuid" uuid)
        on mine.namespace = series.namespace and usage.hour >= date_trunc('hour', mine.since)
        and series.workspace_id is not distinct from mine."workspaceUuid"
        and series.project_id is not distinct from mine."projectUuid"`
    : sql``;
  const conditions = [
    sql`series.cluster = ${cluster}`,
    sql`usage.hour >= ${new Date(fromMs).toISOString()}::timestamptz`,
    sql`usage.hour < ${new Date(toMs).toISOString()}::timestamptz`,
    only.namespaces &&
      sql`series.namespace in (select json_array_elements_text(${JSON.stringify(only.namespaces)}::json))`,
    only.applicationUuid && sql`series.application_id = ${only.applicationUuid}`,
    only.workspaceUuid && sql`series.workspace_id = ${only.workspaceUuid}`,
    only.projectUuid && sql`series.project_id = ${only.projectUuid}`,
  ].filter((each) => each !== undefined && each !== '');
  const names = [sql`begins`, sql`epoch`, ...wanted(by).map((name) => sql.raw(name))];
  const listed = sql.join(names, sql`, `);
  const inner = [
    sql`${begins} as begins`,
    sql`${epoch} as epoch`,
    ...dimensions,
    sql`usage.millicore_seconds, usage.kib_seconds, usage.pod_seconds`,
  ];
  return sql`
    select ${listed}, sum(millicore_seconds) as cpu, sum(kib_seconds) as memory, sum(pod_seconds) as pods
    from (select ${sql.join(inner, sql`, `)} from ${usageHours} usage
      join ${usageSeries} series on series.id = usage.series_id ${mine}
      where ${sql.join(conditions as drizzle.SQL[], sql` and `)}) used
    group by ${listed} order by ${listed} limit ${mostRows + 1}`;
}

const usageOf = ({ cpu, memory, pods }: Found): Usage => ({
  millicoreSeconds: BigInt(cpu),
  kibSeconds: BigInt(memory),
  podSeconds: BigInt(pods),
});

function toRow(row: Found, amount: UsageAmount): UsageRow {
  return {
    beginsAtMs: row.begins === null ? null : Number(row.begins) * 1_000,
    namespace: row.namespace ?? null,
    workloadKind: row.workload_kind ?? null,
    workloadName: row.workload_name ?? null,
    applicationUuid: row.application_id ?? null,
    workspaceUuid: row.workspace_id ?? null,
    projectUuid: row.project_id ?? null,
    amount,
  };
}
