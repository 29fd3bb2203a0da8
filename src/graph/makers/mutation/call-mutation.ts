import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import type { RequestContext } from '../../request-context.ts';
import type { RootField } from '../../schema/schema-registry.ts';
import { assertRootFieldAllowed } from '../guard-root-field.ts';
import type { CommonInput } from './common-input.ts';
import type { MutationSpec, MutationSuccess } from './mutation-spec.ts';
import { performMutation } from './perform-mutation.ts';

/**
 * Does what a mutation does, for a loop that carries out what somebody wants and has no request (`environment.contextFor`): as the
 * context's caller, with rights, checks, warnings and record as `registerMutation` promises them. The input is not coerced: give it as its
 * fields' types say. Throws answer errors, and `RequestError` FORBIDDEN where the caller may never do such a thing.
 */
export async function callMutation<Value>(
  name: string,
  input: object,
  context: RequestContext,
): Promise<MutationSuccess<Value>> {
  const { mutations, rootFields } = context.services.registry;
  const spec = mutations.get(name) as MutationSpec<InputFieldMap, unknown, Value> | undefined;
  const field = rootFields.get(`Mutation.${name}`);
  if (!spec || !field) throw new Error(`There is no mutation '${name}'`);
  return performGuarded(spec, field, { dryRun: false, ...input } as never, context);
}

/** Rights on the root field, and what comes behind them. An attempt that they refuse is recorded. */
export async function performGuarded<Fields extends InputFieldMap, Target, Value>(
  spec: MutationSpec<Fields, Target, Value>,
  { plugin, guard }: Pick<RootField, 'plugin' | 'guard'>,
  input: InputShapeFromFields<Fields> & CommonInput,
  context: RequestContext,
): Promise<MutationSuccess<Value>> {
  try {
    assertRootFieldAllowed(guard, `mutation ${spec.name}`, context);
  } catch (error) {
    if (!input.dryRun) await recordRootRefusal(plugin, spec.name, error, context);
    throw error;
  }
  return performMutation(spec, input, context);
}

/** An attempt that no object was looked at for: the record names the mutation itself. */
function recordRootRefusal(plugin: string, name: string, error: unknown, context: RequestContext): Promise<void> {
  const { principal, requestId } = context;
  const target = { plugin, type: 'Mutation', id: name, name };
  return context.operations.recordRefusal({ action: name, principal, requestId, target }, error);
}
