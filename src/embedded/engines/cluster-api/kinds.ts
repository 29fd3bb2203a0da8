import type { KindClient } from '../../controllers/kind-client.ts';
import type { Node } from '../../controllers/kubernetes-shapes.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { EngineContext } from '../engine.ts';
import type { StatusCondition } from '../merge-conditions.ts';
import { bootstrapGroup, controlPlaneGroup, coreGroup, hostGroup, infrastructureGroup } from './groups.ts';

type Labels = Readonly<Record<string, string>>;

export interface ContractRef {
  readonly apiGroup: string;
  readonly kind: string;
  readonly name: string;
}

export interface TemplateMetadata {
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

export interface MachineSpec {
  readonly clusterName: string;
  readonly bootstrap: { readonly configRef?: ContractRef; readonly dataSecretName?: string };
  readonly infrastructureRef: ContractRef;
  readonly version?: string;
  readonly providerID?: string;
  readonly failureDomain?: string;
  readonly minReadySeconds?: number;
  readonly taints?: readonly MachineTaint[];
  readonly deletion?: object;
}

export interface MachineTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface Conditioned {
  readonly conditions?: readonly StatusCondition[];
}

export interface Machine extends ClusterObject {
  readonly spec: MachineSpec;
  readonly status?: Conditioned & {
    readonly phase?: string;
    readonly lastUpdated?: string;
    readonly nodeRef?: { readonly name: string };
    readonly initialization?: {
      readonly bootstrapDataSecretCreated?: boolean;
      readonly infrastructureProvisioned?: boolean;
    };
    readonly [field: string]: unknown;
  };
}

export interface ReplicaStatus extends Conditioned {
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly upToDateReplicas?: number;
  readonly observedGeneration?: number;
}

export interface MachineSet extends ClusterObject {
  readonly spec: {
    readonly clusterName: string;
    readonly replicas?: number;
    readonly selector: { readonly matchLabels?: Labels };
    readonly deletion?: { readonly order?: string };
    readonly template: { readonly metadata?: TemplateMetadata; readonly spec: MachineSpec };
  };
  readonly status?: ReplicaStatus;
}

export interface MachineDeployment extends ClusterObject {
  readonly spec: MachineSet['spec'] & {
    readonly paused?: boolean;
    readonly rollout?: {
      readonly after?: string;
      readonly strategy?: {
        readonly type?: string;
        readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
      };
    };
  };
  readonly status?: ReplicaStatus & { readonly phase?: string };
}

export interface ControlPlane extends ClusterObject {
  readonly spec: {
    readonly replicas?: number;
    readonly version: string;
    readonly kubeadmConfigSpec?: object;
    readonly machineTemplate: {
      readonly metadata?: TemplateMetadata;
      readonly spec: {
        readonly infrastructureRef: ContractRef;
        readonly deletion?: object;
        readonly taints?: readonly MachineTaint[];
      };
    };
    readonly rollout?: {
      readonly strategy?: { readonly rollingUpdate?: { readonly maxSurge?: number } };
    };
  };
  readonly status?: ReplicaStatus & {
    readonly version?: string;
    readonly initialization?: { readonly controlPlaneInitialized?: boolean };
  };
}

export interface MachineGroup {
  readonly class: string;
  readonly name: string;
  readonly replicas?: number;
  readonly failureDomain?: string;
  readonly metadata?: TemplateMetadata;
  readonly variables?: { readonly overrides?: readonly TopologyVariable[] };
  readonly [field: string]: unknown;
}

export interface TopologyVariable {
  readonly name: string;
  readonly value: unknown;
}

export interface Cluster extends ClusterObject {
  readonly spec: {
    readonly paused?: boolean;
    readonly clusterNetwork?: { readonly apiServerPort?: number };
    readonly controlPlaneEndpoint?: { readonly host?: string; readonly port?: number };
    readonly controlPlaneRef?: ContractRef;
    readonly infrastructureRef?: ContractRef;
    readonly topology?: {
      readonly classRef: { readonly name: string; readonly namespace?: string };
      readonly version: string;
      readonly controlPlane?: {
        readonly replicas?: number;
        readonly metadata?: TemplateMetadata;
        readonly variables?: { readonly overrides?: readonly TopologyVariable[] };
        readonly [field: string]: unknown;
      };
      readonly workers?: { readonly machineDeployments?: readonly MachineGroup[] };
      readonly variables?: readonly TopologyVariable[];
    };
  };
  readonly status?: Conditioned & {
    readonly phase?: string;
    readonly initialization?: {
      readonly controlPlaneInitialized?: boolean;
      readonly infrastructureProvisioned?: boolean;
    };
    readonly failureDomains?: readonly { readonly name: string; readonly controlPlane?: boolean }[];
    readonly [field: string]: unknown;
  };
}

export interface ClassTemplateRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

export interface Templated {
  readonly templateRef: ClassTemplateRef;
}

export interface ClusterClass extends ClusterObject {
  readonly spec: {
    readonly infrastructure: Templated;
    readonly controlPlane: Templated & {
      readonly machineInfrastructure?: Templated;
      readonly metadata?: TemplateMetadata;
      readonly [field: string]: unknown;
    };
    readonly workers?: {
      readonly machineDeployments?: readonly {
        readonly class: string;
        readonly bootstrap: Templated;
        readonly infrastructure: Templated;
        readonly metadata?: TemplateMetadata;
        readonly [field: string]: unknown;
      }[];
    };
    readonly variables?: readonly { readonly name: string; readonly required: boolean; readonly schema: object }[];
    readonly patches?: readonly ClassPatch[];
  };
  readonly status?: Conditioned;
}

export interface ClassPatch {
  readonly name: string;
  readonly definitions?: readonly {
    readonly selector: {
      readonly apiVersion: string;
      readonly kind: string;
      readonly matchResources: {
        readonly controlPlane?: boolean;
        readonly infrastructureCluster?: boolean;
        readonly machineDeploymentClass?: { readonly names?: readonly string[] };
      };
    };
    readonly jsonPatches: readonly {
      readonly op: string;
      readonly path: string;
      readonly value?: unknown;
      readonly valueFrom?: { readonly variable?: string };
    }[];
  }[];
}

/** A template of any provider: what is made from it stands below `spec.template`. */
export interface Template extends ClusterObject {
  readonly spec: { readonly template: { readonly metadata?: TemplateMetadata; readonly spec?: object } };
}

interface Startup {
  readonly provisioning?: { readonly startupDuration: string; readonly startupJitter?: string };
}

export interface DevMachine extends ClusterObject {
  readonly spec: {
    readonly providerID?: string;
    readonly backend?: {
      readonly inMemory?: {
        readonly vm?: Startup & {
          readonly flavor?: string;
          readonly maxPods?: number;
          readonly publicIP?: boolean;
          readonly systemDisk?: { readonly type: string; readonly sizeGiB: number };
          readonly dataDisk?: { readonly type: string; readonly sizeGiB: number };
          /** Where it names labels, the machine is one of the hosts that have them. */
          readonly hostSelector?: { readonly matchLabels?: Labels };
        };
        readonly node?: Startup;
        readonly etcd?: Startup;
        readonly apiServer?: Startup;
      };
    };
  };
  readonly status?: Conditioned & {
    readonly initialization?: { readonly provisioned?: boolean };
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly failureDomain?: string;
    readonly failureReason?: string;
    readonly failureMessage?: string;
  };
}

/** A machine that is there before any cluster and after it: of Metal³. */
export interface BareMetalHost extends ClusterObject {
  readonly spec: {
    readonly online: boolean;
    readonly consumerRef?: {
      readonly apiVersion: string;
      readonly kind: string;
      readonly name: string;
      readonly namespace: string;
    };
    readonly [field: string]: unknown;
  };
  readonly status?: {
    readonly provisioning?: { readonly ID: string; readonly state: string };
    readonly operationalStatus?: string;
    readonly errorMessage?: string;
    readonly errorType?: string;
    readonly poweredOn?: boolean;
    readonly hardware?: object;
    readonly lastUpdated?: string;
  };
}

export interface DevCluster extends ClusterObject {
  readonly spec: {
    readonly backend: { readonly inMemory?: { readonly failureDomains?: readonly string[] } };
    readonly controlPlaneEndpoint?: { readonly host: string; readonly port: number };
  };
  readonly status?: Conditioned & {
    readonly initialization?: { readonly provisioned?: boolean };
    readonly failureDomains?: readonly { readonly name: string; readonly controlPlane?: boolean }[];
  };
}

export interface KubeadmConfig extends ClusterObject {
  readonly spec?: { readonly users?: readonly object[] };
  readonly status?: Conditioned & {
    readonly dataSecretName?: string;
    readonly initialization?: { readonly dataSecretCreated?: boolean };
  };
}

export interface CapiKinds {
  readonly clusters: KindClient<Cluster>;
  readonly classes: KindClient<ClusterClass>;
  readonly controlPlanes: KindClient<ControlPlane>;
  readonly deployments: KindClient<MachineDeployment>;
  readonly sets: KindClient<MachineSet>;
  readonly machines: KindClient<Machine>;
  readonly configs: KindClient<KubeadmConfig>;
  readonly devClusters: KindClient<DevCluster>;
  readonly devMachines: KindClient<DevMachine>;
  readonly hosts: KindClient<BareMetalHost>;
  readonly secrets: KindClient<ClusterObject>;
}

export function capiKinds(context: EngineContext, fieldManager: string): CapiKinds {
  return {
    clusters: context.kind(coreGroup, 'clusters', fieldManager),
    classes: context.kind(coreGroup, 'clusterclasses', fieldManager),
    controlPlanes: context.kind(controlPlaneGroup, 'kubeadmcontrolplanes', fieldManager),
    deployments: context.kind(coreGroup, 'machinedeployments', fieldManager),
    sets: context.kind(coreGroup, 'machinesets', fieldManager),
    machines: context.kind(coreGroup, 'machines', fieldManager),
    configs: context.kind(bootstrapGroup, 'kubeadmconfigs', fieldManager),
    devClusters: context.kind(infrastructureGroup, 'devclusters', fieldManager),
    devMachines: context.kind(infrastructureGroup, 'devmachines', fieldManager),
    hosts: context.kind(hostGroup, 'baremetalhosts', fieldManager),
    secrets: context.kind('', 'secrets', fieldManager),
  };
}

export type WorkloadNode = Node;
