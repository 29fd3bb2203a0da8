/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What became of a document. */
export type ApplyAction =
  /** The object was there and has changed. */
  | 'CONFIGURED'
  /** The object was not there. */
  | 'CREATED'
  /** The object was there and is as the text says. */
  | 'UNCHANGED';

/** Input of `applyManifest`. */
export type ApplyManifestInput = {
  /** Warnings that you know of and accept: RELEASED_BY_APP_SERVICE. What is found and is not here refuses with ACKNOWLEDGEMENT_REQUIRED. */
  acknowledge?: Array<WarningCode> | null | undefined;
  /** Application that the objects become part of: sets the label that the profile names (`label.application`) on every document and pod template. One that names another application is refused. */
  application?: string | null | undefined;
  /** Name of the cluster. */
  cluster: string;
  /** Check everything and ask the cluster, but change nothing and leave no record. */
  dryRun?: boolean;
  /** Take over fields that another field manager owns, instead of answering a conflict. */
  force?: boolean;
  /** The same key with the same input within 24 hours does it once and answers the same; with other input it is a conflict. */
  idempotencyKey?: string | null | undefined;
  /** YAML or JSON, up to 1 MiB and 100 documents, read as kubectl reads it. */
  manifest: string;
  /** Namespace of documents that say none; one that says another is refused. */
  namespace?: string | null | undefined;
};

/** Why a cluster's rows are missing or old. */
export type ClusterProblemCode =
  /** The cluster does not serve this kind. */
  | 'CAPABILITY_MISSING'
  /** No such cluster, or none that you may see. */
  | 'CLUSTER_NOT_FOUND'
  /** The gateway's credentials may not list this kind there. */
  | 'FORBIDDEN'
  /** Too many objects to sort without a cache; narrow by namespaces or labelSelector. */
  | 'TOO_COMPLEX'
  /** The cluster does not answer; rows shown are the last known ones. */
  | 'UPSTREAM_UNAVAILABLE';

/** Whether a cluster answers. */
export type ClusterState =
  /** It has not answered yet since the gateway started. */
  | 'CONNECTING'
  /** It answers, but something is wrong: some rows may be old. */
  | 'DEGRADED'
  /** It answers. */
  | 'READY'
  /** It does not answer; what was last known is shown. */
  | 'UNREACHABLE';

/** Which ConfigMaps to list. What is set must all hold. */
export type ConfigMapFilter = {
  /** Only in this cluster; all that you may see where it is not set. */
  cluster?: string | null | undefined;
  /** Label selector as Kubernetes writes it, e.g. `app=vote,tier in (front, back)`. */
  labelSelector?: string | null | undefined;
  /** Test of the name. */
  name?: StringFilter | null | undefined;
  /** Only in these namespaces. */
  namespaces?: Array<string> | null | undefined;
};

/** Another image for a container. */
export type ContainerImageInput = {
  /** Name of the container; may be left out where there is only one. */
  container?: string | null | undefined;
  /** The image, with its tag or digest. */
  image: string;
};

/** Input of `createNamespace`. */
export type CreateNamespaceInput = {
  /** Name of the cluster. */
  cluster: string;
  /** Global id of the department: may only be that of the project. */
  departmentId?: string | number | null | undefined;
  /** What it is for, as the profile allows descriptions. */
  description?: string | null | undefined;
  /** Check everything and ask the cluster, but change nothing and leave no record. */
  dryRun?: boolean;
  /** The same key with the same input within 24 hours does it once and answers the same; with other input it is a conflict. */
  idempotencyKey?: string | null | undefined;
  /** Labels to give it. */
  labels?: Array<LabelInput> | null | undefined;
  /** Up to 63 lower-case letters, digits and dashes; begins and ends with a letter or digit (RFC 1123). May be left out in a project of a workspace: then it is made of both their identifiers. */
  name?: string | null | undefined;
  /** Global id of the project that it shall belong to. */
  projectId?: string | number | null | undefined;
  /** What it may use: its share where the project has a quota. Some profiles ask for one. */
  quota?: QuotaInput | null | undefined;
  /** Global id of the workspace that it shall belong to; that of the project where one is given. */
  workspaceId?: string | number | null | undefined;
};

/** Input of `deleteNamespace`. */
export type DeleteNamespaceInput = {
  /** Warnings that you know of and accept: IN_USE. What is found and is not here refuses with ACKNOWLEDGEMENT_REQUIRED. */
  acknowledge?: Array<WarningCode> | null | undefined;
  /** Name of the cluster. */
  cluster: string;
  /** The name of what it concerns, or the phrase of its place's profile, typed again; the query `confirmation` tells which. A dry run can do without. */
  confirm?: string | null | undefined;
  /** Check everything and ask the cluster, but change nothing and leave no record. */
  dryRun?: boolean;
  /** The same key with the same input within 24 hours does it once and answers the same; with other input it is a conflict. */
  idempotencyKey?: string | null | undefined;
  /** Name of the namespace. */
  name: string;
};

/** Input of `deleteObject`. */
export type DeleteObjectInput = {
  /** Warnings that you know of and accept: IN_USE. What is found and is not here refuses with ACKNOWLEDGEMENT_REQUIRED. */
  acknowledge?: Array<WarningCode> | null | undefined;
  /** The phrase of its place's profile, typed, where that asks for one for such a thing; the query `confirmation` tells. A dry run can do without. */
  confirm?: string | null | undefined;
  /** Check everything and ask the cluster, but change nothing and leave no record. */
  dryRun?: boolean;
  /** Seconds that its processes have to end, 0 or more; the object’s own where it is not given. */
  gracePeriodSeconds?: number | null | undefined;
  /** Its global id. */
  id: string | number;
  /** The same key with the same input within 24 hours does it once and answers the same; with other input it is a conflict. */
  idempotencyKey?: string | null | undefined;
  /** What becomes of what it owns. */
  propagation?: DeletionPropagation;
};

/** What becomes of the objects that a deleted object owns. */
export type DeletionPropagation =
  /** It is gone at once, what it owns soon after. */
  | 'BACKGROUND'
  /** What it owns is gone first, then it. */
  | 'FOREGROUND'
  /** What it owns stays, without an owner. */
  | 'ORPHAN';

/** What kind of answer an error is. */
export type ErrorCode =
  /** The cluster lacks an engine that this needs. */
  | 'CAPABILITY_MISSING'
  /** It has changed meanwhile, or somebody else owns what you set: read it again. */
  | 'CONFLICT'
  /** You may read it but not do this. */
  | 'FORBIDDEN'
  /** Something still uses it. */
  | 'IN_USE'
  /** Gone, never there, or not for you. */
  | 'NOT_FOUND'
  /** A rule forbids it in the present state. */
  | 'PRECONDITION_FAILED'
  /** A quota would be exceeded. */
  | 'QUOTA_EXCEEDED'
  /** A cluster or another service failed or did not answer; it may pass. */
  | 'UPSTREAM'
  /** The input is wrong; `ValidationError.issues` says where. */
  | 'VALIDATION';

/** What happened to a field. */
export type FieldChangeOperation =
  /** It was not there. */
  | 'ADD'
  /** It is gone. */
  | 'REMOVE'
  /** It had another value. */
  | 'REPLACE';

/** A test of what an event is about. What is set must all hold. */
export type InvolvedObjectFilter = {
  /** The object’s global id: events of this name, also of an earlier object that had it. */
  id?: string | number | null | undefined;
  /** Its kind, e.g. `Pod`. */
  kind?: string | null | undefined;
  /** Its whole name, case matters. */
  name?: string | null | undefined;
  /** The object’s uid: events of this very object. */
  uid?: string | null | undefined;
};

/** Which events to list. What is set must all hold. */
export type KubernetesEventFilter = {
  /** Only in this cluster; all that you may see where it is not set. */
  cluster?: string | null | undefined;
  /** Only about these objects. */
  involvedObject?: InvolvedObjectFilter | null | undefined;
  /** Label selector as Kubernetes writes it, e.g. `app=vote,tier in (front, back)`. */
  labelSelector?: string | null | undefined;
  /** Test of the name. */
  name?: StringFilter | null | undefined;
  /** Only in these namespaces. */
  namespaces?: Array<string> | null | undefined;
  /** Only with one of these reasons. */
  reasons?: Array<string> | null | undefined;
  /** Only seen at or after this time. */
  since?: string | null | undefined;
  /** Only of these types. */
  types?: Array<KubernetesEventType> | null | undefined;
};

/** How serious an event is. */
export type KubernetesEventType =
  /** Something happened as it should. */
  | 'NORMAL'
  /** The cluster says something this version does not know; `rawType` has it. */
  | 'UNKNOWN'
  /** Something may be wrong. */
  | 'WARNING';

/** Which objects to list. What is set must all hold. */
export type KubernetesObjectFilter = {
  /** Only in this cluster; all that you may see where it is not set. */
  cluster?: string | null | undefined;
  /** Label selector as Kubernetes writes it, e.g. `app=vote,tier in (front, back)`. */
  labelSelector?: string | null | undefined;
  /** Test of the name. */
  name?: StringFilter | null | undefined;
  /** Only in these namespaces. */
  namespaces?: Array<string> | null | undefined;
};

/** An order of objects. */
export type KubernetesObjectOrder = {
  /** In which direction. */
  direction?: OrderDirection;
  /** What to order by. */
  field: KubernetesObjectOrderField;
};

/** What to order objects by. */
export type KubernetesObjectOrderField =
  /** By the cluster's name. */
  | 'CLUSTER'
  /** By time of creation. */
  | 'CREATED_AT'
  /** By kind. */
  | 'KIND'
  /** By name. */
  | 'NAME'
  /** By namespace. */
  | 'NAMESPACE';

/** One label to set. */
export type LabelInput = {
  /** The key, e.g. `app.kubernetes.io/name`. */
  key: string;
  /** Its value, up to 63 characters. */
  value: string;
};

/** How grave a line is, as far as it says so itself. */
export type LogLevel =
  /** For developers. */
  | 'DEBUG'
  /** What failed. */
  | 'ERROR'
  /** What ended the program, or should: critical, alert, emergency, panic. */
  | 'FATAL'
  /** What went as it should, notices included. */
  | 'INFO'
  /** Every step. */
  | 'TRACE'
  /** The line names no level. */
  | 'UNKNOWN'
  /** What may become an error. */
  | 'WARN';

/** Which namespaces to list. What is set must all hold. */
export type NamespaceFilter = {
  /** Only in this cluster; all that you may see where it is not set. */
  cluster?: string | null | undefined;
  /** Label selector as Kubernetes writes it, e.g. `app=vote,tier in (front, back)`. */
  labelSelector?: string | null | undefined;
  /** Test of the name. */
  name?: StringFilter | null | undefined;
  /** Only in these phases. */
  phases?: Array<NamespacePhase> | null | undefined;
};

/** Where a namespace stands in its life. */
export type NamespacePhase =
  /** It can be used. */
  | 'ACTIVE'
  /** It is being deleted with everything in it. */
  | 'TERMINATING'
  /** The cluster says something this version does not know; `rawPhase` has it. */
  | 'UNKNOWN';

/** What kind of thing was done. */
export type OperationCategory =
  /** Something was downloaded. */
  | 'DOWNLOAD'
  /** A value of a Secret was read. */
  | 'SECRET_READ'
  /** Somebody signed in as somebody else. */
  | 'SIGN_IN'
  /** A terminal was open in a container. */
  | 'TERMINAL'
  /** Something was uploaded. */
  | 'UPLOAD'
  /** Something was changed, or was to be. */
  | 'WRITE';

