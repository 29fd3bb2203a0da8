import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import { AnswerError } from '../../kernel/answer-error.ts';
import type { InputFieldBuilder, LongshoreBuilder } from '../builder.ts';
import { answerOf } from '../errors/answer-of.ts';
import type { RequestContext } from '../request-context.ts';
import { registryOf } from '../schema/schema-registry.ts';
import { assertRootFieldAllowed, recordRootField } from './guard-root-field.ts';
import { capitalize } from './mutation/capitalize.ts';
import { type CommonInput, commonInputFields } from './mutation/common-input.ts';
import type { MutationSpec } from './mutation/mutation-spec.ts';
import { performMutation } from './mutation/perform-mutation.ts';
import { registerPayload } from './mutation/register-payload.ts';
import { registerBatch } from './register-batch.ts';

/**
 * A root field that writes. In this order: rights on the field → input → load → rights on the object → input for that object → confirmation →
 * warnings → record PENDING → the write → record closed → typed payload. A dry run leaves no record, needs no confirmation and no
 * acknowledgement, and tells the warnings.
 */
export function registerMutation<Fields extends InputFieldMap, Target, Value>(
  builder: LongshoreBuilder,
  spec: MutationSpec<Fields, Target, Value>,
): void {
  const guard = recordRootField(builder, 'Mutation', spec.name, spec.allow);
  registryOf(builder).mutations.set(spec.name, spec as never);
  const { success, payload } = registerPayload(builder, spec);
  const { plugin } = registryOf(builder);
  const input = registerInput(builder, spec);
  builder.mutationField(
    spec.name,
    (t) =>
      t.field({
        type: payload,
        description: spec.description,
        args: { input: t.arg({ type: input as never, required: true, description: 'What to do.' }) },
        resolve: async (_root: unknown, args: unknown, context: RequestContext) => {
          const { input: given } = args as { input: InputShapeFromFields<Fields> & CommonInput };
          try {
            assertRootFieldAllowed(guard, `mutation ${spec.name}`, context);
          } catch (error) {
            if (!given.dryRun) await recordRootRefusal(plugin, spec.name, error, context);
            throw error;
          }
          try {
            return await performMutation(spec, given, context);
          } catch (error) {
            if (error instanceof AnswerError) return answerOf(error);
            throw error;
          }
        },
      } as never) as never,
  );
  if (spec.batch) registerBatch(builder, spec, spec.batch, success);
}

/** An attempt that no object was looked at for: the record names the mutation itself. */
function recordRootRefusal(plugin: string, name: string, error: unknown, context: RequestContext): Promise<void> {
  const { principal, requestId } = context;
  const target = { plugin, type: 'Mutation', id: name, name };
  return context.operations.recordRefusal({ action: name, principal, requestId, target }, error);
}

function registerInput<Fields extends InputFieldMap, Target, Value>(
  builder: LongshoreBuilder,
  spec: MutationSpec<Fields, Target, Value>,
): unknown {
  return builder.inputType(`${capitalize(spec.name)}Input`, {
    description: `Input of \`${spec.name}\`.`,
    fields: ((t: InputFieldBuilder) => ({
      ...spec.input(t),
      ...commonInputFields(t, spec as never),
    })) as never,
  });
}
