import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import { AnswerError } from '../../kernel/answer-error.ts';
import type { InputFieldBuilder, LongshoreBuilder } from '../builder.ts';
import { answerOf } from '../errors/answer-of.ts';
import type { RequestContext } from '../request-context.ts';
import { registryOf } from '../schema/schema-registry.ts';
import { recordRootField } from './guard-root-field.ts';
import { performGuarded } from './mutation/call-mutation.ts';
import { capitalize } from './mutation/capitalize.ts';
import { type CommonInput, commonInputFields } from './mutation/common-input.ts';
import type { MutationSpec } from './mutation/mutation-spec.ts';
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
            return await performGuarded(spec, { plugin, guard }, given, context);
          } catch (error) {
            if (error instanceof AnswerError) return answerOf(error);
            throw error;
          }
        },
      } as never) as never,
  );
  if (spec.batch) registerBatch(builder, spec, spec.batch, success);
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
