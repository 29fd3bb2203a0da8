import {
  assertFence,
  type Clock,
  ConflictError,
  type Database,
  drizzle,
  type LongOperation,
  NotFoundError,
  type OperationHandle,
  type OperationRecords,
  PreconditionError,
  planOf,
  type QueueFence,
  runRecordedTransaction,
  type ServiceRef,
  serviceRef,
  type Topics,
  ValidationError,
} from 'longshore/sdk';
import { type Stack, stacksTopic } from '../../api.ts';
import { stacks } from '../../template-tables.ts';
import { digestOf } from '../templates/templates.ts';
import { keepPlans, type StackPlan, stepNames } from './stack-plan.ts';
import { idOfStack, type StackRow, toStack } from './stacks.ts';

const { and, eq, inArray, isNull, sql } = drizzle;

/** What a stack is deployed or changed from. */
export interface StackText extends Pick<StackRow, 'content' | 'scale' | 'plan'> {}

/** The stacks that the platform knows, and what is being done with them. Says nothing about rights: ask for each row. */
export interface StacksService {
  /** All of them, 10,000 at the most. */
  list(): Promise<readonly Stack[]>;
  get(uuids: readonly string[]): Promise<readonly Stack[]>;
  /** Their texts, in the order of the ids; undefined for what never was. */
  contents(uuids: readonly string[]): Promise<readonly (string | undefined)[]>;
  /** The whole row, for its loop and for who changes it; undefined once it is deleted. */
  row(uuid: string): Promise<StackRow | undefined>;
  /** The same by the long operation that has it. */
  rowOfOperation(operationId: string): Promise<StackRow | undefined>;
  /** Begins to deploy it as the long operation of the ticket. Throws `ValidationError` for a name in use in the namespace. */
  deploy(
    stack: StackText &
      Pick<
        StackRow,
        'id' | 'name' | 'projectId' | 'workspaceId' | 'cluster' | 'namespace' | 'templateId' | 'format' | 'createdBy'
      >,
    ticket: OperationHandle,
  ): Promise<Stack>;
  /** Begins to change it. Throws `ConflictError` for an older version, `PreconditionError` STACK_BUSY while something is being done with it. */
  update(
    uuid: string,
    version: number,
    text: StackText,
    ticket: OperationHandle,
  ): Promise<{ readonly before: Stack; readonly after: Stack }>;
  /** Begins to delete it, in reverse order, whatever else is being done with it. */
  remove(uuid: string, ticket: OperationHandle): Promise<Stack>;
  /** Whether no operation that had the stack before is under way any more; such a one ends with its next look. */
  isLetGo(row: Pick<StackRow, 'id' | 'operationId'>): Promise<boolean>;
  /** For its loop alone. Throws `FenceLostError`; does nothing where another operation has the stack by now. */
  finish(row: StackRow, fence: QueueFence): Promise<void>;
}

export const stacksServiceRef: ServiceRef<StacksService> = serviceRef<StacksService>('release.stacks');

const mostListed = 10_000;
/** Operations of one stack that are looked at: more than a handful are never under way. */
const mostPending = 50;
/** Earlier texts that are kept as they were while something of them may still be there. */
const mostEarlier = 5;
const {
  content: _content,
  plan: _plan,
  earlier: _earlier,
  deletedAt: _deletedAt,
  ...columns
} = drizzle.getTableColumns(stacks);

