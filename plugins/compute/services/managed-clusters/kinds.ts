import { type KubeObject, kindRef } from 'longshore/sdk';

/** A condition as Cluster API writes it (`metav1.Condition`). */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface TopologyVariable {
  readonly name: string;
  readonly value: unknown;
}

/** A group of workers in a Cluster's topology. */
export interface TopologyGroup {
  readonly class: string;
  readonly name: string;
  readonly replicas?: number;
  readonly failureDomain?: string;
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly variables?: { readonly overrides?: readonly TopologyVariable[] };
}

export interface Topology {
  readonly classRef?: { readonly name: string; readonly namespace?: string };
  readonly version?: string;
  readonly controlPlane?: Omit<TopologyGroup, 'class' | 'name'>;
  readonly workers?: { readonly machineDeployments?: readonly TopologyGroup[] };
  readonly variables?: readonly TopologyVariable[];
}

interface MachineCounts {
  readonly desiredReplicas?: number;
  readonly replicas?: number;
  readonly readyReplicas?: number;
}

/** Of `cluster.x-k8s.io/v1beta2`, as far as it is read here. */
interface V1beta2Cluster {
  readonly spec?: {
    readonly paused?: boolean;
    readonly clusterNetwork?: {
      readonly pods?: { readonly cidrBlocks?: readonly string[] };
      readonly services?: { readonly cidrBlocks?: readonly string[] };
    };
    readonly controlPlaneEndpoint?: { readonly host?: string; readonly port?: number };
    readonly topology?: Topology;
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly controlPlane?: MachineCounts;
    readonly workers?: MachineCounts;
    readonly initialization?: {
      readonly infrastructureProvisioned?: boolean;
      readonly controlPlaneInitialized?: boolean;
    };
  };
}

interface V1beta2MachineDeployment {
  readonly spec?: {
    readonly clusterName?: string;
    readonly replicas?: number;
    readonly template?: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
      readonly spec?: { readonly failureDomain?: string };
    };
  };
  readonly status?: { readonly phase?: string } & MachineCounts;
}

interface V1beta2Machine {
  readonly spec?: {
    readonly clusterName?: string;
    readonly failureDomain?: string;
    readonly version?: string;
    readonly bootstrap?: { readonly dataSecretName?: string };
    readonly infrastructureRef?: { readonly kind?: string; readonly name?: string };
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly nodeRef?: { readonly name?: string };
    readonly initialization?: {
      readonly infrastructureProvisioned?: boolean;
      readonly bootstrapDataSecretCreated?: boolean;
    };
    /** What providers of the older contract say of the end of all tries. */
    readonly deprecated?: {
      readonly v1beta1?: { readonly failureReason?: string; readonly failureMessage?: string };
    };
  };
}

/** One of the variables that a ClusterClass lets a Cluster set. */
interface ClassVariable {
  readonly name: string;
}

interface V1beta2ClusterClass {
  readonly spec?: {
    readonly variables?: readonly ClassVariable[];
    readonly kubernetesVersions?: readonly string[];
    readonly workers?: { readonly machineDeployments?: readonly { readonly class: string }[] };
  };
  readonly status?: { readonly variables?: readonly ClassVariable[] };
}

export type ManagedClusterObject = KubeObject<V1beta2Cluster>;
export type MachineDeploymentObject = KubeObject<V1beta2MachineDeployment>;
export type MachineObject = KubeObject<V1beta2Machine>;
export type ClusterClassObject = KubeObject<V1beta2ClusterClass>;

const engine = { group: 'cluster.x-k8s.io', version: 'v1beta2', isNamespaced: true, isOptional: true } as const;

/** A cluster that Cluster API makes and keeps; only in management clusters. */
export const managedClusterKind = kindRef<V1beta2Cluster>({ ...engine, kind: 'Cluster', plural: 'clusters' });
/** Its groups of workers. Declares the index `cluster`, as `clusterKey` writes it. */
export const machineDeploymentKind = kindRef<V1beta2MachineDeployment>({
  ...engine,
  kind: 'MachineDeployment',
  plural: 'machinedeployments',
});
/** Its machines, those of the control plane too. Declares the index `cluster`. */
export const machineKind = kindRef<V1beta2Machine>({ ...engine, kind: 'Machine', plural: 'machines' });
/** What clusters are made by. */
export const clusterClassKind = kindRef<V1beta2ClusterClass>({
  ...engine,
  kind: 'ClusterClass',
  plural: 'clusterclasses',
});

/** Key of the index `cluster`: the cluster that a machine or a group of them is of. */
/** What clusters and their machines are in Cluster API: who changes one of these changes nodes. */
export const clusterApiSubjects: readonly string[] = [
  'cluster.x-k8s.io/Cluster',
  'cluster.x-k8s.io/MachineDeployment',
  'cluster.x-k8s.io/MachineSet',
  'cluster.x-k8s.io/MachinePool',
  'cluster.x-k8s.io/Machine',
  'controlplane.cluster.x-k8s.io/KubeadmControlPlane',
];

export const clusterKey = (namespace: string | undefined, name: string | undefined): string =>
  `${namespace ?? ''}/${name ?? ''}`;

const byCluster = ({
  metadata,
  spec,
}: Pick<MachineObject, 'metadata'> & { readonly spec?: { readonly clusterName?: string } }): readonly string[] =>
  spec?.clusterName ? [clusterKey(metadata.namespace, spec.clusterName)] : [];
export const managedClusterIndexes = { cluster: byCluster };

/** Labels that Cluster API writes. */
export const groupNameLabel = 'topology.cluster.x-k8s.io/deployment-name';
/** The MachineDeployment that a machine is of. */
export const deploymentLabel = 'cluster.x-k8s.io/deployment-name';
export const controlPlaneLabel = 'cluster.x-k8s.io/control-plane';

/** Who goes first when a group gets smaller. */
export const deleteMachineAnnotation = 'cluster.x-k8s.io/delete-machine';

/** What the platform writes on the Clusters that it makes. */
export const profileAnnotation = 'longshore.dev/profile';
export const workspaceAnnotation = 'longshore.dev/workspace';
/** Name under which it is served once it is made. */
export const registeredAnnotation = 'longshore.dev/registered-as';
/** On groups in the topology: what one machine of them is. */
export const flavorAnnotation = 'longshore.dev/flavor';
export const disksAnnotation = 'longshore.dev/disks';
/** Id of the operation that made it. */
export const operationAnnotation = 'longshore.dev/operation';
