/** What other plugins may hold of release: GraphQL type references, states, and the seams that plugins yet to come fill. */

import {
  type InputTypeRef,
  inputRef,
  type MaybePromise,
  type RequestContext,
  type RowNode,
  type ServiceRef,
  serviceRef,
  type TypeRef,
  topicRef,
  typeRef,
  type ValidationIssue,
} from 'longshore/sdk';
import type { ScalingSpec, VersionSpec } from './services/app-services/version-spec.ts';

/** A version before it was submitted, since, and since it was first released (REL-12). */
export type VersionEditState = 'DRAFT' | 'SUBMITTED' | 'PUBLISHED';

/** REL-22. `ROLLBACK_PENDING_CONFIRM`: all is as it was before, somebody has to say that this ends the order. */
export type OrderState =
  | 'INITIALIZING'
  | 'INIT_FAILED'
  | 'READY'
  | 'RUNNING'
  | 'PAUSED'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'CANCELLED'
  | 'ROLLING_BACK'
  | 'ROLLBACK_PENDING_CONFIRM'
  | 'ROLLED_BACK'
  | 'ROLLBACK_FAILED';

/** Where the release of one service is: the states of its order, and `WAITING` for those that it depends on. */
export type ServiceReleaseState =
  | 'READY'
  | 'WAITING'
  | 'PRE_TASKS'
  | 'GROUPS'
  | 'PAUSED'
  | 'POST_TASKS'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'CANCELLED'
  | 'ROLLING_BACK'
  | 'ROLLBACK_TASKS'
  | 'ROLLBACK_PENDING_CONFIRM'
  | 'ROLLED_BACK'
  | 'ROLLBACK_FAILED';

export type GroupState = 'PENDING' | 'RUNNING' | 'WAITING_CONFIRM' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
export type TaskPhase = 'PRE' | 'GROUP' | 'POST' | 'ROLLBACK_POST';
export type TaskState = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'SKIPPED' | 'FAILED' | 'IGNORED';
export type TaskKind =
  | 'APPLY_SERVICES'
  | 'APPLY_LOG_CONFIG'
  | 'SHIFT_TRAFFIC'
  | 'TAKE_OFF_TRAFFIC'
  | 'PUT_BACK_TRAFFIC'
  | 'CLEAN_SERVICES'
  | 'DELETE_LOG_CONFIG'
  | 'CLEAN_WORKLOADS'
  | 'UNDO_SERVICES'
  | 'UNDO_LOG_CONFIG';

/** REL-27. */
export type ReleasePodState = 'NOT_UPDATED' | 'UPDATING' | 'UPDATED' | 'FAILED';
/** REL-34. */
export type RollbackOutcome = 'TO_PREVIOUS' | 'TO_EMPTY' | 'CANCEL_ONLY';
/** What drives the pods of a service (architecture, section 4). */
export type EngineName = 'CLONE_SET' | 'ADVANCED_STATEFUL_SET' | 'STATEFUL_SET' | 'DEPLOYMENT_PAIR';

export type ReleaseEventKind =
  | 'CREATED'
  | 'INITIALIZED'
  | 'INIT_FAILED'
  | 'STARTED'
  | 'TASK'
  | 'GROUP_STARTED'
  | 'GROUP_SUCCEEDED'
  | 'PAUSED'
  | 'CONFIRMED'
  | 'FAILED'
  | 'RETRIED'
  | 'IGNORED'
  | 'CANCELLED'
  | 'SUCCEEDED'
  | 'ROLLBACK_STARTED'
  | 'ROLLBACK_FAILED'
  | 'ROLLED_BACK'
  | 'ROLLBACK_ABANDONED';

/** In whose name a release goes on; `impersonatedBy` is the administrator who acted as them. */
export interface ReleaseActor {
  readonly id: string;
  readonly name: string;
  readonly impersonatedBy: { readonly id: string; readonly name: string } | null;
}

/** Pods of one deployment unit; `unit` is empty where the platform has no units. */
export interface UnitPods {
  readonly unit: string;
  readonly count: number;
}

/** A deployable unit of an application, in one namespace. */
export interface AppService extends RowNode {
  readonly nodeTypeName: 'AppService';
  readonly uuid: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly applicationUuid: string;
  readonly applicationName: string;
  readonly workspaceUuid: string | null;
  readonly isStateful: boolean;
  readonly owner: string | null;
  readonly operators: readonly string[];
  /** Empty where there is none. */
  readonly description: string;
  readonly currentVersionUuid: string | null;
  readonly releaseUuid: string | null;
  readonly lastReleaseState: ServiceReleaseState | null;
  /** Since when it is being deleted; null where it is not. */
  readonly deletionRequestedAt: Date | null;
  readonly version: number;
  readonly createdAt: Date;
}

