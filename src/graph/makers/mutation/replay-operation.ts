import type { OperationHandle } from '../../../audit/operation-handle.ts';
import type { OperationRecord } from '../../../audit/operation-records.ts';
import { type KubeObject, origin } from '../../../kube/kube-object.ts';
import { encodeGlobalId } from '../../global-id.ts';
import type { AnyNode } from '../../nodes/node-ref.ts';
import { resolveNode } from '../../nodes/resolve-nodes.ts';
import type { RequestContext } from '../../request-context.ts';

/**
 * What a repeated call resolves its answer from, where the thing itself may be gone by then: the record of the first
 * call. In a dry run nobody will ask for it.
 */
export function idOfOperation(ticket: OperationHandle): string {
  return encodeGlobalId({ of: 'row', plugin: 'core', type: 'OperationRecord', key: ticket.id ?? 'dry-run' });
}

/** Whether the node behind such an id is there for this caller: a record. An object of a cluster is none, whatever its fields say. */
export function isOperationRecord(node: unknown): node is AnyNode & OperationRecord {
  return typeof node === 'object' && node !== null && 'writes' in node && 'principalId' in node && !(origin in node);
}

/** What a deleted object leaves behind: its id, and itself while its finalizers hold it. */
export interface Deleted<T = KubeObject> {
  readonly id: string;
  readonly object: T | undefined;
}

/** `replay` of a mutation that deletes its target and answers `idOfOperation` as `resultId`. */
export async function replayDeletion<T = KubeObject>(
  node: unknown,
  context: RequestContext,
): Promise<Deleted<T> | null> {
  if (!isOperationRecord(node)) return null;
  const { id } = node.target;
  const object = (await resolveNode(id, context)) as T | null;
  return { id, object: object ?? undefined };
}
