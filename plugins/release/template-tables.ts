import { drizzle, pg } from 'longshore/sdk';
import type { StackApp, StackFormat, StackPhase, StackScale, TemplateApp } from './api.ts';
import type { StackPlan } from './services/stacks/stack-plan.ts';

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

/** What was deployed of templates or texts (REL-44). Deletes are soft, and come when nothing of it is left in its cluster. */
export const stacks = pg.pgTable(
  'release_stacks',
  {
    id: pg.uuid('id').primaryKey(),
    name: pg.text('name').notNull(),
    projectId: pg.uuid('project_id').notNull(),
    workspaceId: pg.uuid('workspace_id'),
    cluster: pg.text('cluster').notNull(),
    namespace: pg.text('namespace').notNull(),
    /** No foreign key: a template may go, what was deployed of it stays. */
    templateId: pg.uuid('template_id'),
    format: pg.text('format').$type<StackFormat>().notNull(),
    content: pg.text('content').notNull(),
    digest: pg.text('digest').notNull(),
    scale: pg.jsonb('scale').$type<StackScale>(),
    apps: pg.jsonb('apps').$type<readonly StackApp[]>().notNull(),
    /** What its loop works towards. */
    plan: pg.jsonb('plan').$type<StackPlan>().notNull(),
    /** What may still be there of earlier texts; none once one is deployed as a whole. */
    earlier: pg.jsonb('earlier').$type<readonly StackPlan[]>().notNull(),
    phase: pg.text('phase').$type<StackPhase>().notNull(),
    /** The long operation that has it: a loop of another one lets go of it. */
    operationId: pg.uuid('operation_id').notNull(),
    version: pg.integer('version').notNull(),
    createdBy: pg.text('created_by').notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    pg.uniqueIndex('release_stacks_name').on(table.cluster, table.namespace, table.name).where(sql`deleted_at is null`),
    pg.index('release_stacks_project').on(table.projectId),
    pg.index('release_stacks_operation').on(table.operationId),
  ],
);