/** Which operation records to list. What is set must all hold. */
export type OperationRecordFilter = {
  /** Only these mutations or loops, e.g. `applyManifest`. */
  actions?: Array<string> | null | undefined;
  /** Only of this batch. */
  batchId?: string | null | undefined;
  /** Only of these kinds. */
  categories?: Array<OperationCategory> | null | undefined;
  /** Only on targets in this cluster. */
  cluster?: string | null | undefined;
  /** Only begun at or after this time. */
  from?: string | null | undefined;
  /** Only these, by global id. */
  ids?: Array<string | number> | null | undefined;
  /** Only on targets of this kind, e.g. `Deployment`. */
  kind?: string | null | undefined;
  /** Only on targets of exactly this name. */
  name?: string | null | undefined;
  /** Only on targets in these namespaces. */
  namespaces?: Array<string> | null | undefined;
  /** Only by these, by id or name. */
  operators?: Array<string> | null | undefined;
  /** Only on targets that lay in the project with this global id then. */
  projectId?: string | number | null | undefined;
  /** Only of this request. */
  requestId?: string | null | undefined;
  /** Only with one of these statuses. */
  statuses?: Array<OperationStatus> | null | undefined;
  /** Only on the target with this global id. */
  targetId?: string | number | null | undefined;
  /** Only begun before this time. */
  to?: string | null | undefined;
  /** Only on targets that lay in the workspace with this global id then. */
  workspaceId?: string | number | null | undefined;
};

/** Where an operation stands. */
export type OperationStatus =
  /** It was begun and failed; `failure` says why. */
  | 'FAILED'
  /** It is under way, or its end is not known yet. */
  | 'PENDING'
  /** The caller was not allowed to: nothing was done; `failure` says why. */
  | 'REFUSED'
  /** It was done. */
  | 'SUCCEEDED';

/** What a write did. */
export type OperationWriteVerb =
  /** Applied a manifest to it. */
  | 'APPLY'
  /** Made the object. */
  | 'CREATE'
  /** Deleted it. */
  | 'DELETE'
  /** Changed fields of it. */
  | 'PATCH'
  /** Set its number of replicas. */
  | 'SCALE';

/** Direction of an order. Rows without a value come last in both. */
export type OrderDirection =
  /** Smallest first. */
  | 'ASC'
  /** Largest first. */
  | 'DESC';

/** Which pods to list. What is set must all hold. */
export type PodFilter = {
  /** Only in this cluster; all that you may see where it is not set. */
  cluster?: string | null | undefined;
  /** Label selector as Kubernetes writes it, e.g. `app=vote,tier in (front, back)`. */
  labelSelector?: string | null | undefined;
  /** Test of the name. */
  name?: StringFilter | null | undefined;
  /** Only in these namespaces. */
  namespaces?: Array<string> | null | undefined;
  /** Bound to the node of this name. */
  node?: string | null | undefined;
  /** In one of these phases. */
  phases?: Array<PodPhase> | null | undefined;
  /** With this address. */
  podIP?: string | null | undefined;
  /** Whether its condition Ready is true. */
  ready?: boolean | null | undefined;
  /** Whose `reason` is one of these words, e.g. `CrashLoopBackOff`. */
  reasons?: Array<string> | null | undefined;
  /** In one of these states. */
  states?: Array<PodState> | null | undefined;
  /** Belongs to the workload with this id, itself or through a ReplicaSet or Job. */
  workloadId?: string | number | null | undefined;
};

/** An order of pods. */
export type PodOrder = {
  /** In which direction. */
  direction?: OrderDirection;
  /** What to order by. */
  field: PodOrderField;
};

/** What to order pods by. */
export type PodOrderField =
  /** By the cluster's name. */
  | 'CLUSTER'
  /** By requested CPU. */
  | 'CPU_REQUEST'
  /** By time of creation. */
  | 'CREATED_AT'
  /** By time of the last restart. */
  | 'LAST_RESTARTED_AT'
  /** By requested memory. */
  | 'MEMORY_REQUEST'
  /** By name. */
  | 'NAME'
  /** By namespace. */
  | 'NAMESPACE'
  /** By the node's name. */
  | 'NODE'
  /** By phase, as Kubernetes writes it. */
  | 'PHASE'
  /** By number of ready containers. */
  | 'READY'
  /** By number of restarts. */
  | 'RESTARTS'
  /** By the time at which its node took it. */
  | 'STARTED_AT'
  /** By `reason`, the word that kubectl shows. */
  | 'STATUS';

/** Where a pod stands in its life. */
export type PodPhase =
  /** All containers have ended, at least one without success. */
  | 'FAILED'
  /** Accepted, but not all containers have been started: it waits for a node, a volume or an image. */
  | 'PENDING'
  /** Bound to a node, and at least one container runs or is started again. */
  | 'RUNNING'
  /** All containers have ended with success and stay so. */
  | 'SUCCEEDED'
  /** Its node has not been heard, or the phase is one that this version does not know. */
  | 'UNKNOWN';

/** What is to be said of a pod in one word. */
export type PodState =
  /** All its containers have ended, at least one without success. */
  | 'FAILED'
  /** It runs, but is not ready: its containers start, fail, or do not answer their probes. */
  | 'NOT_READY'
  /** It waits for a node, a volume or an image. */
  | 'PENDING'
  /** It runs and is ready. */
  | 'RUNNING'
  /** All its containers have ended with success and stay so. */
  | 'SUCCEEDED'
  /** Somebody deleted it, and it is not gone yet. */
  | 'TERMINATING'
  /** Its node has not been heard, or the phase is one that this version does not know. */
  | 'UNKNOWN';

/** Which rule of the platform refused. Plugins add their own. */
export type PreconditionReason =
  /** An access setting was left as it is, because another one could not be written, or it has changed meanwhile. */
  | 'ACCESS_NOT_WRITTEN'
  /** There are warnings to acknowledge first; `unacknowledged` lists them. */
  | 'ACKNOWLEDGEMENT_REQUIRED'
  /** The application has no workload. */
  | 'APPLICATION_EMPTY'
  /** The application is not stopped. */
  | 'APPLICATION_NOT_STOPPED'
  /** The application is stopped. */
  | 'APPLICATION_STOPPED'
  /** A HorizontalPodAutoscaler scales the workload, and its place has one or the other. */
  | 'AUTOSCALED'
  /** The bandwidth of the elastic IP is held by something that was not made for it alone. */
  | 'BANDWIDTH_SHARED'
  /** The profile of the thing's place wants it done one by one. */
  | 'BATCH_NOT_OFFERED'
  /** The object is being deleted. */
  | 'BEING_DELETED'
  /** The claim has no volume yet. */
  | 'CLAIM_NOT_BOUND'
  /** The class of the claim does not let claims grow. */
  | 'CLASS_NOT_EXPANDABLE'
  /** The cluster cannot be reached, or is not served any more. */
  | 'CLUSTER_AWAY'
  /** Making, expanding or deleting a managed cluster failed; the message says why. */
  | 'CLUSTER_CHANGE'
  /** Something else is being done to the managed cluster. */
  | 'CLUSTER_CHANGING'
  /** The cluster is reached in the name of who calls, who has rights of their own in it. */
  | 'CLUSTER_KNOWS_CALLERS'
  /** The profile does not let clusters be made (CMP-10). */
  | 'CLUSTER_NOT_CREATABLE'
  /** The profile does not let the cluster be deleted (CMP-13). */
  | 'CLUSTER_NOT_DELETABLE'
  /** The profile does not let the cluster get more nodes. */
  | 'CLUSTER_NOT_EXPANDABLE'
  /** The container has not started, or has no earlier run to ask about. */
  | 'CONTAINER_NOT_STARTED'
  /** What stands in the way of moving a disk: `message` says it. */
  | 'DISK_MIGRATION'
  /** The disk is not in a state in which this can be done, by itself: nothing that uses it is in the way. */
  | 'DISK_NOT_READY'
  /** A PodDisruptionBudget does not allow another pod to go now. */
  | 'DISRUPTION_BUDGET'
  /** More than one PodDisruptionBudget covers the pod, which lets it never be evicted. */
  | 'DISRUPTION_BUDGETS'
  /** There is a draft that was not submitted: go on with it or throw it away. */
  | 'DRAFT_EXISTS'
  /** The file browser of the volume is not open. */
  | 'FILE_BROWSER_NOT_OPEN'
  /** The user of the file browser may not read or change the file. */
  | 'FILE_DENIED'
  /** The pod is on the network of its node, and has no address of its own. */
  | 'HOST_NETWORK'
  /** The object was made immutable: its values never change again. */
  | 'IMMUTABLE'
  /** The label comes with the node and is not for users to set or remove (CMP-28). */
  | 'INHERENT_LABEL'
  /** The cluster itself sets the taint and takes it away (CMP-29). */
  | 'INHERENT_TAINT'
  /** The pods of such a workload are all alike: nothing is done to one of them alone. */
  | 'INSTANCES_ALIKE'
  /** The Service sends traffic to all its instances, and not to single ones. */
  | 'INSTANCES_BOUND_TOGETHER'
  /** What made the pod finds it by the very label that would change. */
  | 'INSTANCE_HELD_BY_LABEL'
  /** It belongs to another application. */
  | 'IN_ANOTHER_APPLICATION'
  /** The profile of the place does not offer this for workloads of this kind. */
  | 'KIND_NOT_OFFERED'
  /** The workspace would be left without an administrator. */
  | 'LAST_ADMINISTRATOR'
  /** The listener leads to another backend group already. */
  | 'LISTENER_BOUND'
  /** The load balancer has a listener of this name. */
  | 'LISTENER_NAME_TAKEN'
  /** Another listener of the load balancer has the port. */
  | 'LISTENER_PORT_TAKEN'
  /** The user of the container may not read or change the file. */
  | 'LOG_FILE_DENIED'
  /** The log service of the cluster is not switched on (CMP-16). */
  | 'LOG_SERVICE_OFF'
  /** What owns the object would set the change back: change the owner. */
  | 'MANAGED_BY_OWNER'
  /** The service mesh of the cluster is not switched on (CMP-16, REL-07). */
  | 'MESH_OFF'
  /** The namespace belongs to another workspace or project. */
  | 'NAMESPACE_BOUND_ELSEWHERE'
  /** The namespace is being deleted: nothing new can be made in it. */
  | 'NAMESPACE_TERMINATING'
  /** Something that the platform did not make for it has the name. */
  | 'NAME_TAKEN'
  /** The workspace is bound to another network already, which never changes. */
  | 'NETWORK_BOUND_ALREADY'
  /** The network is being deleted. */
  | 'NETWORK_GOING'
  /** The platform has planned this network for everybody: nobody deletes it. */
  | 'NETWORK_OF_PLATFORM'
  /** The workspace is not of the type of network that this needs. */
  | 'NETWORK_TYPE_MISMATCH'
  /** A node could not be emptied; the message names the pods that are left. */
  | 'NODE_DRAIN'
  /** The node is being drained: wait for that, or cancel it. */
  | 'NODE_DRAINING'
  /** The node is not being drained, or is being removed already. */
  | 'NODE_NOT_DRAINING'
  /** It has no version that was submitted. */
  | 'NOTHING_SUBMITTED'
  /** The PersistentVolumeClaim is no cloud disk. */
  | 'NOT_A_DISK'
  /** What is named has no content that could be read or changed: a directory, a pipe, a device. */
  | 'NOT_A_FILE'
  /** What is named has no content that could be read or changed: a directory, a pipe, a device. */
  | 'NOT_A_LOG_FILE'
  /** The elastic IP is bound to no instance. */
  | 'NOT_BOUND'
  /** The volume has no files that could be shown. */
  | 'NOT_BROWSABLE'
  /** The StorageClass of the disk does not let its volumes grow. */
  | 'NOT_EXTENSIBLE'
  /** It does not belong to the application. */
  | 'NOT_IN_APPLICATION'
  /** The disk is not being moved, or that cannot be undone any more. */
  | 'NOT_MIGRATING'
  /** Workloads of this kind have no rollout that could be paused. */
  | 'NOT_PAUSABLE'
  /** Workloads of this kind have no rollout that could be started again. */
  | 'NOT_RESTARTABLE'
  /** Workloads of this kind have no number of replicas to set. */
  | 'NOT_SCALABLE'
  /** There is no draft. */
  | 'NO_DRAFT'
  /** The NAT gateway has no elastic IP that can be shared. */
  | 'NO_ELASTIC_IP'
  /** The subnet has no free address. */
  | 'NO_FREE_ADDRESS'
  /** The cluster has no class of load balancers that is asked for. */
  | 'NO_LOAD_BALANCER_CLASS'
  /** There is no NAT gateway. */
  | 'NO_NAT_GATEWAY'
  /** The pod has no address yet. */
  | 'NO_POD_ADDRESS'
  /** A namespace must belong to a project of a department here, and you belong to none. */
  | 'NO_PROJECT'
  /** Workloads of this kind keep no earlier versions. */
  | 'NO_REVISIONS'
  /** No VolumeSnapshotClass says how snapshots of such a disk are taken. */
  | 'NO_SNAPSHOT_CLASS'
  /** The VPC has no subnet. */
  | 'NO_SUBNET'
  /** It is not where the application is. */
  | 'OUTSIDE_APPLICATION'
  /** It lies in a zone that is none of the workspace. */
  | 'OUTSIDE_WORKSPACE_ZONES'
  /** It is the account of who asks. */
  | 'OWN_ACCOUNT'
  /** The workspace carries a profile that is not there any more. */
  | 'PROFILE_UNKNOWN'
  /** The namespace belongs to the cluster itself. */
  | 'PROTECTED_NAMESPACE'
  /** The protocol of a backend group never changes. */
  | 'PROTOCOL_IMMUTABLE'
  /** By the profile a namespace has a quota, and this one has none. */
  | 'QUOTA_REQUIRED'
  /** A release has the app service now: nobody else changes what it consists of. */
  | 'RELEASE_ACTIVE'
  /** The state of the release order, or of the release, does not allow it. */
  | 'RELEASE_STATE'
  /** The workload is this version already. */
  | 'REVISION_IS_CURRENT'
  /** The last rollout still updates other instances. */
  | 'ROLLOUT_UNFINISHED'
  /** The route has several rules: it is edited as YAML. */
  | 'ROUTE_HAS_SEVERAL_RULES'
  /** A HorizontalPodAutoscaler scales it, and could not follow it from one version to the next. */
  | 'SCALER_CANNOT_FOLLOW'
  /** The profile of the place does not let such a Secret be changed once it is made. */
  | 'SECRET_NOT_EDITABLE'
  /** The port needs to be filed with the authorities, and the profile does not say that it was approved. */
  | 'SENSITIVE_PORT'
  /** The session has no token of its own that could be refused. */
  | 'SESSION_CANNOT_END'
  /** Anybody gets in without a token of their own: no other cluster is served. */
  | 'SIGN_IN_OPEN'
  /** A copy of the configuration would have the name of somebody else's object. */
  | 'SNAPSHOT_NAME_TAKEN'
  /** The snapshot is not ready to be used. */
  | 'SNAPSHOT_NOT_READY'
  /** An application of the stack has failed. */
  | 'STACK_APP_FAILED'
  /** Something is being done with the stack; it must end first. */
  | 'STACK_BUSY'
  /** Something else is being done with the stack by now, or its cluster has changed. */
  | 'STACK_CHANGED'
  /** What would be made for the stack is there already, and is not of it. */
  | 'STACK_NAME_TAKEN'
  /** An application of the stack was not ready, or not gone, in the time that the profile allows. */
  | 'STACK_TOO_SLOW'
  /** Only a step that has failed can be retried or ignored. */
  | 'STEP_NOT_FAILED'
  /** The machine is billed by subscription: it can be cleared, and not destroyed (CMP-26). */
  | 'SUBSCRIPTION_BILLED'
  /** The workspace would hold more clusters than its profile allows. */
  | 'TOO_MANY_CLUSTERS'
  /** It names deployment units that its workspace does not have any more. */
  | 'UNITS_GONE'
  /** The user is disabled. */
  | 'USER_DISABLED'
  /** The VPC that a subnet names is not there. */
  | 'VPC_MISSING'
  /** A security group is for pods in a subnet, and the VPC has none. */
  | 'VPC_WITHOUT_SUBNET'
  /** The Job has finished: there is nothing to stop. */
  | 'WORKLOAD_FINISHED'
  /** The rollout of the workload is not paused. */
  | 'WORKLOAD_NOT_PAUSED'
  /** The workload is not stopped. */
  | 'WORKLOAD_NOT_STOPPED'
  /** The rollout of the workload is paused: resume it first. */
  | 'WORKLOAD_PAUSED'
  /** The workload is stopped: start it first. */
  | 'WORKLOAD_STOPPED'
  /** By the profile a cluster is one of a workspace (CMP-02). */
  | 'WORKSPACE_REQUIRED'
  /** The workspace is bound to no network yet (CMP-02). */
  | 'WORKSPACE_WITHOUT_NETWORK'
  /** Objects of this kind are seen as YAML here, but not edited. */
  | 'YAML_VIEW_ONLY';

