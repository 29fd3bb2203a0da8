import { dryRunTicket } from '../../audit/operation-handle.ts';
import { NotFoundError } from '../../kernel/answer-error.ts';
import type { ClusterWriter } from '../cluster-writer.ts';
import type { KindRef } from '../kind-ref.ts';
import type { KubeObject } from '../kube-object.ts';

/**
 * An object as its cluster has it now, past all caches, with the values of a Secret sealed: for who would delete, take over or leave alone what it
 * finds. Undefined where it is not there. It is the dry run of a merge patch of nothing, so that it needs the right to patch; throws what that throws.
 */
export async function readLive<T>(
  writer: Pick<ClusterWriter, 'patch'>,
  kind: KindRef<T>,
  namespace: string | undefined,
  name: string,
): Promise<KubeObject<T> | undefined> {
  try {
    return (await writer.patch(dryRunTicket, kind, namespace, name, {})).object;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