/** One version of an app service. */
export interface AppServiceVersion extends RowNode {
  readonly nodeTypeName: 'AppServiceVersion';
  readonly uuid: string;
  readonly serviceUuid: string;
  readonly number: number;
  readonly editState: VersionEditState;
  readonly spec: VersionSpec;
  readonly basedOnUuid: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly submittedAt: Date | null;
  readonly releasedAt: Date | null;
  /** Whether it is the one that runs. */
  readonly isCurrent: boolean;
  /** What of its service rights look at. */
  readonly of: Pick<AppService, 'name' | 'cluster' | 'namespace' | 'workspaceUuid'>;
  readonly version: number;
}

/** Several releases that belong together. */
export interface ReleaseOrder extends RowNode {
  readonly nodeTypeName: 'ReleaseOrder';
  readonly uuid: string;
  readonly title: string;
  readonly workspaceUuid: string | null;
  readonly cluster: string | null;
  readonly namespace: string | null;
  /** Empty for all. */
  readonly units: readonly string[];
  readonly betaGroup: boolean;
  readonly state: OrderState;
  readonly reason: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly version: number;
}

/** How the text of a template or stack is written (REL-40, REL-46, REL-47). */
export type StackFormat = 'COMPOSE' | 'KUBERNETES' | 'POD_STACK';

/** An application of a template. */
export interface TemplateApp {
  /** Unique in its template. */
  readonly name: string;
  /** Of its workload, such as `Deployment`. */
  readonly kind: string;
  /** Null where its kind has none, or nobody said. */
  readonly replicas: number | null;
  /** Of its containers, in their order. */
  readonly images: readonly string[];
  /** Names of applications that must be ready before it starts. */
  readonly dependsOn: readonly string[];
}

