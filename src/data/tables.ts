import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  json,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

/** Moments are UTC with milliseconds, as in the schema; they come from the clock, never from the database. */
const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
const createdAt = () => moment('created_at').notNull();

/**
 * Fencing numbers of queue keys and leases. One sequence for all: a number is never given twice, not even for a key
 * whose row was deleted and made anew, so an old holder can never pass for the new one.
 */
export const fences = pgSequence('core_fences');

/** Operation records (CORE-18): one row for every write that was attempted, and for what else must be told of. */
export const operations = pgTable(
  'core_operations',
  {
    id: uuid('id').primaryKey(),
    action: text('action').notNull(),
    status: text('status', { enum: ['PENDING', 'SUCCEEDED', 'FAILED', 'REFUSED'] }).notNull(),
    /** What kind of thing was done: a write, a read of a secret, a terminal, … */
    category: text('category').notNull().default('WRITE'),
    principalId: text('principal_id').notNull(),
    principalName: text('principal_name').notNull(),
    /** On whose behalf a service token acted: its owner at that time. */
    ownerId: text('owner_id'),
    ownerName: text('owner_name'),
    /** Who really acted, where the principal was somebody's whom an administrator stood in for. */
    impersonatorId: text('impersonator_id'),
    impersonatorName: text('impersonator_name'),
    requestId: text('request_id').notNull(),
    /** Shared by the records of one batch. */
    batchId: uuid('batch_id'),
    targetPlugin: text('target_plugin').notNull(),
    targetType: text('target_type').notNull(),
    targetId: text('target_id').notNull(),
    cluster: text('cluster'),
    namespace: text('namespace'),
    kind: text('kind'),
    name: text('name'),
    /** Tenants that the target lay in then: who belongs to them may read the record. */
    workspaceId: uuid('workspace_id'),
    projectId: uuid('project_id'),
    /** What of the target, in a few words without secrets: the key of a Secret, the container of a terminal. */
    detail: text('detail'),
    /** What was asked, bounded and without secrets. */
    input: jsonb('input'),
    idempotencyKey: text('idempotency_key'),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    resultType: text('result_type'),
    resultId: text('result_id'),
    writes: jsonb('writes').notNull().default([]),
    /** How many writes there were, where more were made than are listed. */
    writeCount: integer('write_count').notNull().default(0),
    /** Field by field what changed, bounded and with secrets masked. */
    changes: jsonb('changes').notNull().default([]),
    /** More changed than `changes` tells. */
    areChangesCut: boolean('are_changes_cut').notNull().default(false),
    /** Ordered steps of a long operation (CORE-23). */
    steps: jsonb('steps').notNull().default([]),
    /** The loop that carries a long operation on, and the key that wakes it; such a record is that loop's to close. */
    runner: text('runner'),
    runnerKey: text('runner_key'),
    /** Last sign of life of what stays open for long; undefined for what a request does. */
    aliveAt: moment('alive_at'),
    /** Of what stays open for long: what went through it up to the last sign of life, and how it ended. */
    session: jsonb('session'),
    createdAt: createdAt(),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    index('core_operations_newest').on(table.createdAt, table.id),
    index('core_operations_place').on(table.cluster, table.namespace, table.createdAt),
    index('core_operations_target').on(table.targetId, table.createdAt),
    index('core_operations_operator').on(table.principalId, table.createdAt),
    index('core_operations_operator_name').on(table.principalName, table.createdAt),
    index('core_operations_workspace').on(table.workspaceId, table.createdAt, table.id),
    index('core_operations_project').on(table.projectId, table.createdAt, table.id),
    index('core_operations_action').on(table.action, table.createdAt),
    index('core_operations_kind').on(table.kind, table.createdAt),
    index('core_operations_failed').on(table.createdAt).where(sql`status in ('FAILED', 'REFUSED')`),
    index('core_operations_other').on(table.createdAt).where(sql`category <> 'WRITE'`),
    index('core_operations_batch').on(table.batchId).where(sql`batch_id is not null`),
    index('core_operations_pending').on(table.createdAt).where(sql`status = 'PENDING'`),
  ],
);

/** What a retried mutation resolves again: a reference to the result, never the result itself. */
export const idempotencyKeys = pgTable(
  'core_idempotency_keys',
  {
    principalId: text('principal_id').notNull(),
    mutation: text('mutation').notNull(),
    key: text('key').notNull(),
    inputHash: text('input_hash').notNull(),
    operationId: uuid('operation_id').notNull(),
    resultType: text('result_type'),
    resultId: text('result_id'),
    createdAt: createdAt(),
    /** Undefined while the first attempt is under way. */
    finishedAt: moment('finished_at'),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.principalId, table.mutation, table.key] }),
    index('core_idempotency_keys_expiry').on(table.expiresAt),
    index('core_idempotency_keys_operation').on(table.operationId),
  ],
);

