import { randomUUID } from 'node:crypto';
import {
  type Clock,
  ConflictError,
  type Database,
  type DatabaseHandle,
  drizzle,
  NotFoundError,
  type OperationHandle,
  PreconditionError,
  runRecordedTransaction,
  serviceRef,
  type Topics,
  ValidationError,
  type WorkQueue,
} from 'longshore/sdk';
import { type AppService, type AppServiceVersion, appServicesTopic } from '../../api.ts';
import { appServices, versions } from '../../tables.ts';
import { toAppService, toVersion } from './app-services.ts';
import { checkSameClaims } from './claim-templates.ts';
import { beingDeleted, deletionLoop, type ServiceDeletion } from './service-deletion.ts';
import type { VersionSpec } from './version-spec.ts';

const { and, desc, eq, inArray, isNull, ne, sql } = drizzle;

/** Whoever asks for a deletion does it at once; behind this time it was killed meanwhile, in ms. */
const takenUpAfterMs = 60_000;

/** What is said of a service when it is made. */
export type NewAppService = Pick<
  AppService,
  | 'cluster'
  | 'namespace'
  | 'name'
  | 'applicationUuid'
  | 'applicationName'
  | 'workspaceUuid'
  | 'isStateful'
  | 'owner'
  | 'operators'
  | 'description'
>;

export type AppServiceEdits = {
  readonly [Name in 'owner' | 'operators' | 'description']?: AppService[Name] | undefined;
};

/** A version that is about to be written. */
export interface WrittenVersion {
  readonly uuid: string;
  readonly spec: VersionSpec;
  readonly basedOnUuid: string | null;
  readonly isSubmitted: boolean;
  readonly author: string;
}

/** What its author saw of the draft: null where there was none. A draft that is given up is not its base. */
export interface SeenDraft {
  readonly uuid: string;
  readonly version: number;
  readonly isDiscarded: boolean;
}

export interface WithVersion {
  readonly service: AppService;
  readonly version: AppServiceVersion;
}

/** App services and their versions. Says nothing about rights: ask for each row. */
export interface AppServicesService {
  /** Those that match, all where it is undefined. */
  list(where?: drizzle.SQL): Promise<readonly AppService[]>;
  /** Those of these that are there, by UUID. */
  get(uuids: readonly string[]): Promise<readonly AppService[]>;
  /** All versions of these services, drafts included, the newest of each first. */
  versionsOf(services: readonly string[]): Promise<readonly AppServiceVersion[]>;
  versions(uuids: readonly string[]): Promise<readonly AppServiceVersion[]>;
  /** Throws `ValidationError` where the name is in use in the namespace. */
  requireFree(place: Pick<AppService, 'cluster' | 'namespace' | 'name'>): Promise<void>;
  create(fields: NewAppService, first: WrittenVersion, ticket: OperationHandle): Promise<WithVersion>;
  /** Throws `ConflictError` where `version` is not the present one, `PreconditionError` RELEASE_ACTIVE. */
  update(
    uuid: string,
    version: number,
    edits: AppServiceEdits,
    ticket: OperationHandle,
  ): Promise<{ readonly before: AppService; readonly after: AppService }>;
  /**
   * The draft, or, with `isSubmitted`, the version that it becomes. `seen`: the draft that was there. Throws `PreconditionError`
   * DRAFT_EXISTS where another has appeared, RELEASE_ACTIVE; `ConflictError` where the draft has changed.
   */
  write(
    serviceUuid: string,
    seen: SeenDraft | undefined,
    written: WrittenVersion,
    ticket: OperationHandle,
  ): Promise<WithVersion>;
  /**
   * A submitted version beside the draft, which is numbered behind it. Throws `PreconditionError` RELEASE_ACTIVE.
   */
  addSubmitted(serviceUuid: string, written: WrittenVersion, ticket: OperationHandle): Promise<WithVersion>;
  /** Throws `PreconditionError` NO_DRAFT, and as `write` does. */
  discardDraft(serviceUuid: string, version: number, ticket: OperationHandle): Promise<AppService>;
  /**
   * From then on nothing else is done with it. Throws `PreconditionError` RELEASE_ACTIVE. Asked again, it goes on in the name of who asked last,
   * and never keeps volumes that were to go.
   */
  markDeleting(
    uuid: string,
    deletion: Pick<ServiceDeletion, 'actor' | 'deletesVolumes'>,
    ticket: OperationHandle,
  ): Promise<ServiceDeletion>;
  /** Undefined where it is not being deleted, or gone. */
  deletionOf(uuid: string): Promise<{ readonly service: AppService; readonly deletion: ServiceDeletion } | undefined>;
  /** Throws `PreconditionError` RELEASE_ACTIVE. One that is gone by now is none to delete. */
  remove(uuid: string, ticket: OperationHandle): Promise<void>;
}

