import { RequestError } from 'longshore/sdk';
import type { LokiLabels } from '../../settings.ts';
import type { LogLevel } from '../logs/detect-level.ts';
import { detectLevel } from '../logs/detect-level.ts';
import { type LogQueryFilter, levelOfWord, logQuery, type QueriedNamespaces } from './log-query.ts';
import type { LokiClient, LokiLine } from './loki-client.ts';

/** Where logs are searched that were collected from a cluster. */
export interface LogBackend {
  readonly cluster: string;
  readonly labels: LokiLabels;
  readonly client: LokiClient;
}

/** Namespaces with the moment before which their logs are not the caller's, in UTC ms. */
export interface SearchedPart {
  readonly namespaces: QueriedNamespaces;
  readonly sinceMs: number;
}

export interface LogSearch {
  readonly parts: readonly SearchedPart[];
  readonly filter: LogQueryFilter;
  /** What was asked for, in UTC ms. */
  readonly sinceMs: number;
  /** Exclusive, in UTC ms. */
  readonly untilMs: number;
}

export interface StoredLine {
  readonly cluster: string;
  readonly ns: string;
  readonly text: string;
  readonly level: LogLevel;
  readonly namespace: string | null;
  readonly pod: string | null;
  readonly container: string | null;
  readonly host: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Its place: of lines of the same nanosecond how many stand before it, itself included. */
  readonly ordinal: number;
}

export interface LinePosition {
  readonly ns: string;
  readonly ordinal: number;
}

export interface LogBucket {
  readonly from: Date;
  readonly to: Date;
  readonly count: number;
  readonly levels: ReadonlyMap<LogLevel, number>;
}

const nsPerMs = 1_000_000n;
/** Loki hands out no more at once unless it is told otherwise. */
const mostAtOnce = 5_000;
const mostBuckets = 500;
const fewBuckets = 60;
const widths = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400];

/** A page of lines in the order of time. Lines of one nanosecond stand in the order of their texts, so that a page goes on exactly. */
export async function searchLines(
  { cluster, labels, client }: LogBackend,
  { parts, filter, untilMs }: LogSearch,
  page: {
    readonly first: number;
    readonly after: LinePosition | undefined;
    readonly isOldestFirst: boolean;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly lines: readonly StoredLine[]; readonly hasMore: boolean }> {
  const { first, after, isOldestFirst, signal } = page;
  const limit = first + (after?.ordinal ?? 0) + 1;
  if (limit > mostAtOnce) {
    throw new RequestError(
      'TOO_COMPLEX',
      'Too many lines of one moment: ask for fewer at a time, or a narrower filter',
    );
  }
  const answers = await Promise.all(
    parts.map(({ namespaces, sinceMs }) => {
      const from = isOldestFirst && after ? BigInt(after.ns) : BigInt(sinceMs) * nsPerMs;
      const to = !isOldestFirst && after ? BigInt(after.ns) + 1n : BigInt(untilMs) * nsPerMs;
      const [fromNs, toNs] = [max(from, BigInt(sinceMs) * nsPerMs), min(to, BigInt(untilMs) * nsPerMs)];
      if (fromNs >= toNs) return [];
      const range = { query: logQuery(namespaces, filter, labels), fromNs, toNs };
      return client.lines(range, { limit, isOldestFirst, signal });
    }),
  );
  const direction = isOldestFirst ? 1 : -1;
  const sorted = answers.flat().sort((one, other) => direction * compare(one.ns, other.ns) || compareTexts(one, other));
  let ordinal = 0;
  let previous: string | undefined;
  const lines = sorted.flatMap((line) => {
    ordinal = line.ns === previous ? ordinal + 1 : 1;
    previous = line.ns;
    if (after && line.ns === after.ns && ordinal <= after.ordinal) return [];
    return [toStored(cluster, labels, line, ordinal)];
  });
  return { lines: lines.slice(0, first), hasMore: lines.length > first };
}

/** How many lines there are in each span of time, by level; also the empty ones. */
export async function countLines(
  { labels, client }: LogBackend,
  { parts, filter, sinceMs, untilMs }: LogSearch,
  { bucketSeconds, signal }: { readonly bucketSeconds: number | undefined; readonly signal: AbortSignal },
): Promise<readonly LogBucket[]> {
  if (parts.length === 0 || sinceMs >= untilMs) return [];
  const width = widthOf((untilMs - sinceMs) / 1_000, bucketSeconds);
  const widthMs = width * 1_000;
  const last = Math.ceil(untilMs / widthMs);
  const answers = await Promise.all(
    parts.map(async (part) => {
      // What is younger than the search is counted from its first whole bucket on: what was before it is not the caller's.
      const first = part.sinceMs > sinceMs ? Math.ceil(part.sinceMs / widthMs) : Math.floor(sinceMs / widthMs);
      if (first >= last) return [];
      const query = `sum by (${labels.level}) (count_over_time(${logQuery(part.namespaces, filter, labels)} [${width}s]))`;
      const range = { query, fromNs: BigInt(first * widthMs) * nsPerMs, toNs: BigInt(last * widthMs) * nsPerMs };
      return client.counts(range, { stepSeconds: width, signal });
    }),
  );
  const byEnd = Map.groupBy(answers.flat(), ({ atSeconds }) => Math.round(atSeconds / width));
  const buckets: LogBucket[] = [];
  for (let at = Math.floor(sinceMs / widthMs); at < last; at += 1) {
    const levels = new Map<LogLevel, number>();
    for (const { labels: of, count } of byEnd.get(at + 1) ?? []) {
      const level = levelOfWord(of[labels.level]);
      levels.set(level, (levels.get(level) ?? 0) + count);
    }
    const count = [...levels.values()].reduce((sum, each) => sum + each, 0);
    buckets.push({ from: new Date(at * widthMs), to: new Date((at + 1) * widthMs), count, levels });
  }
  return buckets;
}

function widthOf(seconds: number, asked: number | undefined): number {
  const width = asked ?? widths.find((each) => seconds / each <= fewBuckets) ?? Math.ceil(seconds / fewBuckets);
  if (seconds / width <= mostBuckets) return width;
  throw new RequestError(
    'BAD_USER_INPUT',
    `bucketSeconds must be at least ${Math.ceil(seconds / mostBuckets)} for this span: at most ${mostBuckets} buckets are counted`,
  );
}

function toStored(cluster: string, names: LokiLabels, { ns, text, labels }: LokiLine, ordinal: number): StoredLine {
  const of = (name: string) => labels[name] || null;
  const said = levelOfWord(labels[names.level]);
  return {
    ...{ cluster, ns, text, labels, ordinal },
    level: said === 'UNKNOWN' ? detectLevel(text) : said,
    namespace: of(names.namespace),
    pod: of(names.pod),
    container: of(names.container),
    host: of(names.host),
  };
}

const max = (one: bigint, other: bigint): bigint => (one > other ? one : other);
const min = (one: bigint, other: bigint): bigint => (one < other ? one : other);
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function compareTexts(one: LokiLine, other: LokiLine): number {
  return compare(one.text, other.text) || compare(JSON.stringify(one.labels), JSON.stringify(other.labels));
}
