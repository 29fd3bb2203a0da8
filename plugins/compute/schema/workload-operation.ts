import { allMaybe, type LongshoreBuilder, mapMaybe, named, registerEnum, typeRef } from 'longshore/sdk';
import { workloadTypeRef } from '../api.ts';
import type { Obstacle } from '../services/operations/decide-operation.ts';
import { obstacleTo } from '../services/operations/require-operation.ts';
import {
  type WorkloadOperation,
  type WorkloadOperationRow,
  workloadOperationNames,
  workloadOperations,
} from '../services/operations/workload-operations.ts';

interface OperationState {
  readonly operation: WorkloadOperation;
  readonly viewerCan: boolean;
  readonly obstacle: Obstacle | undefined;
}

const operationStateRef = typeRef<OperationState>('WorkloadOperationState');

/** What a console offers for a workload now, and why not the rest (CMP-71): by the table that the mutations obey. */
export function registerWorkloadOperation(builder: LongshoreBuilder): void {
  const descriptions = Object.entries(workloadOperations).map(([name, { description }]) => [name, description]);
  registerEnum(
    builder,
    'WorkloadOperation',
    'What can be done to a workload (CMP-71).',
    Object.fromEntries(descriptions),
  );
  builder.objectType(operationStateRef, {
    description: 'Whether something can be done to a workload now.',
    fields: (t) => ({
      operation: t.field({
        type: named('WorkloadOperation'),
        description: 'What would be done.',
        resolve: ({ operation }) => operation as never,
      }),
      isAllowed: t.boolean({
        description:
          'Whether you may do it, and it can be done now. What depends on the input, such as the number of pods, is only known then.',
        resolve: ({ viewerCan, obstacle }) => viewerCan && obstacle === undefined,
      }),
      viewerCan: t.exposeBoolean('viewerCan', { description: 'Whether you have the right to it.' }),
      reason: t.field({
        type: named('PreconditionReason'),
        nullable: true,
        description: 'What stands against it now, rights apart, as the mutation would say; null where nothing does.',
        resolve: ({ obstacle }) => (obstacle?.reason ?? null) as never,
      }),
      message: t.string({
        nullable: true,
        description: 'The same in a sentence.',
        resolve: ({ obstacle }) => obstacle?.message ?? null,
      }),
    }),
  });
  builder.interfaceField(workloadTypeRef, 'operationStates', (t) =>
    t.field({
      type: [operationStateRef],
      description:
        'What can be done to it now, by its kind and state, the profile of its place and your rights; by the rules that refuse the mutations (CMP-71).',
      args: {
        only: t.arg({ type: [named('WorkloadOperation')], description: 'Only these; all of them without it.' }),
      },
      resolve: (workload, { only }, context) => {
        const asked = (only as readonly WorkloadOperation[] | null | undefined) ?? workloadOperationNames;
        const states = [...new Set(asked)].map((operation) => {
          const { action }: WorkloadOperationRow = workloadOperations[operation];
          const viewerCan = context.access.allowed(action, workload as never);
          return mapMaybe(
            obstacleTo(operation, workload, context),
            (obstacle): OperationState => ({ operation, viewerCan, obstacle }),
          );
        });
        return allMaybe(states) as never;
      },
    }),
  );
}
