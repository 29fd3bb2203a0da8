import { answerOf, errorRef, type LongshoreBuilder, named, registerEnum, type TypeRef, typeRef } from 'longshore/sdk';
import { workloadTypeRef } from '../../api.ts';
import type { WorkloadResult } from './do-to-workloads.ts';

export const workloadResultRef: TypeRef<WorkloadResult> = typeRef<WorkloadResult>('ApplicationWorkloadResult');

export function registerWorkloadResult(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ApplicationWorkloadOutcome', 'What became of one workload of an application.', {
    DONE: 'It is done.',
    SKIPPED: 'Its kind, state or profile stood against it, and it is as it was.',
    FAILED: 'It was tried and failed.',
  });
  builder.objectType(workloadResultRef, {
    description: 'What became of one workload of an application.',
    fields: (t) => ({
      workload: t.field({
        type: workloadTypeRef,
        description: 'The workload, after the write where there was one.',
        resolve: ({ workload }) => workload,
      }),
      outcome: t.field({
        type: named('ApplicationWorkloadOutcome'),
        description: 'What became of it.',
        resolve: ({ outcome }) => outcome as never,
      }),
      error: t.field({
        type: errorRef,
        nullable: true,
        description: 'What stood against it; null where it is done.',
        resolve: ({ error }) => (error ? answerOf(error) : null),
      }),
    }),
  });
}
