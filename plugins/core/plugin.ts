import {
  declareKind,
  definePlugin,
  harmlessSecretTypes,
  type OperationRecord,
  type SubjectDescriptor,
} from 'longshore/sdk';
import {
  clusterRegistrarRef,
  clustersTopic,
  eventKind,
  kubernetesEventsTopic,
  manifestServiceRef,
  namespaceKind,
  operationRecordsTopic,
  projectsTopic,
  resourceQuotaKind,
  secretKind,
  tenancyServiceRef,
  workspacesTopic,
} from './api.ts';
import { coreProfileKeys } from './profile-keys/core-profile-keys.ts';
import { deletedNamespaceReconciler } from './reconcilers/deleted-namespace-reconciler.ts';
import { namespaceQuotaReconciler } from './reconcilers/namespace-quota-reconciler.ts';
import { registerApplyManifest } from './schema/apply-manifest.ts';
import { registerCluster } from './schema/cluster.ts';
import { registerClusterAccessInput } from './schema/clusters/cluster-access-input.ts';
import { registerClusterRegistration } from './schema/clusters/cluster-registration.ts';
import { registerRegistrationMutations } from './schema/clusters/registration-mutations.ts';
import { registerCondition } from './schema/condition.ts';
import { registerConfirmation } from './schema/confirmation.ts';
import { registerCreateNamespace } from './schema/create-namespace.ts';
import { registerDeleteNamespace } from './schema/delete-namespace.ts';
import { registerDeleteObject } from './schema/delete-object.ts';
import { registerDiagnosis } from './schema/diagnosis.ts';
import { registerEventHistory } from './schema/event-history.ts';
import { registerEventWebhooks } from './schema/event-webhooks/register-event-webhooks.ts';
import { registerKubernetesEvent } from './schema/kubernetes-event.ts';
import { registerKubernetesObject } from './schema/kubernetes-object.ts';
import { registerKubernetesObjects } from './schema/kubernetes-objects.ts';
import { registerLabel } from './schema/label.ts';
import { registerNameCheck } from './schema/name-check.ts';
import { registerNamespace } from './schema/namespace.ts';
import { registerNodes } from './schema/nodes.ts';
import { registerOperationRecord } from './schema/operation-record.ts';
import { registerOperationStepMutations } from './schema/operation-step-mutations.ts';
import { registerPlugins } from './schema/plugins.ts';
import { registerPrincipalName } from './schema/principal-name.ts';
import { registerProfile } from './schema/profile.ts';
import { registerRole } from './schema/role.ts';
import { registerSecret } from './schema/secret.ts';
import { registerTenancy } from './schema/tenancy/register-tenancy.ts';
import { registerTimeline } from './schema/timeline.ts';
import { eventsTimeline, recordsTimeline } from './schema/timeline-sources.ts';
import { registerUpdateManifest } from './schema/update-manifest.ts';
import { registerUsers } from './schema/users/register-users.ts';
import { registerValidateManifest } from './schema/validate-manifest.ts';
import { registerViewer } from './schema/viewer.ts';
import { createClusterRegistrar } from './services/clusters/cluster-registrar.ts';
import { clusterRegistryRef } from './services/clusters/registrations.ts';
import { developerSubjects } from './services/developer-subjects.ts';
import { createWebhookDesk } from './services/event-webhooks/create-webhook-desk.ts';
import { eventWebhookLoop, forgetDeadLettersJob } from './services/event-webhooks/event-webhook-loop.ts';
import { eventWebhookPermissions } from './services/event-webhooks/event-webhook-permissions.ts';
import { webhookDeskRef } from './services/event-webhooks/webhook-desk.ts';
import { createEventHistory, eventHistoryRef } from './services/events/event-history.ts';
import { eventRetentionRef, forgetEventsJob } from './services/events/forget-old-events.ts';
import { keepEvents } from './services/events/keep-events.ts';
import { createManifestService } from './services/manifest/manifest-service.ts';
import { coreNameChecks } from './services/name-checks.ts';
import { forgetOperationsJob, operationRetentionRef } from './services/operation/forget-old-operations.ts';
import { locateTarget } from './services/operation/locate-target.ts';
import { operationSubject } from './services/operation/visible-operations.ts';
import { createTenancy } from './services/tenancy/create-tenancy.ts';
import { createTenancyDirectory } from './services/tenancy/create-tenancy-directory.ts';
import { quotaLoopRef } from './services/tenancy/quota/quota-loop.ts';
import { tenancyPermissions } from './services/tenancy/tenancy-permissions.ts';
import { departmentDescriptor, projectDescriptor, workspaceDescriptor } from './services/tenancy/tenants.ts';
import { serviceTokensTopic } from './services/users/service-tokens-topic.ts';
import { userPermissions } from './services/users/user-permissions.ts';
import { toServiceTokenNode, usersServiceRef } from './services/users/users-service.ts';
import { coreSettings } from './settings.ts';
import * as tables from './tables.ts';

