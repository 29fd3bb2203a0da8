import type { NamespaceScope, Principal, PrincipalName } from '../kernel/principal.ts';
import type { OperationHandle, RecordedWrite } from './operation-handle.ts';
import type { OperationStep, OperationSteps } from './operation-steps.ts';

/** `REFUSED`: the caller was not allowed to, and nothing was done. */
export const operationStatuses = ['PENDING', 'SUCCEEDED', 'FAILED', 'REFUSED'] as const;
export type OperationStatus = (typeof operationStatuses)[number];

/**
 * What kind of thing was done. Everything but a WRITE changes no object: it is told because somebody saw, held or filled something that
 * few may.
 */
export const operationCategories = ['WRITE', 'SECRET_READ', 'TERMINAL', 'DOWNLOAD', 'UPLOAD', 'SIGN_IN'] as const;
export type OperationCategory = (typeof operationCategories)[number];

/** What an operation acts on (CORE-18). `id` is the global id, or what is known of a thing that is yet to be made. */
export interface OperationTarget {
  readonly plugin: string;
  readonly type: string;
  readonly id: string;
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
}

/** Where a result is found again: never the result itself. */
export interface ResultReference {
  readonly type: string;
  readonly id: string;
}

/** Tenants that a target lies in, by UUID: who belongs to them may read the record, then and later. */
export interface TargetTenants {
  readonly workspaceId?: string | undefined;
  readonly projectId?: string | undefined;
}

/** One field that changed. */
export interface RecordedChange {
  readonly operation: 'ADD' | 'REPLACE' | 'REMOVE';
  /** JSON Pointer (RFC 6901). */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Global id of what it belongs to, where that is not the target itself. */
  readonly object?: string | undefined;
}

export interface RecordedChanges {
  readonly list: readonly RecordedChange[];
  /** More changed than is told. */
  readonly isCut: boolean;
}

export interface OperationRecord {
  /** UUID. */
  readonly id: string;
  readonly category: OperationCategory;
  /** The mutation or loop, e.g. `scaleWorkload`. */
  readonly action: string;
  readonly status: OperationStatus;
  readonly principalId: string;
  readonly principalName: string;
  /** Whose service token it was. */
  readonly owner: PrincipalName | undefined;
  /** The administrator who acted as the principal. */
  readonly impersonatedBy: PrincipalName | undefined;
  readonly requestId: string;
  /** UUID that the records of one batch share. */
  readonly batchId: string | undefined;
  readonly target: OperationTarget;
  /** Tenants that the target lay in then. */
  readonly tenants: TargetTenants;
  /** What of the target, in a few words: the key of a Secret, the container of a terminal. */
  readonly detail: string | undefined;
  readonly input: unknown;
  readonly idempotencyKey: string | undefined;
  /** Why it failed: a code of the error table (or `OUTCOME_UNKNOWN`) and a message without secrets. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly result: ResultReference | undefined;
  /** What it wrote, the first 200; `writeCount` tells how many there were. */
  readonly writes: readonly RecordedWrite[];
  readonly writeCount: number;
  /** Field by field what changed, bounded, with secrets masked; `areChangesCut` tells where more did. */
  readonly changes: readonly RecordedChange[];
  readonly areChangesCut: boolean;
  readonly steps: readonly OperationStep[];
  /** The loop that carries a long operation on, and the key of its queue. */
  readonly runner: { readonly name: string; readonly key: string } | undefined;
  /** Last sign of life of a session. */
  readonly aliveAt: Date | undefined;
  /** Of a session: what went through it up to then, and how it ended. */
  readonly session: SessionMeasure | undefined;
  readonly createdAt: Date;
  readonly finishedAt: Date | undefined;
}

export interface OperationNews {
  readonly type: 'ADDED' | 'MODIFIED';
  readonly record: OperationRecord;
}

export interface OperationSpec {
  readonly action: string;
  /** Default WRITE. */
  readonly category?: OperationCategory;
  readonly principal: Principal;
  readonly requestId: string;
  readonly batchId?: string | undefined;
  readonly target: OperationTarget;
  /** Tenants that the target says it lies in; what the locator says wins. */
  readonly tenants?: TargetTenants | undefined;
  /** A few words without secrets. */
  readonly detail?: string | undefined;
  /** What was asked, without secrets. More than 8 KiB of JSON is not kept. */
  readonly input?: unknown;
  /** `key` comes from the caller, `inputHash` is a digest of the whole input. */
  readonly idempotency?: { readonly key: string; readonly inputHash: string };
}

