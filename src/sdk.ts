/**
 * The door for plugins: everything a plugin may import, as `longshore/sdk`. What is not here is not for plugins, except
 * the `api.ts` of other plugins (`longshore/plugins/<name>`).
 */

import * as drizzle from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

export type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
/** Collects the keys of a tick into one read; keep one per request in `context.memo`. */
export { default as DataLoader } from 'dataloader';
export { z } from 'zod';
// Rights.
export type { Access, ReadFilter } from './access/access.ts';
export { defaultApplyKinds, harmlessSecretTypes } from './access/apply/apply-kinds.ts';
export type { ApplyViolation } from './access/apply/apply-violation.ts';
export type { ApplyDecision, ApplyRequest } from './access/apply/decide-apply.ts';
export type { SourcedRule } from './access/create-permission-table.ts';
export { describeCondition } from './access/describe-rule.ts';
export type { GrantedCondition } from './access/granted-rule.ts';
export type { GrantedMemberships, MembershipSeat, MembershipSource } from './access/memberships.ts';
export type { PermissionRule } from './access/permission-rule.ts';
export type { KnownRole, RoleDefinition } from './access/roles.ts';
export type { Instance, SubjectDescriptor } from './access/subject-facts.ts';
export type { IssuedTicket, RedeemedTicket, Tickets } from './access/tickets/create-tickets.ts';
export type { TerminalSubject } from './access/tickets/terminal-ticket.ts';
export { terminalTicket } from './access/tickets/terminal-ticket.ts';
export type { TicketPurpose } from './access/tickets/ticket-purpose.ts';
export { ticketPurpose } from './access/tickets/ticket-purpose.ts';
export type { KnownUser, ServiceToken } from './access/users/sign-in-rows.ts';
export type { TokenScope } from './access/users/token-scope.ts';
export type { ServiceTokenNews, Session, Users } from './access/users/users.ts';
export type { WorkspaceKind } from './access/workspace-kinds.ts';
export { placeOfWorkspace, workspaceLabel, workspaceOf } from './access/workspace-kinds.ts';
// Operation records.
export type { LongOperation, LongOperationStep, RunningOperation, StepResult } from './audit/long-operation.ts';
export { operationActor } from './audit/operation-actor.ts';
export type { OperationHandle, RecordedWrite } from './audit/operation-handle.ts';
export { dryRunTicket } from './audit/operation-handle.ts';
export type {
  LocatedTarget,
  OperationCategory,
  OperationFilter,
  OperationPosition,
  OperationRecord,
  OperationRecords,
  OperationSession,
  OperationSpec,
  OperationStatus,
  OperationTarget,
  RecordedChanges,
  SessionMeasure,
  VisibleOperations,
} from './audit/operation-records.ts';
export type { OperationStep, OperationSteps, StepPlan } from './audit/operation-steps.ts';
export { planOf } from './audit/run-long-operation.ts';
export { runRecordedTransaction } from './audit/run-recorded-transaction.ts';
export { wakeLongOperation } from './audit/wake-long-operation.ts';
// The platform's own data.
export type { Database, DatabaseHandle } from './data/database.ts';
export type { FollowedRevision, FollowRevisionOptions } from './data/follow-revision.ts';
export { followRevision } from './data/follow-revision.ts';
// The schema.
export type {
  ArgBuilder,
  EnumTypeRef,
  FieldBuilder,
  InputFieldBuilder,
  InputTypeRef,
  InterfaceTypeRef,
  LongshoreBuilder,
  TypeRef,
} from './graph/builder.ts';
export { enumRef, inputRef, interfaceRef, typeRef } from './graph/builder.ts';
export { fieldChangeRef } from './graph/changes/change-types.ts';
export type { FieldChange } from './graph/changes/diff-fields.ts';
export { diffFields } from './graph/changes/diff-fields.ts';
export type { ChangedThing } from './graph/changes/recorded-changes.ts';
export { recordedChanges } from './graph/changes/recorded-changes.ts';
export { checkDeletion } from './graph/deletions/check-deletion.ts';
export type { Deletion, DeletionCheck, DeletionObjection } from './graph/deletions/deletion-check.ts';
export { listNames, nameUsers, readEveryUser } from './graph/deletions/name-users.ts';
export type { Download, DownloadSource } from './graph/downloads/download-source.ts';
export { downloadPath } from './graph/downloads/download-source.ts';
export { enumValue } from './graph/enum-value.ts';
export type { Answer } from './graph/errors/answer-of.ts';
export { answerOf } from './graph/errors/answer-of.ts';
export {
  conflictErrorRef,
  errorRef,
  fieldOwnerRef,
  validationErrorRef,
  validationIssueRef,
} from './graph/errors/answer-types.ts';
export type { GatewayServices } from './graph/gateway-services.ts';
export type { GlobalId } from './graph/global-id.ts';
export { encodeGlobalId, idOfObject, parseGlobalId } from './graph/global-id.ts';
export {
  labelsOfGuards,
  obstacleToChange,
  warningCodesOfChange,
  warningsOfChange,
  warnOfChange,
} from './graph/guards/ask-guards.ts';
export type { ChangeGuard, ChangeObstacle, WantedChange } from './graph/guards/change-guard.ts';
export { followJournalledKind } from './graph/kubernetes/follow-journalled-kind.ts';
export { followKubernetesObjects, registerKubernetesChanges } from './graph/kubernetes/kubernetes-changes.ts';
export type { KubernetesFilter } from './graph/kubernetes/kubernetes-list.ts';
export {
  clustersOf,
  defineKubernetesList,
  listKubernetesObjects,
  matchesKubernetesFilter,
} from './graph/kubernetes/kubernetes-list.ts';
export type { AnyKubeObject } from './graph/kubernetes/kubernetes-object-ref.ts';
export { clusterRef, kubernetesObjectRef } from './graph/kubernetes/kubernetes-object-ref.ts';
export { isLabelKey, isLabelValue } from './graph/kubernetes/label-syntax.ts';
export { isOfKind, loadOfKind } from './graph/kubernetes/load-of-kind.ts';
export { checkMapChange, type MapChange, mapPatch } from './graph/kubernetes/metadata-patch.ts';
export { objectSuccess } from './graph/kubernetes/object-success.ts';
export { patchAsRead } from './graph/kubernetes/patch-as-read.ts';
export { readObject } from './graph/kubernetes/read-object.ts';
export { registerDeletion } from './graph/kubernetes/register-deletion.ts';
export { registerKubernetesType } from './graph/kubernetes/register-kubernetes-type.ts';
export { relatedRows } from './graph/kubernetes/related-rows.ts';
export type { Connection, ListArguments, ListRows, ListType } from './graph/lists/define-list.ts';
export { defineList, listTypeOf } from './graph/lists/define-list.ts';
export type { SortValue } from './graph/lists/list-cursor.ts';
export { clusterProblemRef } from './graph/lists/page-info.ts';
export type { StringFilter } from './graph/lists/string-filter.ts';
export { matchesText, stringFilterRef } from './graph/lists/string-filter.ts';
export type { FactColumns } from './graph/lists/where-allowed.ts';
export { whereAllowed } from './graph/lists/where-allowed.ts';
export type { FollowTopicOptions } from './graph/makers/follow-topic.ts';
export { followTopic } from './graph/makers/follow-topic.ts';
export type { Allow } from './graph/makers/guard-root-field.ts';
export { batchOperations } from './graph/makers/mutation/batch-keys.ts';
export { callMutation } from './graph/makers/mutation/call-mutation.ts';
export type { CommonInput } from './graph/makers/mutation/common-input.ts';
export { confirmPhrase, confirmPhraseFor } from './graph/makers/mutation/confirmation-keys.ts';
export { type ConfirmationDialog, describeConfirmation } from './graph/makers/mutation/describe-confirmation.ts';
export type {
  BatchSpec,
  MutationOutcome,
  MutationSuccess,
  MutationTarget,
} from './graph/makers/mutation/mutation-spec.ts';
export {
  type Deleted,
  idOfOperation,
  isOperationRecord,
  replayDeletion,
} from './graph/makers/mutation/replay-operation.ts';
export { registerList, relationField } from './graph/makers/register-list.ts';
export { registerMutation } from './graph/makers/register-mutation.ts';
export { registerQuery } from './graph/makers/register-query.ts';
export type { StreamArguments } from './graph/makers/register-subscription.ts';
export { registerSubscription } from './graph/makers/register-subscription.ts';
export { viewerCanField } from './graph/makers/viewer-can-field.ts';
export type { ManifestCheck, ManifestMisfit, StartedObject, WrittenObject } from './graph/manifests/manifest-check.ts';
export { allMaybe, mapMaybe } from './graph/map-maybe.ts';
export { mayCarryOn } from './graph/may-carry-on.ts';
export type { NameCheck, NamePlace } from './graph/names/name-check.ts';
export type { AnyNode, RowNode } from './graph/nodes/node-ref.ts';
export { nodeRef } from './graph/nodes/node-ref.ts';
export { resolveNode, resolveNodes } from './graph/nodes/resolve-nodes.ts';
export { resolveTypeOfNode } from './graph/nodes/resolve-type-of-node.ts';
export { operationRecordRef } from './graph/operation-record-ref.ts';
export { operationArgs, operationsField } from './graph/operations-field.ts';
export type { Meters } from './graph/plugin-environment.ts';
export { named, registerEnum } from './graph/register-enum.ts';
export type { RequestContext } from './graph/request-context.ts';
export { genericObjectTypeName, isProvided, type RowLoader, registryOf } from './graph/schema/schema-registry.ts';
export type {
  StandingMessage,
  StandingSubscription,
  StandingSubscriptions,
} from './graph/streams/standing-subscriptions.ts';
export { onRequestOnly } from './graph/streams/standing-subscriptions.ts';
export type {
  TimelineEntry,
  TimelinePage,
  TimelineSource,
  TimelineSubject,
} from './graph/timeline/timeline-source.ts';
export { pageOfEntries } from './graph/timeline/timeline-source.ts';
export type { Upload, UploadTarget } from './graph/uploads/upload-target.ts';
export { uploadPath } from './graph/uploads/upload-target.ts';
// Errors: answers as data, refusals of the request.
export type { AnswerCode, FieldOwner, QuotaShortage, RaisedWarning, ValidationIssue } from './kernel/answer-error.ts';
export {
  AnswerError,
  CapabilityMissingError,
  ConflictError,
  ForbiddenError,
  InUseError,
  NotFoundError,
  PreconditionError,
  QuotaExceededError,
  UpstreamError,
  ValidationError,
} from './kernel/answer-error.ts';
// The manifest and what every plugin is handed.
export {
  type AddressRange,
  bitsOf,
  type Cidr,
  contains,
  countTaken,
  type Family,
  isCanonical,
  nextFree,
  overlaps,
  parseAddress,
  parseCidr,
  parseRange,
  printAddress,
  printCidr,
  sizeOf,
} from './kernel/cidr.ts';
export type { Clock } from './kernel/clock.ts';
export { sleep } from './kernel/clock.ts';
export type { EgressClient, EgressRequest, EgressResponse } from './kernel/egress-client.ts';
export type { Failpoints } from './kernel/failpoints.ts';
export { type Finding, findingAreas, findingStates } from './kernel/finding.ts';
export type { KeyRing } from './kernel/key-ring.ts';
export type { Logger } from './kernel/logger.ts';
export { type LoopSlices, loopSlices } from './kernel/loop-slices.ts';
export type { PluginEnvironment, PluginManifest } from './kernel/manifest.ts';
export { definePlugin } from './kernel/manifest.ts';
export { postWebhook, type WebhookAnswer } from './kernel/post-webhook.ts';
export type {
  Membership,
  MembershipRank,
  NamespaceScope,
  Principal,
  PrincipalName,
  Role,
  SignInMethod,
} from './kernel/principal.ts';
export { namespacesOf, systemPrincipal } from './kernel/principal.ts';
// Profiles: limits, name rules, choices and switches by workspace and cluster.
export type { ProfileSeat, ProfileSource } from './kernel/profiles/create-profile-seat.ts';
export type { LinearPattern } from './kernel/profiles/linear-pattern.ts';
export { compilePattern } from './kernel/profiles/linear-pattern.ts';
export type { ProfileKey, ProfileKeySpec } from './kernel/profiles/profile-key.ts';
export { profileKey } from './kernel/profiles/profile-key.ts';
export { profileValues } from './kernel/profiles/profile-values.ts';
export type { Profile, ProfileLimit, ProfilePlace, Profiles } from './kernel/profiles/profiles.ts';
export type { TextRule } from './kernel/profiles/text-rule.ts';
export { checkText, describeTextRule } from './kernel/profiles/text-rule.ts';
export type { RequestCode } from './kernel/request-error.ts';
export { RequestError } from './kernel/request-error.ts';
export type { PluginState } from './kernel/run-plugins.ts';
export type { ServiceRef } from './kernel/service-ref.ts';
export { optionalService, serviceRef } from './kernel/service-ref.ts';
// Clusters and their objects.
export { type CertificateFacts, readCertificate } from './kube/certificate-facts.ts';
export type { Capability, Cluster, ClusterChange, ClusterEndpoint, ClusterState, Clusters } from './kube/cluster.ts';
export type { ClusterProblem, ClusterReader, ListOptions, MaybePromise, ObjectList } from './kube/cluster-reader.ts';
export type { ClusterWriter, Preconditions, WriteResult } from './kube/cluster-writer.ts';
export { compareVersions } from './kube/compare-versions.ts';
// Files in containers.
export {
  enterDirectory,
  fileBlockBytes,
  fileEnds,
  listFilesScript,
  needsPrograms,
  readFileScript,
  regularFile,
} from './kube/container-files/file-scripts.ts';
export { openFileOutput } from './kube/container-files/open-file-output.ts';
export { type FileHead, readFileHead } from './kube/container-files/read-file-head.ts';
export { type ListedFile, readFileListing } from './kube/container-files/read-listing.ts';
export type { DeclaredKind } from './kube/declared-kind.ts';
export { declareKind } from './kube/declared-kind.ts';
export { followKind, type KindFollower } from './kube/follow-kind.ts';
export type { FeedEvent, KindFeed } from './kube/kind-feed.ts';
export type { KindRef } from './kube/kind-ref.ts';
export { apiVersionOf, kindRef, subjectOf } from './kube/kind-ref.ts';
export type { KubeMetadata, KubeObject, Origin, Raw } from './kube/kube-object.ts';
export { origin } from './kube/kube-object.ts';
export type { VolumeStats } from './kube/node-stats/volume-stats.ts';
export type { ObjectSchema, SchemaProblem } from './kube/openapi/schema-node.ts';
export type { PodLogLine, PodLogRequest } from './kube/pod-logs.ts';
export type {
  ClusterAccess,
  ClusterChoices,
  ClusterRegistry,
  NewCluster,
  RegisteredCluster,
} from './kube/registered/cluster-registry.ts';
export { certificateOfSecret, type SealedSecret } from './kube/sealed-secret.ts';
export {
  type CommandOutputOptions,
  type ContainerCommand,
  programMissing,
  readCommandOutput,
} from './kube/sessions/command-output.ts';
export type { PodSession, PodSessionEnd, PodSessionListener, PodSessionRequest } from './kube/sessions/pod-session.ts';
export {
  type LabelSelectorObject,
  matchesLabelSelector,
  printLabelSelector,
  printLabels,
} from './kube/syntax/label-selector-object.ts';
export { mergePatch } from './kube/syntax/merge-patch.ts';
export type { Quantity } from './kube/syntax/parse-quantity.ts';
export { parseQuantity } from './kube/syntax/parse-quantity.ts';
// Streams.
export { updateTimeOf } from './kube/update-time.ts';
export { readLive } from './kube/write/read-live.ts';
export { kubeObjectCodec } from './live/journal/kube-object-codec.ts';
export type { JournalledKind, KeptPlace } from './live/journal/start-kind-journals.ts';
export type { TopicCodec } from './live/journal/topic-codec.ts';
export type { StreamMessage } from './live/stream-message.ts';
export type { PublishOptions, TopicEvent, TopicOptions, TopicRef, Topics } from './live/topics.ts';
export { topicRef } from './live/topics.ts';
// Work that outlives a request.
export type { Fence, LeaseFence, QueueFence } from './work/fence.ts';
export { assertFence, inFencedTransaction } from './work/fence.ts';
export type { Job } from './work/job.ts';
export type { LeasedLoop, LeasedLoopContext } from './work/leased-loop.ts';
export type { ReconcileContext, ReconcileResult, Reconciler } from './work/reconciler.ts';
export { again, settled } from './work/reconciler.ts';
export type { WorkQueue } from './work/work-queue.ts';

/** drizzle's operators (`drizzle.eq`, `drizzle.sql`) and its PostgreSQL tables (`pg.pgTable`). */
export { drizzle, pg };
