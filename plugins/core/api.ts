/** What other plugins may hold of core: its Kubernetes kinds, topics, services, and the GraphQL types they may extend. */

import type { CoreV1Event, V1Namespace, V1ResourceQuota } from '@kubernetes/client-node';
import {
  type Cluster,
  type Instance,
  type KindRef,
  type KubeObject,
  kindRef,
  kubeObjectCodec,
  type Membership,
  type OperationHandle,
  type OperationRecord,
  type Principal,
  type Profile,
  type RequestContext,
  type RowNode,
  type SealedSecret,
  type ServiceRef,
  serviceRef,
  type TypeRef,
  topicRef,
  typeRef,
  type ValidationIssue,
} from 'longshore/sdk';

export type NamespaceObject = KubeObject<V1Namespace>;
/** Its values are sealed: `data` has lengths only. */
export type SecretObject = KubeObject<SealedSecret>;
export type ResourceQuotaObject = KubeObject<V1ResourceQuota>;
export type KubernetesEventObject = KubeObject<CoreV1Event>;

export const namespaceKind = kindRef<V1Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  isNamespaced: false,
});
export const secretKind = kindRef<SealedSecret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  isNamespaced: true,
});
export const resourceQuotaKind = kindRef<V1ResourceQuota>({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  isNamespaced: true,
});
/** Declares the index `involvedObject`: the uid of what an event is about. */
export const eventKind = kindRef<CoreV1Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  isNamespaced: true,
});

export const namespaceTypeRef: TypeRef<NamespaceObject> = typeRef<NamespaceObject>('Namespace');
export const secretTypeRef: TypeRef<SecretObject> = typeRef<SecretObject>('Secret');
export const kubernetesEventTypeRef: TypeRef<KubernetesEventObject> = typeRef<KubernetesEventObject>('KubernetesEvent');

export interface Label {
  readonly key: string;
  readonly value: string;
}
export const labelTypeRef: TypeRef<Label> = typeRef<Label>('Label');

/** The input type of a label, by name: `t.field({ type: [labelInputName as never] })`. */
export const labelInputName = 'LabelInput';

/** Records as they are made and closed, on whatever replica; without their input. */
export const operationRecordsTopic = topicRef<OperationRecord>('core.operationRecords');
/** What clusters report about their objects, each state of each event once. */
export const kubernetesEventsTopic = topicRef<KubernetesEventObject>('core.kubernetesEvents', {
  codec: kubeObjectCodec<CoreV1Event>(),
});
/** Clusters whose state, version or capabilities changed, as this replica sees them. */
export const clustersTopic = topicRef<Cluster>('core.clusters', { isLocal: true });

export type NetworkType = 'VPC' | 'CLASSIC';

/** A workspace, project or department: a row with a global id. */
export interface Tenant extends RowNode {
  readonly uuid: string;
  readonly identifier: string;
  readonly displayName: string;
  /** Empty where there is none. */
  readonly description: string;
  /** 1 when it was made, one more with each change. */
  readonly version: number;
  readonly createdAt: Date;
}

export interface Workspace extends Tenant {
  readonly nodeTypeName: 'Workspace';
  readonly region: string;
  readonly networkType: NetworkType;
  /** One or two, of the region. */
  readonly zones: readonly string[];
  readonly profile: string | null;
  /** The network that it is bound to; null where it is bound to none. */
  readonly networkId: string | null;
}

export interface Department extends Tenant {
  readonly nodeTypeName: 'Department';
  readonly parentUuid: string | null;
}

export interface Project extends Tenant {
  readonly nodeTypeName: 'Project';
  readonly workspaceUuid: string | null;
  readonly departmentUuid: string | null;
  /** What its namespaces may use together; null for no limit. */
  readonly quota: Quota | null;
}

/** What a quota can limit (CMP-33). */
export type QuotaItem =
  | 'cpu'
  | 'memory'
  | 'storage'
  | 'persistentVolumeClaims'
  | 'pods'
  | 'deployments'
  | 'statefulSets'
  | 'jobs'
  | 'cronJobs'
  | 'configMaps'
  | 'secrets'
  | 'services'
  | 'ingresses';

