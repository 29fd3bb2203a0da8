import {
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  objectSuccess,
  origin,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { clusterNodeTypeRef, type NodeObject, nodeKind } from '../../api.ts';
import { nodeDrainsRef } from '../../services/drains/node-drains.ts';
import { isNodeSchedulable } from '../../services/node-facts.ts';
import { patchNode } from '../../services/nodes/patch-node.ts';

/** Suspending the scheduling of new pods to a node, and going on with it (CMP-27). */
export function registerCordonNode(builder: LongshoreBuilder): void {
  register(builder, {
    name: 'cordonNode',
    plural: 'cordonNodes',
    isSchedulable: false,
    description:
      'Suspends scheduling to a node: new pods do not come, those that are there stay; `drainNode` moves them away. A node that is cordoned already stays as it is.',
    many: 'Suspends scheduling to several nodes, in whatever clusters.',
    done: 'New pods do not come to it.',
    consequence: 'New pods do not come to the node until scheduling is resumed; pods that are there stay.',
  });
  register(builder, {
    name: 'uncordonNode',
    plural: 'uncordonNodes',
    isSchedulable: true,
    description:
      'Resumes scheduling to a node: new pods may come, as far as its taints let them. A node that is not cordoned stays as it is. Refused with NODE_DRAINING while it is drained.',
    many: 'Resumes scheduling to several nodes, in whatever clusters.',
    done: 'New pods may come to it.',
    consequence: 'New pods may come to the node; pods that left it do not come back by themselves.',
  });
}

interface Cordoning {
  readonly name: 'cordonNode' | 'uncordonNode';
  readonly plural: string;
  readonly isSchedulable: boolean;
  readonly description: string;
  readonly many: string;
  readonly done: string;
  readonly consequence: string;
}

function register(
  builder: LongshoreBuilder,
  { name, plural, isSchedulable, description, many, done, consequence }: Cordoning,
): void {
  registerMutation(builder, {
    name,
    description: `${description} (CMP-27)`,
    allow: { action: 'CORDON', subject: subjectOf(nodeKind) },
    mustConfirm: 'BY_PROFILE',
    consequence,
    batch: { name: plural, description: many },
    input: (t) => ({ id: t.id({ required: true, description: "The node's id." }) }),
    success: objectSuccess(done, 'clusterNode', clusterNodeTypeRef),
    load: ({ id }, context) => loadOfKind(String(id), nodeKind, context),
    run: async (_input, node: NodeObject, ticket, context) => {
      // The drain counts on it that no new pods come.
      if (isSchedulable) {
        await context.service(nodeDrainsRef).requireNone({ cluster: node[origin].cluster, node: node.metadata.name });
      }
      return patchNode(
        node,
        (current) =>
          isNodeSchedulable(current) === isSchedulable
            ? undefined
            : { spec: { unschedulable: isSchedulable ? null : true } },
        ticket,
        context,
      );
    },
    replay: (node): NodeObject | null => (isOfKind(node, nodeKind) ? node : null),
  });
}
