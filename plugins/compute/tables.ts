import { drizzle, pg } from 'longshore/sdk';
import type { AlarmRule, AlarmSeverity, AlarmStatus, ApplicationPhase, ObservedApplication } from './api.ts';
import type { DrainedPod } from './services/drains/decide-drain.ts';
import type { NodeDrainOptions } from './services/drains/drain-options.ts';
import type { ChangePlan } from './services/managed-clusters/change-plan.ts';
import type { Segment } from './services/metering/timeline.ts';

const { sql } = drizzle;

/** Moments are UTC with milliseconds and come from the clock, never from the database. */
const moment = (name: string) => pg.timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/**
 * What the platform knows of an application. What belongs to it, the clusters say by a label. It is in one namespace (cluster
 * and namespace), or in all namespaces of a workspace. Deletes are soft: records go on naming what is gone.
 */
export const applications = pg.pgTable(
  'compute_applications',
  {
    id: pg.uuid('id').primaryKey(),
    name: pg.text('name').notNull(),
    workspaceId: pg.uuid('workspace_id'),
    cluster: pg.text('cluster'),
    namespace: pg.text('namespace'),
    alias: pg.text('alias').notNull(),
    description: pg.text('description').notNull(),
    owner: pg.text('owner'),
    techStack: pg.text('tech_stack'),
    techStackVersion: pg.text('tech_stack_version'),
    hasCodeRepository: pg.boolean('has_code_repository').notNull(),
    hasOtherInformation: pg.boolean('has_other_information').notNull(),
    phase: pg.text('phase').$type<ApplicationPhase>().notNull(),
    /** How it was when its loop last looked, so that a change is told once. */
    observed: pg.jsonb('observed').$type<ObservedApplication>(),
    /** 1 when it was made, one more with each change that somebody makes. */
    version: pg.integer('version').notNull(),
    createdAt: moment('created_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    // Unique where it can be seen: a taken name must not tell of an application elsewhere (CMP-37).
    pg
      .uniqueIndex('compute_applications_name')
      .on(sql`coalesce(workspace_id::text, '')`, sql`coalesce(cluster, '')`, sql`coalesce(namespace, '')`, table.name)
      .where(sql`deleted_at is null`),
    pg.index('compute_applications_place').on(table.cluster, table.namespace),
    pg.index('compute_applications_workspace').on(table.workspaceId),
  ],
);

/** Log stores (CMP-105): under which name a project's logs are collected, and for how long they are shown. Deletes are soft. */
export const logStores = pg.pgTable(
  'compute_log_stores',
  {
    id: pg.uuid('id').primaryKey(),
    name: pg.text('name').notNull(),
    projectId: pg.uuid('project_id').notNull(),
    /** Of the project, when it was made; projects do not move. */
    workspaceId: pg.uuid('workspace_id'),
    description: pg.text('description').notNull(),
    retentionDays: pg.integer('retention_days').notNull(),
    shards: pg.integer('shards').notNull(),
    /** 1 when it was made, one more with each change that somebody makes. */
    version: pg.integer('version').notNull(),
    createdAt: moment('created_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    pg.uniqueIndex('compute_log_stores_name').on(table.projectId, table.name).where(sql`deleted_at is null`),
    pg.index('compute_log_stores_workspace').on(table.workspaceId),
  ],
);

/** Where alarms of a policy belong: to an application (with its place), or to a cluster. */
const alarmPlace = () => ({
  applicationId: pg.uuid('application_id'),
  cluster: pg.text('cluster'),
  namespace: pg.text('namespace'),
  workspaceId: pg.uuid('workspace_id'),
});

/** What somebody wants to be told of (CMP-64). Deletes are soft: alarms go on naming what is gone. */
export const alarmPolicies = pg.pgTable(
  'compute_alarm_policies',
  {
    id: pg.uuid('id').primaryKey(),
    ...alarmPlace(),
    displayName: pg.text('display_name').notNull(),
    rule: pg.jsonb('rule').$type<AlarmRule>().notNull(),
    severity: pg.text('severity').$type<AlarmSeverity>().notNull(),
    isEnabled: pg.boolean('is_enabled').notNull(),
    /** Least time between two alarms of it. */
    quietSeconds: pg.integer('quiet_seconds').notNull(),
    silencedUntil: moment('silenced_until'),
    webhookUrl: pg.text('webhook_url'),
    /** Since when its condition has held without a break; null while it does not hold. */
    holdsSince: moment('holds_since'),
    /** Why it could not be looked at the last time; null where it could. */
    problem: pg.text('problem'),
    version: pg.integer('version').notNull(),
    createdAt: moment('created_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    pg.index('compute_alarm_policies_application').on(table.applicationId),
    pg.index('compute_alarm_policies_place').on(table.cluster, table.namespace),
  ],
);

/** Each time that a policy's condition came to hold, until it held no more. */
export const alarms = pg.pgTable(
  'compute_alarms',
  {
    id: pg.uuid('id').primaryKey(),
    ...alarmPlace(),
    policyId: pg.uuid('policy_id').notNull(),
    displayName: pg.text('display_name').notNull(),
    severity: pg.text('severity').$type<AlarmSeverity>().notNull(),
    status: pg.text('status').$type<AlarmStatus>().notNull(),
    value: pg.doublePrecision('value').notNull(),
    summary: pg.text('summary').notNull(),
    firedAt: moment('fired_at').notNull(),
    resolvedAt: moment('resolved_at'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    // One policy has one alarm that is firing at the most.
    pg.uniqueIndex('compute_alarms_firing').on(table.policyId).where(sql`status = 'FIRING'`),
    pg.index('compute_alarms_fired').on(table.firedAt),
    pg.index('compute_alarms_policy').on(table.policyId, table.firedAt),
    pg.index('compute_alarms_application').on(table.applicationId, table.firedAt),
  ],
);

/** What has to be told to the webhook of a policy, wherever that is by then, and how that went. */
export const alarmDeliveries = pg.pgTable(
  'compute_alarm_deliveries',
  {
    id: pg.uuid('id').primaryKey(),
    alarmId: pg.uuid('alarm_id').notNull(),
    policyId: pg.uuid('policy_id').notNull(),
    event: pg.text('event').$type<AlarmStatus>().notNull(),
    /** As it is sent and signed, the same with each attempt. */
    body: pg.text('body').notNull(),
    attempts: pg.integer('attempts').notNull(),
    status: pg.text('status').$type<'PENDING' | 'DELIVERED' | 'FAILED'>().notNull(),
    /** What the last attempt was answered; null where nothing answered. */
    httpStatus: pg.integer('http_status'),
    problem: pg.text('problem'),
    attemptedAt: moment('attempted_at'),
    nextAttemptAt: moment('next_attempt_at'),
    finishedAt: moment('finished_at'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [pg.index('compute_alarm_deliveries_alarm').on(table.alarmId)],
);

/** What draining a node needs that the cluster cannot keep for it (CMP-26). */
export const nodeDrains = pg.pgTable(
  'compute_node_drains',
  {
    /** Of the operation record whose steps drain it. */
    id: pg.uuid('id').primaryKey(),
    cluster: pg.text('cluster').notNull(),
    node: pg.text('node').notNull(),
    nodeUid: pg.text('node_uid').notNull(),
    wasSchedulable: pg.boolean('was_schedulable').notNull(),
    options: pg.jsonb('options').$type<NodeDrainOptions>().notNull(),
    /** How far it has come with each pod, as it was looked at last. */
    pods: pg.jsonb('pods').$type<readonly DrainedPod[]>().notNull(),
    /** Of the step that asks pods to go: with another one, what failed is tried again. */
    attempt: pg.integer('attempt').notNull(),
    /** No pod was left when it was looked at last: a second look tells that none was on its way. */
    wasEmpty: pg.boolean('was_empty').notNull(),
    /** From then on the node goes. */
    passedAt: moment('passed_at'),
    cancelledAt: moment('cancelled_at'),
    /** Whether new pods may come once it is cancelled. */
    uncordons: pg.boolean('uncordons'),
    /** Why it ended before it was done, in words for people. */
    problem: pg.text('problem'),
    endedAt: moment('ended_at'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [pg.uniqueIndex('compute_node_drains_open').on(table.cluster, table.node).where(sql`ended_at is null`)],
);

const seconds = (name: string) => pg.bigint(name, { mode: 'number' });
/** Sums of whole numbers that may grow beyond 2^63. */
const sum = (name: string) => pg.numeric(name, { precision: 40, scale: 0 });

/** How far the pods of a cluster have been metered (CMP-114). Seconds are UTC. */
export const meteredClusters = pg.pgTable('compute_metered_clusters', {
  cluster: pg.text('cluster').primaryKey(),
  /** Uid of its namespace `kube-system`: another cluster may come to have the name. Empty where it was not to be read. */
  identity: pg.text('identity').notNull(),
  sinceSeconds: seconds('since_seconds').notNull(),
  throughSeconds: seconds('through_seconds').notNull(),
  /** Up to which version of its pods everything is settled. */
  position: pg.text('position').notNull(),
  createdAt: moment('created_at').notNull(),
});

/** At which rates pods have been metered that their clusters still have. One that runs has been up to where its cluster has. */
export const meteredPods = pg.pgTable(
  'compute_metered_pods',
  {
    cluster: pg.text('cluster').notNull(),
    uid: pg.text('uid').notNull(),
    segments: pg.jsonb('segments').$type<readonly Segment[]>().notNull(),
    endSeconds: seconds('end_seconds'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [pg.primaryKey({ columns: [table.cluster, table.uid] })],
);

/** Whose usage is counted together. Its id is made of what it says, which never changes. */
export const usageSeries = pg.pgTable('compute_usage_series', {
  id: pg.text('id').primaryKey(),
  cluster: pg.text('cluster').notNull(),
  namespace: pg.text('namespace').notNull(),
  workloadKind: pg.text('workload_kind').notNull(),
  workloadName: pg.text('workload_name').notNull(),
  applicationId: pg.uuid('application_id'),
  workspaceId: pg.uuid('workspace_id'),
  projectId: pg.uuid('project_id'),
  createdAt: moment('created_at').notNull(),
});

/** What was used in an hour, which begins at `hour`. */
export const usageHours = pg.pgTable(
  'compute_usage_hours',
  {
    hour: moment('hour').notNull(),
    seriesId: pg.text('series_id').notNull(),
    millicoreSeconds: sum('millicore_seconds').notNull(),
    kibSeconds: sum('kib_seconds').notNull(),
    podSeconds: sum('pod_seconds').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    pg.primaryKey({ columns: [table.hour, table.seriesId] }),
    pg.index('compute_usage_hours_series').on(table.seriesId),
  ],
);

/** When pods of a cluster may have come, changed or gone unheard. */
export const meteringGaps = pg.pgTable(
  'compute_metering_gaps',
  {
    cluster: pg.text('cluster').notNull(),
    fromSeconds: seconds('from_seconds').notNull(),
    toSeconds: seconds('to_seconds').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [pg.primaryKey({ columns: [table.cluster, table.fromSeconds] })],
);

/** Managed clusters that are being made, expanded or deleted, and what the management cluster cannot keep of that (CMP-07, CMP-14). */
export const clusterChanges = pg.pgTable(
  'compute_cluster_changes',
  {
    /** Of the operation record whose steps do it. */
    id: pg.uuid('id').primaryKey(),
    kind: pg.text('kind').$type<'CREATE' | 'EXPAND' | 'DELETE'>().notNull(),
    /** The management cluster, and the Cluster there. */
    cluster: pg.text('cluster').notNull(),
    namespace: pg.text('namespace').notNull(),
    name: pg.text('name').notNull(),
    /** Of the Cluster, once it is there. */
    uid: pg.text('uid'),
    workspaceId: pg.uuid('workspace_id'),
    plan: pg.jsonb('plan').$type<ChangePlan>().notNull(),
    /** Of an expansion: whether it goes back. */
    phase: pg.text('phase').$type<'FORWARD' | 'ROLLING_BACK' | 'ROLLBACK_FAILED'>().notNull(),
    /** Of the step: with another one, machines that failed are made anew. */
    attempt: pg.integer('attempt').notNull(),
    /** From then on something may be there. */
    passedAt: moment('passed_at'),
    rollbackAt: moment('rollback_at'),
    cancelledAt: moment('cancelled_at'),
    /** Why it ended before it was done, in words for people. */
    problem: pg.text('problem'),
    endedAt: moment('ended_at'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    // A deletion waits for what else is being done there.
    pg
      .uniqueIndex('compute_cluster_changes_open')
      .on(table.cluster, table.namespace, table.name, sql`(kind = 'DELETE')`)
      .where(sql`ended_at is null`),
  ],
);

/** What administrators decided of clusters as a whole (CMP-16). */
export const clusterFeatures = pg.pgTable('compute_cluster_features', {
  cluster: pg.text('cluster').primaryKey(),
  /** UUID of the registration that the cluster came by; empty for one of the settings. Another one's decisions are none of its. */
  registration: pg.text('registration').notNull(),
  /** Null: as the profile has it. */
  mesh: pg.boolean('mesh'),
  logs: pg.boolean('logs'),
  version: pg.integer('version').notNull(),
  changedAt: moment('changed_at').notNull(),
  /** Name of the principal. */
  changedBy: pg.text('changed_by').notNull(),
  createdAt: moment('created_at').notNull(),
});
