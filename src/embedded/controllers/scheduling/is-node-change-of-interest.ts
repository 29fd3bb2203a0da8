import { isEqualJson } from '../../machinery/json.ts';
import type { StoreEvent } from '../../store/types.ts';
import type { Node } from '../kubernetes-shapes.ts';

/** Whether the change of a node may make room for a pod; heartbeats and images do not. */
export function isNodeChangeOfInterest({ type, object, previous }: StoreEvent): boolean {
  if (type !== 'MODIFIED') return type === 'ADDED';
  const after = object as Node;
  const before = previous as Node | undefined;
  return (
    before === undefined ||
    !isEqualJson(before.spec, after.spec) ||
    !isEqualJson(before.metadata.labels, after.metadata.labels) ||
    !isEqualJson(before.status?.allocatable, after.status?.allocatable)
  );
}
