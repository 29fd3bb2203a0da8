/** What other plugins may hold of compute: its Kubernetes kinds and the GraphQL types they may extend. */

import type {
  V1ConfigMap,
  V1ControllerRevision,
  V1CronJob,
  V1DaemonSet,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1LabelSelector,
  V1Node,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodTemplateSpec,
  V1ReplicaSet,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import type { Project, Workspace } from 'longshore/plugins/core';
import {
  type Cluster,
  type ClusterReader,
  type InputTypeRef,
  type InterfaceTypeRef,
  inputRef,
  interfaceRef,
  type KindRef,
  type KubeObject,
  kindRef,
  type ListRows,
  type MaybePromise,
  type Profile,
  type RaisedWarning,
  type RequestContext,
  type RowNode,
  type ServiceRef,
  serviceRef,
  type TypeRef,
  topicRef,
  typeRef,
  type ValidationIssue,
} from 'longshore/sdk';
import type { PodTemplateForm } from './services/form/pod-template.ts';
import type { ClaimTemplateForm } from './services/form/stateful-set.ts';
import type { WorkloadStatus } from './services/workload-status.ts';

export type NodeObject = KubeObject<V1Node>;
export type PodObject = KubeObject<V1Pod>;
export type DeploymentObject = KubeObject<V1Deployment>;
export type StatefulSetObject = KubeObject<V1StatefulSet>;
export type DaemonSetObject = KubeObject<V1DaemonSet>;
export type ReplicaSetObject = KubeObject<V1ReplicaSet>;
export type JobObject = KubeObject<V1Job>;
export type CronJobObject = KubeObject<V1CronJob>;
/** `apps.kruise.io/v1alpha1`, the fields that the platform reads; its pods have random names (OpenKruise 1.9). */
export interface V1alpha1CloneSet {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: V1ObjectMeta;
  readonly spec?: {
    readonly replicas?: number;
    readonly selector?: V1LabelSelector;
    readonly template: V1PodTemplateSpec;
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly scaleStrategy?: { readonly podsToDelete?: readonly string[] };
    readonly updateStrategy?: {
      readonly type?: string;
      readonly partition?: number | string;
      readonly maxUnavailable?: number | string;
      readonly maxSurge?: number | string;
      readonly paused?: boolean;
    };
  };
  readonly status?: NumberedStatus;
}

/** `apps.kruise.io/v1beta1` StatefulSet, the fields that the platform reads (OpenKruise 1.9). */
export interface V1beta1AdvancedStatefulSet {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: V1ObjectMeta;
  readonly spec?: {
    readonly replicas?: number;
    readonly selector?: V1LabelSelector;
    readonly template: V1PodTemplateSpec;
    readonly serviceName?: string;
    readonly podManagementPolicy?: string;
    readonly revisionHistoryLimit?: number;
    /** Numbers that are left out, single or as ranges such as `3-5`. */
    readonly reserveOrdinals?: readonly (number | string)[];
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: {
        readonly partition?: number;
        readonly maxUnavailable?: number | string;
        readonly podUpdatePolicy?: string;
        readonly paused?: boolean;
      };
    };
  };
  readonly status?: NumberedStatus;
}

interface NumberedStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly updatedReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
}

export type CloneSetObject = KubeObject<V1alpha1CloneSet>;
export type AdvancedStatefulSetObject = KubeObject<V1beta1AdvancedStatefulSet>;
export type ServiceObject = KubeObject<V1Service>;
export type ConfigMapObject = KubeObject<V1ConfigMap>;
export type IngressObject = KubeObject<V1Ingress>;
export type ServiceAccountObject = KubeObject<V1ServiceAccount>;

/** Any object of a kind that implements the interface `Workload`. */
export type WorkloadObject =
  | DeploymentObject
  | StatefulSetObject
  | DaemonSetObject
  | ReplicaSetObject
  | JobObject
  | CronJobObject
  | CloneSetObject
  | AdvancedStatefulSetObject;

