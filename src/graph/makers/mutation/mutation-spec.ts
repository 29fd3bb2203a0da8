import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import type { Instance } from '../../../access/subject-facts.ts';
import type { OperationHandle } from '../../../audit/operation-handle.ts';
import type { OperationTarget } from '../../../audit/operation-records.ts';
import type { FieldOwner, RaisedWarning, ValidationIssue } from '../../../kernel/answer-error.ts';
import type { ProfilePlace } from '../../../kernel/profiles/profiles.ts';
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
  /** What `confirm` must say where the profile has no phrase; the name in `record` unless said otherwise. */
  readonly confirmWith?: string;
  /** Whose profile holds; the cluster and namespace in `record` unless said otherwise. */
  readonly place?: ProfilePlace;
  /** What profiles call it, e.g. `NAT_GATEWAY`; its type in the schema, or its kind, written so unless said otherwise. */
  readonly thing?: string;
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
  /** Fields of other field managers that it took, where its writes do not tell by themselves. */
  readonly conflicts?: readonly FieldOwner[];
}

/** The variant of a mutation for several things at once. */
export interface BatchSpec {
  /** In the plural: `scaleWorkloads`. */
  readonly name: string;
  readonly description: string;
  /** What profiles call it, behind the thing: with `START` it is APPLICATION_START. The mutation's action unless said otherwise. */
  readonly verb?: string;
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
  /**
   * Adds `confirm: String` to the input (CORE-24). `true`: the phrase of the place's profile must be typed, or the target's name
   * where it has none for such a thing. `'BY_PROFILE'`: the phrase where the profile has one for such a thing; otherwise a
   * plain yes is enough, and nothing is asked (CORE-25).
   */
  readonly mustConfirm?: boolean | 'BY_PROFILE';
  /** What a dialog says beside the names; "What is deleted cannot be restored." unless said otherwise. */
  readonly consequence?: string;
  /** The input that stands for an id where it has no `id` of its own, so that `confirmation` can ask by id; undefined for other ids. */
  readonly inputOf?: (id: string) => object | undefined;
  /** Adds `acknowledge: [WarningCode!]` to the input: what is found and not acknowledged refuses. Asked of who may act on it. */
  readonly warn?: {
    /** What it may find: members of `WarningCode`, which plugins add to in their manifest's `warnings`. */
    readonly codes: readonly string[];
    readonly find: (
      input: InputShapeFromFields<Fields>,
      target: Target,
      context: RequestContext,
    ) => MaybePromise<readonly RaisedWarning[]>;
  };
  /** Adds a root field that does it to up to 100 things, where its input has an `id`; see `performBatch`. */
  readonly batch?: BatchSpec;
  /** Everything that is wrong with the input by itself. */
  readonly validate?: (input: InputShapeFromFields<Fields>) => readonly ValidationIssue[];
  /** What is wrong with the input for this very target: what the profile of its place forbids. Asked of who may act on it. */
  readonly check?: (
    input: InputShapeFromFields<Fields>,
    target: Target,
    context: RequestContext,
  ) => MaybePromise<readonly ValidationIssue[]>;
  /** Loads what it acts on, as this caller sees it; throws `NotFoundError` for what is not there for this caller. */
  readonly load: (input: InputShapeFromFields<Fields>, context: RequestContext) => MaybePromise<MutationTarget<Target>>;
  /** Does it: one cluster write or one transaction, with the ticket of the open record. Throws answer errors. */
  readonly run: (
    input: InputShapeFromFields<Fields> & CommonInput,
    target: Target,
    ticket: OperationHandle,
    context: RequestContext,
  ) => Promise<MutationOutcome<Value>>;
  /** The value again for a repeated call, from the node behind `resultId` (null where it is gone by now) and the same input. */
  readonly replay: (
    node: unknown,
    context: RequestContext,
    input: InputShapeFromFields<Fields>,
  ) => MaybePromise<Value | null>;
}

/** What the success type's own fields resolve from. */
export interface MutationSuccess<Value> {
  readonly successOf: string;
  readonly value: Value;
  readonly changes: ReturnType<typeof diffFields>;
  /** In words: the cluster's, and those that were acknowledged or, in a dry run, would have to be. */
  readonly warnings: readonly string[];
  readonly raised: readonly RaisedWarning[];
  readonly conflicts: readonly FieldOwner[];
  readonly operationId: string | undefined;
}