/** What kind of caller it is. */
export type PrincipalKind =
  /** A service account of a cluster. */
  | 'SERVICE_ACCOUNT'
  /** The platform itself. */
  | 'SYSTEM'
  /** A token of the gateway’s own. */
  | 'TOKEN'
  /** A person. */
  | 'USER';

/** Most of each that may be used; what is not named, or is null, is unlimited. */
export type QuotaInput = {
  /** Number of ConfigMaps, from 0. */
  configMaps?: number | null | undefined;
  /** CPU that containers may request, in cores, e.g. `1500m`. */
  cpu?: string | null | undefined;
  /** Number of CronJobs, from 0. */
  cronJobs?: number | null | undefined;
  /** Number of Deployments, from 0. */
  deployments?: number | null | undefined;
  /** Number of Ingresses, from 0. */
  ingresses?: number | null | undefined;
  /** Number of Jobs, from 0. */
  jobs?: number | null | undefined;
  /** Bytes of memory that may be requested, e.g. `4Gi`. */
  memory?: string | null | undefined;
  /** Number of PersistentVolumeClaims, from 0. */
  persistentVolumeClaims?: number | null | undefined;
  /** Number of pods, from 0. */
  pods?: number | null | undefined;
  /** Number of Secrets, from 0. */
  secrets?: number | null | undefined;
  /** Number of Services, from 0. */
  services?: number | null | undefined;
  /** Number of StatefulSets, from 0. */
  statefulSets?: number | null | undefined;
  /** Bytes of storage that may be requested, e.g. `4Gi`. */
  storage?: string | null | undefined;
};

/** Input of `restartWorkload`. */
export type RestartWorkloadInput = {
  /** Check everything and ask the cluster, but change nothing and leave no record. */
  dryRun?: boolean;
  /** The workload's id. */
  id: string | number;
  /** The same key with the same input within 24 hours does it once and answers the same; with other input it is a conflict. */
  idempotencyKey?: string | null | undefined;
};

/** Why a stream begins anew. */
export type ResyncReason =
  /** A cluster is served no more: what was there of it is not in the new snapshot. */
  | 'CLUSTER_REMOVED'
  /** The cursor is older than what is kept. */
  | 'CURSOR_EXPIRED'
  /** What you may see has changed. */
  | 'RIGHTS_CHANGED'
  /** You read too slowly and the queue was full. */
  | 'SLOW_READER'
  /** The watch of a cluster was interrupted in a way that may have lost changes. */
  | 'WATCH_GAP';

/** Input of `scaleWorkload`. */
export type ScaleWorkloadInput = {
  /** Warnings that you know of and accept: RELEASED_BY_APP_SERVICE. What is found and is not here refuses with ACKNOWLEDGEMENT_REQUIRED. */
  acknowledge?: Array<WarningCode> | null | undefined;
  /** Check everything and ask the cluster, but change nothing and leave no record. */
  dryRun?: boolean;
  /** The workload's id. */
  id: string | number;
  /** The same key with the same input within 24 hours does it once and answers the same; with other input it is a conflict. */
  idempotencyKey?: string | null | undefined;
  /** Scaling out a TApp or CloneSet: images of the new instances; those that are there stay as they are. Other kinds refuse it with `INSTANCES_ALIKE` (CMP-79). */
  newInstanceImages?: Array<ContainerImageInput> | null | undefined;
  /** Scaling in a TApp or CloneSet: names of the instances to take away, as many as `replicas` is fewer. Without it Kubernetes chooses; other kinds refuse it with `INSTANCES_ALIKE` (CMP-79). */
  removeInstances?: Array<string> | null | undefined;
  /** Pods wanted: `replicas.min` to `replicas.max` of the cluster's profile. */
  replicas: number;
};

/** What a Secret is for. */
export type SecretType =
  /** User name and password. */
  | 'BASIC_AUTH'
  /** A token by which nodes join: a key to the cluster. */
  | 'BOOTSTRAP_TOKEN'
  /** The same as DOCKER_CONFIG_JSON in its older format. */
  | 'DOCKER_CONFIG'
  /** A `config.json` of Docker with credentials of image registries. */
  | 'DOCKER_CONFIG_JSON'
  /** A release of Helm. */
  | 'HELM_RELEASE'
  /** Keys with values of any kind. */
  | 'OPAQUE'
  /** Address, user name and password of one image registry, as the form for them made it. */
  | 'REGISTRY_CREDENTIALS'
  /** A token of a service account: a key to the cluster. */
  | 'SERVICE_ACCOUNT_TOKEN'
  /** A private key of SSH. */
  | 'SSH_AUTH'
  /** A certificate with its private key. */
  | 'TLS'
  /** Another one: see `rawType`. */
  | 'UNKNOWN';

/** From where a Service can be reached. */
export type ServiceType =
  /** From inside the cluster; headless where it has no address. */
  | 'CLUSTER_IP'
  /** It is only another name for a host elsewhere. */
  | 'EXTERNAL_NAME'
  /** Also by a load balancer outside the cluster. */
  | 'LOAD_BALANCER'
  /** Also by a port of every node. */
  | 'NODE_PORT'
  /** One that this version does not know. */
  | 'UNKNOWN';

/** What a message of a stream says. */
export type StreamMessageType =
  /** It is new, or new to this filter; also every object of a snapshot. */
  | 'ADDED'
  /** It is gone, or has left this filter; carries the last state known. */
  | 'DELETED'
  /** Nothing happened for 30 seconds; the stream is alive. */
  | 'HEARTBEAT'
  /** It has changed. */
  | 'MODIFIED'
  /** Changes may be missing: forget what you have, a new snapshot follows on this stream. */
  | 'RESYNC'
  /** Everything that was there has been sent; from here on come changes. */
  | 'SNAPSHOT';

/** A test of a text. What is set must all hold. */
export type StringFilter = {
  /** A part of it, case does not matter. */
  contains?: string | null | undefined;
  /** The whole text, case matters. */
  equals?: string | null | undefined;
  /** One of these, case matters. */
  in?: Array<string> | null | undefined;
};