export const nodeKind = kindRef<V1Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  isNamespaced: false,
});
/** Declares the index `node`: the name of the node a pod is bound to. */
export const podKind = kindRef<V1Pod>({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true });
export const serviceKind = kindRef<V1Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  isNamespaced: true,
});
export const ingressKind = kindRef<V1Ingress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  isNamespaced: true,
});
export const configMapKind = kindRef<V1ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  isNamespaced: true,
});
/** Declares the index `secret`: the Secrets that it names. */
export const serviceAccountKind = kindRef<V1ServiceAccount>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  isNamespaced: true,
});
/** Read, never declared: what it holds is another plugin's matter. */
export const persistentVolumeClaimKind = kindRef<V1PersistentVolumeClaim>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  isNamespaced: true,
});
/** Label of a PersistentVolumeClaim that is a cloud disk: `ordinary`, or `built-in` where it comes of a workload's template. */
export const diskLabel = 'longshore.dev/disk';
export const deploymentKind = kindRef<V1Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  isNamespaced: true,
});
export const statefulSetKind = kindRef<V1StatefulSet>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  isNamespaced: true,
});
export const daemonSetKind = kindRef<V1DaemonSet>({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  isNamespaced: true,
});
export const replicaSetKind = kindRef<V1ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  isNamespaced: true,
});
/** Keeps a version of a StatefulSet or DaemonSet. */
export const controllerRevisionKind = kindRef<V1ControllerRevision>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  isNamespaced: true,
});
/** OpenKruise's Deployment, which updates pods in place; only where that engine is installed. */
export const cloneSetKind = kindRef<V1alpha1CloneSet>({
  group: 'apps.kruise.io',
  version: 'v1alpha1',
  kind: 'CloneSet',
  plural: 'clonesets',
  isNamespaced: true,
  isOptional: true,
});
/** OpenKruise's StatefulSet, whose pods are addressed one by one: a TApp; only where that engine is installed. */
export const advancedStatefulSetKind = kindRef<V1beta1AdvancedStatefulSet>({
  group: 'apps.kruise.io',
  version: 'v1beta1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  isNamespaced: true,
  isOptional: true,
});
/** Scales workloads by metrics. Declares the index `target`: what it scales, as `autoscalerTargetKey` writes it. */
export const horizontalPodAutoscalerKind = kindRef<V2HorizontalPodAutoscaler>({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  isNamespaced: true,
});
/** Key of the index `target` of HorizontalPodAutoscalers. */
export function autoscalerTargetKey(group: string, kind: string, namespace: string, name: string): string {
  return `${group}/${kind}/${namespace}/${name}`;
}
export const jobKind = kindRef<V1Job>({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  isNamespaced: true,
});
export const cronJobKind = kindRef<V1CronJob>({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  isNamespaced: true,
});

/** The kinds of workloads by their name in the enum `WorkloadKind`. */
export const workloadKinds = {
  DEPLOYMENT: deploymentKind,
  STATEFUL_SET: statefulSetKind,
  DAEMON_SET: daemonSetKind,
  REPLICA_SET: replicaSetKind,
  JOB: jobKind,
  CRON_JOB: cronJobKind,
  CLONE_SET: cloneSetKind,
  ADVANCED_STATEFUL_SET: advancedStatefulSetKind,
} as const;

/** All kinds of workloads, for lists and streams that carry several at once. */
export const anyWorkloadKinds = Object.values(workloadKinds) as readonly KindRef[];

export const clusterNodeTypeRef: TypeRef<NodeObject> = typeRef<NodeObject>('ClusterNode');
export const podTypeRef: TypeRef<PodObject> = typeRef<PodObject>('Pod');
export const deploymentTypeRef: TypeRef<DeploymentObject> = typeRef<DeploymentObject>('Deployment');
export const statefulSetTypeRef: TypeRef<StatefulSetObject> = typeRef<StatefulSetObject>('StatefulSet');
export const daemonSetTypeRef: TypeRef<DaemonSetObject> = typeRef<DaemonSetObject>('DaemonSet');
export const replicaSetTypeRef: TypeRef<ReplicaSetObject> = typeRef<ReplicaSetObject>('ReplicaSet');
export const jobTypeRef: TypeRef<JobObject> = typeRef<JobObject>('Job');
export const cronJobTypeRef: TypeRef<CronJobObject> = typeRef<CronJobObject>('CronJob');
export const cloneSetTypeRef: TypeRef<CloneSetObject> = typeRef<CloneSetObject>('CloneSet');
export const advancedStatefulSetTypeRef: TypeRef<AdvancedStatefulSetObject> =
  typeRef<AdvancedStatefulSetObject>('AdvancedStatefulSet');
