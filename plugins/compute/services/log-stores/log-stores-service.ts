import { randomUUID } from 'node:crypto';
import {
  type Clock,
  ConflictError,
  type Database,
  type DatabaseHandle,
  drizzle,
  NotFoundError,
  type OperationHandle,
  QuotaExceededError,
  runRecordedTransaction,
  type ServiceRef,
  serviceRef,
  ValidationError,
} from 'longshore/sdk';
import type { LogStore } from '../../api.ts';
import { logStores } from '../../tables.ts';
import { type LogStorePlace, toLogStore } from './log-stores.ts';

const { and, eq, inArray, isNull, ne, sql } = drizzle;

export type LogStoreFields = Pick<LogStore, 'description' | 'retentionDays' | 'shards'>;

/** The log stores that the platform knows. Says nothing about rights: ask for each row. */
export interface LogStoresService {
  /** All of them, 10,000 at the most. */
  list(): Promise<readonly LogStore[]>;
  get(uuids: readonly string[]): Promise<readonly LogStore[]>;
  /** Throws `ValidationError` for a name in use, `QuotaExceededError` where the project would have more than `mostShards`. */
  create(
    name: string,
    place: LogStorePlace,
    fields: LogStoreFields,
    mostShards: number | null,
    ticket: OperationHandle,
  ): Promise<LogStore>;
  /** Throws `ConflictError` where `version` is not the present one, and `QuotaExceededError`. */
  update(
    uuid: string,
    version: number,
    edits: { readonly [Name in keyof LogStoreFields]?: LogStoreFields[Name] | undefined },
    mostShards: number | null,
    ticket: OperationHandle,
  ): Promise<{ readonly before: LogStore; readonly after: LogStore }>;
  /** What was collected stays where it is. One that is gone by now is none to delete. */
  remove(uuid: string, ticket: OperationHandle): Promise<void>;
}

export const logStoresServiceRef: ServiceRef<LogStoresService> = serviceRef<LogStoresService>('compute.logStores');

const mostListed = 10_000;

export function createLogStoresService({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Pick<Clock, 'now'>;
}): LogStoresService {
  const select = async (where: drizzle.SQL | undefined): Promise<readonly LogStore[]> => {
    const rows = await database
      .current()
      .select()
      .from(logStores)
      .where(and(isNull(logStores.deletedAt), where))
      .limit(mostListed);
    return rows.map(toLogStore);
  };
  return {
    list: () => select(undefined),
    get: async (uuids) => (uuids.length === 0 ? [] : select(inArray(logStores.id, [...uuids]))),
    create: (name, place, fields, mostShards, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        await lockProject(tx, place.projectUuid);
        await requireFreeName(tx, name, place);
        await requireRoom(tx, place.projectUuid, fields.shards, mostShards, undefined);
        const row = {
          ...fields,
          id: randomUUID(),
          name,
          projectId: place.projectUuid,
          workspaceId: place.workspaceUuid,
          version: 1,
          createdAt: new Date(clock.now()),
          deletedAt: null,
        };
        await tx.insert(logStores).values(row);
        return toLogStore(row);
      }),
    update: (uuid, version, edits, mostShards, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const [row] = await tx
          .select()
          .from(logStores)
          .where(and(eq(logStores.id, uuid), isNull(logStores.deletedAt)));
        if (!row) throw new NotFoundError('It is not there any more.');
        await lockProject(tx, row.projectId);
        if (edits.shards !== undefined) await requireRoom(tx, row.projectId, edits.shards, mostShards, uuid);
        const given = Object.fromEntries(Object.entries(edits).filter(([, value]) => value !== undefined));
        const after = { ...row, ...given, version: version + 1 };
        const [changed] = await tx
          .update(logStores)
          .set({ ...given, version: version + 1 })
          .where(and(eq(logStores.id, uuid), eq(logStores.version, version), isNull(logStores.deletedAt)))
          .returning({ id: logStores.id });
        if (changed) return { before: toLogStore(row), after: toLogStore(after) };
        throw new ConflictError(`'${row.name}' has version ${row.version} by now, not ${version}: read it again`);
      }),
    remove: (uuid, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        await tx
          .update(logStores)
          .set({ deletedAt: new Date(clock.now()), version: sql`${logStores.version} + 1` })
          .where(and(eq(logStores.id, uuid), isNull(logStores.deletedAt)));
      }),
  };
}

/** Of one project one after the other, on all replicas: names and shards are of all its stores together. */
async function lockProject(tx: DatabaseHandle, projectUuid: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`compute.logStores/${projectUuid}`}))`);
}

async function requireFreeName(tx: DatabaseHandle, name: string, { projectUuid }: LogStorePlace): Promise<void> {
  const [taken] = await tx
    .select({ id: logStores.id })
    .from(logStores)
    .where(and(eq(logStores.projectId, projectUuid), eq(logStores.name, name), isNull(logStores.deletedAt)));
  if (!taken) return;
  const message = `The name '${name}' is in use in the project already`;
  throw new ValidationError([{ path: ['name'], code: 'name_in_use', message }]);
}

/** Most shards of a project by its profile (CMP-105). */
async function requireRoom(
  tx: DatabaseHandle,
  projectUuid: string,
  shards: number,
  most: number | null,
  except: string | undefined,
): Promise<void> {
  if (most === null) return;
  const [row] = await tx
    .select({ taken: sql<number>`coalesce(sum(${logStores.shards}), 0)`.mapWith(Number) })
    .from(logStores)
    .where(
      and(
        eq(logStores.projectId, projectUuid),
        isNull(logStores.deletedAt),
        except === undefined ? undefined : ne(logStores.id, except),
      ),
    );
  const taken = row?.taken ?? 0;
  if (taken + shards <= most) return;
  throw new QuotaExceededError(
    `The log stores of the project have ${taken} shards; with ${shards} more they would exceed ${most}`,
  );
}
