import type { InputFieldMap } from '@pothos/core';
import { AnswerError } from '../../kernel/answer-error.ts';
import { type FieldBuilder, type InputFieldBuilder, type LongshoreBuilder, type TypeRef, typeRef } from '../builder.ts';
import { answerOf } from '../errors/answer-of.ts';
import { errorRef } from '../errors/answer-types.ts';
import { operationRecordRef } from '../operation-record-ref.ts';
import type { RequestContext } from '../request-context.ts';
import { registryOf } from '../schema/schema-registry.ts';
import { assertRootFieldAllowed, recordRootField } from './guard-root-field.ts';
import { capitalize } from './mutation/capitalize.ts';
import { commonInputFields } from './mutation/common-input.ts';
import type { BatchSpec, MutationSpec, MutationSuccess } from './mutation/mutation-spec.ts';
import {
  type BatchInput,
  type BatchOutcome,
  type BatchResult,
  maxBatchSize,
  performBatch,
} from './mutation/perform-batch.ts';
import { payloadUnion } from './mutation/register-payload.ts';

/** The batch variant of a mutation: `ids` instead of `id`, and an answer for each of them in their order (CORE-26). */
export function registerBatch<Fields extends InputFieldMap, Target, Value>(
  builder: LongshoreBuilder,
  spec: MutationSpec<Fields, Target, Value>,
  batch: BatchSpec,
  single: TypeRef<MutationSuccess<Value>>,
): void {
  const guard = recordRootField(builder, 'Mutation', batch.name, spec.allow);
  registryOf(builder).mutations.set(batch.name, spec as never);
  const payload = payloadUnion(
    builder,
    batch.name,
    registerSuccess(builder, spec.name, batch, single) as TypeRef<unknown>,
  );
  const input = builder.inputType(`${capitalize(batch.name)}Input`, {
    description: `Input of \`${batch.name}\`.`,
    fields: ((t: InputFieldBuilder) => ({
      ids: t.idList({ required: true, description: `Global ids, 1 to ${maxBatchSize}, none of them twice.` }),
      ...sharedFields(spec, t),
      ...commonInputFields(t, spec as never),
    })) as never,
  });
  builder.mutationField(
    batch.name,
    (t) =>
      t.field({
        type: payload,
        description: `${batch.description} Each is done by itself: what fails leaves the others as they are. The profile of its place may want it done one by one (BATCH_NOT_OFFERED).`,
        args: { input: t.arg({ type: input as never, required: true, description: 'What to do.' }) },
        resolve: async (_root: unknown, args: unknown, context: RequestContext) => {
          assertRootFieldAllowed(guard, `mutation ${batch.name}`, context);
          try {
            return await performBatch(spec, batch, (args as { input: BatchInput }).input, context);
          } catch (error) {
            if (error instanceof AnswerError) return answerOf(error);
            throw error;
          }
        },
      } as never) as never,
  );
}

/** What is said once for all things: the single mutation's input without its `id`. */
function sharedFields<Fields extends InputFieldMap>(
  { name, input }: Pick<MutationSpec<Fields, never, never>, 'name' | 'input'>,
  t: InputFieldBuilder,
): object {
  const { id, ...shared } = input(t) as Fields & { readonly id?: unknown };
  if (id === undefined) throw new Error(`The mutation '${name}' has no batch variant, since its input has no 'id'`);
  return shared;
}

function registerSuccess<Value>(
  builder: LongshoreBuilder,
  mutation: string,
  batch: BatchSpec,
  single: TypeRef<MutationSuccess<Value>>,
): TypeRef<BatchOutcome<Value>> {
  const result = typeRef<BatchResult<Value>>(`${capitalize(batch.name)}Result`);
  builder.objectType(result, {
    description: `What \`${batch.name}\` did to one thing.`,
    fields: ((t: FieldBuilder<BatchResult<Value>>) => ({
      id: t.id({ description: 'Its global id, as it was given.', resolve: (row) => row.id }),
      ok: t.boolean({ description: 'Whether it is done.', resolve: (row) => row.success !== undefined }),
      error: t.field({
        type: errorRef,
        nullable: true,
        description: 'What stood against it; null where it is done.',
        resolve: (row) => (row.error ? answerOf(row.error) : null),
      }),
      success: t.field({
        type: single,
        nullable: true,
        description: `What \`${mutation}\` would have answered; null where it is not done.`,
        resolve: (row) => row.success ?? null,
      }),
    })) as never,
  });
  const success = typeRef<BatchOutcome<Value>>(`${capitalize(batch.name)}Success`);
  builder.objectType(success, {
    description: 'What became of each thing; some or all may have failed.',
    fields: ((t: FieldBuilder<BatchOutcome<Value>>) => ({
      results: t.field({
        type: [result],
        description: 'One for each id, in their order.',
        resolve: (row) => [...row.results],
      }),
      okCount: t.int({
        description: 'How many are done.',
        resolve: ({ results }) => results.filter((row) => row.success).length,
      }),
      failedCount: t.int({
        description: 'How many are not.',
        resolve: ({ results }) => results.filter((row) => row.error).length,
      }),
      operation: t.field({
        type: operationRecordRef,
        nullable: true,
        description:
          'The record of the batch, which each thing’s own record stands beside; null in a dry run, and where nothing could be tried.',
        resolve: (row, _args, context) => (row.operationId ? context.operations.get(row.operationId) : null),
      }),
    })) as never,
  });
  return success;
}
