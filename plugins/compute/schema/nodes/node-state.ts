import { type LongshoreBuilder, named, registerEnum, typeRef } from 'longshore/sdk';
import { clusterNodeTypeRef, type NodeObject } from '../../api.ts';
import {
  internalIPOf,
  isNodeSchedulable,
  nodeStateOf,
  nodeStates,
  nodeTypeOf,
  nodeTypes,
} from '../../services/node-facts.ts';

type NodeImage = NonNullable<NonNullable<NodeObject['status']>['images']>[number];
const imageRef = typeRef<NodeImage>('NodeImage');

/** The columns of a console's list of nodes (CMP-19, CMP-20), and what its detail has beside them (CMP-21). */
export function registerNodeState(builder: LongshoreBuilder): void {
  registerEnum(builder, 'NodeType', 'What a node is for.', nodeTypes);
  registerEnum(builder, 'NodeState', 'Whether a node can run pods.', nodeStates);
  registerEnum(builder, 'NodeSchedulingState', 'Whether new pods may come to a node.', {
    SCHEDULABLE: 'They may, as far as its taints let them.',
    UNSCHEDULABLE: 'Scheduling is suspended: it is cordoned. Pods that are there stay.',
  });
  builder.objectType(imageRef, {
    description: 'An image that a node has pulled.',
    fields: (t) => ({
      names: t.stringList({
        description: 'By tag and by digest, as the kubelet lists them.',
        resolve: ({ names }) => [...(names ?? [])],
      }),
      sizeBytes: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'What it takes on disk, in bytes.',
        resolve: ({ sizeBytes }) => sizeBytes ?? null,
      }),
    }),
  });
  builder.objectField(clusterNodeTypeRef, 'type', (t) =>
    t.field({
      type: named('NodeType'),
      description: 'What it is for, by its roles (CMP-19).',
      resolve: (node) => nodeTypeOf(node) as never,
    }),
  );
  builder.objectField(clusterNodeTypeRef, 'state', (t) =>
    t.field({
      type: named('NodeState'),
      description: 'Its condition Ready, as a word.',
      resolve: (node) => nodeStateOf(node) as never,
    }),
  );
  builder.objectField(clusterNodeTypeRef, 'schedulingState', (t) =>
    t.field({
      type: named('NodeSchedulingState'),
      description: 'Whether new pods may come; `cordonNode` and `uncordonNode` change it (CMP-20).',
      resolve: (node) => (isNodeSchedulable(node) ? 'SCHEDULABLE' : 'UNSCHEDULABLE') as never,
    }),
  );
  builder.objectField(clusterNodeTypeRef, 'internalIP', (t) =>
    t.string({
      nullable: true,
      description: 'Its address inside the network of the nodes, the first of several; null where it has told none.',
      resolve: (node) => internalIPOf(node) ?? null,
    }),
  );
  builder.objectField(clusterNodeTypeRef, 'images', (t) =>
    t.field({
      type: [imageRef],
      description: 'Images that it has, largest first; a kubelet tells 50 of them unless it is set up otherwise.',
      resolve: ({ status }) => [...(status?.images ?? [])],
    }),
  );
}
