import { randomUUID } from 'node:crypto';
import type { TenancyService } from 'longshore/plugins/core';
import {
  type Clock,
  ConflictError,
  type Database,
  type DatabaseHandle,
  drizzle,
  NotFoundError,
  type OperationHandle,
  runRecordedTransaction,
  serviceRef,
  type Topics,
  ValidationError,
  type WorkQueue,
} from 'longshore/sdk';
import { type Application, applicationsTopic } from '../../api.ts';
import { applications } from '../../tables.ts';
import { applicationReconcilerName } from './application-key.ts';
import { type ApplicationPlace, toApplication } from './applications.ts';

const { and, eq, inArray, isNull, or, sql } = drizzle;

/** What somebody says of an application. */
export type ApplicationFields = Pick<
  Application,
  'alias' | 'description' | 'owner' | 'techStack' | 'techStackVersion' | 'hasCodeRepository' | 'hasOtherInformation'
>;

/** What of it can be said anew; what is undefined stays as it is. */
export type ApplicationEdits = {
  readonly [Name in keyof ApplicationFields]?: ApplicationFields[Name] | undefined;
};

/** The applications that the platform knows. Says nothing about rights: ask for each row. */
export interface ApplicationsService {
  /** Those that match, all where it is undefined. */
  list(where?: drizzle.SQL): Promise<readonly Application[]>;
  /** Those of these that are there, by UUID. */
  get(uuids: readonly string[]): Promise<readonly Application[]>;
  /** Has the loop look at those of these names, wherever they are; at all where it is undefined. */
  wake(names: readonly string[] | undefined): Promise<void>;
  /** Throws `ValidationError` for a name that is in use there. */
  create(
    name: string,
    place: ApplicationPlace,
    fields: ApplicationFields,
    ticket: OperationHandle,
  ): Promise<Application>;
  /** Throws `ConflictError` where `version` is not the present one. */
  update(
    uuid: string,
    version: number,
    fields: ApplicationEdits,
    ticket: OperationHandle,
  ): Promise<{ readonly before: Application; readonly after: Application }>;
  /** Its workloads stay as they are. One that is gone by now is none to delete: nothing is done. */
  remove(uuid: string, ticket: OperationHandle): Promise<void>;
}

export const applicationsServiceRef = serviceRef<ApplicationsService>('compute.applications');

export const applicationsNamed = (name: string): drizzle.SQL => eq(applications.name, name);

export function createApplicationsService(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly topics: Topics;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  readonly tenancy: Pick<TenancyService, 'bindingOf' | 'namespacesOf' | 'workspaces'>;
  /** Called in the transaction that deletes one. */
  readonly onRemove: (uuid: string) => Promise<void>;
}): ApplicationsService {
  const { database, clock, topics, queue, tenancy, onRemove } = options;
  const select = async (where: drizzle.SQL | undefined): Promise<readonly Application[]> => {
    const rows = await database
      .current()
      .select()
      .from(applications)
      .where(and(isNull(applications.deletedAt), where));
    return rows.map(toApplication);
  };
  return {
    list: select,
    get: async (uuids) => (uuids.length === 0 ? [] : select(inArray(applications.id, [...uuids]))),
    async wake(names) {
      const rows = await database
        .current()
        .select({ id: applications.id })
        .from(applications)
        .where(and(isNull(applications.deletedAt), names && inArray(applications.name, [...names])));
      for (const { id } of rows) await queue.enqueue(applicationReconcilerName, id);
    },
    async create(name, place, fields, ticket) {
      const rivals = await placesOfRivals(tenancy, place);
      return runRecordedTransaction(database, ticket, async (tx) => {
        // One after the other for each name: an index cannot hold a workspace and its namespaces together.
        await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`compute.applications/${name}`}))`);
        await requireFreeName(tx, name, rivals);
        const row = {
          ...fields,
          id: randomUUID(),
          name,
          workspaceId: place.workspaceUuid,
          cluster: place.cluster,
          namespace: place.namespace,
          phase: 'CREATING' as const,
          observed: null,
          version: 1,
          createdAt: new Date(clock.now()),
          deletedAt: null,
        };
        await tx.insert(applications).values(row);
        const made = toApplication(row);
        await topics.publish(applicationsTopic, made, { type: 'ADDED', ...clusterOf(made) });
        await queue.enqueue(applicationReconcilerName, made.uuid);
        return made;
      });
    },
    update: (uuid, version, edits, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const row = await needRow(tx, uuid);
        if (row.version !== version) {
          throw new ConflictError(`'${row.name}' has version ${row.version} by now, not ${version}: read it again`);
        }
        const given = Object.fromEntries(Object.entries(edits).filter(([, value]) => value !== undefined));
        const after = { ...row, ...given, version: version + 1 };
        await tx.update(applications).set(after).where(eq(applications.id, uuid));
        const changed = { before: toApplication(row), after: toApplication(after) };
        await topics.publish(applicationsTopic, changed.after, {
          type: 'MODIFIED',
          previous: changed.before,
          ...clusterOf(changed.after),
        });
        return changed;
      }),
    remove: (uuid, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const [row] = await tx
          .update(applications)
          .set({ deletedAt: new Date(clock.now()), version: sql`${applications.version} + 1` })
          .where(and(eq(applications.id, uuid), isNull(applications.deletedAt)))
          .returning();
        if (!row) return;
        await onRemove(uuid);
        const gone = toApplication(row);
        await topics.publish(applicationsTopic, gone, { type: 'DELETED', ...clusterOf(gone) });
      }),
  };
}

/** The row, locked; throws `NotFoundError`. */
async function needRow(tx: DatabaseHandle, uuid: string) {
  const [row] = await tx
    .select()
    .from(applications)
    .where(and(eq(applications.id, uuid), isNull(applications.deletedAt)))
    .for('update');
  if (!row) throw new NotFoundError('It is not there any more.');
  return row;
}

const clusterOf = ({ cluster }: Application) => (cluster === null ? {} : { cluster });

/**
 * Where an application of the same name would have the same workloads: at the place itself; around a namespace its workspace;
 * in a workspace its namespaces.
 */
async function placesOfRivals(
  tenancy: Pick<TenancyService, 'bindingOf' | 'namespacesOf' | 'workspaces'>,
  { cluster, namespace, workspaceUuid }: ApplicationPlace,
): Promise<drizzle.SQL | undefined> {
  const inNamespace = (of: { readonly cluster: string; readonly namespace: string }) =>
    and(eq(applications.cluster, of.cluster), eq(applications.namespace, of.namespace));
  if (cluster !== null && namespace !== null) {
    const around = tenancy.bindingOf(cluster, namespace)?.workspaceUuid ?? undefined;
    return or(
      inNamespace({ cluster, namespace }),
      around === undefined ? undefined : eq(applications.workspaceId, around),
    );
  }
  const workspace = (await tenancy.workspaces()).find(({ uuid }) => uuid === workspaceUuid);
  if (!workspace || workspaceUuid === null) throw new NotFoundError('There is no workspace with this id');
  const bound = await tenancy.namespacesOf(workspace);
  return or(eq(applications.workspaceId, workspaceUuid), ...bound.map(inNamespace));
}

async function requireFreeName(tx: DatabaseHandle, name: string, rivals: drizzle.SQL | undefined): Promise<void> {
  const [taken] = await tx
    .select({ id: applications.id })
    .from(applications)
    .where(and(eq(applications.name, name), isNull(applications.deletedAt), rivals))
    .limit(1);
  if (!taken) return;
  const message = `The name '${name}' is in use there already`;
  throw new ValidationError([{ path: ['name'], code: 'name_in_use', message }]);
}