/** What one can be warned of, and acknowledge. Plugins add their own. */
export type WarningCode =
  /** An upgrade may take all pods away at once: the service is interrupted (CMP-57). */
  | 'ALL_PODS_UNAVAILABLE'
  /** A label that names something else, perhaps for others to find it by, is replaced. */
  | 'APPLICATION_LABEL_REPLACED'
  /** A beta group is on, and each deployment unit has one pod only: the beta group is all of them (REL-30). */
  | 'BETA_IS_ALL'
  /** The cluster takes a pod of it, and warns. */
  | 'CLUSTER_WARNING'
  /** What is written to a path of a node is lost with that node, and stays there when the pod moves (CMP-53). */
  | 'DATA_LOST_WITH_NODE'
  /** The default route of the VPC leads elsewhere today, and will lead to the NAT gateway. */
  | 'DEFAULT_ROUTE_REPLACED'
  /** There are fewer pods than groups that are asked for. */
  | 'FEWER_GROUPS'
  /** A mount hides the files that the image has in that directory (CMP-53). */
  | 'FILES_HIDDEN'
  /** A pod is forgotten at once; where its node does not answer, its processes may go on (CMP-87). */
  | 'FORCED'
  /** An image without a tag, or with `latest`, may be another one tomorrow: no way back leads to it. */
  | 'IMAGE_UNPINNED'
  /** Another Ingress leads the same host and path elsewhere already. */
  | 'INGRESS_CONFLICT'
  /** Containers without an elastic IP of their own lose the Internet (NET-36). */
  | 'INTERNET_ACCESS_LOST'
  /** Something still uses it, and will miss it. */
  | 'IN_USE'
  /** Listeners lead nowhere once the backend group is gone (CON-25). */
  | 'LISTENER_LOSES_BACKEND'
  /** A Service gets another load balancer or none: what comes through the one that it has is interrupted (NET-08). */
  | 'LOAD_BALANCER_CHANGES'
  /** Pods have data in emptyDir volumes, which end with them. */
  | 'LOCAL_DATA_LOST'
  /** Logs of workloads go on being collected, though the log service is switched off (CMP-16). */
  | 'LOGS_STILL_COLLECTED'
  /** The upgrade mode is another one than at the last release: there is a short outage (REL-07). */
  | 'MODE_SWITCHED'
  /** Part of it could not be looked at just now. */
  | 'NOT_CHECKED'
  /** The nodes of a deployment unit have no room for all of its pods now: some would wait (REL-18). */
  | 'NO_ROOM'
  /** The other nodes have no room for all pods, as far as can be told; some will wait for one. */
  | 'NO_ROOM_ELSEWHERE'
  /** Another tool writes the same fields of its workload, and may undo the release. */
  | 'OWNED_ELSEWHERE'
  /** Pods that run on a node do not put up with its new taint, and are ended (CMP-29). */
  | 'PODS_EVICTED'
  /** Pods have no controller: nothing makes them anew elsewhere. */
  | 'PODS_NOT_REMADE'
  /** Pods are made anew though the version asks for IN_PLACE (REL-08). */
  | 'PODS_REPLACED'
  /** The workload is how an app service was released: its next release undoes the change. */
  | 'RELEASED_BY_APP_SERVICE'
  /** A HorizontalPodAutoscaler says how many pods there are; the number of the version does not hold. */
  | 'SCALED_ELSEWHERE'
  /** The service agreement must be accepted by who makes a cluster (CMP-01). */
  | 'SERVICE_AGREEMENT'
  /** The Service has no other instance that is ready (NET-22). */
  | 'SERVICE_LOSES_LAST_INSTANCE'
  /** What was begun is given up: several versions may be online until the next release. */
  | 'SEVERAL_VERSIONS_ONLINE'
  /** A certificate has ended. */
  | 'TLS_EXPIRED'
  /** A certificate is not for all hosts that it shall serve. */
  | 'TLS_NAMES'
  /** Pods were released in another way: the next release interrupts the service shortly (REL-07). */
  | 'UPGRADE_MODE_CHANGED';

/** Which workloads to list. What is set must all hold. */
export type WorkloadFilter = {
  /** Only in this cluster; all that you may see where it is not set. */
  cluster?: string | null | undefined;
  /** Also those that another workload owns: a Deployment's ReplicaSets, a CronJob's Jobs. Default false. */
  includeOwned?: boolean | null | undefined;
  /** Of one of these kinds. */
  kinds?: Array<WorkloadKind> | null | undefined;
  /** Label selector as Kubernetes writes it, e.g. `app=vote,tier in (front, back)`. */
  labelSelector?: string | null | undefined;
  /** Test of the name. */
  name?: StringFilter | null | undefined;
  /** Only in these namespaces. */
  namespaces?: Array<string> | null | undefined;
  /** In one of these states. */
  statuses?: Array<WorkloadStatus> | null | undefined;
};

/** The kinds that implement `Workload`. */
export type WorkloadKind =
  /** StatefulSet of OpenKruise (apps.kruise.io/v1beta1), a TApp, where it is installed. */
  | 'ADVANCED_STATEFUL_SET'
  /** CloneSet (apps.kruise.io/v1alpha1), where OpenKruise is installed. */
  | 'CLONE_SET'
  /** CronJob (batch/v1). */
  | 'CRON_JOB'
  /** DaemonSet (apps/v1). */
  | 'DAEMON_SET'
  /** Deployment (apps/v1). */
  | 'DEPLOYMENT'
  /** Job (batch/v1). */
  | 'JOB'
  /** ReplicaSet (apps/v1). */
  | 'REPLICA_SET'
  /** StatefulSet (apps/v1). */
  | 'STATEFUL_SET';

/** Which lines of a log; all conditions must hold. */
export type WorkloadLogFilter = {
  /** Of containers with these names, init and debug containers included. */
  containers?: Array<string> | null | undefined;
  /** With this text, at most 1,000 characters. */
  contains?: string | null | undefined;
  /** Without this text, at most 1,000 characters. */
  excludes?: string | null | undefined;
  /** Whether capitals and small letters are the same to the three above. */
  ignoreCase?: boolean | null | undefined;
  /** Of these levels; UNKNOWN are those that name none. */
  levels?: Array<LogLevel> | null | undefined;
  /** In which this regular expression is found: at most 200 characters, `^` only as the first and `$` only as the last of them, without look-around and back references. The first 4,096 characters of a line are searched. */
  matches?: string | null | undefined;
  /** Of pods with these names. */
  pods?: Array<string> | null | undefined;
};

/** What an entry of a log is. */
export type WorkloadLogLineKind =
  /** Nothing more comes from this container; `text` says why. */
  | 'ENDED'
  /** Lines between `missingSince` and `time` may be missing: the node has them no more, or did not answer. */
  | 'GAP'
  /** A line that a container wrote. */
  | 'LINE';

/** How a workload does, in one word for every kind. */
export type WorkloadStatus =
  /** A Job that has succeeded. */
  | 'COMPLETED'
  /** On its way: it was just made, a rollout or a scaling is under way, or its controller has not seen the last change. */
  | 'DEPLOYING'
  /** A rollout that has exceeded its deadline or cannot make pods; a Job that has failed for good. */
  | 'FAILED'
  /** Rolled out, but fewer pods are ready than wanted. */
  | 'NOT_READY'
  /** Its rollout is paused: its pods run on, changes of its template wait. */
  | 'PAUSED'
  /** Everything wanted is there, ready and of the newest version. A Job with pods, a CronJob with its schedule. */
  | 'RUNNING'
  /** Scaled to 0 and no pod is left; a DaemonSet that no node matches; a Job or CronJob that is suspended. */
  | 'STOPPED'
  /** It cannot be told. */
  | 'UNKNOWN';

export type WorkloadsWithPodsQueryVariables = Exact<{
  filter?: WorkloadFilter | null | undefined;
  first?: number | null | undefined;
}>;


export type WorkloadsWithPodsQuery = { workloads: { totalCount: number | null, nodes: Array<
      | { id: string, kind: string, namespace: string | null, name: string, status: WorkloadStatus, desiredReplicas: number | null, readyReplicas: number | null, images: Array<string>, pods: { nodes: Array<{ id: string, name: string, reason: string, readiness: string, restartCount: number, node: { id: string, name: string, zone: string | null, pods: { nodes: Array<{ id: string }> } } | null, workload:
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
             | null }> } }
      | { id: string, kind: string, namespace: string | null, name: string, status: WorkloadStatus, desiredReplicas: number | null, readyReplicas: number | null, images: Array<string>, pods: { nodes: Array<{ id: string, name: string, reason: string, readiness: string, restartCount: number, node: { id: string, name: string, zone: string | null, pods: { nodes: Array<{ id: string }> } } | null, workload:
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
             | null }> } }
      | { id: string, kind: string, namespace: string | null, name: string, status: WorkloadStatus, desiredReplicas: number | null, readyReplicas: number | null, images: Array<string>, pods: { nodes: Array<{ id: string, name: string, reason: string, readiness: string, restartCount: number, node: { id: string, name: string, zone: string | null, pods: { nodes: Array<{ id: string }> } } | null, workload:
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
             | null }> } }
      | { id: string, kind: string, namespace: string | null, name: string, status: WorkloadStatus, desiredReplicas: number, readyReplicas: number, images: Array<string>, pods: { nodes: Array<{ id: string, name: string, reason: string, readiness: string, restartCount: number, node: { id: string, name: string, zone: string | null, pods: { nodes: Array<{ id: string }> } } | null, workload:
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
             | null }> } }
      | { id: string, kind: string, namespace: string | null, name: string, status: WorkloadStatus, desiredReplicas: number | null, readyReplicas: number, images: Array<string>, pods: { nodes: Array<{ id: string, name: string, reason: string, readiness: string, restartCount: number, node: { id: string, name: string, zone: string | null, pods: { nodes: Array<{ id: string }> } } | null, workload:
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
             | null }> } }
      | { id: string, kind: string, namespace: string | null, name: string, status: WorkloadStatus, desiredReplicas: number | null, readyReplicas: number | null, images: Array<string>, pods: { nodes: Array<{ id: string, name: string, reason: string, readiness: string, restartCount: number, node: { id: string, name: string, zone: string | null, pods: { nodes: Array<{ id: string }> } } | null, workload:
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
             | null }> } }
      | { id: string, kind: string, namespace: string | null, name: string, status: WorkloadStatus, desiredReplicas: number | null, readyReplicas: number, images: Array<string>, pods: { nodes: Array<{ id: string, name: string, reason: string, readiness: string, restartCount: number, node: { id: string, name: string, zone: string | null, pods: { nodes: Array<{ id: string }> } } | null, workload:
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
             | null }> } }
      | { id: string, kind: string, namespace: string | null, name: string, status: WorkloadStatus, desiredReplicas: number | null, readyReplicas: number, images: Array<string>, pods: { nodes: Array<{ id: string, name: string, reason: string, readiness: string, restartCount: number, node: { id: string, name: string, zone: string | null, pods: { nodes: Array<{ id: string }> } } | null, workload:
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
             | null }> } }
    >, problems: Array<{ cluster: string, code: ClusterProblemCode, message: string, staleSince: string | null }> } };

export type ServiceWithPodsQueryVariables = Exact<{
  cluster: string;
  namespace: string;
  name: string;
}>;


export type ServiceWithPodsQuery = { service: { id: string, name: string, type: ServiceType, selector: Array<{ key: string, value: string }>, ports: Array<{ name: string | null, port: number, targetPort: number | string, protocol: string }>, pods: { totalCount: number | null, nodes: Array<{ id: string, name: string, services: { nodes: Array<{ id: string }> } }> } } | null };

export type PodPageQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: PodFilter | null | undefined;
  orderBy?: Array<PodOrder> | PodOrder | null | undefined;
}>;


export type PodPageQuery = { pods: { totalCount: number | null, edges: Array<{ cursor: string, node: { id: string, namespace: string | null, name: string, phase: PodPhase, reason: string, isReady: boolean, nodeName: string | null, createdAt: string, cluster: { name: string } } }>, pageInfo: { startCursor: string | null, endCursor: string | null, hasNextPage: boolean, hasPreviousPage: boolean }, problems: Array<{ cluster: string, code: ClusterProblemCode, message: string, staleSince: string | null }> } };

export type DeploymentFamilyQueryVariables = Exact<{
  cluster: string;
  namespace: string;
  name: string;
}>;


