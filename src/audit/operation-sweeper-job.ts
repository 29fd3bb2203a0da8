import type { Job } from '../work/job.ts';
import type { OperationRecord, OperationRecords, Settlement } from './operation-records.ts';

/**
 * Settles records of operations whose process ended before it could close them. Without it such records would stand
 * `PENDING` for ever, and a retry with the same idempotency key would be refused for a day. `settle` looks at the cluster.
 */
export function operationSweeperJob(
  records: OperationRecords,
  settle: (record: OperationRecord) => Promise<Settlement | undefined>,
): Job {
  return {
    name: 'core.operation-sweeper',
    description: 'Settles operation records that were left PENDING, and forgets idempotency keys after 24 hours.',
    cron: '* * * * *',
    zone: 'UTC',
    run: (context) => records.sweep(settle, context.signal),
  };
}