export const serviceTypeRef: TypeRef<ServiceObject> = typeRef<ServiceObject>('Service');
export const ingressTypeRef: TypeRef<IngressObject> = typeRef<IngressObject>('Ingress');
export const configMapTypeRef: TypeRef<ConfigMapObject> = typeRef<ConfigMapObject>('ConfigMap');

/** What pods are made of, as it is read and as it is given. */
export type PodTemplate = NonNullable<DeploymentObject['spec']>['template'];
export const podTemplateTypeRef: TypeRef<PodTemplate> = typeRef<PodTemplate>('PodTemplate');
export type { ClaimTemplateForm, PodTemplateForm };
export const podTemplateInputRef: InputTypeRef<PodTemplateForm> = inputRef<PodTemplateForm>('PodTemplateInput');
export const claimTemplateInputRef: InputTypeRef<ClaimTemplateForm> = inputRef<ClaimTemplateForm>('ClaimTemplateInput');

/** A pod template that is to be made by the form, for a workload that somebody else makes. */
export interface PodTemplateRequest {
  readonly cluster: string;
  readonly namespace: string;
  /** Of the workload: unique there among those of its kind. */
  readonly name: string;
  readonly kind: 'DEPLOYMENT' | 'STATEFUL_SET' | 'CLONE_SET' | 'ADVANCED_STATEFUL_SET';
  readonly replicas: number;
  /** Undefined where nothing of it is said. */
  readonly template: PodTemplateForm | undefined;
  /** Claims that each pod gets of its own, the whole list; undefined for those that it has. */
  readonly volumeClaimTemplates: readonly ClaimTemplateForm[] | undefined;
  /** What it is changed from: what the form does not mention stays. Undefined where it is new. */
  readonly before: Pick<PlannedTemplate, 'template' | 'volumeClaimTemplates'> | undefined;
}

export interface PlannedTemplate {
  /** A `PodTemplateSpec` (core/v1), without labels that find its pods: those are its workload's to give. */
  readonly template: Readonly<Record<string, unknown>>;
  readonly volumeClaimTemplates: readonly Readonly<Record<string, unknown>>[];
  /** All that is wrong: paths begin with the field of the request that they are about, such as `template`. */
  readonly issues: readonly ValidationIssue[];
  /** Codes are among `formWarningCodes`. */
  readonly warnings: readonly RaisedWarning[];
  /** What its author should know, in words. */
  readonly told: readonly string[];
}

/** compute's form for whoever makes workloads in other ways: the same rules, of its own and of other plugins. */
export interface WorkloadForms {
  /** Asks the cluster as the caller for what the template names: ask first whether the caller may do it there. */
  planTemplate(request: PodTemplateRequest, context: RequestContext): MaybePromise<PlannedTemplate>;
}

export const workloadFormsRef: ServiceRef<WorkloadForms> = serviceRef<WorkloadForms>('compute.workloadForms');
/** Members of `WarningCode` that a planned template may raise. */
export const formWarningCodes = ['DATA_LOST_WITH_NODE', 'FILES_HIDDEN', 'ALL_PODS_UNAVAILABLE'] as const;

/** Interface `Workload`: implemented by Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, CloneSet and AdvancedStatefulSet. */
export const workloadTypeRef: InterfaceTypeRef<WorkloadObject> = interfaceRef<WorkloadObject>('Workload');

