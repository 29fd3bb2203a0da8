import type { Instance } from '../../access/subject-facts.ts';
import type { FieldBuilder } from '../builder.ts';
import type { RequestContext } from '../request-context.ts';

/**
 * The field `viewerCan(action:)` of a type, answered by the evaluator that guards mutations, so that a console hides what
 * would be refused (CORE-09). Every type with a global id has it; the host refuses one without.
 */
export function viewerCanField<T>(
  t: FieldBuilder<T>,
  instanceOf: (value: T, context: RequestContext) => Instance,
): { readonly viewerCan: ReturnType<FieldBuilder<T>['boolean']> } {
  return {
    viewerCan: t.boolean({
      description: 'Whether you may do this to it, by the same rules that guard the mutation.',
      args: { action: t.arg({ type: 'Action' as never, required: true, description: 'What to do to it.' }) } as never,
      resolve: ((value: T, { action }: { action: string }, context: RequestContext) =>
        context.access.allowed(action, instanceOf(value, context))) as never,
    }),
  };
}
