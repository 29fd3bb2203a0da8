import type { Deleted, FieldBuilder, MutationSuccess } from 'longshore/sdk';
import { type PodObject, podTypeRef } from '../api.ts';

/** The success of a mutation that ends a pod. */
export function podGone(description: string) {
  return {
    description,
    fields: (t: FieldBuilder<MutationSuccess<Deleted<PodObject>>>) => ({
      id: t.id({ description: "The pod's global id.", resolve: ({ value }) => value.id }),
      pod: t.field({
        type: podTypeRef,
        nullable: true,
        description: 'The pod while it is still there, its processes ending; null once it is gone.',
        resolve: ({ value }) => value.object ?? null,
      }),
    }),
  };
}
