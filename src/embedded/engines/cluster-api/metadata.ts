import type { ClusterObject } from '../../store/types.ts';
import { coreGroup } from './groups.ts';

/** Labels, annotations and finalizers as Cluster API writes them. */
export const labels = {
  cluster: `${coreGroup}/cluster-name`,
  controlPlane: `${coreGroup}/control-plane`,
  controlPlaneName: `${coreGroup}/control-plane-name`,
  deployment: `${coreGroup}/deployment-name`,
  set: `${coreGroup}/set-name`,
  templateHash: 'machine-template-hash',
  topologyOwned: `topology.${coreGroup}/owned`,
  topologyDeployment: `topology.${coreGroup}/deployment-name`,
} as const;

export const annotations = {
  clonedFromName: `${coreGroup}/cloned-from-name`,
  clonedFromKind: `${coreGroup}/cloned-from-groupkind`,
  deleteMachine: `${coreGroup}/delete-machine`,
  clusterName: `${coreGroup}/cluster-name`,
  clusterNamespace: `${coreGroup}/cluster-namespace`,
  machine: `${coreGroup}/machine`,
  ownerKind: `${coreGroup}/owner-kind`,
  ownerName: `${coreGroup}/owner-name`,
  paused: `${coreGroup}/paused`,
} as const;

export const finalizers = {
  cluster: `cluster.${coreGroup}`,
  controlPlane: `kubeadm.controlplane.${coreGroup}`,
  deployment: `${coreGroup}/machinedeployment`,
  set: `${coreGroup}/machineset`,
  machine: `machine.${coreGroup}`,
  devCluster: `dockercluster.infrastructure.${coreGroup}`,
  devMachine: `dockermachine.infrastructure.${coreGroup}`,
} as const;

export function isDeleting({ metadata }: ClusterObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

export function isControlPlaneMachine({ metadata }: ClusterObject): boolean {
  return metadata.labels?.[labels.controlPlane] !== undefined;
}

/** The name of the cluster that an object belongs to; empty for none. */
export function clusterNameOf({ metadata }: ClusterObject): string {
  return metadata.labels?.[labels.cluster] ?? '';
}

/** The object with the finalizer added or taken away; the same object where nothing changes. */
export function withFinalizer<T extends ClusterObject>(object: T, finalizer: string, isWanted: boolean): T {
  const present = object.metadata.finalizers ?? [];
  if (present.includes(finalizer) === isWanted) return object;
  const changed = isWanted ? [...present, finalizer] : present.filter((each) => each !== finalizer);
  return { ...object, metadata: { ...object.metadata, finalizers: changed } };
}