const operationDescriptor: SubjectDescriptor<OperationRecord> = {
  subject: operationSubject,
  keepsTenants: true,
  facts: ({ target, principalId, tenants: { workspaceId, projectId }, id }) => ({
    cluster: target.cluster,
    namespace: target.namespace,
    name: id,
    owner: principalId,
    tenants: [...(workspaceId ? [`workspace/${workspaceId}`] : []), ...(projectId ? [`project/${projectId}`] : [])],
  }),
};

/** Clusters, every kind of object in them, and what was done to them. Always there: without it there is no `Node`. */
export const corePlugin = definePlugin({
  name: 'core',
  version: '1.0.0',
  description:
    'Clusters, namespaces, Secrets, events and objects of any kind; applying and deleting them; operation records. Nothing works without it.',
  kinds: [
    declareKind({ kind: namespaceKind }),
    declareKind({ kind: secretKind }),
    declareKind({ kind: resourceQuotaKind }),
    declareKind({
      kind: eventKind,
      indexes: { involvedObject: ({ involvedObject: { uid } }) => (uid ? [uid] : []) },
    }),
  ],
  config: coreSettings,
  jobs: [forgetOperationsJob, forgetEventsJob, forgetDeadLettersJob],
  leasedLoops: [eventWebhookLoop],
  timelines: [recordsTimeline, eventsTimeline],
  services: [
    operationRetentionRef,
    eventRetentionRef,
    eventHistoryRef,
    tenancyServiceRef,
    manifestServiceRef,
    quotaLoopRef,
    usersServiceRef,
    clusterRegistryRef,
    clusterRegistrarRef,
    webhookDeskRef,
  ],
  reconcilers: [namespaceQuotaReconciler, deletedNamespaceReconciler],
  tables: { ...tables },
  topics: [
    operationRecordsTopic,
    kubernetesEventsTopic,
    clustersTopic,
    workspacesTopic,
    projectsTopic,
    serviceTokensTopic,
  ],
  journalledKinds: [{ kind: eventKind, topic: kubernetesEventsTopic, keep: keepEvents }],
  actions: ['READ_MEMBERS', 'MANAGE_MEMBERS', 'CREATE_PROJECTS', 'BIND_NAMESPACES', 'SET_QUOTA', 'IMPERSONATE'],
  subjects: [
    operationDescriptor as SubjectDescriptor,
    workspaceDescriptor as SubjectDescriptor,
    projectDescriptor as SubjectDescriptor,
    departmentDescriptor as SubjectDescriptor,
  ],
  permissions: [
    { roles: ['GUEST'], actions: ['READ'], subjects: ['core/Cluster', 'core/Plugin', 'storage.k8s.io/StorageClass'] },
    {
      roles: ['DEVELOPER'],
      actions: ['READ'],
      subjects: ['core/Namespace', 'core/Event', 'core/ResourceQuota', 'core/Secret'],
      where: 'namespaces',
    },
    {
      roles: ['DEVELOPER'],
      actions: ['READ_SECRET_VALUE', 'CREATE', 'UPDATE', 'DELETE', 'APPLY'],
      subjects: ['core/Secret'],
      where: { namespaces: true, facts: { type: harmlessSecretTypes } },
    },
    {
      roles: ['DEVELOPER'],
      actions: ['READ', 'CREATE', 'UPDATE', 'DELETE', 'APPLY'],
      subjects: developerSubjects,
      where: 'namespaces',
    },
    { roles: ['GUEST'], actions: ['READ'], subjects: [operationSubject], where: 'own' },
    // UPDATE is to retry or ignore a step; beyond it one needs the right to what the operation does.
    { roles: ['DEVELOPER'], actions: ['UPDATE'], subjects: [operationSubject], where: 'own' },
    { roles: ['DEVELOPER'], actions: ['READ', 'UPDATE'], subjects: [operationSubject], where: 'namespaces' },
    { roles: ['DEVELOPER'], actions: ['READ', 'UPDATE'], subjects: [operationSubject], where: { member: 'DEVELOPER' } },
    ...tenancyPermissions,
    ...userPermissions,
    ...eventWebhookPermissions,
  ],
  nameChecks: coreNameChecks,
  profileKeys: coreProfileKeys,
  profiles: new URL('./profiles', import.meta.url).href,
  reasons: {
    PROTECTED_NAMESPACE: 'The namespace belongs to the cluster itself.',
    STEP_NOT_FAILED: 'Only a step that has failed can be retried or ignored.',
    YAML_VIEW_ONLY: 'Objects of this kind are seen as YAML here, but not edited.',
    LAST_ADMINISTRATOR: 'The workspace would be left without an administrator.',
    OUTSIDE_WORKSPACE_ZONES: 'It lies in a zone that is none of the workspace.',
    SESSION_CANNOT_END: 'The session has no token of its own that could be refused.',
    OWN_ACCOUNT: 'It is the account of who asks.',
    USER_DISABLED: 'The user is disabled.',
    NAMESPACE_BOUND_ELSEWHERE: 'The namespace belongs to another workspace or project.',
    PROFILE_UNKNOWN: 'The workspace carries a profile that is not there any more.',
    TOO_MANY_CLUSTERS: 'The workspace would hold more clusters than its profile allows.',
    NETWORK_TYPE_MISMATCH: 'The workspace is not of the type of network that this needs.',
    NETWORK_BOUND_ALREADY: 'The workspace is bound to another network already, which never changes.',
    QUOTA_REQUIRED: 'By the profile a namespace has a quota, and this one has none.',
    SIGN_IN_OPEN: 'Anybody gets in without a token of their own: no other cluster is served.',
    NO_PROJECT: 'A namespace must belong to a project of a department here, and you belong to none.',
  },
  schema: [
    registerLabel,
    registerCondition,
    registerCluster,
    registerClusterAccessInput,
    registerClusterRegistration,
    registerRegistrationMutations,
    registerKubernetesObject,
    registerKubernetesObjects,
    registerKubernetesEvent,
    registerEventHistory,
    registerEventWebhooks,
    registerNamespace,
    registerCreateNamespace,
    registerDeleteNamespace,
    registerSecret,
    registerPrincipalName,
    registerOperationRecord,
    registerOperationStepMutations,
    registerTimeline,
    registerApplyManifest,
    registerValidateManifest,
    registerUpdateManifest,
    registerDeleteObject,
    registerConfirmation,
    registerNameCheck,
    registerNodes,
    registerViewer,
    registerRole,
    registerTenancy,
    registerUsers,
    registerPlugins,
    registerDiagnosis,
    registerProfile,
  ],
  async setup(env) {
    const { clusters, operations, topics, queue, signal, database, clock, logger, memberships, workspaceProfiles } =
      env;
    const { users } = env;
    const ends = [
      operations.onWrite(({ type, record }) => {
        const { cluster } = record.target;
        // Nobody is shown the input, and it may be long.
        const kept = { ...record, input: undefined };
        return topics.publish(operationRecordsTopic, kept, { type, ...(cluster === undefined ? {} : { cluster }) });
      }),
      clusters.onChange((cluster, type) => topics.publish(clustersTopic, cluster, { type, cluster: cluster.name })),
    ];
    ends.push(
      users.onServiceToken(({ type, token }) =>
        topics.publish(serviceTokensTopic, toServiceTokenNode(token), { type }),
      ),
    );
    env.provide(webhookDeskRef, createWebhookDesk(env, env.config.eventWebhooks));
    env.provide(usersServiceRef, users);
    env.provide(clusterRegistryRef, env.clusterRegistry);
    env.provide(clusterRegistrarRef, createClusterRegistrar(env.clusterRegistry));
    env.provide(manifestServiceRef, createManifestService());
    const endAll = () => {
      for (const end of ends) end();
    };
    signal.addEventListener('abort', endAll, { once: true });

    const onChange = () => memberships.announceChange();
    const directory = createTenancyDirectory({ database, clock, logger, signal, onChange, profiles: env.profiles });
    const history = createEventHistory({ database, topics });
    env.provide(eventHistoryRef, history);
    const retained = {
      clusters,
      profiles: env.profiles,
      profiledWorkspaces: () => directory.profiledWorkspaces,
    };
    env.provide(eventRetentionRef, { ...retained, database, history });
    env.provide(operationRetentionRef, { ...retained, operations });
    operations.locateTargets((target, result) => locateTarget(directory, target, result?.id));
    memberships.provide(directory);
    workspaceProfiles.provide(directory);
    const regions = env.config.regions.map(({ displayName, ...region }) => ({
      ...region,
      displayName: displayName ?? region.name,
    }));
    env.provide(quotaLoopRef, { clusters, operations });
    env.provide(
      tenancyServiceRef,
      createTenancy({
        database,
        clock,
        topics,
        queue,
        profiles: env.profiles,
        clusters,
        regions,
        directory,
        deploymentUnitLabel: env.config.deploymentUnitLabel,
      }),
    );
    // Where it fails nobody has rights by membership until it can be read; everything else works.
    await directory.refresh().catch(() => {});
  },
});
