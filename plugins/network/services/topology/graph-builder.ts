import { idOfObject, type KubeObject, origin } from 'longshore/sdk';

export const graphNodeKinds = {
  VPC: 'A virtual private cloud.',
  SUBNET: 'A subnet: pods get their addresses from it.',
  POD: 'A pod.',
  SERVICE: 'A Service, which leads to pods.',
  INGRESS: 'An Ingress, which leads to Services by host and path.',
  BACKEND_GROUP: 'A backend group, which stands for Services.',
  LISTENER: 'A listener of a load balancer, which leads to a backend group.',
  LOAD_BALANCER: 'A load balancer.',
  SNAT_RULE: 'An SNAT rule, by which a subnet goes out.',
  DNAT_RULE: 'A DNAT rule, by which an elastic IP leads in to an instance.',
  ELASTIC_IP: 'An elastic IP of a NAT gateway.',
  NAT_GATEWAY: 'A NAT gateway of a VPC.',
} as const;
export type GraphNodeKind = keyof typeof graphNodeKinds;

/** One thing of a network. */
export interface GraphNode {
  readonly id: string;
  readonly kind: GraphNodeKind;
  readonly name: string;
  /** What it is known by besides its name: addresses, ranges, hosts. */
  readonly detail: string | undefined;
  /** Undefined where nothing tells. */
  readonly isReady: boolean | undefined;
  /** What the cluster keeps it in. */
  readonly object: KubeObject;
}

/** From the inside, the VPC, to the outside. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** By which ports. */
  readonly detail: string | undefined;
}

export interface NodeFacts {
  readonly detail?: string | undefined;
  readonly isReady?: boolean | undefined;
}

/** A graph that grows. Edges may come before their ends: what has none in the end is left out. */
export interface GraphBuilder {
  add(kind: GraphNodeKind, object: object, facts?: NodeFacts): void;
  /** A thing that is only a part of an object of the cluster. */
  addPart(node: GraphNode): void;
  connect(from: string | undefined, to: string | undefined, detail?: string): void;
  /** The id of what has a name in the cluster of another object; undefined where no such node was added. */
  find(kind: GraphNodeKind, near: KubeObject, namespace: string | undefined, name: string): string | undefined;
  finish(): { readonly nodes: readonly GraphNode[]; readonly edges: readonly GraphEdge[] };
}

export function createGraph(): GraphBuilder {
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  const byName = new Map<string, string>();
  const nameOf = (kind: GraphNodeKind, { [origin]: { cluster } }: KubeObject, namespace: unknown, name: string) =>
    JSON.stringify([kind, cluster, namespace, name]);
  return {
    add(kind, thing, { detail, isReady } = {}) {
      const object = thing as KubeObject;
      const { namespace, name } = object.metadata;
      const id = idOfObject(object);
      nodes.set(id, { id, kind, name, detail: detail || undefined, isReady, object });
      byName.set(nameOf(kind, object, namespace, name), id);
    },
    addPart(node) {
      nodes.set(node.id, node);
    },
    connect(from, to, detail) {
      if (from !== undefined && to !== undefined) edges.push({ from, to, detail: detail || undefined });
    },
    find: (kind, near, namespace, name) => byName.get(nameOf(kind, near, namespace, name)),
    finish: () => ({
      nodes: [...nodes.values()],
      edges: edges.filter(({ from, to }) => nodes.has(from) && nodes.has(to)),
    }),
  };
}
