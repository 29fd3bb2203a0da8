import {
  encodeGlobalId,
  isOperationRecord,
  type LongshoreBuilder,
  NotFoundError,
  type OperationRecord,
  operationRecordRef,
  registerMutation,
  resolveNode,
} from 'longshore/sdk';
import { closeTerminalSubject } from '../permissions.ts';

/** Ends a terminal from elsewhere, through whichever replica it is open. */
export function registerCloseTerminal(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'closeTerminal',
    description:
      'Closes an open terminal, your own or as an administrator anybody’s: its client is told with 4410 and its process ends within seconds. Those that are open are the `operationRecords` of the category TERMINAL that are PENDING. One that is over stays as it is.',
    allow: { action: 'CLOSE', subject: closeTerminalSubject },
    input: (t) => ({ id: t.id({ required: true, description: 'Global id of the operation record of the terminal.' }) }),
    load: async ({ id }, context) => {
      const value: unknown = await resolveNode(String(id), context);
      if (!isOperationRecord(value)) throw new NotFoundError('There is no operation record with this id');
      return {
        value,
        instance: { subject: closeTerminalSubject, row: value },
        record: { ...value.target, id: idOf(value), plugin: 'compute', type: 'Terminal' },
      };
    },
    check: (_input, { category }) =>
      category === 'TERMINAL'
        ? []
        : [{ path: ['id'], code: 'not_a_terminal', message: 'id must be that of the operation record of a terminal' }],
    run: async (_input, record, ticket, { services }) => {
      if (!ticket.isDryRun) await services.closeTerminal(record.id);
      return { value: record, resultId: idOf(record) };
    },
    success: {
      description: 'It is being closed.',
      fields: (t) => ({
        terminal: t.field({
          type: operationRecordRef,
          description: 'The record of the terminal; it is closed once the process has ended.',
          resolve: ({ value }) => value,
        }),
      }),
    },
    replay: (node) => (isOperationRecord(node) ? node : null),
  });
}

const idOf = ({ id }: OperationRecord): string =>
  encodeGlobalId({ of: 'row', plugin: 'core', type: 'OperationRecord', key: id });
