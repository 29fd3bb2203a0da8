import {
  type Connection,
  defineList,
  encodeGlobalId,
  type FieldBuilder,
  kubernetesObjectRef,
  type LongshoreBuilder,
  nodeRef,
  type OperationFilter,
  type OperationRecord,
  operationRecordRef,
  parseGlobalId,
  type RecordedWrite,
  type RequestContext,
  RequestError,
  registerList,
  registerQuery,
  registerSubscription,
  registryOf,
  resolveNode,
  subjectOf,
} from 'longshore/sdk';
import { operationRecordsTopic } from '../api.ts';
import { encodeOperationCursor, isOperationId, parseOperationCursor } from '../services/operation-cursor.ts';
import { groupOf } from '../services/read-event.ts';
import { operationSubject, visibleOperations } from '../services/visible-operations.ts';
import { registerOperationFailure, registerOperationTarget, registerOperationWrite } from './operation-parts.ts';
import { principalNameRef } from './principal-name.ts';

const readOperation = { action: 'READ', subject: operationSubject } as const;

/** What was done by whom, and what came of it. */
export function registerOperationRecord(builder: LongshoreBuilder): void {
  const status = builder.enumType('OperationStatus', {
    description: 'Where an operation stands.',
    values: {
      PENDING: { description: 'It is under way, or its end is not known yet.' },
      SUCCEEDED: { description: 'It was done.' },
      FAILED: { description: 'It was begun and failed; `failure` says why.' },
      REFUSED: { description: 'The caller was not allowed to: nothing was done; `failure` says why.' },
    } as const,
  });
  const target = registerOperationTarget(builder);
  const failure = registerOperationFailure(builder);
  const write = registerOperationWrite(builder);
  builder.objectType(operationRecordRef, {
    description: 'The record of one operation: written before anything is changed, closed when it has ended.',
    interfaces: [nodeRef] as never,
    fields: ((t: FieldBuilder<OperationRecord>) => ({
      id: t.id({ description: 'Its global id.', resolve: (record) => idOfRecord(record.id) }),
      action: t.exposeString('action', { description: 'The mutation or loop, e.g. `applyManifest`.' }),
      status: t.field({ type: status, description: 'Where it stands.', resolve: (record) => record.status }),
      operatorId: t.string({ description: 'Id of who did it.', resolve: (record) => record.principalId }),
      operator: t.string({
        description: 'Name of who did it, as it was then.',
        resolve: (record) => record.principalName,
      }),
      owner: t.field({
        type: principalNameRef,
        nullable: true,
        description: 'Whose service token did it; null where it was none.',
        resolve: (record) => record.owner ?? null,
      }),
      impersonatedBy: t.field({
        type: principalNameRef,
        nullable: true,
        description: 'The administrator who did it in the name of the operator; null where nobody did.',
        resolve: (record) => record.impersonatedBy ?? null,
      }),
      target: t.field({ type: target, description: 'What it acted on.', resolve: (record) => record.target }),
      object: t.field({
        type: kubernetesObjectRef,
        nullable: true,
        description: 'The Kubernetes object it acted on, where that is still there and you may see it.',
        resolve: (record, _args, context) =>
          (parseGlobalId(record.target.id)?.of === 'kubernetes'
            ? resolveNode(record.target.id, context)
            : null) as never,
      }),
      requestId: t.exposeString('requestId', { description: 'The request it came with, as in the log and in errors.' }),
      failure: t.field({
        type: failure,
        nullable: true,
        description: 'Why it failed; null while it has not.',
        resolve: (record) => record.error ?? null,
      }),
      writes: t.field({
        type: [write],
        description: 'What it wrote to clusters, the first 200, as far as you may see the objects.',
        resolve: (record, _args, context) => record.writes.filter((each) => isVisibleWrite(each, context)),
      }),
      writeCount: t.exposeInt('writeCount', { description: 'How many writes there were.' }),
      createdAt: t.field({ type: 'DateTime', description: 'When it began.', resolve: (record) => record.createdAt }),
      finishedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it ended; null while it is under way.',
        resolve: (record) => record.finishedAt ?? null,
      }),
    })) as never,
  });
  registryOf(builder).rowLoaders.set('core|OperationRecord', (keys, context) =>
    Promise.all(
      keys.map(async (key) => {
        const record = await loadRecord(key, context);
        return record && { ...record, nodeTypeName: 'OperationRecord' };
      }),
    ),
  );
  registerRoots(builder, status);
}