export function createStacksService(options: {
  readonly database: Database;
  readonly clock: Pick<Clock, 'now'>;
  readonly topics: Pick<Topics, 'publish'>;
  readonly operations: Pick<OperationRecords, 'get' | 'list' | 'steps'>;
  /** What carries them on. */
  readonly operation: LongOperation;
}): StacksService {
  const { database, clock, topics, operations, operation } = options;
  const now = () => new Date(clock.now());
  const alive = (where: drizzle.SQL | undefined) => and(isNull(stacks.deletedAt), where);
  const select = async (where: drizzle.SQL | undefined): Promise<readonly Stack[]> => {
    const rows = await database.current().select(columns).from(stacks).where(alive(where)).limit(mostListed);
    return rows.map(toStack);
  };
  const rowWhere = async (where: drizzle.SQL): Promise<StackRow | undefined> => {
    const [row] = await database.current().select().from(stacks).where(alive(where));
    return row;
  };
  const tell = (type: 'ADDED' | 'MODIFIED' | 'DELETED', after: Stack, previous?: Stack) =>
    topics.publish(stacksTopic, after, { type, cluster: after.cluster, ...(previous ? { previous } : {}) });
  const begin = (ticket: OperationHandle, named: readonly string[], stack: Stack) =>
    operations.steps.start(ticket, planOf(operation, ticket, { named, result: { type: 'stack', id: stack.id } }));

  async function lock(tx: ReturnType<Database['current']>, uuid: string): Promise<StackRow> {
    const [row] = await tx
      .select()
      .from(stacks)
      .where(alive(eq(stacks.id, uuid)))
      .for('update');
    if (!row) throw new NotFoundError('It is not there any more.');
    return row;
  }

  return {
    list: () => select(undefined),
    get: async (uuids) => (uuids.length === 0 ? [] : select(inArray(stacks.id, [...uuids]))),
    async contents(uuids) {
      const { id, content } = stacks;
      const rows = await database
        .current()
        .select({ id, content })
        .from(stacks)
        .where(inArray(id, [...uuids]));
      const found = new Map(rows.map((row) => [row.id, row.content]));
      return uuids.map((uuid) => found.get(uuid));
    },
    row: (uuid) => rowWhere(eq(stacks.id, uuid)),
    rowOfOperation: (operationId) => rowWhere(eq(stacks.operationId, operationId)),
    deploy: (stack, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const { cluster, namespace, name, plan, content } = stack;
        await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`release.stacks/${cluster}/${namespace}`}))`);
        const same = and(eq(stacks.cluster, cluster), eq(stacks.namespace, namespace), eq(stacks.name, name));
        if (await rowWhere(same as drizzle.SQL))
          throw nameInUse(`The name '${name}' is in use in the namespace already`);
        const row: StackRow = {
          ...stack,
          digest: digestOf(content),
          apps: appsOf(plan),
          earlier: [],
          phase: 'DEPLOYING',
          operationId: ticket.id ?? stack.id,
          version: 1,
          createdAt: now(),
          updatedAt: now(),
          deletedAt: null,
        };
        await tx.insert(stacks).values(row);
        const made = toStack(withoutText(row));
        await tell('ADDED', made);
        const { prepare, start, finish } = stepNames;
        await begin(
          ticket,
          [...(plan.shared.length > 0 ? [prepare] : []), ...plan.apps.map((app) => start(app.name)), finish],
          made,
        );
        return made;
      }),
    update: (uuid, version, text, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const row = await lock(tx, uuid);
        if (row.version !== version) {
          throw new ConflictError(`'${row.name}' has version ${row.version} by now, not ${version}: read it again`);
        }
        const busy = (await operations.get(row.operationId))?.status === 'PENDING';
        if (busy || row.phase === 'DELETING') {
          throw new PreconditionError(
            'STACK_BUSY',
            `'${row.name}' is being worked on: wait, or decide on the step that failed`,
          );
        }
        const next: StackRow = {
          ...{ ...row, ...text },
          digest: digestOf(text.content),
          apps: appsOf(text.plan),
          earlier: keepPlans([row.plan, ...row.earlier], mostEarlier),
          phase: 'UPDATING',
          operationId: ticket.id ?? row.operationId,
          version: version + 1,
          updatedAt: now(),
        };
        await tx.update(stacks).set(next).where(eq(stacks.id, uuid));
        const changed = { before: toStack(withoutText(row)), after: toStack(withoutText(next)) };
        await tell('MODIFIED', changed.after, changed.before);
        const known = new Set(row.plan.apps.map(({ name }) => name));
        const steps = text.plan.apps.map(({ name }) =>
          known.has(name) ? stepNames.update(name) : stepNames.start(name),
        );
        await begin(ticket, [stepNames.prepare, ...steps, stepNames.leftOver, stepNames.finish], changed.after);
        return changed;
      }),
    remove: (uuid, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const row = await lock(tx, uuid);
        const next: StackRow = {
          ...row,
          phase: 'DELETING',
          operationId: ticket.id ?? row.operationId,
          version: row.version + 1,
          updatedAt: now(),
        };
        await tx.update(stacks).set(next).where(eq(stacks.id, uuid));
        const after = toStack(withoutText(next));
        await tell('MODIFIED', after, toStack(withoutText(row)));
        const steps = row.plan.apps.toReversed().map(({ name }) => stepNames.remove(name));
        await begin(ticket, [...steps, stepNames.leftOver, stepNames.finish], after);
        return after;
      }),
    async isLetGo({ id, operationId }) {
      const targetId = idOfStack(id);
      const { records } = await operations.list({ targetId, statuses: ['PENDING'] }, { first: mostPending });
      return records.every((record) => record.id === operationId || record.runner?.name !== operation.name);
    },
    finish: (seen, fence) =>
      database.transaction(async (tx) => {
        await assertFence(tx, fence);
        const row = await rowWhere(eq(stacks.id, seen.id));
        if (!row || row.operationId !== seen.operationId || row.phase === 'DEPLOYED') return;
        const isGone = row.phase === 'DELETING';
        const next: StackRow = isGone
          ? { ...row, deletedAt: now(), version: row.version + 1 }
          : { ...row, phase: 'DEPLOYED', earlier: [] };
        await tx.update(stacks).set(next).where(eq(stacks.id, row.id));
        const [before, after] = [toStack(withoutText(row)), toStack(withoutText(next))];
        await (isGone ? tell('DELETED', after) : tell('MODIFIED', after, before));
      }),
  };
}

function nameInUse(message: string): ValidationError {
  return new ValidationError([{ path: ['name'], code: 'name_in_use', message }]);
}

const appsOf = ({ apps }: StackPlan) => apps.map(({ objects: _objects, links: _links, ...app }) => app);

function withoutText({ content: _, plan: _goal, earlier: _before, deletedAt: _gone, ...row }: StackRow) {
  return row;
}