export const appServicesServiceRef = serviceRef<AppServicesService>('release.appServices');

export function createAppServicesService(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly topics: Pick<Topics, 'publish'>;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
}): AppServicesService {
  const { database, clock, topics, queue } = options;
  const select = async (where: drizzle.SQL | undefined): Promise<readonly AppService[]> => {
    const rows = await database
      .current()
      .select()
      .from(appServices)
      .where(and(isNull(appServices.deletedAt), where));
    return rows.map(toAppService);
  };
  const selectVersions = async (where: drizzle.SQL): Promise<readonly AppServiceVersion[]> => {
    const rows = await database
      .current()
      .select({ version: versions, service: appServices })
      .from(versions)
      .innerJoin(appServices, eq(appServices.id, versions.serviceId))
      .where(and(isNull(appServices.deletedAt), where))
      .orderBy(desc(versions.number));
    return rows.map(({ version, service }) => toVersion(version, service));
  };
  const now = () => new Date(clock.now());
  const tell = (type: 'ADDED' | 'MODIFIED' | 'DELETED', service: AppService, previous?: AppService) =>
    topics.publish(appServicesTopic, service, {
      type,
      cluster: service.cluster,
      ...(previous ? { previous } : {}),
    });
  /** Versions are news of their service: who follows it reads it again. */
  const tellOfVersion = (service: AppService) => tell('MODIFIED', service, service);

  return {
    list: select,
    get: async (uuids) => (uuids.length === 0 ? [] : select(inArray(appServices.id, [...uuids]))),
    versionsOf: async (services) =>
      services.length === 0 ? [] : selectVersions(inArray(versions.serviceId, [...services])),
    versions: async (uuids) => (uuids.length === 0 ? [] : selectVersions(inArray(versions.id, [...uuids]))),
    requireFree: (place) => requireFreeName(database.current(), place),
    create: (fields, first, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const { applicationUuid, workspaceUuid, ...rest } = fields;
        // One after the other for each namespace, so that the second is told of the name and not of an index.
        await tx.execute(
          sql`select pg_advisory_xact_lock(hashtext(${`release.appServices/${fields.cluster}/${fields.namespace}`}))`,
        );
        await requireFreeName(tx, fields);
        const row = {
          ...rest,
          id: randomUUID(),
          applicationId: applicationUuid,
          workspaceId: workspaceUuid,
          currentVersionId: null,
          releaseId: null,
          lastReleaseState: null,
          deletion: null,
          version: 1,
          createdAt: now(),
          deletedAt: null,
        };
        await tx.insert(appServices).values(row);
        const version = await insertVersion(tx, row, 1, first, now());
        const service = toAppService(row);
        await tell('ADDED', service);
        return { service, version };
      }),
    update: (uuid, version, edits, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const row = await needIdle(tx, uuid);
        if (row.version !== version) {
          throw new ConflictError(`'${row.name}' has version ${row.version} by now, not ${version}: read it again`);
        }
        const given = Object.fromEntries(Object.entries(edits).filter(([, value]) => value !== undefined));
        const after = { ...row, ...given, version: version + 1 };
        await tx.update(appServices).set(after).where(eq(appServices.id, uuid));
        const changed = { before: toAppService(row), after: toAppService(after) };
        await tell('MODIFIED', changed.after, changed.before);
        return changed;
      }),
    write: (serviceUuid, seen, written, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const row = await needIdle(tx, serviceUuid);
        const draft = await needSameDraft(tx, row, seen);
        if (written.isSubmitted) await requireSameClaims(tx, row, written.spec);
        const service = toAppService(row);
        const version =
          draft && !seen?.isDiscarded
            ? await changeDraft(tx, row, draft, written, now())
            : await insertVersion(tx, row, await nextNumber(tx, serviceUuid, draft), written, now());
        await tellOfVersion(service);
        return { service, version };
      }),
    addSubmitted: (serviceUuid, written, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const row = await needIdle(tx, serviceUuid);
        const draft = await draftOf(tx, serviceUuid);
        const number = draft?.number ?? (await lastNumber(tx, serviceUuid)) + 1;
        if (draft)
          await tx
            .update(versions)
            .set({ number: number + 1 })
            .where(eq(versions.id, draft.id));
        const version = await insertVersion(tx, row, number, { ...written, isSubmitted: true }, now());
        const service = toAppService(row);
        await tellOfVersion(service);
        return { service, version };
      }),
    discardDraft: (serviceUuid, version, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const row = await needIdle(tx, serviceUuid);
        const draft = await draftOf(tx, serviceUuid);
        if (!draft) throw new PreconditionError('NO_DRAFT', `App service '${row.name}' has no draft`);
        requireVersion(draft, version);
        await tx.delete(versions).where(eq(versions.id, draft.id));
        const service = toAppService(row);
        await tellOfVersion(service);
        return service;
      }),
    markDeleting: (uuid, { actor, deletesVolumes }, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const row = await lockRow(tx, uuid);
        if (!row) throw notThere();
        requireUnreleased(toAppService(row));
        const requestedAt = row.deletion?.requestedAt ?? now().toISOString();
        const deletion = {
          actor,
          requestedAt,
          deletesVolumes: deletesVolumes || row.deletion?.deletesVolumes === true,
        };
        const marked = { ...row, deletion, version: row.version + 1 };
        await tx.update(appServices).set(marked).where(eq(appServices.id, uuid));
        await queue.enqueue(deletionLoop, uuid, { dueAtMs: clock.now() + takenUpAfterMs });
        await tell('MODIFIED', toAppService(marked), toAppService(row));
        return deletion;
      }),
    async deletionOf(uuid) {
      const [row] = await database
        .current()
        .select()
        .from(appServices)
        .where(and(eq(appServices.id, uuid), isNull(appServices.deletedAt)));
      return row?.deletion ? { service: toAppService(row), deletion: row.deletion } : undefined;
    },
    remove: (uuid, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const row = await lockRow(tx, uuid);
        if (!row) return;
        requireUnreleased(toAppService(row));
        const gone = { ...row, deletedAt: now(), version: row.version + 1 };
        await tx.update(appServices).set(gone).where(eq(appServices.id, uuid));
        await tell('DELETED', toAppService(gone));
      }),
  };
}