/** Keys that reconcilers have to look at. A row stays until its key is settled. */
export const queue = pgTable(
  'core_queue',
  {
    reconciler: text('reconciler').notNull(),
    key: text('key').notNull(),
    dueAt: moment('due_at').notNull(),
    /** Raised by each wake-up, so that one that comes while the key is worked on is not lost. */
    wakeups: bigint('wakeups', { mode: 'number' }).notNull(),
    holder: text('holder'),
    leaseExpiresAt: moment('lease_expires_at'),
    fence: bigint('fence', { mode: 'number' }).notNull(),
    /** Failures in a row. */
    attempts: integer('attempts').notNull(),
    /** Why it waits, where it failed: a code of the error table and a message without secrets. */
    lastError: text('last_error'),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.reconciler, table.key] }),
    index('core_queue_due').on(table.reconciler, table.dueAt),
  ],
);

/** Named leases: who alone may do a thing at present. */
export const leases = pgTable('core_leases', {
  name: text('name').primaryKey(),
  holder: text('holder').notNull(),
  fence: bigint('fence', { mode: 'number' }).notNull(),
  expiresAt: moment('expires_at').notNull(),
  createdAt: createdAt(),
});

/** Streams of the journal with the position of their last entry. A new epoch makes all older cursors invalid. */
export const journalStreams = pgTable('journal_streams', {
  name: text('name').primaryKey(),
  head: bigint('head', { mode: 'number' }).notNull(),
  epoch: text('epoch').notNull(),
  createdAt: createdAt(),
});

/** How far a stream has followed a source that is watched (a cluster): where its next writer goes on. */
export const journalSources = pgTable(
  'journal_sources',
  {
    stream: text('stream').notNull(),
    source: text('source').notNull(),
    /** Everything up to this version of the source is in the stream. */
    version: text('version').notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.stream, table.source] })],
);

/** The last version of each thing that a stream has told of, for as long as its source may show it again. */
export const journalSeen = pgTable(
  'journal_seen',
  {
    stream: text('stream').notNull(),
    source: text('source').notNull(),
    uid: text('uid').notNull(),
    version: text('version').notNull(),
    seenAt: moment('seen_at').notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.stream, table.source, table.uid] })],
);

/** Entries of the journal: dense positions from 1 in each stream. */
export const journal = pgTable(
  'journal',
  {
    stream: text('stream').notNull(),
    position: bigint('position', { mode: 'number' }).notNull(),
    /** Text as it was written: nobody searches in it, and `jsonb` refuses some strings that clusters send. */
    payload: json('payload').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.stream, table.position] }),
    index('journal_age').on(table.stream, table.createdAt),
  ],
);

/** Clusters that somebody registered while the gateway ran; those of the settings have no row. */
export const clusters = pgTable('core_clusters', {
  id: uuid('id').primaryKey(),
  /** As everywhere else; never given twice at a time, also not to one of the settings. */
  name: text('name').notNull().unique('core_clusters_name'),
  /** Address of its API server, which is no secret. Null: the one that the gateway runs in. */
  server: text('server'),
  /** Kubeconfig with the one context that is used, sealed for `clusters/<id>/kubeconfig`. Null where `server` is. */
  sealedKubeconfig: text('sealed_kubeconfig'),
  identity: text('identity', { enum: ['gateway', 'impersonate'] }).notNull(),
  /** Profile of limits and switches; null for the platform's. */
  profile: text('profile'),
  /** Namespaces that are looked at where the credentials end there; empty for all. */
  namespaces: jsonb('namespaces').$type<readonly string[]>().notNull(),
  description: text('description').notNull(),
  registeredBy: text('registered_by').notNull(),
  registeredByName: text('registered_by_name').notNull(),
  version: integer('version').notNull(),
  createdAt: createdAt(),
});

/**
 * One row whose number rises with every change of who may sign in: service tokens, ended sessions, disabled users,
 * impersonations. Replicas look at it alone, and read the rest where it has changed.
 */
export const signInRevision = pgTable('core_sign_in_revision', {
  id: integer('id').primaryKey(),
  revision: bigint('revision', { mode: 'number' }).notNull(),
  createdAt: createdAt(),
});

/** Everybody who has signed in, as they were when they last did; and who must not any more. */
export const users = pgTable(
  'core_users',
  {
    /** The principal's id. */
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    kind: text('kind').notNull(),
    /** The way of signing in. */
    method: text('method').notNull(),
    /** What the identity provider or the settings said, without memberships. */
    groups: jsonb('groups').$type<readonly string[]>().notNull(),
    roles: jsonb('roles').$type<readonly string[]>().notNull(),
    namespaces: jsonb('namespaces').$type<readonly { cluster: string; namespace: string }[]>().notNull(),
    /** Undefined for who was disabled before ever signing in. */
    lastSeenAt: moment('last_seen_at'),
    disabledAt: moment('disabled_at'),
    disabledBy: text('disabled_by'),
    disabledReason: text('disabled_reason'),
    createdAt: createdAt(),
  },
  (table) => [index('core_users_last_seen').on(table.lastSeenAt)],
);

