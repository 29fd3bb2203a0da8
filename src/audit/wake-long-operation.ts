import type { Principal } from '../kernel/principal.ts';
import type { WorkQueue } from '../work/work-queue.ts';
import type { LongOperation } from './long-operation.ts';
import type { OperationRecords } from './operation-records.ts';

/**
 * Has the loop of a long operation look at what has changed about it, e.g. that it is cancelled: at once, also where a step had failed and
 * waited for somebody's decision; that step is tried again in the name of `by`. Call it in the transaction of the change.
 */
export async function wakeLongOperation(
  rooms: {
    readonly operations: Pick<OperationRecords, 'get' | 'steps'>;
    readonly queue: Pick<WorkQueue, 'enqueue'>;
  },
  operation: Pick<LongOperation, 'name'>,
  /** Of its record. */
  id: string,
  by: Principal,
): Promise<void> {
  const { operations, queue } = rooms;
  const record = await operations.get(id);
  const failed = record?.steps.find(({ status, isIgnored }) => status === 'ERROR' && !isIgnored);
  if (failed) await operations.steps.decide(id, failed.name, 'retry', { by });
  else await queue.enqueue(operation.name, id);
}