export type DeploymentFamilyQuery = { workload:
    | { id: string, owners: Array<
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
      >, owned: { nodes: Array<
          | { id: string, kind: string, owners: Array<
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
            >, owned: { nodes: Array<
                | { id: string, kind: string, owners: Array<
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                  > }
                | Record<PropertyKey, never>
              > } }
          | Record<PropertyKey, never>
        > }, events: { nodes: Array<{ id: string, reason: string, involvedObject: { kind: string | null, name: string | null }, object:
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
           | null }> } }
    | { id: string, owners: Array<
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
      >, owned: { nodes: Array<
          | { id: string, kind: string, owners: Array<
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
            >, owned: { nodes: Array<
                | { id: string, kind: string, owners: Array<
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                  > }
                | Record<PropertyKey, never>
              > } }
          | Record<PropertyKey, never>
        > }, events: { nodes: Array<{ id: string, reason: string, involvedObject: { kind: string | null, name: string | null }, object:
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
           | null }> } }
    | { id: string, owners: Array<
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
      >, owned: { nodes: Array<
          | { id: string, kind: string, owners: Array<
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
            >, owned: { nodes: Array<
                | { id: string, kind: string, owners: Array<
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                  > }
                | Record<PropertyKey, never>
              > } }
          | Record<PropertyKey, never>
        > }, events: { nodes: Array<{ id: string, reason: string, involvedObject: { kind: string | null, name: string | null }, object:
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
           | null }> } }
    | { id: string, owners: Array<
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
      >, owned: { nodes: Array<
          | { id: string, kind: string, owners: Array<
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
            >, owned: { nodes: Array<
                | { id: string, kind: string, owners: Array<
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                  > }
                | Record<PropertyKey, never>
              > } }
          | Record<PropertyKey, never>
        > }, events: { nodes: Array<{ id: string, reason: string, involvedObject: { kind: string | null, name: string | null }, object:
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
           | null }> } }
    | { id: string, owners: Array<
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
      >, owned: { nodes: Array<
          | { id: string, kind: string, owners: Array<
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
            >, owned: { nodes: Array<
                | { id: string, kind: string, owners: Array<
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                  > }
                | Record<PropertyKey, never>
              > } }
          | Record<PropertyKey, never>
        > }, events: { nodes: Array<{ id: string, reason: string, involvedObject: { kind: string | null, name: string | null }, object:
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
           | null }> } }
    | { id: string, owners: Array<
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
      >, owned: { nodes: Array<
          | { id: string, kind: string, owners: Array<
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
            >, owned: { nodes: Array<
                | { id: string, kind: string, owners: Array<
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                  > }
                | Record<PropertyKey, never>
              > } }
          | Record<PropertyKey, never>
        > }, events: { nodes: Array<{ id: string, reason: string, involvedObject: { kind: string | null, name: string | null }, object:
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
           | null }> } }
    | { id: string, owners: Array<
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
      >, owned: { nodes: Array<
          | { id: string, kind: string, owners: Array<
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
            >, owned: { nodes: Array<
                | { id: string, kind: string, owners: Array<
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                  > }
                | Record<PropertyKey, never>
              > } }
          | Record<PropertyKey, never>
        > }, events: { nodes: Array<{ id: string, reason: string, involvedObject: { kind: string | null, name: string | null }, object:
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
           | null }> } }
    | { id: string, owners: Array<
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
      >, owned: { nodes: Array<
          | { id: string, kind: string, owners: Array<
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
              | { id: string }
            >, owned: { nodes: Array<
                | { id: string, kind: string, owners: Array<
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                    | { id: string }
                  > }
                | Record<PropertyKey, never>
              > } }
          | Record<PropertyKey, never>
        > }, events: { nodes: Array<{ id: string, reason: string, involvedObject: { kind: string | null, name: string | null }, object:
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
            | { id: string }
           | null }> } }
   | null };

export type NodeByIdQueryVariables = Exact<{
  id: string | number;
}>;


export type NodeByIdQuery = { node:
    | { __typename: 'AddressPool', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'AdvancedStatefulSet', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'Alarm', id: string }
    | { __typename: 'AlarmPolicy', id: string }
    | { __typename: 'AppService', id: string }
    | { __typename: 'AppServiceVersion', id: string }
    | { __typename: 'Application', id: string }
    | { __typename: 'BareMetalHost', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'CloneSet', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'ClusterNode', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'ClusterRegistration', id: string }
    | { __typename: 'ConfigMap', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'CronJob', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'DaemonSet', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'Department', id: string }
    | { __typename: 'Deployment', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'DnatInstanceRule', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'DnatPortRule', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'ElasticIp', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'EventWebhook', id: string }
    | { __typename: 'GenericKubernetesObject', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'HTTPRoute', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'Ingress', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'Job', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'KubernetesEvent', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'LoadBalancer', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'LoadBalancerClass', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'LoadBalancerListener', id: string }
    | { __typename: 'LogStore', id: string }
    | { __typename: 'ManagedCluster', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'Namespace', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'NatGateway', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'NetworkPolicy', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'OperationRecord', action: string, status: OperationStatus, id: string }
    | { __typename: 'OrchestrationTemplate', id: string }
    | { __typename: 'PersistentVolume', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'PersistentVolumeClaim', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'Pod', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'Project', id: string }
    | { __typename: 'ReleaseOrder', id: string }
    | { __typename: 'ReplicaSet', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'Secret', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'SecurityGroup', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'Service', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'ServiceRelease', id: string }
    | { __typename: 'ServiceToken', id: string }
    | { __typename: 'Session', id: string }
    | { __typename: 'SnatRule', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'Stack', id: string }
    | { __typename: 'StatefulSet', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'StorageClass', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'Subnet', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'TCPRoute', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'UDPRoute', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'VolumeSnapshot', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'VolumeSnapshotClass', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'Vpc', kind: string, name: string, namespace: string | null, uid: string, resourceVersion: string, id: string }
    | { __typename: 'Workspace', id: string }
   | null };

export type NodesByIdsQueryVariables = Exact<{
  ids: Array<string | number> | string | number;
}>;


export type NodesByIdsQuery = { nodes: Array<
    | { __typename: 'AddressPool', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'AdvancedStatefulSet', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'Alarm', id: string }
    | { __typename: 'AlarmPolicy', id: string }
    | { __typename: 'AppService', id: string }
    | { __typename: 'AppServiceVersion', id: string }
    | { __typename: 'Application', id: string }
    | { __typename: 'BareMetalHost', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'CloneSet', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'ClusterNode', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'ClusterRegistration', id: string }
    | { __typename: 'ConfigMap', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'CronJob', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'DaemonSet', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'Department', id: string }
    | { __typename: 'Deployment', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'DnatInstanceRule', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'DnatPortRule', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'ElasticIp', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'EventWebhook', id: string }
    | { __typename: 'GenericKubernetesObject', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'HTTPRoute', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'Ingress', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'Job', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'KubernetesEvent', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'LoadBalancer', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'LoadBalancerClass', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'LoadBalancerListener', id: string }
    | { __typename: 'LogStore', id: string }
    | { __typename: 'ManagedCluster', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'Namespace', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'NatGateway', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'NetworkPolicy', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'OperationRecord', id: string }
    | { __typename: 'OrchestrationTemplate', id: string }
    | { __typename: 'PersistentVolume', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'PersistentVolumeClaim', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'Pod', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'Project', id: string }
    | { __typename: 'ReleaseOrder', id: string }
    | { __typename: 'ReplicaSet', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'Secret', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'SecurityGroup', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'Service', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'ServiceRelease', id: string }
    | { __typename: 'ServiceToken', id: string }
    | { __typename: 'Session', id: string }
    | { __typename: 'SnatRule', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'Stack', id: string }
    | { __typename: 'StatefulSet', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'StorageClass', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'Subnet', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'TCPRoute', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'UDPRoute', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'VolumeSnapshot', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'VolumeSnapshotClass', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'Vpc', kind: string, name: string, namespace: string | null, id: string }
    | { __typename: 'Workspace', id: string }
   | null> };

export type ObjectByNameQueryVariables = Exact<{
  cluster: string;
  apiVersion: string;
  kind: string;
  namespace?: string | null | undefined;
  name: string;
  pointer?: string | null | undefined;
}>;


