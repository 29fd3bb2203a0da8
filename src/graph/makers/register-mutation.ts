import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import type { Instance } from '../../access/subject-facts.ts';
import { dryRunTicket, type OperationHandle } from '../../audit/operation-handle.ts';
import type { OperationRecord, OperationTarget } from '../../audit/operation-records.ts';
import { AnswerError, ForbiddenError, ValidationError, type ValidationIssue } from '../../kernel/answer-error.ts';
import type { MaybePromise } from '../../kube/cluster-reader.ts';
import { type FieldBuilder, type InputFieldBuilder, type LongshoreBuilder, typeRef } from '../builder.ts';
import { fieldChangeRef } from '../changes/change-types.ts';
import { diffFields } from '../changes/diff-fields.ts';
import { type Answer, answerOf } from '../errors/answer-of.ts';
import { answerErrorRefs } from '../errors/answer-types.ts';
import { resolveNode } from '../nodes/resolve-nodes.ts';
import { operationRecordRef } from '../operation-record-ref.ts';
import type { RequestContext } from '../request-context.ts';
import { type Allow, assertRootFieldAllowed, recordRootField } from './guard-root-field.ts';
import { hashInput } from './hash-input.ts';

/** What every mutation's input carries besides its own fields. */
export interface CommonInput {
  readonly dryRun: boolean;
  readonly idempotencyKey?: string | null | undefined;
  readonly confirm?: string | null | undefined;
}

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

/**
 * A root field that writes. In this order: rights on the field → input → load → rights on the object → input for that object → confirmation →
 * record PENDING → the write → record closed → typed payload. A dry run leaves no record.
 */
export function registerMutation<Fields extends InputFieldMap, Target, Value>(
  builder: LongshoreBuilder,
  spec: MutationSpec<Fields, Target, Value>,
): void {
  const guard = recordRootField(builder, 'Mutation', spec.name, spec.allow);
  const payload = registerPayload(builder, spec);
  const input = registerInput(builder, spec);
  builder.mutationField(
    spec.name,
    (t) =>
      t.field({
        type: payload,
        description: spec.description,
        args: { input: t.arg({ type: input as never, required: true, description: 'What to do.' }) },
        resolve: async (_root: unknown, args: unknown, context: RequestContext) => {
          assertRootFieldAllowed(guard, `mutation ${spec.name}`, context);
          const { input: given } = args as { input: InputShapeFromFields<Fields> & CommonInput };
          try {
            return await perform(spec, given, context);
          } catch (error) {
            if (error instanceof AnswerError) return answerOf(error);
            throw error;
          }
        },
      } as never) as never,
  );
}

async function perform<Fields extends InputFieldMap, Target, Value>(
  spec: MutationSpec<Fields, Target, Value>,
  input: InputShapeFromFields<Fields> & CommonInput,
  context: RequestContext,
): Promise<MutationSuccess<Value>> {
  const issues = [...checkCommonInput(input), ...(spec.validate?.(input) ?? [])];
  if (issues.length > 0) throw new ValidationError(issues);
  const key = input.idempotencyKey ?? undefined;
  const idempotency = key === undefined || input.dryRun ? undefined : { key, inputHash: hashInput(input) };
  // Before anything is loaded: what this deleted the first time is not there any more.
  const done = idempotency && (await context.operations.findDone({ ...who(spec, context), idempotency }));
  if (done) return replay(spec, done, context);

  const target = await spec.load(input, context);
  const operation = { ...who(spec, context), requestId: context.requestId, target: target.record };
  try {
    context.access.requireAllowed(spec.allow.action, target.instance);
  } catch (error) {
    // An attempt that was refused is part of the record, except where saying so would say that the thing exists.
    if (error instanceof ForbiddenError && !input.dryRun) await context.operations.recordRefusal(operation, error);
    throw error;
  }
  const misfits = spec.check?.(input, target.value, context) ?? [];
  if (misfits.length > 0) throw new ValidationError(misfits);
  if (spec.mustConfirm) checkConfirmation(input.confirm, target.confirmWith);
  if (input.dryRun) return toSuccess(spec.name, await spec.run(input, target.value, dryRunTicket, context), undefined);

  const ran = await context.operations.run(
    { ...operation, ...(idempotency ? { idempotency } : {}) },
    async (ticket) => {
      const outcome = await spec.run(input, target.value, ticket, context);
      return { value: outcome, result: { type: spec.name, id: outcome.resultId } };
    },
  );
  return ran.isReplay ? replay(spec, ran.record, context) : toSuccess(spec.name, ran.value, ran.record.id);
}

