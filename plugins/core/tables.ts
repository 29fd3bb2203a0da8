import { drizzle, pg } from 'longshore/sdk';
import type { MemberKind, MemberRole, NetworkType, Quota } from './api.ts';
import type { EventWebhookStop } from './services/event-webhooks/event-webhooks.ts';

const { sql } = drizzle;

/** Moments are UTC with milliseconds and come from the clock, never from the database. */
const moment = (name: string) => pg.timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** What every tenant has. Deletes are soft: records go on naming what is gone. */
const tenantColumns = () => ({
  id: pg.uuid('id').primaryKey(),
  identifier: pg.text('identifier').notNull(),
  displayName: pg.text('display_name').notNull(),
  description: pg.text('description').notNull(),
  /** 1 when it was made, one more with each change: who changes an older one is refused. */
  version: pg.integer('version').notNull(),
  createdAt: moment('created_at').notNull(),
  deletedAt: moment('deleted_at'),
});

/**
 * One row whose number rises with every change of who belongs where. Each change takes it first, so changes come one after
 * the other on all replicas, and each may check the whole before it writes.
 */
export const tenancyRevision = pg.pgTable('core_tenancy_revision', {
  id: pg.integer('id').primaryKey(),
  revision: pg.bigint('revision', { mode: 'number' }).notNull(),
  createdAt: moment('created_at').notNull(),
});

export const workspaces = pg.pgTable(
  'core_workspaces',
  {
    ...tenantColumns(),
    region: pg.text('region').notNull(),
    networkType: pg.text('network_type').$type<NetworkType>().notNull(),
    zones: pg.jsonb('zones').$type<readonly string[]>().notNull(),
    profile: pg.text('profile'),
    /** Id of the network that it is bound to, as the plugin that offers networks knows it. */
    networkId: pg.text('network_id'),
  },
  (table) => [pg.uniqueIndex('core_workspaces_identifier').on(table.identifier).where(sql`deleted_at is null`)],
);

export const departments = pg.pgTable(
  'core_departments',
  { ...tenantColumns(), parentId: pg.uuid('parent_id') },
  (table) => [pg.uniqueIndex('core_departments_identifier').on(table.identifier).where(sql`deleted_at is null`)],
);

export const projects = pg.pgTable(
  'core_projects',
  {
    ...tenantColumns(),
    workspaceId: pg.uuid('workspace_id'),
    departmentId: pg.uuid('department_id'),
    /** What its namespaces may use together, in all clusters; null for no limit. */
    quota: pg.jsonb('quota').$type<Quota>(),
  },
  (table) => [
    // Unique where it can be seen: a taken name must not tell of a project elsewhere.
    pg
      .uniqueIndex('core_projects_identifier')
      .on(sql`coalesce(workspace_id::text, '')`, table.identifier)
      .where(sql`deleted_at is null`),
  ],
);