export type ObjectByNameQuery = { object:
    | { __typename: 'AddressPool', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'AdvancedStatefulSet', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'BareMetalHost', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'CloneSet', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'ClusterNode', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'ConfigMap', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'CronJob', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'DaemonSet', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'Deployment', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'DnatInstanceRule', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'DnatPortRule', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'ElasticIp', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'GenericKubernetesObject', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'HTTPRoute', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'Ingress', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'Job', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'KubernetesEvent', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'LoadBalancer', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'LoadBalancerClass', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'ManagedCluster', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'Namespace', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'NatGateway', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'NetworkPolicy', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'PersistentVolume', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'PersistentVolumeClaim', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'Pod', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'ReplicaSet', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'Secret', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'SecurityGroup', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'Service', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'SnatRule', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'StatefulSet', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'StorageClass', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'Subnet', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'TCPRoute', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'UDPRoute', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'VolumeSnapshot', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'VolumeSnapshotClass', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
    | { __typename: 'Vpc', id: string, apiVersion: string, kind: string, namespace: string | null, name: string, finalizers: Array<string>, json: unknown, yaml: string, labels: Array<{ key: string, value: string }>, annotations: Array<{ key: string, value: string }>, owners: Array<
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
        | { id: string, kind: string, name: string }
      > }
   | null };

export type ObjectsOfKindQueryVariables = Exact<{
  cluster: string;
  apiVersion: string;
  kind: string;
  filter?: KubernetesObjectFilter | null | undefined;
  first?: number | null | undefined;
  orderBy?: Array<KubernetesObjectOrder> | KubernetesObjectOrder | null | undefined;
}>;


export type ObjectsOfKindQuery = { objects: { totalCount: number | null, nodes: Array<
      | { __typename: 'AddressPool', id: string, namespace: string | null, name: string }
      | { __typename: 'AdvancedStatefulSet', id: string, namespace: string | null, name: string }
      | { __typename: 'BareMetalHost', id: string, namespace: string | null, name: string }
      | { __typename: 'CloneSet', id: string, namespace: string | null, name: string }
      | { __typename: 'ClusterNode', id: string, namespace: string | null, name: string }
      | { __typename: 'ConfigMap', id: string, namespace: string | null, name: string }
      | { __typename: 'CronJob', id: string, namespace: string | null, name: string }
      | { __typename: 'DaemonSet', id: string, namespace: string | null, name: string }
      | { __typename: 'Deployment', id: string, namespace: string | null, name: string }
      | { __typename: 'DnatInstanceRule', id: string, namespace: string | null, name: string }
      | { __typename: 'DnatPortRule', id: string, namespace: string | null, name: string }
      | { __typename: 'ElasticIp', id: string, namespace: string | null, name: string }
      | { __typename: 'GenericKubernetesObject', id: string, namespace: string | null, name: string }
      | { __typename: 'HTTPRoute', id: string, namespace: string | null, name: string }
      | { __typename: 'Ingress', id: string, namespace: string | null, name: string }
      | { __typename: 'Job', id: string, namespace: string | null, name: string }
      | { __typename: 'KubernetesEvent', id: string, namespace: string | null, name: string }
      | { __typename: 'LoadBalancer', id: string, namespace: string | null, name: string }
      | { __typename: 'LoadBalancerClass', id: string, namespace: string | null, name: string }
      | { __typename: 'ManagedCluster', id: string, namespace: string | null, name: string }
      | { __typename: 'Namespace', id: string, namespace: string | null, name: string }
      | { __typename: 'NatGateway', id: string, namespace: string | null, name: string }
      | { __typename: 'NetworkPolicy', id: string, namespace: string | null, name: string }
      | { __typename: 'PersistentVolume', id: string, namespace: string | null, name: string }
      | { __typename: 'PersistentVolumeClaim', id: string, namespace: string | null, name: string }
      | { __typename: 'Pod', id: string, namespace: string | null, name: string }
      | { __typename: 'ReplicaSet', id: string, namespace: string | null, name: string }
      | { __typename: 'Secret', id: string, namespace: string | null, name: string }
      | { __typename: 'SecurityGroup', id: string, namespace: string | null, name: string }
      | { __typename: 'Service', id: string, namespace: string | null, name: string }
      | { __typename: 'SnatRule', id: string, namespace: string | null, name: string }
      | { __typename: 'StatefulSet', id: string, namespace: string | null, name: string }
      | { __typename: 'StorageClass', id: string, namespace: string | null, name: string }
      | { __typename: 'Subnet', id: string, namespace: string | null, name: string }
      | { __typename: 'TCPRoute', id: string, namespace: string | null, name: string }
      | { __typename: 'UDPRoute', id: string, namespace: string | null, name: string }
      | { __typename: 'VolumeSnapshot', id: string, namespace: string | null, name: string }
      | { __typename: 'VolumeSnapshotClass', id: string, namespace: string | null, name: string }
      | { __typename: 'Vpc', id: string, namespace: string | null, name: string }
    >, problems: Array<{ cluster: string, code: ClusterProblemCode, message: string }> } };

export type SecretWithValueQueryVariables = Exact<{
  cluster: string;
  namespace: string;
  name: string;
  key: string;
}>;


export type SecretWithValueQuery = { secret: { id: string, type: SecretType, yaml: string, json: unknown, value: string | null, keys: Array<{ name: string, bytes: number }> } | null };

export type ClusterStatesQueryVariables = Exact<{ [key: string]: never; }>;


export type ClusterStatesQuery = { clusters: { nodes: Array<{ name: string, state: ClusterState, version: string | null, problem: string | null, isEmbedded: boolean }> } };

export type ConfigMapByNameQueryVariables = Exact<{
  cluster: string;
  namespace: string;
  name: string;
}>;


export type ConfigMapByNameQuery = { configMap: { id: string, resourceVersion: string, viewerCan: boolean, labels: Array<{ key: string, value: string }>, data: Array<{ key: string, value: string }> } | null };

export type ConfigMapsQueryVariables = Exact<{
  filter?: ConfigMapFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConfigMapsQuery = { configMaps: { totalCount: number | null, nodes: Array<{ id: string, namespace: string | null, name: string }>, pageInfo: { endCursor: string | null, hasNextPage: boolean }, problems: Array<{ cluster: string, code: ClusterProblemCode, message: string }> } };

export type NamespacesQueryVariables = Exact<{
  filter?: NamespaceFilter | null | undefined;
}>;


export type NamespacesQuery = { namespaces: { nodes: Array<{ id: string, name: string, phase: NamespacePhase, labels: Array<{ key: string, value: string }> }>, problems: Array<{ cluster: string, code: ClusterProblemCode, message: string }> } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { id: string, name: string, kind: PrincipalKind, roles: Array<string>, namespaces: Array<{ cluster: string, namespace: string }> } };

export type PodChangesSubscriptionVariables = Exact<{
  filter?: PodFilter | null | undefined;
  snapshot?: boolean;
  after?: string | null | undefined;
}>;


export type PodChangesSubscription = { podChanges: { type: StreamMessageType, cursor: string, reason: ResyncReason | null, pod: { id: string, namespace: string | null, name: string, phase: PodPhase, reason: string, resourceVersion: string, labels: Array<{ key: string, value: string }> } | null } };

export type WorkloadChangesSubscriptionVariables = Exact<{
  filter?: WorkloadFilter | null | undefined;
}>;


export type WorkloadChangesSubscription = { workloadChanges: { type: StreamMessageType, cursor: string, reason: ResyncReason | null, workload:
      | { id: string, kind: string, name: string, desiredReplicas: number | null }
      | { id: string, kind: string, name: string, desiredReplicas: number | null }
      | { id: string, kind: string, name: string, desiredReplicas: number | null }
      | { id: string, kind: string, name: string, desiredReplicas: number }
      | { id: string, kind: string, name: string, desiredReplicas: number | null }
      | { id: string, kind: string, name: string, desiredReplicas: number | null }
      | { id: string, kind: string, name: string, desiredReplicas: number | null }
      | { id: string, kind: string, name: string, desiredReplicas: number | null }
     | null } };

export type ObjectChangesSubscriptionVariables = Exact<{
  cluster: string;
  apiVersion: string;
  kind: string;
  filter?: KubernetesObjectFilter | null | undefined;
  snapshot?: boolean;
  after?: string | null | undefined;
}>;


export type ObjectChangesSubscription = { objectChanges: { type: StreamMessageType, cursor: string, reason: ResyncReason | null, object:
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
      | { id: string, namespace: string | null, name: string, resourceVersion: string, json: unknown }
     | null } };

export type KubernetesEventStreamSubscriptionVariables = Exact<{
  filter?: KubernetesEventFilter | null | undefined;
  snapshot?: boolean;
  after?: string | null | undefined;
}>;


export type KubernetesEventStreamSubscription = { kubernetesEvents: { type: StreamMessageType, cursor: string, reason: ResyncReason | null, event: { id: string, reason: string, message: string, type: KubernetesEventType, involvedObject: { kind: string | null, namespace: string | null, name: string | null }, object:
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
        | { id: string }
       | null } | null } };

export type PodLogLinesSubscriptionVariables = Exact<{
  cluster: string;
  namespace: string;
  pod: string;
  container?: string | null | undefined;
  follow?: boolean;
  tail?: number | null | undefined;
  since?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type PodLogLinesSubscription = { podLogLines: { type: StreamMessageType, cursor: string, reason: ResyncReason | null, line: { time: string, text: string, isCut: boolean } | null } };

export type OperationRecordChangesSubscriptionVariables = Exact<{
  filter?: OperationRecordFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type OperationRecordChangesSubscription = { operationRecordChanges: { type: StreamMessageType, cursor: string, reason: ResyncReason | null, record: { id: string, action: string, status: OperationStatus, operator: string, target: { namespace: string | null, name: string | null }, failure: { code: string } | null } | null } };

export type NamespaceChangesSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type NamespaceChangesSubscription = { namespaceChanges: { type: StreamMessageType, cursor: string, namespace: { id: string, name: string, phase: NamespacePhase } | null } };

export type WorkloadLogLinesSubscriptionVariables = Exact<{
  workload: string | number;
  filter?: WorkloadLogFilter | null | undefined;
  follow?: boolean;
  previous?: boolean;
  tail?: number | null | undefined;
  since?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type WorkloadLogLinesSubscription = { workloadLogLines: { type: StreamMessageType, cursor: string, line: { kind: WorkloadLogLineKind, time: string, text: string, level: LogLevel, pod: string, podUid: string, container: string, run: number, missingSince: string | null, isCut: boolean } | null } };

type Refusal_CapabilityMissingError_Fragment = { __typename: 'CapabilityMissingError', code: ErrorCode, message: string };

type Refusal_ConflictError_Fragment = { __typename: 'ConflictError', code: ErrorCode, message: string, managers: Array<{ manager: string, field: string }> };

type Refusal_ForbiddenError_Fragment = { __typename: 'ForbiddenError', code: ErrorCode, message: string };

type Refusal_InUseError_Fragment = { __typename: 'InUseError', code: ErrorCode, message: string };

type Refusal_NotFoundError_Fragment = { __typename: 'NotFoundError', code: ErrorCode, message: string };

type Refusal_PreconditionError_Fragment = { __typename: 'PreconditionError', reason: PreconditionReason, code: ErrorCode, message: string };

type Refusal_QuotaExceededError_Fragment = { __typename: 'QuotaExceededError', code: ErrorCode, message: string };

type Refusal_UpstreamError_Fragment = { __typename: 'UpstreamError', code: ErrorCode, message: string };

type Refusal_ValidationError_Fragment = { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string, code: string, line: number | null, column: number | null }> };

export type RefusalFragment =
  | Refusal_CapabilityMissingError_Fragment
  | Refusal_ConflictError_Fragment
  | Refusal_ForbiddenError_Fragment
  | Refusal_InUseError_Fragment
  | Refusal_NotFoundError_Fragment
  | Refusal_PreconditionError_Fragment
  | Refusal_QuotaExceededError_Fragment
  | Refusal_UpstreamError_Fragment
  | Refusal_ValidationError_Fragment
;

export type OperationFragment = { id: string, action: string, status: OperationStatus, operator: string, operatorId: string, createdAt: string, finishedAt: string | null, requestId: string, writeCount: number, target: { cluster: string | null, namespace: string | null, kind: string | null, name: string | null, id: string }, failure: { code: string, message: string } | null, writes: Array<{ verb: OperationWriteVerb, apiVersion: string, kind: string, namespace: string | null, name: string, resourceVersion: string | null }> };

export type ScaleWorkloadMutationVariables = Exact<{
  input: ScaleWorkloadInput;
}>;


export type ScaleWorkloadMutation = { scaleWorkload:
    | { __typename: 'CapabilityMissingError', code: ErrorCode, message: string }
    | { __typename: 'ConflictError', code: ErrorCode, message: string, managers: Array<{ manager: string, field: string }> }
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InUseError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PreconditionError', reason: PreconditionReason, code: ErrorCode, message: string }
    | { __typename: 'QuotaExceededError', code: ErrorCode, message: string }
    | { __typename: 'ScaleWorkloadSuccess', warnings: Array<string>, workload:
        | { id: string, name: string, desiredReplicas: number | null, resourceVersion: string }
        | { id: string, name: string, desiredReplicas: number | null, resourceVersion: string }
        | { id: string, name: string, desiredReplicas: number | null, resourceVersion: string }
        | { id: string, name: string, desiredReplicas: number, resourceVersion: string }
        | { id: string, name: string, desiredReplicas: number | null, resourceVersion: string }
        | { id: string, name: string, desiredReplicas: number | null, resourceVersion: string }
        | { id: string, name: string, desiredReplicas: number | null, resourceVersion: string }
        | { id: string, name: string, desiredReplicas: number | null, resourceVersion: string }
      , changes: Array<{ path: string, operation: FieldChangeOperation, before: unknown, after: unknown }>, operation: { id: string, action: string, status: OperationStatus, operator: string, operatorId: string, createdAt: string, finishedAt: string | null, requestId: string, writeCount: number, target: { cluster: string | null, namespace: string | null, kind: string | null, name: string | null, id: string }, failure: { code: string, message: string } | null, writes: Array<{ verb: OperationWriteVerb, apiVersion: string, kind: string, namespace: string | null, name: string, resourceVersion: string | null }> } | null }
    | { __typename: 'UpstreamError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string, code: string, line: number | null, column: number | null }> }
   };

export type RestartWorkloadMutationVariables = Exact<{
  input: RestartWorkloadInput;
}>;


export type RestartWorkloadMutation = { restartWorkload:
    | { __typename: 'CapabilityMissingError', code: ErrorCode, message: string }
    | { __typename: 'ConflictError', code: ErrorCode, message: string, managers: Array<{ manager: string, field: string }> }
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InUseError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PreconditionError', reason: PreconditionReason, code: ErrorCode, message: string }
    | { __typename: 'QuotaExceededError', code: ErrorCode, message: string }
    | { __typename: 'RestartWorkloadSuccess', workload:
        | { id: string, name: string, json: unknown }
        | { id: string, name: string, json: unknown }
        | { id: string, name: string, json: unknown }
        | { id: string, name: string, json: unknown }
        | { id: string, name: string, json: unknown }
        | { id: string, name: string, json: unknown }
        | { id: string, name: string, json: unknown }
        | { id: string, name: string, json: unknown }
      , changes: Array<{ path: string, operation: FieldChangeOperation, before: unknown, after: unknown }>, operation: { id: string, action: string, status: OperationStatus, operator: string, operatorId: string, createdAt: string, finishedAt: string | null, requestId: string, writeCount: number, target: { cluster: string | null, namespace: string | null, kind: string | null, name: string | null, id: string }, failure: { code: string, message: string } | null, writes: Array<{ verb: OperationWriteVerb, apiVersion: string, kind: string, namespace: string | null, name: string, resourceVersion: string | null }> } | null }
    | { __typename: 'UpstreamError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string, code: string, line: number | null, column: number | null }> }
   };

export type ApplyManifestMutationVariables = Exact<{
  input: ApplyManifestInput;
}>;


export type ApplyManifestMutation = { applyManifest:
    | { __typename: 'ApplyManifestSuccess', documents: Array<{ index: number, apiVersion: string, kind: string, namespace: string | null, name: string, action: ApplyAction | null, warnings: Array<string>, changes: Array<{ path: string, operation: FieldChangeOperation, before: unknown, after: unknown }>, object:
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
          | { id: string, resourceVersion: string }
         | null, error:
          | { __typename: 'CapabilityMissingError', code: ErrorCode, message: string }
          | { __typename: 'ConflictError', code: ErrorCode, message: string, managers: Array<{ manager: string, field: string }> }
          | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
          | { __typename: 'InUseError', code: ErrorCode, message: string }
          | { __typename: 'NotFoundError', code: ErrorCode, message: string }
          | { __typename: 'PreconditionError', reason: PreconditionReason, code: ErrorCode, message: string }
          | { __typename: 'QuotaExceededError', code: ErrorCode, message: string }
          | { __typename: 'UpstreamError', code: ErrorCode, message: string }
          | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string, code: string, line: number | null, column: number | null }> }
         | null }>, conflicts: Array<{ manager: string, field: string }>, operation: { id: string, action: string, status: OperationStatus, operator: string, operatorId: string, createdAt: string, finishedAt: string | null, requestId: string, writeCount: number, target: { cluster: string | null, namespace: string | null, kind: string | null, name: string | null, id: string }, failure: { code: string, message: string } | null, writes: Array<{ verb: OperationWriteVerb, apiVersion: string, kind: string, namespace: string | null, name: string, resourceVersion: string | null }> } | null }
    | { __typename: 'CapabilityMissingError', code: ErrorCode, message: string }
    | { __typename: 'ConflictError', code: ErrorCode, message: string, managers: Array<{ manager: string, field: string }> }
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InUseError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PreconditionError', reason: PreconditionReason, code: ErrorCode, message: string }
    | { __typename: 'QuotaExceededError', code: ErrorCode, message: string }
    | { __typename: 'UpstreamError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string, code: string, line: number | null, column: number | null }> }
   };

export type DeleteObjectMutationVariables = Exact<{
  input: DeleteObjectInput;
}>;


export type DeleteObjectMutation = { deleteObject:
    | { __typename: 'CapabilityMissingError', code: ErrorCode, message: string }
    | { __typename: 'ConflictError', code: ErrorCode, message: string, managers: Array<{ manager: string, field: string }> }
    | { __typename: 'DeleteObjectSuccess', id: string, object:
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
        | { id: string, deletionRequestedAt: string | null }
       | null, operation: { id: string, action: string, status: OperationStatus, operator: string, operatorId: string, createdAt: string, finishedAt: string | null, requestId: string, writeCount: number, target: { cluster: string | null, namespace: string | null, kind: string | null, name: string | null, id: string }, failure: { code: string, message: string } | null, writes: Array<{ verb: OperationWriteVerb, apiVersion: string, kind: string, namespace: string | null, name: string, resourceVersion: string | null }> } | null }
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InUseError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PreconditionError', reason: PreconditionReason, code: ErrorCode, message: string }
    | { __typename: 'QuotaExceededError', code: ErrorCode, message: string }
    | { __typename: 'UpstreamError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string, code: string, line: number | null, column: number | null }> }
   };

export type CreateNamespaceMutationVariables = Exact<{
  input: CreateNamespaceInput;
}>;


export type CreateNamespaceMutation = { createNamespace:
    | { __typename: 'CapabilityMissingError', code: ErrorCode, message: string }
    | { __typename: 'ConflictError', code: ErrorCode, message: string, managers: Array<{ manager: string, field: string }> }
    | { __typename: 'CreateNamespaceSuccess', namespace: { id: string, name: string, phase: NamespacePhase, labels: Array<{ key: string, value: string }> }, changes: Array<{ path: string }>, operation: { id: string, action: string, status: OperationStatus, operator: string, operatorId: string, createdAt: string, finishedAt: string | null, requestId: string, writeCount: number, target: { cluster: string | null, namespace: string | null, kind: string | null, name: string | null, id: string }, failure: { code: string, message: string } | null, writes: Array<{ verb: OperationWriteVerb, apiVersion: string, kind: string, namespace: string | null, name: string, resourceVersion: string | null }> } | null }
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InUseError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PreconditionError', reason: PreconditionReason, code: ErrorCode, message: string }
    | { __typename: 'QuotaExceededError', code: ErrorCode, message: string }
    | { __typename: 'UpstreamError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string, code: string, line: number | null, column: number | null }> }
   };

export type DeleteNamespaceMutationVariables = Exact<{
  input: DeleteNamespaceInput;
}>;


export type DeleteNamespaceMutation = { deleteNamespace:
    | { __typename: 'CapabilityMissingError', code: ErrorCode, message: string }
    | { __typename: 'ConflictError', code: ErrorCode, message: string, managers: Array<{ manager: string, field: string }> }
    | { __typename: 'DeleteNamespaceSuccess', id: string, namespace: { id: string, name: string, phase: NamespacePhase } | null, operation: { id: string, action: string, status: OperationStatus, operator: string, operatorId: string, createdAt: string, finishedAt: string | null, requestId: string, writeCount: number, target: { cluster: string | null, namespace: string | null, kind: string | null, name: string | null, id: string }, failure: { code: string, message: string } | null, writes: Array<{ verb: OperationWriteVerb, apiVersion: string, kind: string, namespace: string | null, name: string, resourceVersion: string | null }> } | null }
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InUseError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PreconditionError', reason: PreconditionReason, code: ErrorCode, message: string }
    | { __typename: 'QuotaExceededError', code: ErrorCode, message: string }
    | { __typename: 'UpstreamError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string, code: string, line: number | null, column: number | null }> }
   };

export type OperationRecordsQueryVariables = Exact<{
  filter?: OperationRecordFilter | null | undefined;
  first?: number | null | undefined;
}>;


export type OperationRecordsQuery = { operationRecords: { totalCount: number | null, nodes: Array<{ id: string, action: string, status: OperationStatus, operator: string, operatorId: string, createdAt: string, finishedAt: string | null, requestId: string, writeCount: number, target: { cluster: string | null, namespace: string | null, kind: string | null, name: string | null, id: string }, failure: { code: string, message: string } | null, writes: Array<{ verb: OperationWriteVerb, apiVersion: string, kind: string, namespace: string | null, name: string, resourceVersion: string | null }> }> } };

export type OperationRecordByIdQueryVariables = Exact<{
  id: string | number;
}>;


export type OperationRecordByIdQuery = { operationRecord: { id: string, action: string, status: OperationStatus, operator: string, operatorId: string, createdAt: string, finishedAt: string | null, requestId: string, writeCount: number, object:
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
      | { id: string }
     | null, target: { cluster: string | null, namespace: string | null, kind: string | null, name: string | null, id: string }, failure: { code: string, message: string } | null, writes: Array<{ verb: OperationWriteVerb, apiVersion: string, kind: string, namespace: string | null, name: string, resourceVersion: string | null }> } | null };

export const RefusalFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"column"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"managers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"manager"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PreconditionError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]} as unknown as DocumentNode<RefusalFragment, unknown>;
export const OperationFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Operation"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"operatorId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"writeCount"}},{"kind":"Field","name":{"kind":"Name","value":"writes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"apiVersion"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}}]}}]} as unknown as DocumentNode<OperationFragment, unknown>;
export const WorkloadsWithPodsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WorkloadsWithPods"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"WorkloadFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"workloads"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"field"},"value":{"kind":"EnumValue","value":"NAME"}},{"kind":"ObjectField","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"ASC"}}]}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"desiredReplicas"}},{"kind":"Field","name":{"kind":"Name","value":"readyReplicas"}},{"kind":"Field","name":{"kind":"Name","value":"images"}},{"kind":"Field","name":{"kind":"Name","value":"pods"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"field"},"value":{"kind":"EnumValue","value":"NAME"}},{"kind":"ObjectField","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"ASC"}}]}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"readiness"}},{"kind":"Field","name":{"kind":"Name","value":"restartCount"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"zone"}},{"kind":"Field","name":{"kind":"Name","value":"pods"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"workload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"staleSince"}}]}}]}}]}}]} as unknown as DocumentNode<WorkloadsWithPodsQuery, WorkloadsWithPodsQueryVariables>;
export const ServiceWithPodsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ServiceWithPods"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"namespace"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"service"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"cluster"},"value":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}}},{"kind":"Argument","name":{"kind":"Name","value":"namespace"},"value":{"kind":"Variable","name":{"kind":"Name","value":"namespace"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"selector"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ports"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"port"}},{"kind":"Field","name":{"kind":"Name","value":"targetPort"}},{"kind":"Field","name":{"kind":"Name","value":"protocol"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pods"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"services"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<ServiceWithPodsQuery, ServiceWithPodsQueryVariables>;
export const PodPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PodPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"last"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"before"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"PodFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PodOrder"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pods"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"last"},"value":{"kind":"Variable","name":{"kind":"Name","value":"last"}}},{"kind":"Argument","name":{"kind":"Name","value":"before"},"value":{"kind":"Variable","name":{"kind":"Name","value":"before"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"cluster"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"isReady"}},{"kind":"Field","name":{"kind":"Name","value":"nodeName"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"staleSince"}}]}}]}}]}}]} as unknown as DocumentNode<PodPageQuery, PodPageQueryVariables>;
export const DeploymentFamilyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DeploymentFamily"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"namespace"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"workload"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"cluster"},"value":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}}},{"kind":"Argument","name":{"kind":"Name","value":"namespace"},"value":{"kind":"Variable","name":{"kind":"Name","value":"namespace"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}},{"kind":"Argument","name":{"kind":"Name","value":"kind"},"value":{"kind":"EnumValue","value":"DEPLOYMENT"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"owners"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"owned"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ReplicaSet"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"owners"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"owned"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Pod"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"owners"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"events"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"involvedObject"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"object"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<DeploymentFamilyQuery, DeploymentFamilyQueryVariables>;
export const NodeByIdDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NodeById"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"KubernetesObject"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"uid"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}}]} as unknown as DocumentNode<NodeByIdQuery, NodeByIdQueryVariables>;
export const NodesByIdsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NodesByIds"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ids"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ids"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"KubernetesObject"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}}]}}]}}]}}]} as unknown as DocumentNode<NodesByIdsQuery, NodesByIdsQueryVariables>;
export const ObjectByNameDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ObjectByName"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"apiVersion"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"kind"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"namespace"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"pointer"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"object"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"cluster"},"value":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}}},{"kind":"Argument","name":{"kind":"Name","value":"apiVersion"},"value":{"kind":"Variable","name":{"kind":"Name","value":"apiVersion"}}},{"kind":"Argument","name":{"kind":"Name","value":"kind"},"value":{"kind":"Variable","name":{"kind":"Name","value":"kind"}}},{"kind":"Argument","name":{"kind":"Name","value":"namespace"},"value":{"kind":"Variable","name":{"kind":"Name","value":"namespace"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"apiVersion"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"finalizers"}},{"kind":"Field","name":{"kind":"Name","value":"labels"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"annotations"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"owners"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"json"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"pointer"},"value":{"kind":"Variable","name":{"kind":"Name","value":"pointer"}}}]},{"kind":"Field","name":{"kind":"Name","value":"yaml"}}]}}]}}]} as unknown as DocumentNode<ObjectByNameQuery, ObjectByNameQueryVariables>;
export const ObjectsOfKindDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ObjectsOfKind"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"apiVersion"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"kind"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"KubernetesObjectFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"KubernetesObjectOrder"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"objects"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"cluster"},"value":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}}},{"kind":"Argument","name":{"kind":"Name","value":"apiVersion"},"value":{"kind":"Variable","name":{"kind":"Name","value":"apiVersion"}}},{"kind":"Argument","name":{"kind":"Name","value":"kind"},"value":{"kind":"Variable","name":{"kind":"Name","value":"kind"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ObjectsOfKindQuery, ObjectsOfKindQueryVariables>;
export const SecretWithValueDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SecretWithValue"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"namespace"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"key"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"secret"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"cluster"},"value":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}}},{"kind":"Argument","name":{"kind":"Name","value":"namespace"},"value":{"kind":"Variable","name":{"kind":"Name","value":"namespace"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"keys"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"bytes"}}]}},{"kind":"Field","name":{"kind":"Name","value":"yaml"}},{"kind":"Field","name":{"kind":"Name","value":"json"}},{"kind":"Field","name":{"kind":"Name","value":"value"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"key"},"value":{"kind":"Variable","name":{"kind":"Name","value":"key"}}}]}]}}]}}]} as unknown as DocumentNode<SecretWithValueQuery, SecretWithValueQueryVariables>;
export const ClusterStatesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ClusterStates"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"clusters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"problem"}},{"kind":"Field","name":{"kind":"Name","value":"isEmbedded"}}]}}]}}]}}]} as unknown as DocumentNode<ClusterStatesQuery, ClusterStatesQueryVariables>;
export const ConfigMapByNameDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConfigMapByName"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"namespace"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"configMap"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"cluster"},"value":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}}},{"kind":"Argument","name":{"kind":"Name","value":"namespace"},"value":{"kind":"Variable","name":{"kind":"Name","value":"namespace"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"labels"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"data"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"viewerCan"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"action"},"value":{"kind":"EnumValue","value":"DELETE"}}]}]}}]}}]} as unknown as DocumentNode<ConfigMapByNameQuery, ConfigMapByNameQueryVariables>;
export const ConfigMapsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ConfigMaps"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ConfigMapFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"configMaps"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ConfigMapsQuery, ConfigMapsQueryVariables>;
export const NamespacesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Namespaces"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"NamespaceFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"namespaces"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"labels"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<NamespacesQuery, NamespacesQueryVariables>;
export const ViewerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"namespaces"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}}]}}]}}]}}]} as unknown as DocumentNode<ViewerQuery, ViewerQueryVariables>;
export const PodChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"PodChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"PodFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"snapshot"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}},"defaultValue":{"kind":"BooleanValue","value":true}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"podChanges"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"snapshot"},"value":{"kind":"Variable","name":{"kind":"Name","value":"snapshot"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"pod"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"labels"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}}]}}]}}]} as unknown as DocumentNode<PodChangesSubscription, PodChangesSubscriptionVariables>;
export const WorkloadChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WorkloadChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"WorkloadFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"workloadChanges"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"workload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"desiredReplicas"}}]}}]}}]}}]} as unknown as DocumentNode<WorkloadChangesSubscription, WorkloadChangesSubscriptionVariables>;
export const ObjectChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"ObjectChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"apiVersion"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"kind"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"KubernetesObjectFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"snapshot"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}},"defaultValue":{"kind":"BooleanValue","value":true}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"objectChanges"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"cluster"},"value":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}}},{"kind":"Argument","name":{"kind":"Name","value":"apiVersion"},"value":{"kind":"Variable","name":{"kind":"Name","value":"apiVersion"}}},{"kind":"Argument","name":{"kind":"Name","value":"kind"},"value":{"kind":"Variable","name":{"kind":"Name","value":"kind"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"snapshot"},"value":{"kind":"Variable","name":{"kind":"Name","value":"snapshot"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"object"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"json"}}]}}]}}]}}]} as unknown as DocumentNode<ObjectChangesSubscription, ObjectChangesSubscriptionVariables>;
export const KubernetesEventStreamDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"KubernetesEventStream"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"KubernetesEventFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"snapshot"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}},"defaultValue":{"kind":"BooleanValue","value":true}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kubernetesEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"snapshot"},"value":{"kind":"Variable","name":{"kind":"Name","value":"snapshot"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"event"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"involvedObject"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"object"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]} as unknown as DocumentNode<KubernetesEventStreamSubscription, KubernetesEventStreamSubscriptionVariables>;
export const PodLogLinesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"PodLogLines"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"namespace"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"pod"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"container"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"follow"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}},"defaultValue":{"kind":"BooleanValue","value":true}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"tail"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"since"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"podLogLines"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"cluster"},"value":{"kind":"Variable","name":{"kind":"Name","value":"cluster"}}},{"kind":"Argument","name":{"kind":"Name","value":"namespace"},"value":{"kind":"Variable","name":{"kind":"Name","value":"namespace"}}},{"kind":"Argument","name":{"kind":"Name","value":"pod"},"value":{"kind":"Variable","name":{"kind":"Name","value":"pod"}}},{"kind":"Argument","name":{"kind":"Name","value":"container"},"value":{"kind":"Variable","name":{"kind":"Name","value":"container"}}},{"kind":"Argument","name":{"kind":"Name","value":"follow"},"value":{"kind":"Variable","name":{"kind":"Name","value":"follow"}}},{"kind":"Argument","name":{"kind":"Name","value":"tail"},"value":{"kind":"Variable","name":{"kind":"Name","value":"tail"}}},{"kind":"Argument","name":{"kind":"Name","value":"since"},"value":{"kind":"Variable","name":{"kind":"Name","value":"since"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"line"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"time"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"isCut"}}]}}]}}]}}]} as unknown as DocumentNode<PodLogLinesSubscription, PodLogLinesSubscriptionVariables>;
export const OperationRecordChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"OperationRecordChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"OperationRecordFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operationRecordChanges"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"record"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]}}]}}]} as unknown as DocumentNode<OperationRecordChangesSubscription, OperationRecordChangesSubscriptionVariables>;
export const NamespaceChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"NamespaceChanges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"namespaceChanges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}}]}}]}}]}}]} as unknown as DocumentNode<NamespaceChangesSubscription, NamespaceChangesSubscriptionVariables>;
export const WorkloadLogLinesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WorkloadLogLines"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"workload"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"WorkloadLogFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"follow"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}},"defaultValue":{"kind":"BooleanValue","value":true}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"previous"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}},"defaultValue":{"kind":"BooleanValue","value":false}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"tail"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"since"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"workloadLogLines"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"workload"},"value":{"kind":"Variable","name":{"kind":"Name","value":"workload"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"follow"},"value":{"kind":"Variable","name":{"kind":"Name","value":"follow"}}},{"kind":"Argument","name":{"kind":"Name","value":"previous"},"value":{"kind":"Variable","name":{"kind":"Name","value":"previous"}}},{"kind":"Argument","name":{"kind":"Name","value":"tail"},"value":{"kind":"Variable","name":{"kind":"Name","value":"tail"}}},{"kind":"Argument","name":{"kind":"Name","value":"since"},"value":{"kind":"Variable","name":{"kind":"Name","value":"since"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"line"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"time"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"pod"}},{"kind":"Field","name":{"kind":"Name","value":"podUid"}},{"kind":"Field","name":{"kind":"Name","value":"container"}},{"kind":"Field","name":{"kind":"Name","value":"run"}},{"kind":"Field","name":{"kind":"Name","value":"missingSince"}},{"kind":"Field","name":{"kind":"Name","value":"isCut"}}]}}]}}]}}]} as unknown as DocumentNode<WorkloadLogLinesSubscription, WorkloadLogLinesSubscriptionVariables>;
export const ScaleWorkloadDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ScaleWorkload"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ScaleWorkloadInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"scaleWorkload"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ScaleWorkloadSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"workload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"desiredReplicas"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"}},{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Operation"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"column"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"managers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"manager"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PreconditionError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Operation"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"operatorId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"writeCount"}},{"kind":"Field","name":{"kind":"Name","value":"writes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"apiVersion"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}}]}}]} as unknown as DocumentNode<ScaleWorkloadMutation, ScaleWorkloadMutationVariables>;
export const RestartWorkloadDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RestartWorkload"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RestartWorkloadInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"restartWorkload"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RestartWorkloadSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"workload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"json"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"pointer"},"value":{"kind":"StringValue","value":"/spec/template/metadata/annotations","block":false}}]}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}},{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Operation"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"column"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"managers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"manager"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PreconditionError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Operation"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"operatorId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"writeCount"}},{"kind":"Field","name":{"kind":"Name","value":"writes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"apiVersion"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}}]}}]} as unknown as DocumentNode<RestartWorkloadMutation, RestartWorkloadMutationVariables>;
export const ApplyManifestDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ApplyManifest"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ApplyManifestInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"applyManifest"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ApplyManifestSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"documents"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"apiVersion"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"}},{"kind":"Field","name":{"kind":"Name","value":"object"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"conflicts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"manager"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}},{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Operation"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"column"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"managers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"manager"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PreconditionError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Operation"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"operatorId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"writeCount"}},{"kind":"Field","name":{"kind":"Name","value":"writes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"apiVersion"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}}]}}]} as unknown as DocumentNode<ApplyManifestMutation, ApplyManifestMutationVariables>;
export const DeleteObjectDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteObject"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteObjectInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteObject"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteObjectSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"object"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"deletionRequestedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Operation"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"column"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"managers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"manager"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PreconditionError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Operation"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"operatorId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"writeCount"}},{"kind":"Field","name":{"kind":"Name","value":"writes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"apiVersion"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}}]}}]} as unknown as DocumentNode<DeleteObjectMutation, DeleteObjectMutationVariables>;
export const CreateNamespaceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateNamespace"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateNamespaceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createNamespace"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateNamespaceSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"labels"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Operation"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"column"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"managers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"manager"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PreconditionError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Operation"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"operatorId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"writeCount"}},{"kind":"Field","name":{"kind":"Name","value":"writes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"apiVersion"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}}]}}]} as unknown as DocumentNode<CreateNamespaceMutation, CreateNamespaceMutationVariables>;
export const DeleteNamespaceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteNamespace"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteNamespaceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteNamespace"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteNamespaceSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}}]}},{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Operation"}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"line"}},{"kind":"Field","name":{"kind":"Name","value":"column"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"managers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"manager"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PreconditionError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Operation"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"operatorId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"writeCount"}},{"kind":"Field","name":{"kind":"Name","value":"writes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"apiVersion"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}}]}}]} as unknown as DocumentNode<DeleteNamespaceMutation, DeleteNamespaceMutationVariables>;
export const OperationRecordsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OperationRecords"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"OperationRecordFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operationRecords"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Operation"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Operation"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"operatorId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"writeCount"}},{"kind":"Field","name":{"kind":"Name","value":"writes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"apiVersion"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}}]}}]} as unknown as DocumentNode<OperationRecordsQuery, OperationRecordsQueryVariables>;
export const OperationRecordByIdDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OperationRecordById"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operationRecord"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Operation"}},{"kind":"Field","name":{"kind":"Name","value":"object"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Operation"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OperationRecord"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"operatorId"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cluster"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"writeCount"}},{"kind":"Field","name":{"kind":"Name","value":"writes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"apiVersion"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}}]}}]} as unknown as DocumentNode<OperationRecordByIdQuery, OperationRecordByIdQueryVariables>;