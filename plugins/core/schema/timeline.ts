import {
  AnswerError,
  type Connection,
  defineList,
  type LongshoreBuilder,
  nodeRef,
  operationRecordRef,
  parseGlobalId,
  type RequestContext,
  RequestError,
  registerList,
  type TimelineSubject,
  typeRef,
} from 'longshore/sdk';
import { kubernetesEventTypeRef } from '../api.ts';
import {
  behindOf,
  encodeTimelineCursor,
  mergeTimeline,
  parseTimelineCursor,
  type SourcedEntry,
  type TimelinePosition,
} from '../services/operation/merge-timeline.ts';
import { operationSubject } from '../services/operation/visible-operations.ts';

interface TimelineFilter {
  readonly sources?: readonly string[] | null | undefined;
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
}

/** Everything that happened to one thing, from all who know of it. */
export function registerTimeline(builder: LongshoreBuilder): void {
  const entry = typeRef<SourcedEntry>('TimelineEntry');
  builder.objectType(entry, {
    description: 'Something that happened to a thing.',
    fields: (t) => ({
      at: t.field({ type: 'DateTime', description: 'When.', resolve: (row) => row.at }),
      source: t.field({
        type: 'TimelineSource' as never,
        description: 'Where this is known from.',
        resolve: (row) => row.source as never,
      }),
      title: t.exposeString('title', { description: 'A few words, e.g. `scaleWorkload` or `BackOff`.' }),
      message: t.string({
        nullable: true,
        description: 'A sentence for people; null where there is none.',
        resolve: (row) => row.message ?? null,
      }),
      isProblem: t.exposeBoolean('isProblem', { description: 'Whether somebody may have to look at it.' }),
      operation: t.field({
        type: operationRecordRef,
        nullable: true,
        description: 'The operation record, where it is one.',
        resolve: (row) => (row.source === 'OPERATION_RECORDS' ? (row.node as never) : null),
      }),
      event: t.field({
        type: kubernetesEventTypeRef,
        nullable: true,
        description: 'The event of the cluster, where it is one.',
        resolve: (row) => (row.source === 'KUBERNETES_EVENTS' ? (row.node as never) : null),
      }),
      node: t.field({
        type: nodeRef,
        nullable: true,
        description: 'Whatever it is an entry of, also of a plugin; null where that is no node.',
        resolve: (row) => (row.node ?? null) as never,
      }),
    }),
  });
  const list = defineList(builder, {
    name: 'TimelineEntry',
    node: entry,
    plural: 'entries of a timeline',
    filter: (t) => ({
      sources: t.field({ type: ['TimelineSource' as never], description: 'Only from these sources.' }),
      from: t.field({ type: 'DateTime', description: 'Only at or after this time.' }),
      to: t.field({ type: 'DateTime', description: 'Only before this time.' }),
    }),
    matches: () => () => true,
    orders: { AT: { description: 'By time.', value: (row: SourcedEntry) => row.at.getTime() } },
    place: (row) => ({ cluster: '', namespace: row.source, name: row.key }),
  });
  registerList(builder, {
    name: 'timeline',
    description:
      'What happened to one thing, newest first: operations on it, events of its cluster, and what plugins know, as far as you may see each. Empty for what is not there or not for you; what is gone still has its story.',
    allow: { action: 'READ', subject: operationSubject },
    list: {
      ...list,
      args: (t) => {
        const { first, after, filter } = list.args(t);
        return { first, after, filter } as never;
      },
    },
    args: (t) => ({ id: t.id({ required: true, description: 'Global id of the thing.' }) }),
    page: (args, context) => loadTimeline(args as never, context) as never,
  });
}

interface TimelineArguments {
  readonly id: string;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly filter?: TimelineFilter | null | undefined;
}

const nothing = { edges: [], hasNextPage: false, hasPreviousPage: false, totalCount: 0, problems: [] };

async function loadTimeline(
  { id, first: asked, after: cursor, filter }: TimelineArguments,
  context: RequestContext,
): Promise<Connection<SourcedEntry>> {
  const first = asked ?? 50;
  if (first < 0 || first > 1000) throw new RequestError('BAD_USER_INPUT', `first must be 0 to 1000, got ${first}`);
  const after = cursor ? parseTimelineCursor(cursor) : undefined;
  const parsed = parseGlobalId(id);
  if (!parsed) return nothing;
  const { bySource, problems } = await loadAll({ id, parsed }, first + 1, after, filter ?? {}, context);
  const { entries, hasMore } = mergeTimeline(bySource, first);
  return {
    edges: entries.map((node) => ({ cursor: encodeTimelineCursor(node), node })),
    hasNextPage: hasMore,
    hasPreviousPage: after !== undefined,
    // Sources need not count; where all of it is on one page, that is counted.
    totalCount: after || hasMore ? undefined : entries.length,
    problems,
  };
}

/** Each source by itself, all at once: one that cannot be asked is told of, and the others go on. */
async function loadAll(
  subject: TimelineSubject,
  first: number,
  after: TimelinePosition | undefined,
  { sources, from, to }: TimelineFilter,
  context: RequestContext,
) {
  const known = [...context.services.registry.timelines.values()];
  const problems: Connection<SourcedEntry>['problems'][number][] = [];
  const loaded = known
    .filter(({ name }) => !sources || sources.includes(name))
    .map(async ({ name, load }) => {
      const behind = earlier(behindOf(name, after), to ?? undefined);
      try {
        const entries = await load(subject, { first, behind }, context);
        return [name, from ? entries.filter(({ at }) => at >= from) : entries] as const;
      } catch (error) {
        if (!(error instanceof AnswerError) || subject.parsed.of !== 'kubernetes') throw error;
        const code =
          error.code === 'CAPABILITY_MISSING' || error.code === 'FORBIDDEN' ? error.code : 'UPSTREAM_UNAVAILABLE';
        const { cluster } = subject.parsed;
        problems.push({ cluster, code, message: `${name}: ${error.message}`, staleSince: undefined });
        return [name, []] as const;
      }
    });
  return { bySource: new Map(await Promise.all(loaded)), problems };
}

function earlier(behind: ReturnType<typeof behindOf>, to: Date | undefined): ReturnType<typeof behindOf> {
  if (!to || (behind && behind.at <= to)) return behind;
  return { at: to, key: undefined };
}
