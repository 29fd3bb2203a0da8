import { type DatabaseHandle, drizzle, RequestError } from 'longshore/sdk';
import { events } from '../../tables.ts';
import type { EventCut } from './event-history.ts';
import type { EventType } from './read-event.ts';
import { type HistoryFilter, whereEvents } from './where-events.ts';

const { count, desc, max, min, sql } = drizzle;

export interface TypeCounts {
  readonly normal: number;
  readonly warning: number;
  readonly unknown: number;
}

export interface ReasonTally {
  readonly type: EventType;
  readonly reason: string;
  readonly events: number;
  readonly occurrences: number;
  readonly lastSeenAt: Date;
}

export interface EventBucket extends TypeCounts {
  readonly from: Date;
  readonly to: Date;
}

export interface EventTally extends TypeCounts {
  readonly events: number;
  /** How often all of them were seen together. */
  readonly occurrences: number;
  readonly clusters: readonly (TypeCounts & { readonly cluster: string })[];
  readonly reasons: readonly ReasonTally[];
  readonly buckets: readonly EventBucket[];
}

const mostBuckets = 1_000;
/** About as many as a chart has room for. */
const fewBuckets = 100;
/** Widths that people can read, in seconds: a minute to a week. */
const widths = [60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800];

/** Counts by type, cluster, reason and time. Throws `BAD_USER_INPUT` for more than 1,000 buckets. */
export async function tallyEvents(db: DatabaseHandle, filter: HistoryFilter, cut: EventCut): Promise<EventTally> {
  const where = whereEvents(filter);
  const occurrences = sql<number>`sum(${events.count})`.mapWith(Number);
  const byCluster = await db
    .select({
      ...{ cluster: events.cluster, type: events.type, events: count(), occurrences },
      ...{ first: min(events.lastSeenAt), last: max(events.lastSeenAt) },
    })
    .from(events)
    .where(where)
    .groupBy(events.cluster, events.type)
    .orderBy(events.cluster);
  const reasons = await db
    .select({
      ...{ type: events.type, reason: events.reason, events: count(), occurrences },
      lastSeenAt: max(events.lastSeenAt),
    })
    .from(events)
    .where(where)
    .groupBy(events.type, events.reason)
    .orderBy(desc(count()), events.reason, events.type)
    .limit(cut.reasons);
  const span = spanOf(byCluster, filter, cut);
  const width = span && widthOf(span, cut.bucketSeconds);
  const buckets = span && width ? await bucketsOf(db, filter, span, width) : [];
  return {
    ...typeCounts(byCluster),
    events: sum(byCluster, (row) => row.events),
    occurrences: sum(byCluster, (row) => row.occurrences),
    clusters: [...Map.groupBy(byCluster, ({ cluster }) => cluster)].map(([cluster, rows]) => ({
      cluster,
      ...typeCounts(rows),
    })),
    reasons: reasons.map((row) => ({ ...row, lastSeenAt: row.lastSeenAt ?? cut.now })),
    buckets,
  };
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** From where it is asked for, or where there is anything, to where it is asked for, or now; undefined where there is nothing. */
function spanOf(
  rows: readonly { readonly first: Date | null; readonly last: Date | null }[],
  { since, until }: HistoryFilter,
  { now }: EventCut,
): Span | undefined {
  const firsts = rows.flatMap(({ first }) => (first ? [first.getTime()] : []));
  const lasts = rows.flatMap(({ last }) => (last ? [last.getTime() + 1] : []));
  const fromMs = since?.getTime() ?? Math.min(...firsts);
  const toMs = until?.getTime() ?? Math.max(now.getTime(), ...lasts);
  return Number.isFinite(fromMs) && toMs > fromMs ? { fromMs, toMs } : undefined;
}

function widthOf({ fromMs, toMs }: Span, asked: number | undefined): number {
  const seconds = (toMs - fromMs) / 1_000;
  const width = asked ?? widths.find((each) => seconds / each <= fewBuckets) ?? Math.ceil(seconds / fewBuckets);
  if (seconds / width <= mostBuckets) return width;
  throw new RequestError(
    'BAD_USER_INPUT',
    `bucketSeconds must be at least ${Math.ceil(seconds / mostBuckets)} for this span: at most ${mostBuckets} buckets are counted`,
  );
}

/** All of them, also the empty ones; each begins at a multiple of its width. */
async function bucketsOf(
  db: DatabaseHandle,
  filter: HistoryFilter,
  { fromMs, toMs }: Span,
  width: number,
): Promise<readonly EventBucket[]> {
  const widthMs = width * 1_000;
  const number = sql<number>`floor(extract(epoch from ${events.lastSeenAt}) / ${sql.raw(String(width))})`.mapWith(
    Number,
  );
  const rows = await db
    .select({ number, type: events.type, events: count() })
    .from(events)
    .where(whereEvents(filter))
    .groupBy(number, events.type);
  const byNumber = Map.groupBy(rows, (row) => row.number);
  const buckets: EventBucket[] = [];
  for (let at = Math.floor(fromMs / widthMs); at * widthMs < toMs; at += 1) {
    const [from, to] = [new Date(at * widthMs), new Date((at + 1) * widthMs)];
    buckets.push({ from, to, ...typeCounts(byNumber.get(at) ?? []) });
  }
  return buckets;
}

function typeCounts(rows: readonly { readonly type: EventType; readonly events: number }[]): TypeCounts {
  const of = (type: EventType) =>
    sum(
      rows.filter((row) => row.type === type),
      (row) => row.events,
    );
  return { normal: of('NORMAL'), warning: of('WARNING'), unknown: of('UNKNOWN') };
}

const sum = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((total, row) => total + of(row), 0);