/** How an instance is on the network (NET-41); the enum `NetworkMode`. Instances of one node may each have their own. */
export const networkModes = {
  OVERLAY: 'It has an address inside the cluster, whichever is free.',
  FLOATING_IP: 'It has an address that was chosen for it, or one of a pool.',
  NAT: 'Ports of its node lead to it (`hostPort`).',
  HOST: 'It is on the network of its node (`hostNetwork`).',
} as const;
export type NetworkMode = keyof typeof networkModes;

/** Addresses that pods shall have: of a pool by its name, or the ones that are listed. */
export interface ChosenAddresses {
  readonly pool?: string | null | undefined;
  readonly addresses?: readonly string[] | null | undefined;
  /** Subnet that they are of; the namespace's where nobody says. */
  readonly subnet?: string | null | undefined;
}

/** How the cluster's network is asked for chosen addresses; provided by a plugin that drives a network engine. */
export interface PodAddressing {
  /** Annotations of pods that ask for them; those that are null are taken away. Undefined asks for any address. Pure. */
  annotationsFor(chosen: ChosenAddresses | undefined): Readonly<Record<string, string | null>>;
  /** Without what the engine wrote on a pod that was there before: a copy gets its own. Pure. */
  withoutGiven(annotations: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

export const podAddressingRef: ServiceRef<PodAddressing> = serviceRef<PodAddressing>('compute.podAddressing');

/** Directories of a container that are directories of its host (CMP-55). */
export interface ContainerDirectories {
  readonly container: string;
  readonly log: readonly string[];
  readonly data: readonly string[];
}

/** What makes a workload of another plugin's an ordinary one. Pure. */
export interface WorkloadParts {
  /** How it does, in one word for every kind: a member of `WorkloadStatus`. */
  statusOf(workload: WorkloadObject): WorkloadStatus;
  /** The label that workloads of forms carry, in their selector and pod template too (CORE-28); empty where the profile wants none. */
  labelOf(kind: string, name: string, profile: Profile): Readonly<Record<string, string>>;
  /** The spec of a pod with volumes for these directories, mounted where they say. */
  withDirectories(
    spec: Readonly<Record<string, unknown>>,
    directories: readonly ContainerDirectories[],
  ): Readonly<Record<string, unknown>>;
}

export const workloadPartsRef: ServiceRef<WorkloadParts> = serviceRef<WorkloadParts>('compute.workloadParts');

/** CREATING until the platform has taken it up, seconds later CREATED (CMP-37). */
export type ApplicationPhase = 'CREATING' | 'CREATED';

/** How an application does, from its workloads alone (CMP-39). */
export type ApplicationState = 'NO_WORKLOAD' | 'RUNNING' | 'STOPPED' | 'NOT_READY' | 'PROCESSING';

/** How many workloads of an application do how; a finished Job is in `total` alone. */
export interface ApplicationWorkloadCounts {
  readonly total: number;
  readonly running: number;
  readonly stopped: number;
  readonly notReady: number;
  readonly processing: number;
}

export interface ObservedApplication {
  readonly state: ApplicationState;
  readonly counts: ApplicationWorkloadCounts;
}

/**
 * A name under which workloads, Services and Ingresses are looked after together: those that carry it as the label of their
 * place's profile (`label.application`), in one namespace or in all namespaces of a workspace.
 */
export interface Application extends RowNode {
  readonly nodeTypeName: 'Application';
  readonly uuid: string;
  /** Never changes: the label's value. */
  readonly name: string;
  /** Null for one of a namespace. */
  readonly workspaceUuid: string | null;
  /** Null for one of a workspace. */
  readonly cluster: string | null;
  readonly namespace: string | null;
  /** Empty where there is none. */
  readonly alias: string;
  readonly description: string;
  readonly owner: string | null;
  /** Never changes once it is set. */
  readonly techStack: string | null;
  readonly techStackVersion: string | null;
  readonly hasCodeRepository: boolean;
  readonly hasOtherInformation: boolean;
  readonly phase: ApplicationPhase;
  /** As its loop saw it last; null until then. */
  readonly observed: ObservedApplication | null;
  readonly version: number;
  readonly createdAt: Date;
}

export const applicationTypeRef: TypeRef<Application> = typeRef<Application>('Application');

/** Which pods are an application's, for who looks at more of it than its workloads. */
export interface ApplicationPods {
  /** In the cluster of a reader, as far as the reader sees them and their workloads. */
  podsOf(application: Application, reader: ClusterReader): MaybePromise<ListRows<PodObject>>;
}

export const applicationPodsRef: ServiceRef<ApplicationPods> = serviceRef<ApplicationPods>('compute.applicationPods');
/** What a whole pod asks for and may use at most. */
export interface PodResources {
  readonly cpuRequestMillicores: number;
  readonly memoryRequestBytes: number;
  /** Undefined where no container has a limit. */
  readonly cpuLimitMillicores: number | undefined;
  readonly memoryLimitBytes: number | undefined;
}

/** What plugins that make pods by themselves must know of a template, or of a pod. */
export interface PodTemplates {
  /** As the scheduler counts. Pure. */
  resourcesOf(template: object): PodResources;
  /** A sentence for each ConfigMap, Secret (with their keys), claim, node and service account that it names and that is not there. */
  missingReferences(reader: ClusterReader, namespace: string, template: object): MaybePromise<readonly string[]>;
}

export const podTemplatesRef: ServiceRef<PodTemplates> = serviceRef<PodTemplates>('compute.podTemplates');
export const applicationSubject = 'compute/Application';

/** Applications as they are made, changed and deleted, and as their state changes. */
export const applicationsTopic = topicRef<Application>('compute.applications');

/** Under which name a project's logs are collected (CMP-105). */
export interface LogStore extends RowNode {
  readonly nodeTypeName: 'LogStore';
  readonly uuid: string;
  /** Unique in its project; never changes: collectors write it on lines. */
  readonly name: string;
  readonly projectUuid: string;
  readonly workspaceUuid: string | null;
  /** Empty where there is none. */
  readonly description: string;
  readonly retentionDays: number;
  readonly shards: number;
  readonly version: number;
  readonly createdAt: Date;
}

export const logStoreTypeRef: TypeRef<LogStore> = typeRef<LogStore>('LogStore');
export const logStoreSubject = 'compute/LogStore';

/** What an alarm policy looks at: pods of its application or cluster, their workloads, nodes, or events about them. */
export const alarmMetrics = {
  CPU_MILLICORES: 'CPU in use by a pod, in thousandths of a core.',
  CPU_OF_REQUEST_PERCENT: 'CPU in use by a pod, in percent of what it requests; pods without requests do not count.',
  CPU_OF_LIMIT_PERCENT: 'CPU in use by a pod, in percent of its limit; pods without limits do not count.',
  MEMORY_BYTES: 'Memory in use by a pod, in bytes.',
  MEMORY_OF_REQUEST_PERCENT:
    'Memory in use by a pod, in percent of what it requests; pods without requests do not count.',
  MEMORY_OF_LIMIT_PERCENT: 'Memory in use by a pod, in percent of its limit; pods without limits do not count.',
  PODS_NOT_READY: 'How many pods are not ready; those that have succeeded do not count.',
  CONTAINER_RESTARTS: 'How often containers of a pod have restarted since it was made.',
  WORKLOADS_NOT_READY: 'How many workloads lack ready pods or have failed.',
  WARNING_EVENTS: 'How many events of type Warning there were in `durationSeconds`, repeated ones counted each time.',
} as const;
export type AlarmMetric = keyof typeof alarmMetrics;
export type AlarmAggregation = 'AVERAGE' | 'MAXIMUM' | 'SUM';
export type AlarmComparison = 'ABOVE' | 'AT_LEAST' | 'BELOW' | 'AT_MOST';
export type AlarmSeverity = 'INFO' | 'WARNING' | 'CRITICAL';
export type AlarmStatus = 'FIRING' | 'RESOLVED';

export interface AlarmRule {
  readonly metric: AlarmMetric;
  /** Over the pods; a count is a count. */
  readonly aggregation: AlarmAggregation;
  readonly comparison: AlarmComparison;
  readonly threshold: number;
  /** How long it must hold; of WARNING_EVENTS the time in which they are counted. */
  readonly durationSeconds: number;
  /** Only events with one of these reasons; empty for all. */
  readonly eventReasons: readonly string[];
}

/** Where a policy and its alarms belong. */
export interface AlarmPlace {
  /** Null for one of a cluster. */
  readonly applicationUuid: string | null;
  readonly cluster: string | null;
  readonly namespace: string | null;
  readonly workspaceUuid: string | null;
}

/** What somebody wants to be told of (CMP-64). */
export interface AlarmPolicy extends RowNode, AlarmPlace {
  readonly nodeTypeName: 'AlarmPolicy';
  readonly uuid: string;
  readonly displayName: string;
  readonly rule: AlarmRule;
  readonly severity: AlarmSeverity;
  readonly isEnabled: boolean;
  readonly quietSeconds: number;
  readonly silencedUntil: Date | null;
  readonly webhookUrl: string | null;
  readonly holdsSince: Date | null;
  /** Why it could not be looked at the last time; null where it could. */
  readonly problem: string | null;
  readonly version: number;
  readonly createdAt: Date;
}

/** One time that a policy's condition held. */
export interface Alarm extends RowNode, AlarmPlace {
  readonly nodeTypeName: 'Alarm';
  readonly uuid: string;
  readonly policyUuid: string;
  /** What the policy was called then. */
  readonly displayName: string;
  readonly severity: AlarmSeverity;
  readonly status: AlarmStatus;
  /** What was measured when it fired. */
  readonly value: number;
  readonly summary: string;
  readonly firedAt: Date;
  readonly resolvedAt: Date | null;
}

export const alarmPolicyTypeRef: TypeRef<AlarmPolicy> = typeRef<AlarmPolicy>('AlarmPolicy');
export const alarmTypeRef: TypeRef<Alarm> = typeRef<Alarm>('Alarm');
export const alarmPolicySubject = 'compute/AlarmPolicy';
export const alarmSubject = 'compute/Alarm';

/** Alarms as they fire and are resolved. */
export const alarmsTopic = topicRef<Alarm>('compute.alarms');

/** Profile keys: how many pods a workload may have, and those of a service that does not say. */
export { mostUnlessSaid, replicasDefault, replicasMax, replicasMin } from './profile-keys/replicas.ts';
export { millis, needsOf, noNeeds, type PodNeeds, sumNeeds, units } from './services/quotas/pod-needs.ts';
export { type FoundShortage, type QuotaDemand, quotaShortages } from './services/quotas/quota-shortages.ts';
export type { ScopedSpec } from './services/quotas/scopes.ts';

/** What is switched on in clusters as a whole (CMP-16). */
export interface ClusterFeatures {
  /**
   * Whether pods of a place may be put into the mesh, by the cluster and the profile of the place. Throws `CapabilityMissingError` where the cluster
   * has no mesh, `PreconditionError` MESH_OFF where it is off there.
   */
  requireMesh(cluster: Pick<Cluster, 'name' | 'capabilities'>, profile: Profile): void;
}

export const clusterFeaturesRef: ServiceRef<ClusterFeatures> = serviceRef<ClusterFeatures>('compute.clusterFeatures');

/** On a pod: whether Istio puts its sidecar into it when it is made; it counts more than what its namespace says. */
export const meshInjectLabel = 'sidecar.istio.io/inject';

/** The first page of a workspace or project (CMP-112), for plugins that count something of their own there. */
export interface OverviewOfTenant {
  readonly tenant: Workspace | Project;
}

export const tenantOverviewTypeRef: TypeRef<OverviewOfTenant> = typeRef<OverviewOfTenant>('TenantOverview');

/** What a plugin of registries tells of images (CMP-112). Without one nobody counts them. */
export interface TenantImages {
  /** How many images are the tenant's own, of those that the caller may see. */
  countOwn(tenant: Workspace | Project, context: RequestContext): MaybePromise<number>;
}

export const tenantImagesRef: ServiceRef<TenantImages> = serviceRef<TenantImages>('registry.tenantImages');
