import { drizzle, pg } from 'longshore/sdk';
import type { StackFormat, TemplateApp } from './api.ts';

const { sql } = drizzle;

/** Moments are UTC with milliseconds and come from the clock, never from the database. */
const moment = (name: string) => pg.timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** Orchestration templates (REL-40). Deletes are soft. */
export const templates = pg.pgTable(
  'release_templates',
  {
    id: pg.uuid('id').primaryKey(),
    name: pg.text('name').notNull(),
    projectId: pg.uuid('project_id').notNull(),
    /** Of the project, when it was made; projects do not move. */
    workspaceId: pg.uuid('workspace_id'),
    description: pg.text('description').notNull(),
    format: pg.text('format').$type<StackFormat>().notNull(),
    content: pg.text('content').notNull(),
    digest: pg.text('digest').notNull(),
    /** What the content says: lists show it without reading the text again. */
    apps: pg.jsonb('apps').$type<readonly TemplateApp[]>().notNull(),
    /** 1 when it was made, one more with each change. */
    version: pg.integer('version').notNull(),
    createdBy: pg.text('created_by').notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    pg.uniqueIndex('release_templates_name').on(table.projectId, table.name).where(sql`deleted_at is null`),
    pg.index('release_templates_workspace').on(table.workspaceId),
  ],
);
