import { ingressKind, podKind, serviceKind } from 'longshore/plugins/compute';
import {
  clusterProblemRef,
  kubernetesObjectRef,
  type LongshoreBuilder,
  named,
  origin,
  RequestError,
  registerEnum,
  registerQuery,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { type GraphEdge, type GraphNode, graphNodeKinds } from '../../services/topology/graph-builder.ts';
import { type LoadedNetwork, loadNetwork } from '../../services/topology/load-network.ts';

const topologyRef = typeRef<LoadedNetwork>('NetworkTopology');
const nodeRef = typeRef<GraphNode>('NetworkTopologyNode');
const edgeRef = typeRef<GraphEdge>('NetworkTopologyEdge');

const fewNodes = 2_000;
const mostNodes = 10_000;

/** How things of networks hang together, in one answer that a console can draw. */
export function registerTopology(builder: LongshoreBuilder): void {
  registerTypes(builder);
  registerQuery(builder, {
    name: 'networkTopology',
    description:
      'How VPCs, subnets, pods, Services, and the backend groups, listeners, load balancers and Ingresses that lead to them hang together, and by which NAT rules, elastic IPs and gateways they go out, as far as you may see them: all of it, or what is in a cluster, in namespaces, in a workspace or of an application, with what that leads to and comes from. Arguments hold together. What is more than `maxNodes` is TOO_COMPLEX.',
    allow: { action: 'READ', subject: [podKind, serviceKind, ingressKind].map(subjectOf) },
    type: topologyRef,
    args: (t) => ({
      cluster: t.string({ description: 'Only in the cluster of this name.' }),
      namespaces: t.stringList({ description: 'Only in these namespaces.' }),
      workspaceId: t.id({ description: 'Only of the workspace with this global id.' }),
      applicationId: t.id({ description: 'Only of the application with this global id.' }),
      pods: t.boolean({
        required: true,
        defaultValue: true,
        description: 'Whether pods are told of; without them subnets lead to Services straight.',
      }),
      maxNodes: t.int({
        required: true,
        defaultValue: fewNodes,
        description: `How many nodes you can draw, 1 to ${mostNodes}.`,
      }),
    }),
    resolve: ({ pods, maxNodes, ...scope }, context) => {
      if (maxNodes < 1 || maxNodes > mostNodes) {
        throw new RequestError('BAD_USER_INPUT', `maxNodes must be 1 to ${mostNodes}, got ${maxNodes}`);
      }
      return loadNetwork(scope, { hasPods: pods, mostNodes: maxNodes }, context);
    },
  });
}

function registerTypes(builder: LongshoreBuilder): void {
  registerEnum(builder, 'NetworkTopologyNodeKind', 'What a node of a network is.', graphNodeKinds);
  builder.objectType(nodeRef, {
    description: 'One thing of a network.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Its global id, which edges name.' }),
      kind: t.field({
        type: named('NetworkTopologyNodeKind'),
        description: 'What it is.',
        resolve: ({ kind }) => kind as never,
      }),
      name: t.exposeString('name', { description: 'Its name.' }),
      namespace: t.string({
        nullable: true,
        description: 'Its namespace; null for what lies in none.',
        resolve: ({ object }) => object.metadata.namespace,
      }),
      cluster: t.string({ description: "The cluster's name.", resolve: ({ object }) => object[origin].cluster }),
      detail: t.string({
        nullable: true,
        description:
          'What it is known by besides: the range of a subnet or SNAT rule, addresses of a pod, Service, load balancer or elastic IP, hosts of an Ingress, protocol and port of a listener.',
        resolve: ({ detail }) => detail,
      }),
      isReady: t.boolean({
        nullable: true,
        description:
          'Whether traffic gets there: a VPC or subnet is set up, a pod is ready, a Service has a ready pod, a backend group, listener or load balancer is RUNNING, something of NAT is in use. Null where nothing tells.',
        resolve: ({ isReady }) => isReady,
      }),
      object: t.field({
        type: kubernetesObjectRef,
        description: 'The whole of it; of a listener the load balancer that it is an entry of.',
        resolve: ({ object }) => object as never,
      }),
    }),
  });
  builder.objectType(edgeRef, {
    description: 'That one thing leads to another, from the VPC to the outside.',
    fields: (t) => ({
      from: t.exposeID('from', { description: 'The node nearer to the VPC.' }),
      to: t.exposeID('to', { description: 'The node nearer to the outside.' }),
      detail: t.string({
        nullable: true,
        description: 'By which ports: `80:8080` of a Service and its pods, `8080:80/tcp` of a DNAT rule.',
        resolve: ({ detail }) => detail,
      }),
    }),
  });
  builder.objectType(topologyRef, {
    description: 'How things of networks hang together.',
    fields: (t) => ({
      nodes: t.field({ type: [nodeRef], description: 'The things.', resolve: ({ nodes }) => [...nodes] }),
      edges: t.field({
        type: [edgeRef],
        description: 'What leads to what; both ends are among the nodes.',
        resolve: ({ edges }) => [...edges],
      }),
      problems: t.field({
        type: [clusterProblemRef],
        description: 'Clusters of which something is missing, and why, such as an engine that is not installed.',
        resolve: ({ problems }) => [...problems],
      }),
    }),
  });
}