/** Most of each item as a canonical quantity, e.g. `{ cpu: '1500m', pods: '20' }`; what is not named is unlimited. */
export type Quota = Readonly<Partial<Record<QuotaItem, string>>>;

/** What one namespace may use; null: whatever there is. */
export interface NamespaceQuota {
  readonly cluster: string;
  readonly namespace: string;
  readonly quota: Quota | null;
}

/** What was said of a namespace that is yet to be made. */
export interface NamespaceClaim {
  /** It was not made after all: what was said of the name before holds again, unless somebody has claimed it since. */
  undo(ticket: OperationHandle): Promise<void>;
}

export type MemberKind = 'PRINCIPAL' | 'GROUP';
/** ADMIN, DEVELOPER, GUEST, or a role of the settings or a plugin that is for members. */
export type MemberRole = string;

export interface Member {
  readonly kind: MemberKind;
  /** Id of a principal or name of a group. */
  readonly name: string;
  readonly role: MemberRole;
  readonly createdAt: Date;
}

/** A namespace with the workspace or project that it belongs to; at least one of both is there. */
export interface NamespaceBinding {
  readonly cluster: string;
  readonly namespace: string;
  readonly workspaceUuid: string | null;
  readonly projectUuid: string | null;
  readonly createdAt: Date;
}

export const workspaceTypeRef: TypeRef<Workspace> = typeRef<Workspace>('Workspace');
export const projectTypeRef: TypeRef<Project> = typeRef<Project>('Project');
export const departmentTypeRef: TypeRef<Department> = typeRef<Department>('Department');

/** Workspaces as they are made, changed and deleted. */
export const workspacesTopic = topicRef<Workspace>('core.workspaces');
/** Projects as they are made, changed and deleted. */
export const projectsTopic = topicRef<Project>('core.projects');

/** Subjects of permissions. */
export const workspaceSubject = 'core/Workspace';
export const projectSubject = 'core/Project';
export const departmentSubject = 'core/Department';
export const regionSubject = 'core/Region';

/** An availability zone with the deployment units in it (CORE-04). */
export interface Zone {
  readonly name: string;
  readonly deploymentUnits: readonly string[];
}

export interface Region {
  readonly name: string;
  readonly displayName: string;
  readonly zones: readonly Zone[];
}

type Changed<T> = { readonly before: T; readonly after: T };
type Editable<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] | undefined };

/** A network that a workspace can be bound to, such as a VPC. */
export interface WorkspaceNetwork {
  readonly id: string;
  readonly name: string;
  /** Its ranges as CIDR writes them; absent where they are not known. */
  readonly cidrs?: readonly string[];
}

/**
 * What a plugin of networks offers to workspaces of type VPC (CORE-02). Without one, binding answers
 * `CapabilityMissingError`. Each method sees what its caller may see.
 */
export interface WorkspaceNetworks {
  /** Networks that the workspace can be bound to. */
  list(workspace: Workspace, context: RequestContext): Promise<readonly WorkspaceNetwork[]>;
  /** What stands against one of them, as issues of `networkId`; one that is not there is an issue too. */
  check(workspace: Workspace, networkId: string, context: RequestContext): Promise<readonly ValidationIssue[]>;
  /** The workspace is bound to it by now. May be told more than once. */
  bind(workspace: Workspace, networkId: string, ticket: OperationHandle): Promise<void>;
  /** Global ids of what still uses the network for this workspace: it cannot be deleted as long as there are any. */
  usesOf(workspace: Workspace, networkId: string, context: RequestContext): Promise<readonly string[]>;
  /** Global ids of networks that are this workspace's alone, bound or not: it cannot be deleted as long as there are any. */
  ownedBy(workspace: Workspace, context: RequestContext): Promise<readonly string[]>;
}

export const workspaceNetworksServiceRef: ServiceRef<WorkspaceNetworks> =
  serviceRef<WorkspaceNetworks>('network.workspaceNetworks');