async function requireFreeName(
  tx: DatabaseHandle,
  { cluster, namespace, name }: Pick<AppService, 'cluster' | 'namespace' | 'name'>,
): Promise<void> {
  const [taken] = await tx
    .select({ id: appServices.id })
    .from(appServices)
    .where(
      and(
        eq(appServices.cluster, cluster),
        eq(appServices.namespace, namespace),
        eq(appServices.name, name),
        isNull(appServices.deletedAt),
      ),
    );
  if (!taken) return;
  const message = `The namespace '${namespace}' has an app service '${name}' already`;
  throw new ValidationError([{ path: ['name'], code: 'name_in_use', message }]);
}

type ServiceRow = typeof appServices.$inferSelect;
type VersionRow = typeof versions.$inferSelect;

async function lockRow(tx: DatabaseHandle, uuid: string): Promise<ServiceRow | undefined> {
  const [row] = await tx
    .select()
    .from(appServices)
    .where(and(eq(appServices.id, uuid), isNull(appServices.deletedAt)))
    .for('update');
  return row;
}

const notThere = (): NotFoundError => new NotFoundError('It is not there any more.');

/** The row, locked, of a service that no release has (REL-17), and that stays. */
async function needIdle(tx: DatabaseHandle, uuid: string): Promise<ServiceRow> {
  const row = await lockRow(tx, uuid);
  if (!row) throw notThere();
  requireIdle(toAppService(row));
  return row;
}

/** Throws `PreconditionError` RELEASE_ACTIVE and BEING_DELETED: it is released, operated or deleted, never two of that (REL-17). */
export function requireIdle(service: Pick<AppService, 'name' | 'releaseUuid' | 'deletionRequestedAt'>): void {
  requireUnreleased(service);
  if (service.deletionRequestedAt !== null) throw beingDeleted(service.name);
}

