import type { KubeObject } from '../../kube/kube-object.ts';
import type { FieldBuilder, TypeRef } from '../builder.ts';
import type { MutationSuccess } from '../makers/mutation/mutation-spec.ts';

/** The success of a mutation that answers the one object it made or changed, under `field`. */
export function objectSuccess<T>(
  description: string,
  field: string,
  ref: TypeRef<KubeObject<T>>,
): { readonly description: string; readonly fields: (t: FieldBuilder<MutationSuccess<KubeObject<T>>>) => object } {
  return {
    description,
    fields: (t: FieldBuilder<MutationSuccess<KubeObject<T>>>) => ({
      [field]: t.field({
        type: ref,
        description: 'The object as the cluster has it after the write; in a dry run as it would be.',
        resolve: ({ value }) => value as never,
      }),
    }),
  };
}
