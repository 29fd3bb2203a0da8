import {
  type AnyNode,
  encodeGlobalId,
  type KubeObject,
  type OperationHandle,
  type OperationRecord,
  type RequestContext,
  resolveNode,
} from 'longshore/sdk';

/**
 * What a repeated call resolves its answer from, where the thing itself may be gone by then: the record of the first
 * call. In a dry run nobody will ask for it.
 */
export function idOfOperation(ticket: OperationHandle): string {
  return encodeGlobalId({ of: 'row', plugin: 'core', type: 'OperationRecord', key: ticket.id ?? 'dry-run' });
}

export function isOperationRecord(node: unknown): node is AnyNode & OperationRecord {
  return typeof node === 'object' && node !== null && 'writes' in node && 'principalId' in node;
}

/** What a deleted object leaves behind: its id, and itself while its finalizers hold it. */
export interface Deleted<T = KubeObject> {
  readonly id: string;
  readonly object: T | undefined;
}

export async function replayDeletion(node: unknown, context: RequestContext): Promise<Deleted | null> {
  if (!isOperationRecord(node)) return null;
  const { id } = node.target;
  const object = (await resolveNode(id, context)) as KubeObject | null;
  return { id, object: object ?? undefined };
}
