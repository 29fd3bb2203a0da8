import { type Cluster, origin, type RequestContext, systemPrincipal } from 'longshore/sdk';
import type { NodeObject } from '../../api.ts';
import {
  type MachineObject,
  type ManagedClusterObject,
  machineKind,
  managedClusterKind,
  registeredAnnotation,
} from '../managed-clusters/kinds.ts';

/** Written by Cluster API on the nodes of its machines. */
const machineAnnotation = 'cluster.x-k8s.io/machine';
const machineNamespaceAnnotation = 'cluster.x-k8s.io/cluster-namespace';

export interface FoundMachine {
  /** The management cluster. */
  readonly cluster: Cluster;
  readonly machine: MachineObject;
  readonly managed: ManagedClusterObject;
  readonly reader: ReturnType<Cluster['reader']>;
}

/**
 * The machine of Cluster API behind a node, in whichever management cluster it is. Who may write on a node could name any machine there: it counts only where it
 * says the same of the node, and its cluster is served as the node's.
 */
export async function findMachine(node: NodeObject, context: RequestContext): Promise<FoundMachine | undefined> {
  const { annotations = {}, name } = node.metadata;
  const machineName = annotations[machineAnnotation];
  const namespace = annotations[machineNamespaceAnnotation];
  if (!machineName || !namespace) return undefined;
  const nodeCluster = node[origin].cluster;
  for (const cluster of context.clusters.all) {
    if (cluster.state !== 'READY' || !cluster.serves(machineKind)) continue;
    const reader = cluster.reader(systemPrincipal, context.signal);
    const machine = await reader.get(machineKind, namespace, machineName);
    if (machine?.status?.nodeRef?.name !== name) continue;
    const managed = await reader.get(managedClusterKind, namespace, machine.spec?.clusterName ?? '');
    if (!managed) continue;
    const servedAs = managed.metadata.annotations?.[registeredAnnotation];
    // A cluster may manage itself.
    if (servedAs === nodeCluster || (servedAs === undefined && cluster.name === nodeCluster)) {
      return { cluster, machine, managed, reader };
    }
  }
  return undefined;
}
