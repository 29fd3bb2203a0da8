import { type InterfaceTypeRef, interfaceRef } from '../builder.ts';
import type { AnyKubeObject } from '../kubernetes/kubernetes-object-ref.ts';

/** A row of a plugin's table as a node: its loader puts both on it. */
export interface RowNode {
  /** The global id, from `encodeGlobalId`. */
  readonly id: string;
  /** Name of its GraphQL type. */
  readonly nodeTypeName: string;
}

/** Anything with a global id. */
export type AnyNode = AnyKubeObject | RowNode;

/** Relay's `Node`: implemented by every Kubernetes object and every row that has an id. */
export const nodeRef: InterfaceTypeRef<AnyNode> = interfaceRef<AnyNode>('Node');
