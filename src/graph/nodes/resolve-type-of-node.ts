import { origin } from '../../kube/kube-object.ts';
import type { AnyKubeObject } from '../kubernetes/kubernetes-object-ref.ts';
import type { RequestContext } from '../request-context.ts';
import type { AnyNode } from './node-ref.ts';

/** The GraphQL type of a node: the one its kind was given, or the name its row carries. */
export function resolveTypeOfNode(node: AnyNode, context: RequestContext): string {
  return isKubeObject(node) ? context.services.registry.typeNameOf(node) : node.nodeTypeName;
}

export function isKubeObject(node: AnyNode): node is AnyKubeObject {
  return origin in node;
}