/** Several applications of a project that are deployed together (REL-40). */
export interface OrchestrationTemplate extends RowNode {
  readonly nodeTypeName: 'OrchestrationTemplate';
  readonly uuid: string;
  /** Unique in its project. */
  readonly name: string;
  readonly projectUuid: string;
  readonly workspaceUuid: string | null;
  /** Empty where there is none. */
  readonly description: string;
  readonly format: StackFormat;
  /** Tells whether the content is the same; it is loaded on its own. */
  readonly digest: string;
  /** What the content says, in the order in which they may begin. */
  readonly apps: readonly TemplateApp[];
  readonly version: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const orchestrationTemplateTypeRef: TypeRef<OrchestrationTemplate> =
  typeRef<OrchestrationTemplate>('OrchestrationTemplate');
export const orchestrationTemplateSubject = 'release/OrchestrationTemplate';

/** Where a stack is in what is done with it; how its applications do is told by their workloads. */
export type StackPhase = 'DEPLOYING' | 'DEPLOYED' | 'UPDATING' | 'DELETING';

/** By what the pods of a pod stack are scaled (REL-47). */
export interface StackScale {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** In percent of what they request. */
  readonly targetCpuUtilization: number;
}

/** An application of a stack: that of its text, and the workload that it is. */
export interface StackApp extends TemplateApp {
  readonly workload: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  /** Names of its Services. */
  readonly services: readonly string[];
}

/** What was deployed of a template, or of a text alone: ordinary workloads and Services of one namespace (REL-44, REL-45). */
export interface Stack extends RowNode {
  readonly nodeTypeName: 'Stack';
  readonly uuid: string;
  /** Unique in its namespace; all names of what it makes begin with it. */
  readonly name: string;
  readonly projectUuid: string;
  readonly workspaceUuid: string | null;
  readonly cluster: string;
  readonly namespace: string;
  /** Null where it was deployed of a text alone. */
  readonly templateUuid: string | null;
  readonly format: StackFormat;
  readonly digest: string;
  readonly scale: StackScale | null;
  /** In the order in which they start. */
  readonly apps: readonly StackApp[];
  readonly phase: StackPhase;
  /** Record of what is being done, or was done last. */
  readonly operationUuid: string;
  readonly version: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const stackTypeRef: TypeRef<Stack> = typeRef<Stack>('Stack');
export const stackSubject = 'release/Stack';

/** Stacks as they are deployed, changed and deleted. */
export const stacksTopic = topicRef<Stack>('release.stacks');

/** Templates as they are made, changed and deleted. */
export const orchestrationTemplatesTopic = topicRef<OrchestrationTemplate>('release.orchestrationTemplates');

export const appServiceTypeRef: TypeRef<AppService> = typeRef<AppService>('AppService');
export const appServiceVersionTypeRef: TypeRef<AppServiceVersion> = typeRef<AppServiceVersion>('AppServiceVersion');
export const releaseOrderTypeRef: TypeRef<ReleaseOrder> = typeRef<ReleaseOrder>('ReleaseOrder');

export const appServiceSubject = 'release/AppService';
export const releaseOrderSubject = 'release/ReleaseOrder';

/** App services as they are made, changed and deleted, and as their state changes. */
export const appServicesTopic = topicRef<AppService>('release.appServices');

/** What happened to an order. */
export interface ReleaseEvent {
  readonly id: string;
  readonly orderId: string;
  /** Release of one service that it is of; null for the order itself. */
  readonly releaseId: string | null;
  readonly groupPosition: number | null;
  readonly kind: ReleaseEventKind;
  readonly message: string;
  /** Id of the principal who did it; null where the platform went on by itself. */
  readonly actor: string | null;
  /** Rises within an order, without gaps. */
  readonly sequence: number;
  readonly createdAt: Date;
}

/** An order as it was when something happened to it. */
export interface ReleaseProgress {
  readonly order: ReleaseOrder;
  readonly releaseUuid: string | null;
  /** Null where only the number of updated pods has changed. */
  readonly event: ReleaseEvent | null;
  readonly updatedPods: number;
  readonly totalPods: number;
}

/** All that happens to orders (CORE-38): whoever follows it sees each step once, in order. */
export const releaseProgressTopic = topicRef<ReleaseProgress>('release.orderProgress');

/** For whom an image is looked up: an app service, there or yet to be made. */
export type ImageSourcePlace = Pick<AppService, 'cluster' | 'namespace' | 'name' | 'applicationUuid' | 'workspaceUuid'>;

/** An image that a plugin makes or knows, such as the build records of an application (REL-04, REL-05). */
export interface ImageSource {
  /**
   * The image of a source, or what stands against it, as issues whose paths point into the source. The caller may change the app service; whether
   * they may use what the source names is for the provider to say. Asked each time that a draft is written: what it begins must be begun once.
   */
  resolve(
    source: ImageSourceInput,
    place: ImageSourcePlace,
    context: RequestContext,
  ): Promise<{ readonly image: string | undefined; readonly issues: readonly ValidationIssue[] }>;
}

/** What somebody says of such an image; its fields are its provider's to define. */
export type ImageSourceInput = Readonly<Record<string, unknown>>;
/** Input type that whoever provides `buildRecordSourceRef` defines. */
export const buildRecordSourceInputRef: InputTypeRef<ImageSourceInput> =
  inputRef<ImageSourceInput>('BuildRecordSourceInput');
/** Input type that whoever provides `packageSourceRef` defines. */
export const packageSourceInputRef: InputTypeRef<ImageSourceInput> = inputRef<ImageSourceInput>('PackageSourceInput');
export const buildRecordSourceRef: ServiceRef<ImageSource> = serviceRef<ImageSource>('release.buildRecordSource');
export const packageSourceRef: ServiceRef<ImageSource> = serviceRef<ImageSource>('release.packageSource');

/** Input type of a timetable, which whoever provides `serviceScalingRef` defines; versions keep it as it was given. */
export const serviceScheduleInputRef: InputTypeRef<Readonly<Record<string, unknown>>> =
  inputRef<Readonly<Record<string, unknown>>>('ServiceScheduleInput');

/**
 * What a plugin that scales offers to app services (REL-06): replicas by the clock, and nodes that come and go. A version of the strategy
 * SCHEDULED is first released with its number of replicas; from then on releases leave the number of pods to the provider.
 */
export interface ServiceScaling {
  /** What stands against it at a place, as issues whose paths begin with `scaling`. */
  check(
    scaling: ScalingSpec,
    place: { readonly cluster: string; readonly namespace: string },
    context: RequestContext,
  ): MaybePromise<readonly ValidationIssue[]>;
}
export const serviceScalingRef: ServiceRef<ServiceScaling> = serviceRef<ServiceScaling>('release.serviceScaling');

/** Asks registries whether they have an image, for whoever knows one (REL-18). */
export interface ImageCheck {
  /** `UNKNOWN` where the registry cannot be asked, or does not tell; never rejects. `pullSecrets` are names in the namespace. */
  check(
    image: string,
    place: { readonly cluster: string; readonly namespace: string; readonly pullSecrets: readonly string[] },
  ): Promise<'EXISTS' | 'MISSING' | 'UNKNOWN'>;
}
export const imageCheckRef: ServiceRef<ImageCheck> = serviceRef<ImageCheck>('release.imageCheck');
