import { drizzle, pg } from 'longshore/sdk';
import type {
  EngineName,
  GroupState,
  OrderState,
  ReleaseActor,
  ReleaseEventKind,
  RollbackOutcome,
  ServiceReleaseState,
  TaskKind,
  TaskPhase,
  TaskState,
  UnitPods,
  VersionEditState,
} from './api.ts';
import type { ReleaseTarget } from './engines/engine.ts';
import type { ServiceDeletion } from './services/app-services/service-deletion.ts';
import type { VersionSpec } from './services/app-services/version-spec.ts';

const { sql } = drizzle;

/** Moments are UTC with milliseconds and come from the clock, never from the database. */
const moment = (name: string) => pg.timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** What is released: one deployable unit of an application, in one namespace (REL-01). Deletes are soft: orders go on naming what is gone. */
export const appServices = pg.pgTable(
  'release_app_services',
  {
    id: pg.uuid('id').primaryKey(),
    cluster: pg.text('cluster').notNull(),
    namespace: pg.text('namespace').notNull(),
    /** Unique in its namespace; never changes: names of workloads come of it. */
    name: pg.text('name').notNull(),
    /** Of compute. */
    applicationId: pg.uuid('application_id').notNull(),
    /** Name of the application, which never changes: the value of its label. */
    applicationName: pg.text('application_name').notNull(),
    workspaceId: pg.uuid('workspace_id'),
    isStateful: pg.boolean('is_stateful').notNull(),
    /** Principal who answers for it, and may confirm; null where nobody was named. */
    owner: pg.text('owner'),
    /** Principals who operate it, and may confirm too (REL-30). */
    operators: pg.jsonb('operators').$type<readonly string[]>().notNull(),
    description: pg.text('description').notNull(),
    /** The version that runs: the last that was released with success, or returned to. Null before the first and behind a rollback to nothing. */
    currentVersionId: pg.uuid('current_version_id'),
    /** The release that has it now; null while none has. One at a time: REL-17. */
    releaseId: pg.uuid('release_id'),
    /** How its last release ended; null while it has none. A failed one must be retried, rolled back or given up first (REL-33). */
    lastReleaseState: pg.text('last_release_state').$type<ServiceReleaseState>(),
    /** Set once it is being deleted: nothing else is done with it from then on (REL-14). */
    deletion: pg.jsonb('deletion').$type<ServiceDeletion>(),
    /** 1 when it was made, one more with each change that somebody makes. */
    version: pg.integer('version').notNull(),
    createdAt: moment('created_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    pg
      .uniqueIndex('release_app_services_name')
      .on(table.cluster, table.namespace, table.name)
      .where(sql`deleted_at is null`),
    pg.index('release_app_services_application').on(table.applicationId),
    pg.index('release_app_services_workspace').on(table.workspaceId),
  ],
);

/** A version of an app service: image and configuration. What was submitted never changes again (REL-10). */
export const versions = pg.pgTable(
  'release_versions',
  {
    id: pg.uuid('id').primaryKey(),
    serviceId: pg
      .uuid('service_id')
      .notNull()
      .references(() => appServices.id),
    /** 1 for the first, one more for each. A draft has the number that it will have. */
    number: pg.integer('number').notNull(),
    editState: pg.text('edit_state').$type<VersionEditState>().notNull(),
    spec: pg.jsonb('spec').$type<VersionSpec>().notNull(),
    /** The version that it was copied from; null for one from nothing. */
    basedOnId: pg.uuid('based_on_id'),
    createdBy: pg.text('created_by').notNull(),
    createdAt: moment('created_at').notNull(),
    /** Of a draft: when it was last changed. */
    updatedAt: moment('updated_at').notNull(),
    submittedAt: moment('submitted_at'),
    /** When it was first released with success. */
    releasedAt: moment('released_at'),
    /** Of a draft: one more with each change. */
    version: pg.integer('version').notNull(),
  },
  (table) => [
    pg.uniqueIndex('release_versions_number').on(table.serviceId, table.number),
    // A second draft would hide the first (REL-11).
    pg.uniqueIndex('release_versions_draft').on(table.serviceId).where(sql`edit_state = 'DRAFT'`),
  ],
);

/** Several releases that belong together (REL-19). */
export const orders = pg.pgTable(
  'release_orders',
  {
    id: pg.uuid('id').primaryKey(),
    title: pg.text('title').notNull(),
    workspaceId: pg.uuid('workspace_id'),
    /** Where it lies for who is asked about rights: that of all its services where they share one, else null. */
    cluster: pg.text('cluster'),
    namespace: pg.text('namespace'),
    /** Deployment units it releases to; empty for all. */
    units: pg.jsonb('units').$type<readonly string[]>().notNull(),
    /** Whether its services are released with a beta group first (REL-30). */
    betaGroup: pg.boolean('beta_group').notNull(),
    state: pg.text('state').$type<OrderState>().notNull(),
    /** Why it is in this state, in words for people; null where there is nothing to say. */
    reason: pg.text('reason'),
    createdBy: pg.text('created_by').notNull(),
    createdAt: moment('created_at').notNull(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
    /** One more with each change of its state. */
    version: pg.integer('version').notNull(),
  },
  (table) => [
    pg.index('release_orders_created').on(table.createdAt),
    pg.index('release_orders_workspace').on(table.workspaceId),
    pg.index('release_orders_state').on(table.state),
  ],
);

/** The release of one app service in an order: the unit of work of the loop. */
export const serviceReleases = pg.pgTable(
  'release_service_releases',
  {
    id: pg.uuid('id').primaryKey(),
    orderId: pg
      .uuid('order_id')
      .notNull()
      .references(() => orders.id),
    serviceId: pg
      .uuid('service_id')
      .notNull()
      .references(() => appServices.id),
    versionId: pg
      .uuid('version_id')
      .notNull()
      .references(() => versions.id),
    /** What ran when it was initialised; null for nothing. */
    fromVersionId: pg.uuid('from_version_id'),
    /** Position in the order as its author listed them, from 0. */
    position: pg.integer('position').notNull(),
    /** Services of the same order that come first, by the ids of their releases. */
    dependsOn: pg.jsonb('depends_on').$type<readonly string[]>().notNull(),
    state: pg.text('state').$type<ServiceReleaseState>().notNull(),
    reason: pg.text('reason'),
    engine: pg.text('engine').$type<EngineName>(),
    /** What is written to the cluster, fixed at initialisation; null before. */
    target: pg.jsonb('target').$type<ReleaseTarget>(),
    /** What it came from, to go back to: null where nothing ran. */
    previous: pg.jsonb('previous').$type<ReleaseTarget>(),
    pauseAfterGroup: pg.boolean('pause_after_group').notNull(),
    /** In whose name it goes on: whoever made the last decision about it. */
    actor: pg.jsonb('actor').$type<ReleaseActor>().notNull(),
    /** Position of the group that is under way or comes next, from 0. */
    groupPosition: pg.integer('group_position').notNull(),
    /** What a rollback of it comes to, once one was asked for. */
    rollback: pg.text('rollback').$type<RollbackOutcome>(),
    /** Pods of its groups, and those of them that are UPDATED, as last seen: for progress without a cluster. */
    totalPods: pg.integer('total_pods').notNull(),
    updatedPods: pg.integer('updated_pods').notNull(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
    /** Since when the present state holds: deadlines count from here. */
    since: moment('since').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    pg.uniqueIndex('release_service_releases_service').on(table.orderId, table.serviceId),
    pg.index('release_service_releases_of_service').on(table.serviceId, table.createdAt),
  ],
);

/** A group of pods that are updated together (REL-29), as it was planned. */
export const groups = pg.pgTable(
  'release_groups',
  {
    id: pg.uuid('id').primaryKey(),
    releaseId: pg
      .uuid('release_id')
      .notNull()
      .references(() => serviceReleases.id),
    position: pg.integer('position').notNull(),
    isBeta: pg.boolean('is_beta').notNull(),
    /** How many pods of each unit are in it. */
    pods: pg.jsonb('pods').$type<readonly UnitPods[]>().notNull(),
    state: pg.text('state').$type<GroupState>().notNull(),
    reason: pg.text('reason'),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
    confirmedBy: pg.text('confirmed_by'),
    /** When it was last retried: pods that failed before are made anew. */
    retriedAt: moment('retried_at'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [pg.uniqueIndex('release_groups_position').on(table.releaseId, table.position)],
);

/** Work before, between and after the groups of a release (REL-24 to REL-26, REL-38). */
export const tasks = pg.pgTable(
  'release_tasks',
  {
    id: pg.uuid('id').primaryKey(),
    releaseId: pg
      .uuid('release_id')
      .notNull()
      .references(() => serviceReleases.id),
    phase: pg.text('phase').$type<TaskPhase>().notNull(),
    /** Group that it belongs to; null for those of the whole release. */
    groupPosition: pg.integer('group_position'),
    /** Order within its phase, from 0. */
    position: pg.integer('position').notNull(),
    kind: pg.text('kind').$type<TaskKind>().notNull(),
    state: pg.text('state').$type<TaskState>().notNull(),
    reason: pg.text('reason'),
    attempts: pg.integer('attempts').notNull(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [pg.index('release_tasks_release').on(table.releaseId, table.phase, table.position)],
);

/** What happened to an order, for ever: its timeline (REL-24). */
export const releaseEvents = pg.pgTable(
  'release_events',
  {
    id: pg.uuid('id').primaryKey(),
    orderId: pg
      .uuid('order_id')
      .notNull()
      .references(() => orders.id),
    /** Release that it is of; null for the order itself. */
    releaseId: pg.uuid('release_id'),
    groupPosition: pg.integer('group_position'),
    kind: pg.text('kind').$type<ReleaseEventKind>().notNull(),
    message: pg.text('message').notNull(),
    /** Principal who did it; null where the platform went on by itself. */
    actor: pg.text('actor'),
    /** Rises within an order; there are no gaps. */
    sequence: pg.integer('sequence').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [pg.uniqueIndex('release_events_sequence').on(table.orderId, table.sequence)],
);

export { orderObjects } from './object-tables.ts';
export { stacks, templates } from './template-tables.ts';
