import { randomUUID } from 'node:crypto';
import {
  type Clock,
  ConflictError,
  type Database,
  type DatabaseHandle,
  drizzle,
  NotFoundError,
  type OperationHandle,
  runRecordedTransaction,
  type ServiceRef,
  serviceRef,
  type Topics,
  ValidationError,
} from 'longshore/sdk';
import { type OrchestrationTemplate, orchestrationTemplatesTopic } from '../../api.ts';
import { templates } from '../../template-tables.ts';
import { digestOf, type ProjectPlace, toTemplate } from './templates.ts';

const { and, eq, inArray, isNull, sql } = drizzle;

export interface TemplateFields extends Pick<OrchestrationTemplate, 'description' | 'apps'> {
  readonly content: string;
}

/** The orchestration templates that the platform keeps. Says nothing about rights: ask for each row. */
export interface TemplatesService {
  /** All of them, 10,000 at the most. */
  list(): Promise<readonly OrchestrationTemplate[]>;
  get(uuids: readonly string[]): Promise<readonly OrchestrationTemplate[]>;
  /** Their texts, in the order of the ids, also of those that are deleted; undefined for what never was. */
  contents(uuids: readonly string[]): Promise<readonly (string | undefined)[]>;
  /** Throws `ValidationError` for a name in use in the project. */
  create(
    template: Pick<OrchestrationTemplate, 'name' | 'format' | 'createdBy'> & TemplateFields,
    place: ProjectPlace,
    ticket: OperationHandle,
  ): Promise<OrchestrationTemplate>;
  /** What was deployed of it stays as it is (REL-43). Throws `ConflictError` where `version` is not the present one. */
  update(
    uuid: string,
    version: number,
    edits: { readonly [Name in keyof TemplateFields]?: TemplateFields[Name] | undefined },
    ticket: OperationHandle,
  ): Promise<{ readonly before: OrchestrationTemplate; readonly after: OrchestrationTemplate }>;
  /** What was deployed of it stays. One that is gone by now is none to delete. */
  remove(uuid: string, ticket: OperationHandle): Promise<void>;
}

export const templatesServiceRef: ServiceRef<TemplatesService> = serviceRef<TemplatesService>('release.templates');

const mostListed = 10_000;

/** A text may be long: nobody reads those of a list. */
const { content: _content, deletedAt: _deletedAt, ...columns } = drizzle.getTableColumns(templates);

export function createTemplatesService(options: {
  readonly database: Database;
  readonly clock: Pick<Clock, 'now'>;
  readonly topics: Pick<Topics, 'publish'>;
}): TemplatesService {
  const { database, clock, topics } = options;
  const now = () => new Date(clock.now());
  const select = async (where: drizzle.SQL | undefined): Promise<readonly OrchestrationTemplate[]> => {
    const alive = and(isNull(templates.deletedAt), where);
    const rows = await database.current().select(columns).from(templates).where(alive).limit(mostListed);
    return rows.map(toTemplate);
  };
  return {
    list: () => select(undefined),
    get: async (uuids) => (uuids.length === 0 ? [] : select(inArray(templates.id, [...uuids]))),
    async contents(uuids) {
      const { id, content } = templates;
      const wanted = inArray(id, [...uuids]);
      const rows = await database.current().select({ id, content }).from(templates).where(wanted);
      const found = new Map(rows.map((row) => [row.id, row.content]));
      return uuids.map((uuid) => found.get(uuid));
    },
    create: ({ name, format, createdBy, ...fields }, place, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        await lockProject(tx, place.projectUuid);
        await requireFreeName(tx, name, place);
        const row = {
          ...{ ...fields, digest: digestOf(fields.content), name, format, createdBy },
          id: randomUUID(),
          projectId: place.projectUuid,
          workspaceId: place.workspaceUuid,
          version: 1,
          createdAt: now(),
          updatedAt: now(),
          deletedAt: null,
        };
        await tx.insert(templates).values(row);
        const made = toTemplate(withoutText(row));
        await topics.publish(orchestrationTemplatesTopic, made, { type: 'ADDED' });
        return made;
      }),
    update: (uuid, version, edits, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const [row] = await tx
          .select()
          .from(templates)
          .where(and(eq(templates.id, uuid), isNull(templates.deletedAt)))
          .for('update');
        if (!row) throw new NotFoundError('It is not there any more.');
        if (row.version !== version) {
          throw new ConflictError(`'${row.name}' has version ${row.version} by now, not ${version}: read it again`);
        }
        const given = Object.fromEntries(Object.entries(edits).filter(([, value]) => value !== undefined));
        const digest = edits.content === undefined ? row.digest : digestOf(edits.content);
        const next = { ...row, ...given, digest, version: version + 1, updatedAt: now() };
        await tx.update(templates).set(next).where(eq(templates.id, uuid));
        const changed = { before: toTemplate(withoutText(row)), after: toTemplate(withoutText(next)) };
        await topics.publish(orchestrationTemplatesTopic, changed.after, {
          type: 'MODIFIED',
          previous: changed.before,
        });
        return changed;
      }),
    remove: (uuid, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const [row] = await tx
          .update(templates)
          .set({ deletedAt: now(), version: sql`${templates.version} + 1` })
          .where(and(eq(templates.id, uuid), isNull(templates.deletedAt)))
          .returning(columns);
        if (row) await topics.publish(orchestrationTemplatesTopic, toTemplate(row), { type: 'DELETED' });
      }),
  };
}

function withoutText({ content: _, deletedAt: _gone, ...row }: typeof templates.$inferSelect) {
  return row;
}

/** Of one project one after the other, on all replicas. */
async function lockProject(tx: DatabaseHandle, projectUuid: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`release.templates/${projectUuid}`}))`);
}

async function requireFreeName(tx: DatabaseHandle, name: string, { projectUuid }: ProjectPlace): Promise<void> {
  const [taken] = await tx
    .select({ id: templates.id })
    .from(templates)
    .where(and(eq(templates.projectId, projectUuid), eq(templates.name, name), isNull(templates.deletedAt)));
  if (!taken) return;
  const message = `The name '${name}' is in use in the project already`;
  throw new ValidationError([{ path: ['name'], code: 'name_in_use', message }]);
}
