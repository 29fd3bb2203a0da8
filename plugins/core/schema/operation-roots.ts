import {
  type Connection,
  defineList,
  type ListArguments,
  type LongshoreBuilder,
  type OperationFilter,
  type OperationRecord,
  operationArgs,
  operationRecordRef,
  type RequestContext,
  RequestError,
  registerList,
  registerQuery,
  registerSubscription,
  registryOf,
} from 'longshore/sdk';
import { operationRecordsTopic } from '../api.ts';
import { encodeOperationCursor, parseOperationCursor } from '../services/operation/operation-cursor.ts';
import {
  type AskedOperationFilter,
  matchesOperation,
  toOperationFilter,
} from '../services/operation/operation-filter.ts';
import { operationSubject, visibleOperations } from '../services/operation/visible-operations.ts';
import { findRecord, isVisibleRecord } from './operation-access.ts';

const readOperation = { action: 'READ', subject: operationSubject } as const;
/** Records of which a stream tells how they are now, before it tells of changes. */
const mostFollowed = 100;

/** The list, the single one and the stream (CORE-19, CORE-22). */
export function registerOperationRoots(builder: LongshoreBuilder, enums: { status: unknown; category: unknown }): void {
  const list = defineList(builder, {
    name: 'OperationRecord',
    node: operationRecordRef,
    plural: 'operation records',
    filter: (t) => ({
      ids: t.field({ type: ['ID'], description: 'Only these, by global id.' }),
      categories: t.field({ type: [enums.category as never], description: 'Only of these kinds.' }),
      actions: t.stringList({ description: 'Only these mutations or loops, e.g. `applyManifest`.' }),
      operators: t.stringList({ description: 'Only by these, by id or name.' }),
      statuses: t.field({ type: [enums.status as never], description: 'Only with one of these statuses.' }),
      from: t.field({ type: 'DateTime', description: 'Only begun at or after this time.' }),
      to: t.field({ type: 'DateTime', description: 'Only begun before this time.' }),
      cluster: t.string({ description: 'Only on targets in this cluster.' }),
      namespaces: t.stringList({ description: 'Only on targets in these namespaces.' }),
      kind: t.string({ description: 'Only on targets of this kind, e.g. `Deployment`.' }),
      name: t.string({ description: 'Only on targets of exactly this name.' }),
      targetId: t.id({ description: 'Only on the target with this global id.' }),
      workspaceId: t.id({ description: 'Only on targets that lay in the workspace with this global id then.' }),
      projectId: t.id({ description: 'Only on targets that lay in the project with this global id then.' }),
      batchId: t.string({ description: 'Only of this batch.' }),
      requestId: t.string({ description: 'Only of this request.' }),
    }),
    matches: (filter) => matchesOperation(toOperationFilter(filter as AskedOperationFilter)),
    orders: { CREATED_AT: { description: 'By when it began.', value: (record) => record.createdAt.getTime() } },
    place: (record) => ({ cluster: '', namespace: '', name: record.id }),
  });
  registryOf(builder).loadOperationPage = (args, narrow, context) =>
    loadOperationPage(args as OperationArguments, narrow, context);
  registerList(builder, {
    name: 'operationRecords',
    description:
      'Operation records that you may see, newest first: all for an ADMIN; for a DEVELOPER its own and those of its workspaces, projects and namespaces.',
    allow: readOperation,
    list: { ...list, args: (t) => operationArgs(list as never, t) as never },
    page: (args, context) => loadOperationPage(args as OperationArguments, {}, context) as never,
  });
  registerQuery(builder, {
    name: 'operationRecord',
    description: 'One operation record by its global id; null where it is not there or not for you.',
    allow: readOperation,
    type: operationRecordRef,
    nullable: true,
    args: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    resolve: ({ id }, context) => findRecord(String(id), context),
  });
  registerSubscription<OperationRecord>(builder, {
    name: 'operationRecordChanges',
    description:
      'Operation records as they are made, go on and are closed. Those whose `ids` the filter names are told first as they are now.',
    allow: readOperation,
    itemField: 'record',
    itemType: operationRecordRef,
    itemDescription: 'The record as it now is.',
    hasSnapshot: false,
    isThrottled: true,
    args: (t) => ({ filter: t({ type: list.filterType as never, description: 'Which records to follow.' }) }) as never,
    subscribe: (args, context) => {
      const { filter: asked, after } = args as unknown as { filter?: AskedOperationFilter; after?: string | null };
      const { throttleMs } = args;
      const filter = toOperationFilter(asked ?? {});
      const passes = matchesOperation(filter);
      const matches = (record: OperationRecord) => isVisibleRecord(record, context) && passes(record);
      const { ids } = filter;
      if (ids && ids.length > mostFollowed) {
        throw new RequestError('BAD_USER_INPUT', `ids must be at most ${mostFollowed}, got ${ids.length}`);
      }
      return context.services.topics.subscribe({
        topic: operationRecordsTopic,
        matches,
        initial:
          ids && (async () => (await context.operations.list(filter, { first: mostFollowed })).records.filter(matches)),
        after: after ?? undefined,
        throttleMs,
        keyOf: ({ id }) => id,
        signal: context.signal,
        onClose: context.onStreamClosed,
      });
    },
  });
}

type OperationArguments = Pick<ListArguments<AskedOperationFilter>, 'first' | 'after' | 'filter' | 'orderBy'>;

async function loadOperationPage(
  asked: OperationArguments,
  narrow: OperationFilter,
  context: RequestContext,
): Promise<Connection<OperationRecord>> {
  const first = asked.first ?? 50;
  if (first < 0 || first > 1000) throw new RequestError('BAD_USER_INPUT', `first must be 0 to 1000, got ${first}`);
  const after = asked.after ? parseOperationCursor(asked.after) : undefined;
  const visible = visibleOperations(context.access);
  const given = toOperationFilter(asked.filter ?? {});
  if (visible === 'nothing' || contradicts(given, narrow)) {
    return { edges: [], hasNextPage: false, hasPreviousPage: false, totalCount: 0, problems: [] };
  }
  const filter = { ...given, ...narrow, visible };
  const isOldestFirst = asked.orderBy?.[0]?.direction === 'ASC';
  const page = await context.operations.list(filter, { first, after, isOldestFirst });
  return {
    edges: page.records.map((record) => ({ cursor: encodeOperationCursor(record), node: record })),
    hasNextPage: page.hasMore,
    hasPreviousPage: after !== undefined,
    problems: [],
    // Counting is a query of its own: only who asks for the number pays for it.
    get totalCount() {
      return context.operations.count(filter) as unknown as number;
    },
  };
}

/** What is asked for on a thing cannot be somebody else's. */
function contradicts(given: OperationFilter, narrow: OperationFilter): boolean {
  return Object.entries(narrow).some(([name, value]) => {
    const other = given[name as keyof OperationFilter];
    return other !== undefined && other !== value;
  });
}
