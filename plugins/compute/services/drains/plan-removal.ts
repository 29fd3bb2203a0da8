import { CapabilityMissingError, origin, PreconditionError, type RequestContext } from 'longshore/sdk';
import type { NodeObject } from '../../api.ts';
import type { NodeRemoval, NodeRemovalMode } from './drain-options.ts';

/** Written by Cluster API on the nodes of its machines. */
const machineAnnotation = 'cluster.x-k8s.io/machine';
const machineNamespaceAnnotation = 'cluster.x-k8s.io/cluster-namespace';
/** How the machine of a node is paid for; `subscription`: by the month or year. */
const billingAnnotation = 'longshore.dev/machine-billing';

/**
 * How the machine goes with its node (CMP-26). Throws `PreconditionError` SUBSCRIPTION_BILLED for a machine that is paid for anyway, and
 * `CapabilityMissingError` where nothing here can do that to it.
 */
export async function planRemoval(
  node: NodeObject,
  mode: NodeRemovalMode,
  context: RequestContext,
): Promise<NodeRemoval> {
  if (mode === 'NODE_ONLY') return { mode };
  const { name, annotations = {} } = node.metadata;
  if (mode === 'CLEAR_MACHINE') {
    throw new CapabilityMissingError('machines', 'Nothing here formats machines and keeps them for re-use.', {
      hint: 'Remove the node alone (NODE_ONLY), and clear its machine where it is managed.',
    });
  }
  if (annotations[billingAnnotation] === 'subscription') {
    const message = `The machine of node '${name}' is billed by subscription: it can be cleared, and not destroyed.`;
    throw new PreconditionError('SUBSCRIPTION_BILLED', message);
  }
  const machine = annotations[machineAnnotation];
  const namespace = annotations[machineNamespaceAnnotation];
  const kind =
    machine && namespace
      ? await context.cluster(node[origin].cluster).resolveGroupKind('cluster.x-k8s.io', 'Machine')
      : undefined;
  if (!machine || !namespace || !kind) {
    throw new CapabilityMissingError('machines', `Nothing in this cluster manages the machine of node '${name}'.`, {
      hint: 'Only machines of a Cluster API that runs in the same cluster can be destroyed with their nodes.',
    });
  }
  return { mode, machine: { version: kind.version, namespace, name: machine } };
}