/** Where something of a workspace lies. */
export interface PlaceInWorkspace {
  readonly zone: string;
  /** Null where the zone has no deployment units. */
  readonly deploymentUnit: string | null;
  /** What it shall be labelled with. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A cell of a zone: nodes that carry its labels (CORE-04). */
export interface DeploymentUnit {
  readonly zone: string;
  readonly deploymentUnit: string;
  /** Labels of its nodes. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Workspaces, projects, departments, their members and namespaces. Says nothing about rights: ask for each row. What
 * changes takes the ticket of an open record, tries everything in a dry run, and resolves once this replica goes by it.
 */
export interface TenancyService {
  readonly regions: readonly Region[];
  /** Key of the label that names a node's deployment unit. */
  readonly deploymentUnitLabel: string;
  workspaces(): Promise<readonly Workspace[]>;
  projects(): Promise<readonly Project[]>;
  departments(): Promise<readonly Department[]>;
  members(of: Tenant): Promise<readonly Member[]>;
  namespacesOf(tenant: Tenant): Promise<readonly NamespaceBinding[]>;
  /**
   * For what is imported into a workspace (CORE-03) and the unit that its label shall name (CORE-04). Throws
   * `PreconditionError` OUTSIDE_WORKSPACE_ZONES and `ValidationError` for a unit that is not there or not chosen.
   */
  placeIn(workspace: Workspace, zone: string, deploymentUnit?: string): PlaceInWorkspace;
  /** The same for a node, by what its labels say of where it is. */
  placeNode(
    workspace: Workspace,
    labels: Readonly<Record<string, string>> | undefined,
    deploymentUnit?: string,
  ): PlaceInWorkspace;
  /** The deployment units of the workspace's zones, each name once, as the settings list them; empty where its zones have none. */
  deploymentUnitsOf(workspace: Pick<Workspace, 'region' | 'zones'>): readonly DeploymentUnit[];
  /** Throws `PreconditionError` OUTSIDE_WORKSPACE_ZONES for a cluster that does not reach into the workspace's zones. */
  requireInZones(workspace: Workspace, cluster: string): Promise<void>;
  /** Where somebody belongs, also an ADMIN, who needs it for no right. From memory. */
  membershipsOf(principal: Pick<Principal, 'id' | 'groups'>): readonly Membership[];
  /** The profile that what lies in a project alone is held to: its workspace's, else the platform's. */
  profileOf(project: Pick<Project, 'workspaceUuid'>): Promise<Profile>;
  /** From memory; undefined for a namespace that belongs to nobody. */
  bindingOf(cluster: string, namespace: string): NamespaceBinding | undefined;

  /** Throws `ValidationError` for a taken identifier and for what the regions do not allow. */
  createWorkspace(
    fields: Pick<
      Workspace,
      'identifier' | 'displayName' | 'description' | 'region' | 'networkType' | 'zones' | 'profile'
    >,
    ticket: OperationHandle,
  ): Promise<Workspace>;
  /** Throws `ConflictError` where `version` is not the present one. */
  updateWorkspace(
    uuid: string,
    version: number,
    fields: Editable<Pick<Workspace, 'displayName' | 'description' | 'zones' | 'profile'>>,
    ticket: OperationHandle,
  ): Promise<Changed<Workspace>>;
  /** Once and for all: throws `PreconditionError` NETWORK_BOUND_ALREADY. Whether there is such a network is the caller's to ask. */
  bindNetwork(uuid: string, version: number, networkId: string, ticket: OperationHandle): Promise<Changed<Workspace>>;
  /** Throws `InUseError` with projects and namespaces that are still in it; its memberships go with it. */
  deleteWorkspace(uuid: string, ticket: OperationHandle): Promise<void>;

  createProject(
    fields: Pick<Project, 'identifier' | 'displayName' | 'description' | 'workspaceUuid' | 'departmentUuid'>,
    ticket: OperationHandle,
  ): Promise<Project>;
  updateProject(
    uuid: string,
    version: number,
    fields: Editable<Pick<Project, 'displayName' | 'description' | 'departmentUuid'>>,
    ticket: OperationHandle,
  ): Promise<Changed<Project>>;
  deleteProject(uuid: string, ticket: OperationHandle): Promise<void>;
  /**
   * What the project's namespaces may use together, and in one go what single ones of them may. Throws `QuotaExceededError`
   * where they would have more together, or one of them no part of what is limited.
   */
  setProjectQuota(
    uuid: string,
    version: number,
    quota: Quota | null,
    shares: readonly NamespaceQuota[],
    ticket: OperationHandle,
  ): Promise<Changed<Project>>;

