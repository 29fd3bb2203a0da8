import type { FieldBuilder, MutationSuccess } from 'longshore/sdk';
import { type WorkloadObject, workloadTypeRef } from '../api.ts';

/** The success of a mutation that answers the workload it changed. */
export function workloadSuccess(description: string) {
  return {
    description,
    fields: (t: FieldBuilder<MutationSuccess<WorkloadObject>>) => ({
      workload: t.field({
        type: workloadTypeRef,
        description:
          'The workload as the cluster has it after the write; in a dry run `changes` tells what would differ.',
        resolve: ({ value }) => value,
      }),
    }),
  };
}