function requireUnreleased({ name, releaseUuid }: Pick<AppService, 'name' | 'releaseUuid'>): void {
  if (releaseUuid === null) return;
  throw new PreconditionError('RELEASE_ACTIVE', `App service '${name}' is being released: wait for its end`);
}

async function draftOf(tx: DatabaseHandle, serviceUuid: string): Promise<VersionRow | undefined> {
  const [draft] = await tx
    .select()
    .from(versions)
    .where(and(eq(versions.serviceId, serviceUuid), eq(versions.editState, 'DRAFT')));
  return draft;
}

/** The draft as its author saw it; behind the lock of the service there is only one who asks. */
async function needSameDraft(
  tx: DatabaseHandle,
  service: ServiceRow,
  seen: SeenDraft | undefined,
): Promise<VersionRow | undefined> {
  const draft = await draftOf(tx, service.id);
  if (!seen && draft) throw draftExists(service.name);
  if (!seen) return undefined;
  if (draft?.id !== seen.uuid) {
    throw new ConflictError(`The draft of '${service.name}' is not there any more: read the service again`);
  }
  requireVersion(draft, seen.version);
  return draft;
}

export const draftExists = (name: string): PreconditionError =>
  new PreconditionError(
    'DRAFT_EXISTS',
    `App service '${name}' has a draft that was not submitted: say draft: RESTORE to go on with it, or DISCARD to begin anew`,
  );

function requireVersion(draft: VersionRow, version: number): void {
  if (draft.version === version) return;
  throw new ConflictError(`The draft has version ${draft.version} by now, not ${version}: read it again`);
}

/** A draft that is given up makes room for the new one, under its number. */
async function nextNumber(tx: DatabaseHandle, serviceUuid: string, draft: VersionRow | undefined): Promise<number> {
  if (draft) await tx.delete(versions).where(eq(versions.id, draft.id));
  return (await lastNumber(tx, serviceUuid)) + 1;
}

async function lastNumber(tx: DatabaseHandle, serviceUuid: string): Promise<number> {
  const [last] = await tx
    .select({ number: sql<number>`coalesce(max(${versions.number}), 0)`.mapWith(Number) })
    .from(versions)
    .where(and(eq(versions.serviceId, serviceUuid), ne(versions.editState, 'DRAFT')));
  return last?.number ?? 0;
}

/** Two first versions that are submitted at once: the second has the volumes of the first, or is none. */
async function requireSameClaims(
  tx: DatabaseHandle,
  { id, name, isStateful }: ServiceRow,
  { volumeClaimTemplates }: VersionSpec,
): Promise<void> {
  if (!isStateful) return;
  const [other] = await tx
    .select({ spec: versions.spec })
    .from(versions)
    .where(and(eq(versions.serviceId, id), ne(versions.editState, 'DRAFT')))
    .limit(1);
  if (!other || checkSameClaims(other.spec.volumeClaimTemplates, volumeClaimTemplates).length === 0) return;
  throw new ConflictError(`'${name}' has got its first version meanwhile, with other volumes: read it again`);
}

async function insertVersion(
  tx: DatabaseHandle,
  service: ServiceRow,
  number: number,
  { uuid, spec, basedOnUuid, isSubmitted, author }: WrittenVersion,
  now: Date,
): Promise<AppServiceVersion> {
  const row: VersionRow = {
    id: uuid,
    serviceId: service.id,
    number,
    editState: isSubmitted ? 'SUBMITTED' : 'DRAFT',
    spec,
    basedOnId: basedOnUuid,
    createdBy: author,
    createdAt: now,
    updatedAt: now,
    submittedAt: isSubmitted ? now : null,
    releasedAt: null,
    version: 1,
  };
  await tx.insert(versions).values(row);
  return toVersion(row, service);
}

async function changeDraft(
  tx: DatabaseHandle,
  service: ServiceRow,
  draft: VersionRow,
  { spec, isSubmitted }: WrittenVersion,
  now: Date,
): Promise<AppServiceVersion> {
  const row: VersionRow = {
    ...draft,
    spec,
    editState: isSubmitted ? 'SUBMITTED' : 'DRAFT',
    updatedAt: now,
    submittedAt: isSubmitted ? now : null,
    version: draft.version + 1,
  };
  await tx.update(versions).set(row).where(eq(versions.id, draft.id));
  return toVersion(row, service);
}