  createDepartment(
    fields: Pick<Department, 'identifier' | 'displayName' | 'description' | 'parentUuid'>,
    ticket: OperationHandle,
  ): Promise<Department>;
  /** Throws `ValidationError` where the parent would be the department itself or below it. */
  updateDepartment(
    uuid: string,
    version: number,
    fields: Editable<Pick<Department, 'displayName' | 'description' | 'parentUuid'>>,
    ticket: OperationHandle,
  ): Promise<Changed<Department>>;
  deleteDepartment(uuid: string, ticket: OperationHandle): Promise<void>;

  /** Who is a member already gets the role. Answers the role that each had, in their order. Throws `PreconditionError` LAST_ADMINISTRATOR. */
  addMembers(
    tenant: Tenant,
    added: readonly Pick<Member, 'kind' | 'name' | 'role'>[],
    ticket: OperationHandle,
  ): Promise<readonly (MemberRole | undefined)[]>;
  /** All or none, and answers the role that each had: throws `NotFoundError` for who is no member, `PreconditionError` LAST_ADMINISTRATOR. */
  removeMembers(
    tenant: Tenant,
    removed: readonly Pick<Member, 'kind' | 'name'>[],
    ticket: OperationHandle,
  ): Promise<readonly MemberRole[]>;

  /** What namespaces may use, bound or not; null lifts it. Written to their clusters soon after. Throws `QuotaExceededError`. */
  setNamespaceQuotas(quotas: readonly NamespaceQuota[], ticket: OperationHandle): Promise<void>;
  /** What namespaces may use as far as it is limited, for any of these, and since when. */
  namespaceQuotas(
    of: readonly Pick<NamespaceBinding, 'cluster' | 'namespace'>[],
  ): Promise<readonly (NamespaceQuota & { readonly createdAt: Date })[]>;