export interface OperationOutcome<T> {
  readonly value: T;
  readonly result?: ResultReference | undefined;
  /** What changed; secrets must be masked by now, see `recordedChanges`. */
  readonly changes?: RecordedChanges | undefined;
}

export type OperationRun<T> =
  | { readonly isReplay: false; readonly value: T; readonly record: { readonly id: string } }
  /** The same was done before with the same key; `result` says where its result is. */
  | { readonly isReplay: true; readonly record: OperationRecord; readonly result: ResultReference | undefined };

export interface OperationFilter {
  /** UUIDs; what is none matches nothing. */
  readonly ids?: readonly string[] | undefined;
  readonly categories?: readonly OperationCategory[] | undefined;
  readonly actions?: readonly string[] | undefined;
  /** Ids or names of principals. */
  readonly operators?: readonly string[] | undefined;
  readonly statuses?: readonly OperationStatus[] | undefined;
  /** Begun at or after. */
  readonly from?: Date | undefined;
  /** Begun before. */
  readonly to?: Date | undefined;
  readonly cluster?: string | undefined;
  readonly namespaces?: readonly string[] | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly targetId?: string | undefined;
  /** Targets that lay in this workspace or project then, by UUID. */
  readonly workspaceId?: string | undefined;
  readonly projectId?: string | undefined;
  readonly batchId?: string | undefined;
  readonly requestId?: string | undefined;
  /** The record with this UUID, and those on this target. */
  readonly related?: { readonly id: string; readonly targetId: string } | undefined;
  /** Only what this caller may see: records of these namespaces and tenants, and the caller's own. Undefined sees all. */
  readonly visible?: VisibleOperations | undefined;
}

export interface VisibleOperations {
  readonly namespaces: readonly NamespaceScope[];
  /** `workspace/<uuid>`, `project/<uuid>`. */
  readonly tenants: readonly string[];
  readonly principalId: string;
}

/** The place of a record in the order of time; a page goes on behind it. */
export interface OperationPosition {
  readonly createdAt: Date;
  readonly id: string;
}

export interface OperationPage {
  readonly records: readonly OperationRecord[];
  readonly hasMore: boolean;
}

export interface OperationPageArguments {
  readonly first: number;
  readonly after?: OperationPosition | undefined;
  /** Default newest first. */
  readonly isOldestFirst?: boolean | undefined;
}

/** What went through something that lasts, and how it ended. */
export interface SessionMeasure {
  /** Bytes from the caller. */
  readonly bytesIn: number;
  /** Bytes to the caller. */
  readonly bytesOut: number;
  /** Of a process that has ended by itself. */
  readonly exitCode?: number | undefined;
  /** Why it ended, e.g. `IDLE`; undefined while it is open. */
  readonly endReason?: string | undefined;
}

/** Something that lasts, such as a terminal: recorded from its beginning to its end. */
export interface OperationSession {
  /** UUID of the record. */
  readonly id: string;
  /** Closes the record, once; with `error` as FAILED. Tries for some seconds, then leaves it to the sweeper; never throws. */
  end(error?: unknown): Promise<void>;
}

/** What is known of where a target lies, and of its id once it was made. */
export interface LocatedTarget extends TargetTenants {
  readonly targetId?: string | undefined;
}

/** Says which tenants a target lies in. Answers from memory: it is asked for every record. */
export type TargetLocator = (target: OperationTarget, result: ResultReference | undefined) => LocatedTarget | undefined;

/** Which records: those of workspaces, of a cluster, or of no such cluster and of none at all. */
export type ForgetScope = { readonly before: Date } & (
  | { readonly workspaceIds: readonly string[] }
  | (({ readonly cluster: string } | { readonly notOf: readonly string[] }) & {
      /** But none that lay in one of these. */
      readonly exceptWorkspaceIds?: readonly string[];
    })
);