/** Tokens that integrators sign in with. The token itself stands nowhere. */
export const serviceTokens = pgTable(
  'core_service_tokens',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    /** SHA-256 of the token in hexadecimal digits. */
    digest: text('digest').notNull(),
    ownerId: text('owner_id').notNull(),
    ownerName: text('owner_name').notNull(),
    /** What it may at the most; what its owner has at present bounds it further. */
    scope: jsonb('scope').notNull(),
    expiresAt: moment('expires_at').notNull(),
    lastUsedAt: moment('last_used_at'),
    lastUsedFrom: text('last_used_from'),
    revokedAt: moment('revoked_at'),
    revokedBy: text('revoked_by'),
    version: integer('version').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('core_service_tokens_digest').on(table.digest),
    index('core_service_tokens_owner').on(table.ownerId, table.createdAt),
    index('core_service_tokens_expiry').on(table.expiresAt),
  ],
);

/** Where a token is in use: one row for each replica that has seen it. */
export const sessions = pgTable(
  'core_sessions',
  {
    id: uuid('id').notNull(),
    replica: text('replica').notNull(),
    /** SHA-256 of a token of the gateway's own in hexadecimal digits, `sign-in` where it is one with all its tokens, `not kept` of any other; null where there was none. */
    digest: text('digest'),
    principalId: text('principal_id').notNull(),
    principalName: text('principal_name').notNull(),
    method: text('method').notNull(),
    impersonatorId: text('impersonator_id'),
    impersonatorName: text('impersonator_name'),
    address: text('address'),
    userAgent: text('user_agent'),
    openStreams: integer('open_streams').notNull(),
    lastSeenAt: moment('last_seen_at').notNull(),
    expiresAt: moment('expires_at'),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.replica] }),
    index('core_sessions_principal').on(table.principalId, table.lastSeenAt),
    index('core_sessions_last_seen').on(table.lastSeenAt),
  ],
);

/** Tokens that are refused although they have not expired. */
export const endedSessions = pgTable(
  'core_ended_sessions',
  {
    id: uuid('id').primaryKey(),
    /** As the session has it. */
    digest: text('digest').notNull(),
    principalId: text('principal_id').notNull(),
    endedBy: text('ended_by').notNull(),
    /** After it nobody would accept the token anyway; null where it does not expire. */
    expiresAt: moment('expires_at'),
    createdAt: createdAt(),
  },
  (table) => [index('core_ended_sessions_expiry').on(table.expiresAt)],
);

/** Administrators who act as somebody else, for a while. */
export const impersonations = pgTable(
  'core_impersonations',
  {
    id: uuid('id').primaryKey(),
    /** SHA-256 of its token in hexadecimal digits. */
    digest: text('digest').notNull(),
    principalId: text('principal_id').notNull(),
    principalName: text('principal_name').notNull(),
    impersonatorId: text('impersonator_id').notNull(),
    impersonatorName: text('impersonator_name').notNull(),
    /** The administrator's own session: where that ends, this ends. */
    impersonatorSession: uuid('impersonator_session'),
    reason: text('reason').notNull(),
    expiresAt: moment('expires_at').notNull(),
    endedAt: moment('ended_at'),
    endedBy: text('ended_by'),
    /** Whether its end stands in the operation records. */
    isEndRecorded: boolean('is_end_recorded').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('core_impersonations_digest').on(table.digest),
    index('core_impersonations_principal').on(table.principalId, table.createdAt),
    index('core_impersonations_open').on(table.expiresAt).where(sql`is_end_recorded = false`),
  ],
);

/**
 * One-time tickets: who holds one may do one thing once, within seconds, over a connection that carries no bearer token. The
 * ticket itself stands nowhere; a row goes when it is used.
 */
export const tickets = pgTable(
  'core_tickets',
  {
    /** SHA-256 of the ticket in hexadecimal digits. */
    digest: text('digest').primaryKey(),
    /** What it is good for. */
    purpose: text('purpose').notNull(),
    principalId: text('principal_id').notNull(),
    /** Who asked for it, as they were then, without memberships. */
    principal: jsonb('principal').notNull(),
    /** What may be done with it. */
    subject: jsonb('subject').notNull(),
    expiresAt: moment('expires_at').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    index('core_tickets_principal').on(table.principalId, table.purpose),
    index('core_tickets_expiry').on(table.expiresAt),
  ],
);
