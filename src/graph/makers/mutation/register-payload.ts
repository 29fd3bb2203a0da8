import type { InputFieldMap } from '@pothos/core';
import { type FieldBuilder, type LongshoreBuilder, type TypeRef, typeRef } from '../../builder.ts';
import { fieldChangeRef } from '../../changes/change-types.ts';
import type { Answer } from '../../errors/answer-of.ts';
import { answerErrorRefs, fieldOwnerRef } from '../../errors/answer-types.ts';
import { warningRef } from '../../errors/warning-type.ts';
import { operationRecordRef } from '../../operation-record-ref.ts';
import { capitalize } from './capitalize.ts';
import type { MutationSpec, MutationSuccess } from './mutation-spec.ts';

/** The success type with what every success has, and its union with the nine errors. */
export function registerPayload<Fields extends InputFieldMap, Target, Value>(
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
          'Field by field what changed, or in a dry run would change; an answer that repeats an earlier one has it from the record, with secrets masked.',
        resolve: (result) => result.changes,
      }),
      conflicts: t.field({
        type: [fieldOwnerRef],
        description:
          'Whose fields it would take over, in a dry run: those that other field managers own and that would change. Empty otherwise, but where the mutation has `force` and took some.',
        resolve: (result) => [...result.conflicts],
      }),
      warnings: t.stringList({
        description: "What to know about it, in words: the cluster's own warnings, and those that were acknowledged.",
        resolve: (result) => [...result.warnings],
      }),
      ...(spec.warn
        ? {
            raisedWarnings: t.field({
              type: [warningRef],
              description:
                'The warnings that were acknowledged, or in a dry run would have to be; empty where the answer repeats an earlier one.',
              resolve: (result) => [...result.raised],
            }),
          }
        : {}),
      operation: t.field({
        type: operationRecordRef,
        nullable: true,
        description: 'The record of this operation; null in a dry run.',
        resolve: (result, _args, context) => (result.operationId ? context.operations.get(result.operationId) : null),
      }),
    })) as never,
  });
  return { success, payload: payloadUnion(builder, spec.name, success as TypeRef<unknown>) };
}

/** A success and the nine errors. What is a success says so by `successOf`. */
export function payloadUnion(builder: LongshoreBuilder, mutation: string, success: TypeRef<unknown>) {
  const name = capitalize(mutation);
  return builder.unionType(`${name}Payload`, {
    description: `Answer of \`${mutation}\`: the success, or what stood against it.`,
    types: [success, ...answerErrorRefs] as never,
    resolveType: ((value: { readonly successOf: string } | Answer) =>
      'successOf' in value ? `${name}Success` : value.name) as never,
  });
}
