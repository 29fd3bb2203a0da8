import {
  ForbiddenError,
  isOperationRecord,
  type LongshoreBuilder,
  mayCarryOn,
  NotFoundError,
  type OperationRecord,
  operationRecordRef,
  registerMutation,
} from 'longshore/sdk';
import { operationSubject } from '../services/operation/visible-operations.ts';
import { findRecord, idOfRecord } from './operation-access.ts';

/** What one can do about a failed step of a long operation (CORE-23). */
export function registerOperationStepMutations(builder: LongshoreBuilder): void {
  registerDecision(builder, 'retry', {
    name: 'retryOperationStep',
    description:
      'Does a failed step of a long operation again, and what follows it. Needs the right to what the operation does. Refused with STEP_NOT_FAILED where the step has not failed.',
    success: 'The step is done again; follow it by `operationRecordChanges`.',
  });
  registerDecision(builder, 'ignore', {
    name: 'ignoreOperationStep',
    description:
      'Goes on with a long operation as if its failed step had been done. Needs the right to what the operation does. Refused with STEP_NOT_FAILED where the step has not failed.',
    success: 'The operation goes on; follow it by `operationRecordChanges`.',
  });
}

function registerDecision(
  builder: LongshoreBuilder,
  decision: 'retry' | 'ignore',
  words: { readonly name: string; readonly description: string; readonly success: string },
): void {
  registerMutation(builder, {
    name: words.name,
    description: words.description,
    allow: { action: 'UPDATE', subject: operationSubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the operation record.' }),
      step: t.string({ required: true, description: 'Name of the step.' }),
    }),
    load: async ({ id }, context) => {
      const record = await findRecord(String(id), context);
      if (!record) throw new NotFoundError('There is no operation record with this id');
      const { cluster, namespace } = record.target;
      return {
        value: record,
        instance: { subject: operationSubject, row: record },
        record: {
          plugin: 'core',
          type: 'OperationRecord',
          id: String(id),
          cluster,
          namespace,
          kind: 'OperationRecord',
          name: record.action,
        },
      };
    },
    check: ({ step }, { steps }) => {
      if (steps.some(({ name }) => name === step)) return [];
      const known = steps.length === 0 ? 'it has none' : `it has ${steps.map(({ name }) => name).join(', ')}`;
      return [{ path: ['step'], code: 'unknown_step', message: `step must be one of the operation's steps; ${known}` }];
    },
    run: async ({ step }, record, { isDryRun }, context) => {
      if (!mayCarryOn(record, context.access, context.services.registry)) {
        throw new ForbiddenError(`You may not go on with '${record.action}' there.`);
      }
      const value = await context.operations.steps.decide(record.id, step, decision, {
        by: context.principal,
        isDryRun,
      });
      return { value, resultId: idOfRecord(record.id), before: { steps: record.steps }, after: { steps: value.steps } };
    },
    replay: (node) => (isOperationRecord(node) ? node : null),
    success: {
      description: words.success,
      fields: (t) => ({
        record: t.field({
          type: operationRecordRef,
          description: 'The record of the long operation, as it is now.',
          resolve: ({ value }) => value as OperationRecord,
        }),
      }),
    },
  });
}
