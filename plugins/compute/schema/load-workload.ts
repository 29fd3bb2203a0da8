import {
  idOfObject,
  type MutationTarget,
  NotFoundError,
  origin,
  type RequestContext,
  resolveNode,
} from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { isWorkload } from '../services/workload-kinds.ts';

/** The workload a mutation names by its id; anything else, and what is not there for this caller, is not found. */
export async function loadWorkload(id: string, context: RequestContext): Promise<MutationTarget<WorkloadObject>> {
  const node = await resolveNode(id, context);
  if (node === null || !isWorkload(node)) throw new NotFoundError('There is no workload with this id');
  const { namespace, name } = node.metadata;
  return {
    value: node,
    instance: node as never,
    record: {
      plugin: 'compute',
      type: node.kind,
      id: idOfObject(node),
      cluster: node[origin].cluster,
      namespace,
      kind: node.kind,
      name,
    },
  };
}