const who = (spec: { readonly name: string }, context: RequestContext) => ({
  action: spec.name,
  principal: context.principal,
});

/** Answers again what was done before: the result is looked up as this caller may see it now. */
async function replay<Fields extends InputFieldMap, Target, Value>(
  spec: MutationSpec<Fields, Target, Value>,
  record: OperationRecord,
  context: RequestContext,
): Promise<MutationSuccess<Value>> {
  const value = await spec.replay(record.result ? await resolveNode(record.result.id, context) : null, context);
  if (value === null) {
    throw new ValidationError([
      {
        path: ['idempotencyKey'],
        code: 'result_gone',
        message: 'This was done before with the same key, but its result is no longer there',
      },
    ]);
  }
  return { successOf: spec.name, value, changes: [], warnings: [], operationId: record.id };
}

function toSuccess<Value>(
  name: string,
  outcome: MutationOutcome<Value>,
  operationId: string | undefined,
): MutationSuccess<Value> {
  const hasObject = 'before' in outcome || 'after' in outcome;
  return {
    successOf: name,
    value: outcome.value,
    changes: hasObject ? diffFields(outcome.before, outcome.after) : [],
    warnings: outcome.warnings ?? [],
    operationId,
  };
}

const idempotencyKeyPattern = /^[\x21-\x7e]{1,128}$/;

function checkCommonInput(input: CommonInput): ValidationIssue[] {
  const key = input.idempotencyKey;
  if (key === null || key === undefined || idempotencyKeyPattern.test(key)) return [];
  return [
    {
      path: ['idempotencyKey'],
      code: 'invalid_idempotency_key',
      message: 'idempotencyKey must be 1 to 128 printable ASCII characters without spaces',
    },
  ];
}

function checkConfirmation(given: string | null | undefined, expected: string | undefined): void {
  if (expected !== undefined && given === expected) return;
  throw new ValidationError([
    { path: ['confirm'], code: 'confirmation_mismatch', message: `confirm must be ${JSON.stringify(expected ?? '')}` },
  ]);
}

function registerInput<Fields extends InputFieldMap, Target, Value>(
  builder: LongshoreBuilder,
  spec: MutationSpec<Fields, Target, Value>,
): unknown {
  return builder.inputType(`${capitalize(spec.name)}Input`, {
    description: `Input of \`${spec.name}\`.`,
    fields: ((t: InputFieldBuilder) => ({
      ...spec.input(t),
      ...(spec.mustConfirm
        ? { confirm: t.string({ required: true, description: 'The name of what it concerns, typed again.' }) }
        : {}),
      dryRun: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Check everything and ask the cluster, but change nothing and leave no record.',
      }),
      idempotencyKey: t.string({
        description:
          'The same key with the same input within 24 hours does it once and answers the same; with other input it is a conflict.',
      }),
    })) as never,
  });
}

function registerPayload<Fields extends InputFieldMap, Target, Value>(
  builder: LongshoreBuilder,
  spec: MutationSpec<Fields, Target, Value>,
) {
  const name = capitalize(spec.name);
  const success = typeRef<MutationSuccess<Value>>(`${name}Success`);
  builder.objectType(success, {
    description: spec.success.description,
    fields: ((t: FieldBuilder<MutationSuccess<Value>>) => ({
      ...spec.success.fields(t),
      changes: t.field({
        type: [fieldChangeRef],
        description:
          'Field by field what changed, or in a dry run would change; empty where the answer repeats an earlier one.',
        resolve: (result) => result.changes,
      }),
      warnings: t.stringList({
        description: "The cluster's warnings in its words.",
        resolve: (result) => [...result.warnings],
      }),
      operation: t.field({
        type: operationRecordRef,
        nullable: true,
        description: 'The record of this operation; null in a dry run.',
        resolve: (result, _args, context) => (result.operationId ? context.operations.get(result.operationId) : null),
      }),
    })) as never,
  });
  return builder.unionType(`${name}Payload`, {
    description: `Answer of \`${spec.name}\`: the success, or what stood against it.`,
    types: [success, ...answerErrorRefs] as never,
    resolveType: ((value: MutationSuccess<Value> | Answer) =>
      'successOf' in value ? `${name}Success` : value.name) as never,
  });
}

const capitalize = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