/** A namespace belongs to one workspace at the most, or to one project that is in none. */
export const namespaceBindings = pg.pgTable(
  'core_namespace_bindings',
  {
    cluster: pg.text('cluster').notNull(),
    namespace: pg.text('namespace').notNull(),
    workspaceId: pg.uuid('workspace_id'),
    projectId: pg.uuid('project_id'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    pg.primaryKey({ columns: [table.cluster, table.namespace] }),
    pg.index('core_namespace_bindings_workspace').on(table.workspaceId),
    pg.index('core_namespace_bindings_project').on(table.projectId),
  ],
);

/** What a namespace may use: a share of its project's quota, written to its cluster. */
export const namespaceQuotas = pg.pgTable(
  'core_namespace_quotas',
  {
    cluster: pg.text('cluster').notNull(),
    namespace: pg.text('namespace').notNull(),
    quota: pg.jsonb('quota').$type<Quota>().notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [pg.primaryKey({ columns: [table.cluster, table.namespace] })],
);

/** Who belongs to a workspace or project. */
export const members = pg.pgTable(
  'core_members',
  {
    /** `workspace/<uuid>` or `project/<uuid>`. */
    tenant: pg.text('tenant').notNull(),
    kind: pg.text('kind').$type<MemberKind>().notNull(),
    /** Id of a principal or name of a group. */
    name: pg.text('name').notNull(),
    role: pg.text('role').$type<MemberRole>().notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [pg.primaryKey({ columns: [table.tenant, table.kind, table.name] })],
);

/**
 * Kubernetes events for longer than clusters keep them (CMP-107), each in its last state. Rows are written with the journal's
 * entries, in one transaction: what stands in the one stands in the other.
 */
export const events = pg.pgTable(
  'core_events',
  {
    cluster: pg.text('cluster').notNull(),
    uid: pg.text('uid').notNull(),
    namespace: pg.text('namespace').notNull(),
    name: pg.text('name').notNull(),
    type: pg.text('type').$type<'NORMAL' | 'WARNING' | 'UNKNOWN'>().notNull(),
    reason: pg.text('reason').notNull(),
    message: pg.text('message').notNull(),
    component: pg.text('component').notNull(),
    involvedGroup: pg.text('involved_group').notNull(),
    involvedKind: pg.text('involved_kind').notNull(),
    /** Empty for what lies in none. */
    involvedNamespace: pg.text('involved_namespace').notNull(),
    involvedName: pg.text('involved_name').notNull(),
    involvedUid: pg.text('involved_uid').notNull(),
    /** How often it was seen, 1 or more. */
    count: pg.integer('count').notNull(),
    firstSeenAt: moment('first_seen_at').notNull(),
    lastSeenAt: moment('last_seen_at').notNull(),
    /** Its namespace was deleted since: who has a later one of that name must not inherit it. */
    isPast: pg.boolean('is_past').notNull().default(false),
    /** The object as the cluster showed it. Text as it was written: `jsonb` refuses some strings that clusters send. */
    object: pg.json('object').$type<object>().notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    pg.primaryKey({ columns: [table.cluster, table.uid] }),
    pg.index('core_events_seen').on(table.lastSeenAt, table.cluster, table.uid),
    pg.index('core_events_place').on(table.cluster, table.namespace, table.lastSeenAt),
    pg.index('core_events_involved').on(table.cluster, table.involvedName, table.involvedKind, table.lastSeenAt),
  ],
);

/** Where integrators are told what a subscription would tell them, in the name of whoever made it. */
export const eventWebhooks = pg.pgTable(
  'core_event_webhooks',
  {
    id: pg.uuid('id').primaryKey(),
    displayName: pg.text('display_name').notNull(),
    url: pg.text('url').notNull(),
    subscription: pg.text('subscription').notNull(),
    variables: pg.jsonb('variables').$type<Readonly<Record<string, unknown>>>().notNull(),
    ownerId: pg.text('owner_id').notNull(),
    ownerName: pg.text('owner_name').notNull(),
    /** The administrator who made it in the owner's name. */
    impersonatedBy: pg.text('impersonated_by'),
    isPaused: pg.boolean('is_paused').notNull(),
    /** Why the platform gave it up; null while it goes on. */
    stoppedReason: pg.text('stopped_reason').$type<EventWebhookStop>(),
    /** What was wrong the last time, in words; null where nothing is. */
    problem: pg.text('problem'),
    httpStatus: pg.integer('http_status'),
    failingSince: moment('failing_since'),
    /** The stream's cursor behind everything that is told or given up; null before the first. */
    position: pg.text('position'),
    resyncedAt: moment('resynced_at'),
    resyncReason: pg.text('resync_reason'),
    delivered: pg.bigint('delivered', { mode: 'number' }).notNull(),
    deliveredAt: moment('delivered_at'),
    /** Which of its secrets is the present one; each is made from the platform's key, and none is kept. */
    secretGeneration: pg.integer('secret_generation').notNull(),
    secretRotatedAt: moment('secret_rotated_at'),
    version: pg.integer('version').notNull(),
    createdAt: moment('created_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [pg.index('core_event_webhooks_owner').on(table.ownerId).where(sql`deleted_at is null`)],
);

/** Events that a webhook was not told of, though it was tried. */
export const eventWebhookDeadLetters = pg.pgTable(
  'core_event_webhook_dead_letters',
  {
    id: pg.uuid('id').primaryKey(),
    webhookId: pg.uuid('webhook_id').notNull(),
    eventId: pg.text('event_id').notNull(),
    eventType: pg.text('event_type').notNull(),
    subject: pg.text('subject'),
    /** Text as it would have been sent; null where it is too large to be kept. */
    event: pg.text('event'),
    /** The owner's rights when it was made: with others it must not be told as it is. */
    rights: pg.text('rights').notNull(),
    /** The cursor before it; null where there is none to go on from. */
    after: pg.text('after'),
    attempts: pg.integer('attempts').notNull(),
    httpStatus: pg.integer('http_status'),
    problem: pg.text('problem').notNull(),
    /** Somebody wants it to be tried once more. */
    isWanted: pg.boolean('is_wanted').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [pg.index('core_event_webhook_dead_letters_webhook').on(table.webhookId, table.createdAt)],
);
