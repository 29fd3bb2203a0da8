import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import type { Instance } from '../../../access/subject-facts.ts';
import type { OperationHandle } from '../../../audit/operation-handle.ts';
import type { OperationTarget } from '../../../audit/operation-records.ts';
import type { ValidationIssue } from '../../../kernel/answer-error.ts';
import type { MaybePromise } from '../../../kube/cluster-reader.ts';
import type { FieldBuilder, InputFieldBuilder } from '../../builder.ts';
import type { diffFields } from '../../changes/diff-fields.ts';
import type { ChangedThing } from '../../changes/recorded-changes.ts';
import type { RequestContext } from '../../request-context.ts';
import type { Allow } from '../guard-root-field.ts';
import type { CommonInput } from './common-input.ts';

/** What a mutation acts on: what rights are asked about, and what the record names. */
export interface MutationTarget<T> {
  readonly value: T;
  /** A cluster object or row, or `{ subject, cluster, namespace }` for what does not exist yet. */
  readonly instance: Instance;
  readonly record: OperationTarget;
  /** What `confirm` must say, where the mutation asks for it: usually the object's name. */
  readonly confirmWith?: string;
}

export interface MutationOutcome<Value> {
  readonly value: Value;
  /** What a repeated call with the same idempotency key resolves again: a global id, never bytes. */
  readonly resultId: string;
  /** The object before and after, from which the answer tells what changed; undefined sides mean absent. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** What the operation record keeps as changed, where that is more than `before` and `after`: several objects, one that is deleted. */
  readonly recorded?: readonly ChangedThing[];
  /** In words, e.g. the API server's `Warning` headers. */
  readonly warnings?: readonly string[];
}

export interface MutationSpec<Fields extends InputFieldMap, Target, Value> {
  /** Verb first, e.g. `scaleWorkload`. */
  readonly name: string;
  readonly description: string;
  readonly allow: Exclude<Allow, { readonly public: string }>;
  readonly input: (t: InputFieldBuilder) => Fields;
  readonly success: {
    readonly description: string;
    readonly fields: (t: FieldBuilder<MutationSuccess<Value>>) => object;
  };
  /** Adds `confirm: String!` to the input; the target says what it must be. */
  readonly mustConfirm?: boolean;
  /** Everything that is wrong with the input by itself. */
  readonly validate?: (input: InputShapeFromFields<Fields>) => readonly ValidationIssue[];
  /** What is wrong with the input for this very target: what the profile of its place forbids. Asked of who may act on it. */
  readonly check?: (
    input: InputShapeFromFields<Fields>,
    target: Target,
    context: RequestContext,
  ) => readonly ValidationIssue[];
  /** Loads what it acts on, as this caller sees it; throws `NotFoundError` for what is not there for this caller. */
  readonly load: (input: InputShapeFromFields<Fields>, context: RequestContext) => MaybePromise<MutationTarget<Target>>;
  /** Does it: one cluster write or one transaction, with the ticket of the open record. Throws answer errors. */
  readonly run: (
    input: InputShapeFromFields<Fields> & CommonInput,
    target: Target,
    ticket: OperationHandle,
    context: RequestContext,
  ) => Promise<MutationOutcome<Value>>;
  /** The value again for a repeated call, from the node behind `resultId` (null where it is gone by now). */
  readonly replay: (node: unknown, context: RequestContext) => MaybePromise<Value | null>;
}

/** What the success type's own fields resolve from. */
export interface MutationSuccess<Value> {
  readonly successOf: string;
  readonly value: Value;
  readonly changes: ReturnType<typeof diffFields>;
  readonly warnings: readonly string[];
  readonly operationId: string | undefined;
}
