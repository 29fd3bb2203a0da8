import type { NamespaceScope, Principal, PrincipalName } from '../kernel/principal.ts';
import type { OperationHandle, RecordedWrite } from './operation-handle.ts';

/** `REFUSED`: the caller was not allowed to, and nothing was done. */
export const operationStatuses = ['PENDING', 'SUCCEEDED', 'FAILED', 'REFUSED'] as const;
export type OperationStatus = (typeof operationStatuses)[number];

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

/** One step of a long operation (CORE-23). */
export interface OperationStep {
  readonly name: string;
  readonly status: 'NOT_EXECUTED' | 'RUNNING' | 'SUCCESS' | 'ERROR';
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly error: string | null;
}

export interface OperationRecord {
  /** UUID. */
  readonly id: string;
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
  readonly target: OperationTarget;
  readonly input: unknown;
  readonly idempotencyKey: string | undefined;
  /** Why it failed: a code of the error table (or `OUTCOME_UNKNOWN`) and a message without secrets. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly result: ResultReference | undefined;
  /** What it wrote, the first 200; `writeCount` tells how many there were. */
  readonly writes: readonly RecordedWrite[];
  readonly writeCount: number;
  readonly steps: readonly OperationStep[];
  readonly createdAt: Date;
  readonly finishedAt: Date | undefined;
}

export interface OperationNews {
  readonly type: 'ADDED' | 'MODIFIED';
  readonly record: OperationRecord;
}

export interface OperationSpec {
  readonly action: string;
  readonly principal: Principal;
  readonly requestId: string;
  readonly target: OperationTarget;
  /** What was asked, without secrets. More than 8 KiB of JSON is not kept. */
  readonly input?: unknown;
  /** `key` comes from the caller, `inputHash` is a digest of the whole input. */
  readonly idempotency?: { readonly key: string; readonly inputHash: string };
}

export interface OperationOutcome<T> {
  readonly value: T;
  readonly result?: ResultReference | undefined;
}

export type OperationRun<T> =
  | { readonly isReplay: false; readonly value: T; readonly record: { readonly id: string } }
  /** The same was done before with the same key; `result` says where its result is. */
  | { readonly isReplay: true; readonly record: OperationRecord; readonly result: ResultReference | undefined };

export interface OperationFilter {
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
  /** Only what this caller may see: records of these namespaces, and the caller's own. Undefined sees all. */
  readonly visible?: { readonly namespaces: readonly NamespaceScope[]; readonly principalId: string } | undefined;
}

/** The place of a record in the order newest first; a page goes on behind it. */
export interface OperationPosition {
  readonly createdAt: Date;
  readonly id: string;
}

export interface OperationPage {
  readonly records: readonly OperationRecord[];
  readonly hasMore: boolean;
}

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
   * What the same operation with the same key and input left within 24 h; undefined where it was not done yet. Asked before
   * anything is loaded: what was deleted by it is not there any more.
   */
  findDone(spec: Pick<OperationSpec, 'principal' | 'action' | 'idempotency'>): Promise<OperationRecord | undefined>;
  /** Records an attempt that was refused before anything was done. Best effort: never throws. */
  recordRefusal(spec: OperationSpec, error: unknown): Promise<void>;
  get(id: string): Promise<OperationRecord | undefined>;
  /** Newest first, behind `after`. */
  list(
    filter: OperationFilter,
    page: { readonly first: number; readonly after?: OperationPosition | undefined },
  ): Promise<OperationPage>;
  count(filter: OperationFilter): Promise<number>;
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
   * leaves the record for the next time. Also forgets idempotency keys after their 24 h.
   */
  sweep(settle: (record: OperationRecord) => Promise<Settlement | undefined>, signal?: AbortSignal): Promise<void>;
}
