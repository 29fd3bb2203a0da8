import { labelTypeRef } from 'longshore/plugins/core';
import {
  AnswerError,
  type ArgBuilder,
  type ClusterProblem,
  type Connection,
  defineList,
  type InputTypeRef,
  type LongshoreBuilder,
  loadOfKind,
  NotFoundError,
  named,
  origin,
  type RequestContext,
  RequestError,
  registerEnum,
  registerList,
  registerSubscription,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { podKind, serviceKind } from '../api.ts';
import { logSearchSpanDays } from '../profile-keys/logs.ts';
import { logsRetentionDays } from '../profile-keys/retention.ts';
import { followLines } from '../services/log-search/follow-lines.ts';
import { encodeLineCursor, parseLineCursor } from '../services/log-search/line-cursor.ts';
import { logBackendsRef } from '../services/log-search/log-backends.ts';
import { podPatternOf } from '../services/log-search/log-query.ts';
import { podPatternsOfService } from '../services/log-search/pods-of-service.ts';
import {
  countLines,
  type LogBackend,
  type LogBucket,
  type LogSearch,
  type StoredLine,
  searchLines,
} from '../services/log-search/search-logs.ts';
import { type PlatformLogType, searchedParts } from '../services/log-search/searched-parts.ts';
import { type LogLevel, logLevels } from '../services/logs/detect-level.ts';
import { compileLineFilter } from '../services/logs/match-line.ts';
import { visibleLogStores } from './log-stores/load-log-stores.ts';
import { findLogObject } from './workload-log-lines.ts';

const lineRef = typeRef<StoredLine>('StoredLogLine');
const bucketRef = typeRef<LogBucket>('LogBucket');
const dayMs = 86_400_000;
const hourMs = 3_600_000;
const mostNames = 200;

interface SearchFilter {
  readonly namespaces?: readonly string[] | null;
  readonly workload?: string | null;
  readonly service?: string | null;
  readonly pods?: readonly string[] | null;
  readonly containers?: readonly string[] | null;
  readonly hosts?: readonly string[] | null;
  readonly logStores?: readonly string[] | null;
  readonly platformType?: PlatformLogType | null;
  readonly contains?: string | null;
  readonly excludes?: string | null;
  readonly matches?: string | null;
  readonly ignoreCase?: boolean | null;
  readonly levels?: readonly LogLevel[] | null;
  readonly since?: Date | null;
  readonly until?: Date | null;
}

interface SearchArguments {
  readonly cluster: string;
  readonly first?: number | null;
  readonly after?: string | null;
  readonly filter?: SearchFilter | null;
  readonly orderBy?: readonly { readonly direction: 'ASC' | 'DESC' }[] | null;
}

interface SearchConnection extends Connection<StoredLine> {
  readonly retentionDays: number | null;
  /** Undefined where the search could not be made; `problems` says why. */
  readonly search: { readonly backend: LogBackend; readonly search: LogSearch } | undefined;
}

/** Logs that were collected, searched over time (CMP-102, CMP-103, CMP-106): they outlive their containers. */
export function registerLogSearch(builder: LongshoreBuilder): void {
  registerEnum(builder, 'PlatformLogType', 'What of a platform wrote a log.', {
    USER_APP: 'Workloads in managed namespaces.',
    CONTROL_PLANE: 'What runs in namespaces without business applications.',
    SYSTEM: 'Services outside of any namespace, such as those of a node.',
  });
  registerLine(builder);
  registerBucket(builder);
  const list = defineList(builder, {
    name: 'StoredLogLine',
    node: lineRef,
    plural: 'collected lines',
    filter: (t) => ({
      namespaces: t.stringList({
        description: `Of these namespaces, ${mostNames} at the most; of all whose logs you may read where it is not set.`,
      }),
      workload: t.id({
        description: 'Of the pods of this workload, gone ones included, or of this pod: its global id.',
      }),
      service: t.id({
        description:
          'Of the pods that this Service leads to, gone ones of its workloads included: its global id. Not together with `workload` (NET-05).',
      }),
      pods: t.stringList({ description: 'Of pods with these names.' }),
      containers: t.stringList({ description: 'Of containers with these names.' }),
      hosts: t.stringList({ description: 'Of pods on nodes with these names.' }),
      logStores: t.stringList({ description: 'Collected into log stores of these names.' }),
      platformType: t.field({
        type: named('PlatformLogType') as never,
        description: 'Logs of the platform of this type; for who may read all logs of the cluster.',
      }),
      contains: t.string({ description: 'With this text, at most 1,000 characters.' }),
      excludes: t.string({ description: 'Without this text, at most 1,000 characters.' }),
      matches: t.string({
        description:
          'In which this regular expression is found, at most 200 characters, without look-around and back references.',
      }),
      ignoreCase: t.boolean({ description: 'Whether capitals and small letters are the same to the three above.' }),
      levels: t.field({
        type: [named('LogLevel') as never],
        description: 'Of these levels, as the backend has detected them.',
      }),
      since: t.field({
        type: 'DateTime',
        description: 'From this time on; an hour before the end where it is not set.',
      }),
      until: t.field({ type: 'DateTime', description: 'Before this time; now where it is not set.' }),
    }),
    matches: () => () => true,
    orders: { TIME: { description: 'By time.', value: () => null } },
    place: ({ ns }) => ({ cluster: '', namespace: '', name: ns }),
  });
  builder.objectField(list.connection as never, 'retentionDays', (t) =>
    t.int({
      nullable: true,
      description: 'For how many days collected logs are kept here by the profile; null: as the backend does.',
      resolve: (page) => (page as SearchConnection).retentionDays,
    }),
  );
  builder.objectField(
    list.connection as never,
    'histogram',
    (t) =>
      t.field({
        type: [bucketRef],
        nullable: true,
        description:
          'How many lines of the whole search there are in each span of time, oldest first, without a hole. Null where the search could not be made.',
        args: {
          bucketSeconds: t.arg.int({
            description:
              'Width of a bucket in seconds, 1 to 86,400; at most 500 buckets. Without it one that makes at most 60.',
          }),
        },
        resolve: async (page: unknown, args: { bucketSeconds?: number | null }, context: RequestContext) => {
          const { search } = page as SearchConnection;
          const bucketSeconds = args.bucketSeconds ?? undefined;
          if (bucketSeconds !== undefined && (bucketSeconds < 1 || bucketSeconds > 86_400)) {
            throw new RequestError('BAD_USER_INPUT', `bucketSeconds must be 1 to 86400, got ${bucketSeconds}`);
          }
          if (!search) return null;
          return [...(await countLines(search.backend, search.search, { bucketSeconds, signal: context.signal }))];
        },
      } as never) as never,
  );
  registerStoredLogLines(builder, list.filterType as never);
  registerList(builder, {
    name: 'logSearch',
    description:
      "Collected lines of a cluster's containers, newest first, also of those that are gone. What cannot be searched stands in `problems`: CAPABILITY_MISSING where no backend is set for the cluster.",
    allow: { action: 'READ_LOGS', subject: subjectOf(podKind) },
    args: (t) => ({ cluster: t.string({ required: true, description: "The cluster's name." }) }),
    list: {
      ...list,
      args: (t) => {
        const { first, after, filter, orderBy } = list.args(t);
        return { first, after, filter, orderBy } as never;
      },
    },
    page: (args, context) => loadPage(args as never, context) as never,
  });
}

/** The same lines as they come (CMP-102). */
function registerStoredLogLines(builder: LongshoreBuilder, filterType: InputTypeRef<never>): void {
  registerSubscription<StoredLine, ReturnType<typeof streamArguments>>(builder, {
    name: 'storedLogLines',
    description:
      "Collected lines of a cluster's containers as they come, each as ADDED: those that `logSearch` would find, about a second after they were written. `after` takes the cursors of this stream and of `logSearch` ordered by time, oldest first; where that is further back than `logs.searchSpanDays` of the profile, a RESYNC says so and it goes on with what may be searched. What a collector brings late, behind newer lines, only `logSearch` shows. CAPABILITY_MISSING where no backend is set for the cluster.",
    allow: { action: 'READ_LOGS', subject: subjectOf(podKind) },
    itemField: 'line',
    itemType: lineRef,
    itemDescription: 'The line.',
    hasSnapshot: false,
    args: (t) => streamArguments(t, filterType),
    subscribe: (args, context) => openStream(args as never, context),
  });
}

function streamArguments(t: ArgBuilder, filterType: InputTypeRef<never>) {
  return {
    cluster: t.string({ required: true, description: "The cluster's name." }),
    filter: t({
      type: filterType as never,
      description: 'Which lines. `since` is where it begins, now where it is not set; `until` has no place here.',
    }),
  };
}

async function openStream(args: SearchArguments, context: RequestContext) {
  const { cluster, filter } = args;
  if (filter?.until) throw new RequestError('BAD_USER_INPUT', 'until has no place in a stream that does not end');
  const after = args.after ? parseLineCursor(args.after) : undefined;
  const { profiles } = context.services;
  const retentionDays = profiles.at({ cluster }).get(logsRetentionDays);
  const spanDays = profiles.at({ cluster }).get(logSearchSpanDays);
  const searchOf = (since: Date | undefined, look: RequestContext) =>
    toSearch({ cluster, filter: { ...filter, since: since ?? null } }, retentionDays, look);
  const search = await searchOf(filter?.since ?? undefined, context);
  return followLines({
    backend: context.service(logBackendsRef).of(cluster),
    filter: search.filter,
    // What was read for one look does not hold for the next.
    partsSince: async (sinceMs) => (await searchOf(new Date(sinceMs), context.fork())).parts,
    after,
    sinceMs: filter?.since?.getTime() ?? context.clock.now(),
    // An hour less, so that what is just within it still is when it is asked for.
    spanMs: Math.min(spanDays, retentionDays ?? spanDays) * dayMs - hourMs,
    clock: context.clock,
    signal: context.signal,
  });
}

async function loadPage(args: SearchArguments, context: RequestContext): Promise<SearchConnection> {
  const first = args.first ?? 50;
  if (first < 0 || first > 1000) throw new RequestError('BAD_USER_INPUT', `first must be 0 to 1000, got ${first}`);
  const isOldestFirst = args.orderBy?.[0]?.direction === 'ASC';
  const after = args.after ? parseLineCursor(args.after) : undefined;
  const { cluster } = args;
  const retentionDays = context.services.profiles.at({ cluster }).get(logsRetentionDays);
  const base = { hasPreviousPage: after !== undefined, totalCount: undefined, retentionDays };
  try {
    const search = await toSearch(args, retentionDays, context);
    const backend = context.service(logBackendsRef).of(cluster);
    const page = { first, after, isOldestFirst, signal: context.signal };
    const { lines, hasMore } = await searchLines(backend, search, page);
    const edges = lines.map((line) => ({ cursor: encodeLineCursor(line), node: line }));
    return { ...base, edges, hasNextPage: hasMore, problems: [], search: { backend, search } };
  } catch (error) {
    if (!(error instanceof AnswerError) || error.code === 'VALIDATION') throw error;
    return { ...base, edges: [], hasNextPage: false, problems: [problemOf(cluster, error)], search: undefined };
  }
}

function problemOf(cluster: string, { code, message }: AnswerError): ClusterProblem {
  const told = { cluster, message, staleSince: undefined };
  if (code === 'NOT_FOUND') return { ...told, code: 'CLUSTER_NOT_FOUND' };
  if (code === 'CAPABILITY_MISSING' || code === 'FORBIDDEN') return { ...told, code };
  return { ...told, code: 'UPSTREAM_UNAVAILABLE' };
}

async function toSearch(
  { cluster, filter: asked }: SearchArguments,
  retentionDays: number | null,
  context: RequestContext,
): Promise<LogSearch> {
  const filter = asked ?? {};
  check(filter);
  const now = context.clock.now();
  const untilMs = filter.until?.getTime() ?? now;
  const days = await daysShown(filter.logStores ?? [], retentionDays, context);
  const oldestMs = days === null ? 0 : now - days * dayMs;
  const sinceMs = Math.max(filter.since?.getTime() ?? untilMs - hourMs, oldestMs, 0);
  const spanDays = context.services.profiles.at({ cluster }).get(logSearchSpanDays);
  if (untilMs - sinceMs > spanDays * dayMs) {
    throw new RequestError('BAD_USER_INPUT', `since must be at most ${spanDays} days before until by the profile`);
  }
  const source = await sourceOf(filter, cluster, context);
  const parts = await searchedParts(
    {
      cluster,
      namespaces: source ? [source.namespace] : (filter.namespaces ?? undefined),
      platformType: filter.platformType ?? undefined,
      sinceMs,
    },
    context,
  );
  return {
    parts,
    sinceMs,
    untilMs,
    filter: {
      pods: filter.pods ?? undefined,
      podPatterns: source?.patterns,
      containers: filter.containers ?? undefined,
      hosts: filter.hosts ?? undefined,
      logStores: filter.logStores ?? undefined,
      contains: filter.contains ?? undefined,
      excludes: filter.excludes ?? undefined,
      matches: filter.matches ?? undefined,
      ignoreCase: filter.ignoreCase ?? false,
      levels: filter.levels && filter.levels.length < logLevels.length ? filter.levels : undefined,
    },
  };
}

/** Of log stores that the caller knows no line is shown for longer than they keep it (CMP-105). */
async function daysShown(
  names: readonly string[],
  retentionDays: number | null,
  context: RequestContext,
): Promise<number | null> {
  const stores = names.length === 0 ? [] : await visibleLogStores(context);
  const days = stores.filter(({ name }) => names.includes(name)).map((store) => store.retentionDays);
  return days.length === 0 ? retentionDays : Math.min(Math.max(...days), retentionDays ?? Number.MAX_SAFE_INTEGER);
}

function check(filter: SearchFilter): void {
  for (const field of ['namespaces', 'pods', 'containers', 'hosts', 'logStores'] as const) {
    const count = filter[field]?.length ?? 0;
    if (count > mostNames)
      throw new RequestError('BAD_USER_INPUT', `${field} must be at most ${mostNames}, got ${count}`);
  }
  if (filter.since && filter.until && filter.since >= filter.until) {
    throw new RequestError('BAD_USER_INPUT', 'since must be before until');
  }
  try {
    compileLineFilter(filter);
  } catch (error) {
    if (error instanceof AnswerError) throw new RequestError('BAD_USER_INPUT', error.message, { cause: error });
    throw error;
  }
}

interface LogSource {
  readonly namespace: string;
  /** Names of its pods, as regular expressions. */
  readonly patterns: readonly string[];
}

/** The workload, pod or Service whose logs are asked for; undefined where none is. Throws `NotFoundError`. */
async function sourceOf(
  { workload, service }: SearchFilter,
  cluster: string,
  context: RequestContext,
): Promise<LogSource | undefined> {
  if (workload && service) throw new RequestError('BAD_USER_INPUT', 'name a workload or a Service, not both');
  if (service) return serviceSource(String(service), cluster, context);
  if (!workload) return undefined;
  const object = await findLogObject(String(workload), context);
  if (object[origin].cluster !== cluster) throw new NotFoundError('There is no workload or pod with this id');
  const { namespace = '', name } = object.metadata;
  return { namespace, patterns: [podPatternOf(object.kind, name)] };
}

async function serviceSource(id: string, cluster: string, context: RequestContext): Promise<LogSource> {
  const { value } = await loadOfKind(id, serviceKind, context);
  if (value[origin].cluster !== cluster) throw new NotFoundError('There is no Service with this id');
  const patterns = await podPatternsOfService(context.kube(cluster), value);
  if (patterns.length > mostNames) {
    throw new RequestError(
      'TOO_COMPLEX',
      `The Service leads to ${patterns.length} pods that no workload makes: name some`,
    );
  }
  return { namespace: value.metadata.namespace ?? '', patterns };
}

function registerLine(builder: LongshoreBuilder): void {
  const part = (description: string) => ({ nullable: true as const, description });
  builder.objectType(lineRef, {
    description: 'A line that was collected.',
    fields: (t) => ({
      time: t.field({
        type: 'DateTime',
        description: 'When it was written; in whole milliseconds, lines are ordered by nanoseconds.',
        resolve: ({ ns }) => new Date(Number(BigInt(ns) / 1_000_000n)),
      }),
      text: t.exposeString('text', { description: 'The line.' }),
      level: t.field({
        type: named('LogLevel'),
        description: 'Its level, as the backend has detected it or the line says.',
        resolve: ({ level }) => level as never,
      }),
      cluster: t.exposeString('cluster', { description: "The cluster's name." }),
      namespace: t.string({ ...part('The namespace; null outside of any.'), resolve: (line) => line.namespace }),
      pod: t.string({ ...part('Name of the pod.'), resolve: (line) => line.pod }),
      container: t.string({ ...part('Name of the container.'), resolve: (line) => line.container }),
      host: t.string({ ...part('Name of the node.'), resolve: (line) => line.host }),
      labels: t.field({
        type: [labelTypeRef],
        description: 'All that the backend knows of where it is from.',
        resolve: ({ labels }) => Object.entries(labels).map(([key, value]) => ({ key, value: String(value) })),
      }),
    }),
  });
}

function registerBucket(builder: LongshoreBuilder): void {
  builder.objectType(bucketRef, {
    description: 'How many collected lines there are in a span of time.',
    fields: (t) => ({
      from: t.field({ type: 'DateTime', description: 'Its begin.', resolve: (row) => row.from }),
      to: t.field({
        type: 'DateTime',
        description: 'Its end, which belongs to the next one.',
        resolve: (row) => row.to,
      }),
      count: t.field({ type: 'SafeInt', description: 'All lines.', resolve: (row) => row.count }),
      errors: t.field({
        type: 'SafeInt',
        description: 'Lines of level ERROR or FATAL.',
        resolve: ({ levels }) => (levels.get('ERROR') ?? 0) + (levels.get('FATAL') ?? 0),
      }),
      warnings: t.field({
        type: 'SafeInt',
        description: 'Lines of level WARN.',
        resolve: ({ levels }) => levels.get('WARN') ?? 0,
      }),
    }),
  });
}