function registerRoots(builder: LongshoreBuilder, status: unknown): void {
  const list = defineList(builder, {
    name: 'OperationRecord',
    node: operationRecordRef,
    plural: 'operation records',
    filter: (t) => ({
      actions: t.stringList({ description: 'Only these mutations or loops, e.g. `applyManifest`.' }),
      operators: t.stringList({ description: 'Only by these, by id or name.' }),
      statuses: t.field({ type: [status as never], description: 'Only with one of these statuses.' }),
      from: t.field({ type: 'DateTime', description: 'Only begun at or after this time.' }),
      to: t.field({ type: 'DateTime', description: 'Only begun before this time.' }),
      cluster: t.string({ description: 'Only on targets in this cluster.' }),
      namespaces: t.stringList({ description: 'Only on targets in these namespaces.' }),
      kind: t.string({ description: 'Only on targets of this kind, e.g. `Deployment`.' }),
      name: t.string({ description: 'Only on targets of exactly this name.' }),
      targetId: t.id({ description: 'Only on the target with this global id.' }),
    }),
    matches: (filter) => matchesRecord(toFilter(filter)),
    orders: { CREATED_AT: { description: 'By when it began.', value: (record) => record.createdAt.getTime() } },
    place: (record) => ({ cluster: '', namespace: '', name: record.id }),
  });
  registerList(builder, {
    name: 'operationRecords',
    description:
      'Operation records that you may see, newest first: all for an ADMIN, your own and those of your namespaces for a DEVELOPER.',
    allow: readOperation,
    // The newest come first and pages go towards the oldest: the order that the table has an index for.
    list: { ...list, args: (t) => pick(list.args(t), ['first', 'after', 'filter']) },
    page: ({ first, after, filter }, context) =>
      loadPage({ first, after, filter: toFilter(filter ?? {}) }, context) as never,
  });
  registerQuery(builder, {
    name: 'operationRecord',
    description: 'One operation record by its global id; null where it is not there or not for you.',
    allow: readOperation,
    type: operationRecordRef,
    nullable: true,
    args: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    resolve: ({ id }, context) => {
      const parsed = parseGlobalId(id);
      if (parsed?.of !== 'row' || parsed.plugin !== 'core' || parsed.type !== 'OperationRecord') return null;
      return loadRecord(parsed.key, context);
    },
  });
  registerSubscription<OperationRecord>(builder, {
    name: 'operationRecordChanges',
    description: 'Operation records as they are made and closed.',
    allow: readOperation,
    itemField: 'record',
    itemType: operationRecordRef,
    itemDescription: 'The record as it now is.',
    hasSnapshot: false,
    args: (t) => ({ filter: t({ type: list.filterType as never, description: 'Which records to follow.' }) }) as never,
    subscribe: (args, context) => {
      const { filter, after } = args as unknown as { filter?: RawFilter | null; after?: string | null };
      const matches = matchesRecord(toFilter(filter ?? {}));
      return context.services.topics.subscribe({
        topic: operationRecordsTopic,
        matches: (record) => isVisible(record, context) && matches(record),
        after: after ?? undefined,
        signal: context.signal,
        onClose: context.onStreamClosed,
      });
    },
  });
}

const idOfRecord = (id: string): string =>
  encodeGlobalId({ of: 'row', plugin: 'core', type: 'OperationRecord', key: id });

const isVisible = (record: OperationRecord, context: RequestContext): boolean =>
  context.access.allowed('READ', { subject: operationSubject, row: record });

async function loadRecord(id: string, context: RequestContext): Promise<OperationRecord | null> {
  if (!isOperationId(id)) return null;
  const record = await context.operations.get(id);
  return record && isVisible(record, context) ? record : null;
}

/** A record may be seen for its target's sake and still have written elsewhere. */
function isVisibleWrite(
  { cluster, apiVersion, kind, namespace, name }: RecordedWrite,
  context: RequestContext,
): boolean {
  const subject = subjectOf({ group: groupOf(apiVersion), kind });
  const place = subject === 'core/Namespace' ? name : namespace;
  return context.access.allowed('READ', { subject, cluster, namespace: place, name });
}

type RawFilter = { readonly [Name in keyof Omit<OperationFilter, 'visible'>]: OperationFilter[Name] | null };

/** GraphQL says null where nothing was asked; the database's filter leaves it out. */
function toFilter(filter: RawFilter): OperationFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null && value !== undefined));
}

/** The same test for one record that the database makes for all. */
function matchesRecord(filter: OperationFilter): (record: OperationRecord) => boolean {
  const { actions, operators, statuses, from, to, cluster, namespaces, kind, name, targetId } = filter;
  return ({ action, principalId, principalName, status, createdAt, target }) =>
    (!actions || actions.includes(action)) &&
    (!operators || operators.includes(principalId) || operators.includes(principalName)) &&
    (!statuses || statuses.includes(status)) &&
    (!from || createdAt >= from) &&
    (!to || createdAt < to) &&
    (cluster === undefined || target.cluster === cluster) &&
    (!namespaces || namespaces.includes(target.namespace ?? '')) &&
    (kind === undefined || target.kind === kind) &&
    (name === undefined || target.name === name) &&
    (targetId === undefined || target.id === targetId);
}

async function loadPage(
  asked: {
    readonly first?: number | null | undefined;
    readonly after?: string | null | undefined;
    readonly filter: OperationFilter;
  },
  context: RequestContext,
): Promise<Connection<OperationRecord>> {
  const first = asked.first ?? 50;
  if (first < 0 || first > 1000) throw new RequestError('BAD_USER_INPUT', `first must be 0 to 1000, got ${first}`);
  const after = asked.after ? parseOperationCursor(asked.after) : undefined;
  const visible = visibleOperations(context.access);
  if (visible === 'nothing')
    return { edges: [], hasNextPage: false, hasPreviousPage: false, totalCount: 0, problems: [] };
  const filter = { ...asked.filter, visible };
  const page = await context.operations.list(filter, { first, after });
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

function pick<T extends object>(from: T, names: readonly string[]): T {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name))) as T;
}
