import { describe, expect, it } from 'vitest';
import type { ApplicationState } from '../../api.ts';
import { type ApplicationOperation, decideApplicationOperation } from './decide-application-operation.ts';

const states: readonly ApplicationState[] = ['NO_WORKLOAD', 'RUNNING', 'STOPPED', 'NOT_READY', 'PROCESSING'];

/** What stands against each operation, in the order of the states; `-` for nothing. */
const table: Readonly<Record<ApplicationOperation, readonly string[]>> = {
  START: ['APPLICATION_EMPTY', 'APPLICATION_NOT_STOPPED', '-', 'APPLICATION_NOT_STOPPED', 'APPLICATION_NOT_STOPPED'],
  STOP: ['APPLICATION_EMPTY', '-', 'APPLICATION_STOPPED', '-', '-'],
  REDEPLOY: ['APPLICATION_EMPTY', '-', 'APPLICATION_STOPPED', '-', '-'],
};
const cells = (Object.keys(table) as ApplicationOperation[]).flatMap((operation) =>
  states.map((state, index) => ({ operation, state, reason: table[operation][index] })),
);

describe('decideApplicationOperation', () => {
  it.each(cells)('answers $operation of a $state application with $reason (CMP-42, refused)', ({
    operation,
    state,
    reason,
  }) => {
    expect(decideApplicationOperation(operation, 'shop', state, 'REFUSE')?.reason ?? '-').toBe(reason);
  });

  it.each([
    'STOPPED',
    'NO_WORKLOAD',
  ] as const)('lets a stop of a %s one pass where the profile does (CON-41)', (state) => {
    expect(decideApplicationOperation('STOP', 'shop', state, 'NOTHING')).toBeUndefined();
    expect(decideApplicationOperation('REDEPLOY', 'shop', state, 'NOTHING')).toBeDefined();
  });
});