  /**
   * Before a namespace is made: to whom it shall belong and what it may use. What an earlier one of the name left behind goes.
   * Throws `QuotaExceededError`, `PreconditionError` TOO_MANY_CLUSTERS.
   */
  claimNamespace(
    tenant: Workspace | Project | null,
    place: NamespaceQuota,
    ticket: OperationHandle,
  ): Promise<NamespaceClaim>;
  /** It is gone: what was said of it until then about whose it is and its quota holds no more. */
  forgetNamespace(
    place: Pick<NamespaceBinding, 'cluster' | 'namespace'>,
    until: Date,
    ticket: OperationHandle,
  ): Promise<void>;
  /** It is being deleted: `forgetNamespace` once it is gone, however long that takes. */
  forgetWhenGone(deleted: Pick<NamespaceBinding, 'cluster' | 'namespace'> & { readonly uid: string }): Promise<void>;
  /** Throws `InUseError` where namespaces of the cluster belong to workspaces or projects. */
  requireUnboundCluster(cluster: string): Promise<void>;
  /**
   * Answers whose each was, in their order. Throws `PreconditionError` NAMESPACE_BOUND_ELSEWHERE. Whether the namespaces exist is the
   * caller's to ask.
   */
  bindNamespaces(
    tenant: Workspace | Project,
    bound: readonly Pick<NamespaceBinding, 'cluster' | 'namespace'>[],
    ticket: OperationHandle,
  ): Promise<readonly ('NOBODY' | 'SAME' | 'SAME_WORKSPACE')[]>;
  /** All or none: throws `NotFoundError` for what is not bound to it. */
  unbindNamespaces(
    tenant: Workspace | Project,
    unbound: readonly Pick<NamespaceBinding, 'cluster' | 'namespace'>[],
    ticket: OperationHandle,
  ): Promise<void>;
}

export const tenancyServiceRef: ServiceRef<TenancyService> = serviceRef<TenancyService>('core.tenancy');

/** Registers clusters that another plugin has made, by the same rules as for users: addresses by the egress rules, credentials sealed. */
export interface ClusterRegistrar {
  /** Throws `PreconditionError` SIGN_IN_OPEN where nothing can be registered, for who would have something to register only later. */
  requireSignIn(): void;
  /**
   * Serves a cluster from now on. Nothing happens where it is registered already under the name, with the same server. Throws `ConflictError`
   * where the name is another's, `ValidationError` for a kubeconfig that is refused, `UpstreamError` where it does not answer.
   */
  register(
    cluster: {
      readonly name: string;
      readonly kubeconfig: string;
      readonly profile: string | null;
      readonly description: string;
    },
    by: Principal,
    ticket: OperationHandle,
    signal: AbortSignal,
  ): Promise<void>;
  /** Serves it no more, where the name is that of the kubeconfig's server; otherwise nothing happens. */
  unregister(name: string, kubeconfig: string, ticket: OperationHandle): Promise<void>;
}
export const clusterRegistrarRef: ServiceRef<ClusterRegistrar> = serviceRef<ClusterRegistrar>('core.clusterRegistrar');

/** One document of a YAML text, whatever it is. */
export interface TextDocument {
  /** Its place in the text, from 0. */
  readonly index: number;
  readonly value: unknown;
  /** Where a path of it stands: its value, or the key before it. */
  readonly locate: (
    path: readonly (string | number)[],
    what?: 'key' | 'value',
  ) => { readonly line: number; readonly column: number };
}

/** An object that shall be made or changed by the platform in somebody's name. */
export interface ObjectToMake {
  readonly object: Readonly<Record<string, unknown>>;
}

/** What is known of objects before any of them is written. */
export interface JudgedObjects {
  /** What stands against them: by their kind's schema, by the rules of all plugins and the profile. `object` counts from 0. */
  readonly issues: readonly {
    readonly object: number;
    readonly path: readonly (string | number)[];
    readonly code: string;
    readonly message: string;
  }[];
  /** The first that the caller may not apply; nobody has asked the rules of plugins then. */
  readonly refused: Instance | undefined;
  /** What their author should know, in words. */
  readonly told: readonly string[];
  /** As they would be sent, with what is there now under their names, as the caller sees it; those of unknown kinds are missing. */
  readonly objects: readonly {
    readonly kind: KindRef;
    readonly name: string;
    readonly existing: KubeObject | undefined;
    readonly object: object;
  }[];
  /** The cluster's own dry run of all of them, as the caller. Throws what it has against them. */
  tryAll(): Promise<void>;
}

/** YAML as all of the gateway reads it, and the checks of `applyManifest` for what is made in another way. */
export interface ManifestService {
  /** Bounded in size, depth and aliases (CORE-27). Paths of issues begin with `field` and the index of the document. */
  read(
    text: string,
    field: string,
  ): Promise<{ readonly documents: readonly TextDocument[]; readonly issues: readonly ValidationIssue[] }>;
  /** Writes nothing: the gateway must not lend its power to who may not apply such objects. */
  judge(
    request: { readonly cluster: string; readonly namespace: string; readonly objects: readonly ObjectToMake[] },
    context: RequestContext,
  ): Promise<JudgedObjects>;
}

export const manifestServiceRef: ServiceRef<ManifestService> = serviceRef<ManifestService>('core.manifests');

/** Where an object's description stands: the cluster keeps it, as it keeps the object. */
export const descriptionAnnotation = 'longshore.dev/description';

/** What people call an object, where that is more than its name. */
export const displayNameAnnotation = 'longshore.dev/display-name';

/** When a form last took keys of a ConfigMap or Secret away, RFC 3339: clusters note a time only for what a write sets (CMP-95). */
export const keysRemovedAnnotation = 'longshore.dev/keys-removed-at';

/** Address of the image registry for which a Secret has credentials, where a form made it. */
export const registryAnnotation = 'longshore.dev/registry';

/** Profile key: what descriptions may be (CORE-34). */
export { descriptionNetworkText, descriptionText } from './profile-keys/answers.ts';
/** Profile keys: the label that makes an object part of an application, and the one of workloads made by a form (CORE-28). */
export { clustersPerWorkspace } from './profile-keys/tenancy.ts';
export { applicationLabel, workloadLabel } from './profile-keys/yaml.ts';
