import type { Logger, OperationRecord, OperationRecords } from 'longshore/sdk';

/** Records whose last told status is remembered, so that each is ADDED once and no status is told twice. */
const maxRemembered = 1_000;

export interface OperationNews {
  readonly type: 'ADDED' | 'MODIFIED';
  readonly record: OperationRecord;
}

/**
 * Tells of records as they are made and closed, one after the other, in the order in which they were announced. What
 * was announced is read again: an announcement carries only the id. The returned function ends it.
 */
export function publishOperations(
  operations: Pick<OperationRecords, 'get' | 'onChange'>,
  logger: Logger,
  publish: (news: OperationNews) => void,
): () => void {
  const told = new Map<string, OperationRecord['status']>();
  let last: Promise<void> = Promise.resolve();

  async function tell(id: string): Promise<void> {
    try {
      const record = await operations.get(id);
      const before = told.get(id);
      if (!record || before === record.status) return;
      told.delete(id);
      told.set(id, record.status);
      const oldest = told.keys().next();
      if (told.size > maxRemembered && !oldest.done) told.delete(oldest.value);
      publish({ type: before === undefined && record.status === 'PENDING' ? 'ADDED' : 'MODIFIED', record });
    } catch (error) {
      logger.warn({ err: error, operationId: id }, 'a change of an operation record could not be told');
    }
  }

  return operations.onChange((id) => {
    last = last.then(() => tell(id));
  });
}