/** What a settler found out about an operation whose process did not live to close its record. */
export type Settlement =
  | { readonly status: 'SUCCEEDED'; readonly result?: ResultReference | undefined }
  | { readonly status: 'FAILED'; readonly code?: string; readonly message?: string };

/** Operation records: every change that the platform makes stands here before it is made (CORE-18). */
export interface OperationRecords {
  /**
   * Commits a record `PENDING`, runs `work` with its ticket, then closes the record. What `work` throws is thrown on,
   * and stands in the record. Throws `UpstreamError` without running `work` where no record can be written.
   *
   * With an idempotency key the effect happens once in 24 h for the principal and action: a repetition answers a replay; one that
   * comes while the first is under way waits for it, after 30 s it throws `ConflictError`. Other input under the same
   * key throws `ConflictError`. A failed attempt frees its key. Not inside a transaction.
   */
  run<T>(
    spec: OperationSpec,
    work: (ticket: OperationHandle) => Promise<OperationOutcome<T>>,
  ): Promise<OperationRun<T>>;
  /**
   * What the same operation with the same key left within 24 h; undefined where it was not done yet. Asked before anything is
   * loaded: what was deleted by it is not there any more. Waits for an attempt that is under way where that is asked for, at
   * most 30 s. Throws `ConflictError` where the key stands for other input.
   */
  findDone(
    spec: Pick<OperationSpec, 'principal' | 'action' | 'idempotency'>,
    options?: { readonly waitsForAttempt?: boolean },
  ): Promise<OperationRecord | undefined>;
  /** Records an attempt that was refused before anything was done. Best effort: never throws. */
  recordRefusal(spec: OperationSpec, error: unknown): Promise<void>;
  get(id: string): Promise<OperationRecord | undefined>;
  /**
   * Records something that is done at this moment and changes nothing: a secret that is read, a sign-in as another. Resolves once
   * it is committed, so what it tells of happens after it. Those of the same time are written together. Throws
   * `UpstreamError` where no record can be written: then it must not happen.
   */
  record(spec: OperationSpec): Promise<{ readonly id: string }>;
  /**
   * Opens the record of something that lasts: a terminal, a download, an upload. Committed before it answers. While this process lives the
   * record shows a sign of life each minute; one whose process died is closed as INTERRUPTED. Throws `UpstreamError` where no
   * record can be written: then it must not begin. `measure` is asked with each sign of life and at the end.
   */
  openSession(spec: OperationSpec, measure?: () => SessionMeasure): Promise<OperationSession>;
  /** Long operations in steps (CORE-23). */
  readonly steps: OperationSteps;
  /** Where the one plugin that knows tenants says where targets lie. Throws the second time. */
  locateTargets(locator: TargetLocator): void;
  /** In the order of time, newest first unless said otherwise, behind `after`. */
  list(filter: OperationFilter, page: OperationPageArguments): Promise<OperationPage>;
  /** How many there are; undefined where they are more than 100,000. */
  count(filter: OperationFilter): Promise<number | undefined>;
  /**
   * Calls back in the transaction that makes or closes a record, with the record as it then is: what the listener writes is
   * committed with it or not at all, and what it throws fails the transaction.
   */
  onWrite(listener: (news: OperationNews) => Promise<void>): () => void;
  /** Calls back with the id when a record was made or closed, by any replica. */
  onChange(listener: (id: string) => void): () => void;
  /**
   * Hands records that are `PENDING` for more than five minutes to `settle`, which looks at the cluster; at most 100 in one go.
   * Undefined, or a record a day old, means that it cannot be found out: FAILED with `OUTCOME_UNKNOWN`. What `settle` throws
   * leaves the record for the next time. A long operation whose loop is none of `runners`, and that has not moved for an hour, fails with
   * `CAPABILITY_MISSING`: its plugin is gone. Also forgets idempotency keys after their 24 h.
   */
  sweep(
    settle: (record: OperationRecord) => Promise<Settlement | undefined>,
    options?: { readonly signal?: AbortSignal; readonly runners?: ReadonlySet<string> },
  ): Promise<void>;
  /**
   * Forgets closed records that began before `before`.
   * Deletes in batches of at most 1,000 and answers how many went; none that is PENDING ever goes.
   */
  forget(scope: ForgetScope, signal?: AbortSignal): Promise<number>;
}
