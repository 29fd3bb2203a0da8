import { clusterRegistrarRef, clustersTopic, tenancyServiceRef } from 'longshore/plugins/core';
import { declareKind, definePlugin, type SubjectDescriptor } from 'longshore/sdk';
import {
  alarmsTopic,
  anyWorkloadKinds,
  applicationPodsRef,
  applicationsTopic,
  clusterFeaturesRef,
  configMapKind,
  controllerRevisionKind,
  horizontalPodAutoscalerKind,
  ingressKind,
  nodeKind,
  podKind,
  podTemplatesRef,
  serviceAccountKind,
  serviceKind,
  workloadFormsRef,
  workloadPartsRef,
} from './api.ts';
import { clusterCreation } from './long-operations/cluster-creation.ts';
import { clusterDeletion } from './long-operations/cluster-deletion.ts';
import { clusterExpansion } from './long-operations/cluster-expansion.ts';
import { nodeDrain, nodeDrainLoopRef } from './long-operations/node-drain.ts';
import { computePermissions } from './permissions.ts';
import { computeProfileKeys } from './profile-keys/compute-profile-keys.ts';
import { nodeEditable } from './profile-keys/nodes.ts';
import { alarmDeliveryReconciler } from './reconcilers/alarm-delivery-reconciler.ts';
import { alarmPolicyReconciler } from './reconcilers/alarm-policy-reconciler.ts';
import { applicationReconciler } from './reconcilers/application-reconciler.ts';
import { meteringReconciler } from './reconcilers/metering-reconciler.ts';
import { registerAdvancedStatefulSet } from './schema/advanced-stateful-set.ts';
import { registerAlarms } from './schema/alarms/register-alarms.ts';
import { registerApplications } from './schema/applications/register-applications.ts';
import { registerCloneSet } from './schema/clone-set.ts';
import { registerCloseTerminal } from './schema/close-terminal.ts';
import { registerClusterNode } from './schema/cluster-node.ts';
import { registerConfigMap } from './schema/config-map.ts';
import { registerConfigUse } from './schema/config-use.ts';
import { registerConfigDescription } from './schema/configuration/config-description.ts';
import { registerConfigKeys } from './schema/configuration/config-keys.ts';
import { registerConfigMapMutations } from './schema/configuration/config-map-mutations.ts';
import { registerDataEntryInput } from './schema/configuration/data-entry-input.ts';
import { registerSecretMutations } from './schema/configuration/secret-mutations.ts';
import { registerContainer } from './schema/container.ts';
import { registerContainerImageInput } from './schema/container-image-input.ts';
import { registerContainerParts } from './schema/container-parts.ts';
import { registerContainerSettings } from './schema/container-settings.ts';
import { registerCopyWorkload } from './schema/copy-workload.ts';
import { registerCreateWorkload } from './schema/create-workload.ts';
import { registerCronJob } from './schema/cron-job.ts';
import { registerDaemonSet } from './schema/daemon-set.ts';
import { registerDeletePod } from './schema/delete-pod.ts';
import { registerDeleteWorkload } from './schema/delete-workload.ts';
import { registerDeployment } from './schema/deployment.ts';
import { logDownload, registerDownloadLog } from './schema/download-log.ts';
import { registerEvictPod } from './schema/evict-pod.ts';
import { registerFeatures } from './schema/features/register-features.ts';
import { registerFormInputs } from './schema/form/register-form-inputs.ts';
import { registerIngress } from './schema/ingress.ts';
import { registerJob } from './schema/job.ts';
import { registerKubeconfigs } from './schema/kubeconfigs/register-kubeconfigs.ts';
import { registerLayout } from './schema/layout/register-layout.ts';
import { registerLogCollection } from './schema/log-collection.ts';
import { registerLogFileContent } from './schema/log-files/log-file-content.ts';
import { logFileDownload, registerLogFileMutations } from './schema/log-files/log-file-mutations.ts';
import { registerLogFiles } from './schema/log-files/log-files.ts';
import { registerLogSearch } from './schema/log-search.ts';
import { registerLogStores } from './schema/log-stores/register-log-stores.ts';
import { registerManagedClusters } from './schema/managed-clusters/register-managed-clusters.ts';
import { registerMetering } from './schema/metering/register-metering.ts';
import { registerMetrics } from './schema/metrics/register-metrics.ts';
import { registerNodes } from './schema/nodes/register-nodes.ts';
import { registerOpenTerminal } from './schema/open-terminal.ts';
import { registerOverview } from './schema/overview/register-overview.ts';
import { registerPauseWorkload } from './schema/pause-workload.ts';
import { registerPodFinding } from './schema/pod-finding.ts';
import { registerPodLogLines } from './schema/pod-log-lines.ts';
import { registerPodParts } from './schema/pod-parts.ts';
import { registerPodTemplate } from './schema/pod-template.ts';
import { registerPodType } from './schema/pod-type.ts';
import { registerPods } from './schema/pods.ts';
import { registerPortMapping } from './schema/port-mapping.ts';
import { registerProbe } from './schema/probe.ts';
import { registerReplicaSet } from './schema/replica-set.ts';
import { registerResourceList } from './schema/resource-list.ts';
import { registerRestartWorkload } from './schema/restart-workload.ts';
import { registerRollBackWorkload } from './schema/roll-back-workload.ts';
import { registerScaleWorkload } from './schema/scale-workload.ts';
import { registerService } from './schema/service.ts';
import { registerServiceParts } from './schema/service-parts.ts';
import { registerStatefulSet } from './schema/stateful-set.ts';
import { registerStopWorkload } from './schema/stop-workload.ts';
import { registerUpdateStrategy } from './schema/update-strategy.ts';
import { registerUpdateWorkload } from './schema/update-workload.ts';
import { registerUpdateWorkloadMetadata } from './schema/update-workload-metadata.ts';
import { registerUsage } from './schema/usage.ts';
import { registerWorkload } from './schema/workload.ts';
import { registerWorkloadAddress } from './schema/workload-address.ts';
import { registerWorkloadInstance } from './schema/workload-instance.ts';
import { registerWorkloadInstances } from './schema/workload-instances.ts';
import { registerWorkloadLogLines } from './schema/workload-log-lines.ts';
import { registerWorkloadOperation } from './schema/workload-operation.ts';
import { registerWorkloadRevision } from './schema/workload-revision.ts';
import { ingressIndexes, serviceIndexes } from './services/addresses/find-entries.ts';
import { alarmLoopRef } from './services/alarms/alarm-loop.ts';
import { alarmDescriptor, alarmPolicyDescriptor } from './services/alarms/alarms.ts';
import { alarmsServiceRef, createAlarmsService } from './services/alarms/alarms-service.ts';
import { alarmRetentionRef, forgetAlarmsJob } from './services/alarms/forget-old-alarms.ts';
import { type ApplicationLoop, applicationLoopRef } from './services/applications/application-loop.ts';
import { labelsOfAnyProfile, type MembershipRules } from './services/applications/application-members.ts';
import { createApplicationPods } from './services/applications/application-pods.ts';
import { applicationDescriptor } from './services/applications/applications.ts';
import { applicationsServiceRef, createApplicationsService } from './services/applications/applications-service.ts';
import { clustersOfPlace } from './services/applications/clusters-of-place.ts';
import { createApplicationLoop } from './services/applications/create-application-loop.ts';
import { wakeApplications } from './services/applications/wake-applications.ts';
import { configManifestCheck } from './services/configuration/config-manifest-check.ts';
import { drainWarnings } from './services/drains/classify-pod.ts';
import { createNodeDrains, nodeDrainsRef } from './services/drains/node-drains.ts';
import { createClusterFeatures, featureSwitchesRef } from './services/features/cluster-features.ts';
import { featureManifestCheck } from './services/features/feature-manifest-check.ts';
import { monitoringCollectorRef } from './services/form/monitoring.ts';
import { formWarnings } from './services/form/warnings.ts';
import { workloadForms } from './services/form/workload-forms.ts';
import { forgetKubeconfigsJob, kubeconfigRetentionRef } from './services/kubeconfigs/forget-kubeconfigs.ts';
import { createLogBackends, logBackendsRef } from './services/log-search/log-backends.ts';
import { logStoreDescriptor } from './services/log-stores/log-stores.ts';
import { createLogStoresService, logStoresServiceRef } from './services/log-stores/log-stores-service.ts';
import { bareMetalHostKind } from './services/machines/host-kind.ts';
import { clusterChangesRef, createClusterChanges } from './services/managed-clusters/cluster-changes.ts';
import { clusterLoopRef } from './services/managed-clusters/cluster-loop.ts';
import {
  clusterApiSubjects,
  clusterClassKind,
  machineDeploymentKind,
  machineKind,
  managedClusterIndexes,
  managedClusterKind,
} from './services/managed-clusters/kinds.ts';
import { createMetering } from './services/metering/create-metering.ts';
import { forgetUsageJob, usageRetentionRef } from './services/metering/forget-usage.ts';
import { meteringLoopRef } from './services/metering/metering-loop.ts';
import { createUsageReports, usageReportsRef } from './services/metering/usage-reports.ts';
import { createMetricBackends, metricBackendsRef } from './services/metrics/metric-backends.ts';
import { computeNameChecks } from './services/name-checks.ts';
import { autoscalerIndexes } from './services/operations/find-autoscaler.ts';
import { operationManifestCheck } from './services/operations/operation-manifest-check.ts';
import { podTemplates } from './services/pod-templates.ts';
import { configDeletionCheck } from './services/references/config-deletion-check.ts';
import { configIndexes, secretIndexes } from './services/references/config-users.ts';
import { workloadManifestCheck } from './services/workload-manifests.ts';
import { workloadParts } from './services/workload-parts.ts';
import { computeSettings } from './settings.ts';
import * as tables from './tables.ts';

/** Nodes, pods, workloads, Services and ConfigMaps. Without it the gateway knows clusters, but nothing that runs in them. */
export const computePlugin = definePlugin({
  name: 'compute',
  version: '1.0.0',
  description:
    'Nodes, pods with their logs, workloads, Services and ConfigMaps. Without it nothing that runs is shown or changed.',
  requires: { core: '^1' },
  kinds: [
    declareKind({
      kind: podKind,
      indexes: { node: ({ spec }) => (spec?.nodeName ? [spec.nodeName] : []), ...configIndexes },
    }),
    declareKind({ kind: nodeKind }),
    declareKind({ kind: serviceKind, indexes: serviceIndexes }),
    declareKind({ kind: ingressKind, indexes: { ...secretIndexes, ...ingressIndexes } }),
    declareKind({ kind: serviceAccountKind, indexes: secretIndexes }),
    declareKind({ kind: configMapKind }),
    declareKind({ kind: controllerRevisionKind }),
    declareKind({ kind: managedClusterKind }),
    declareKind({ kind: clusterClassKind }),
    declareKind({ kind: machineDeploymentKind, indexes: managedClusterIndexes }),
    declareKind({ kind: machineKind, indexes: managedClusterIndexes }),
    declareKind({ kind: bareMetalHostKind }),
    declareKind({ kind: horizontalPodAutoscalerKind, indexes: autoscalerIndexes }),
    ...anyWorkloadKinds.map((kind) => declareKind({ kind, indexes: configIndexes })),
  ],
  actions: ['START', 'STOP', 'CLOSE', 'ISSUE_KUBECONFIG', 'ISSUE_WRITING_KUBECONFIG'],
  uses: { tenancy: tenancyServiceRef, registrar: clusterRegistrarRef },
  services: [
    applicationsServiceRef,
    applicationPodsRef,
    podTemplatesRef,
    applicationLoopRef,
    alarmsServiceRef,
    alarmLoopRef,
    alarmRetentionRef,
    kubeconfigRetentionRef,
    logBackendsRef,
    metricBackendsRef,
    logStoresServiceRef,
    workloadFormsRef,
    workloadPartsRef,
    nodeDrainsRef,
    nodeDrainLoopRef,
    meteringLoopRef,
    usageRetentionRef,
    usageReportsRef,
    clusterChangesRef,
    clusterLoopRef,
    clusterFeaturesRef,
    featureSwitchesRef,
    monitoringCollectorRef,
  ],
  config: computeSettings,
  downloads: [logDownload, logFileDownload],
  subjects: [
    applicationDescriptor as SubjectDescriptor,
    alarmPolicyDescriptor as SubjectDescriptor,
    alarmDescriptor as SubjectDescriptor,
    logStoreDescriptor as SubjectDescriptor,
  ],
  tables: { ...tables },
  topics: [applicationsTopic, alarmsTopic],
  jobs: [forgetKubeconfigsJob, forgetAlarmsJob, forgetUsageJob],
  longOperations: [nodeDrain, clusterCreation, clusterExpansion, clusterDeletion],
  reconcilers: [applicationReconciler, alarmPolicyReconciler, alarmDeliveryReconciler, meteringReconciler],
  permissions: computePermissions,
  manifestChecks: [workloadManifestCheck, operationManifestCheck, configManifestCheck, featureManifestCheck],
  deletionChecks: [configDeletionCheck],
  // Where nodes belong to somebody else's platform they are only seen, and so are the machines and clusters that they are (CORE-16).
  profileSwitches: [{ actions: 'CHANGES', subjects: ['core/Node', ...clusterApiSubjects], key: nodeEditable.name }],
  nameChecks: computeNameChecks,
  profileKeys: computeProfileKeys,
  profiles: new URL('./profiles', import.meta.url).href,
  warnings: {
    ...formWarnings,
    APPLICATION_LABEL_REPLACED: 'A label that names something else, perhaps for others to find it by, is replaced.',
    ...drainWarnings,
    PODS_EVICTED: 'Pods that run on a node do not put up with its new taint, and are ended (CMP-29).',
    SERVICE_AGREEMENT: 'The service agreement must be accepted by who makes a cluster (CMP-01).',
    LOGS_STILL_COLLECTED: 'Logs of workloads go on being collected, though the log service is switched off (CMP-16).',
    FORCED: 'A pod is forgotten at once; where its node does not answer, its processes may go on (CMP-87).',
  },
  reasons: {
    CLUSTER_KNOWS_CALLERS: 'The cluster is reached in the name of who calls, who has rights of their own in it.',
    APPLICATION_EMPTY: 'The application has no workload.',
    APPLICATION_STOPPED: 'The application is stopped.',
    APPLICATION_NOT_STOPPED: 'The application is not stopped.',
    OUTSIDE_APPLICATION: 'It is not where the application is.',
    IN_ANOTHER_APPLICATION: 'It belongs to another application.',
    NOT_IN_APPLICATION: 'It does not belong to the application.',
    NOT_SCALABLE: 'Workloads of this kind have no number of replicas to set.',
    MANAGED_BY_OWNER: 'What owns the object would set the change back: change the owner.',
    NOT_RESTARTABLE: 'Workloads of this kind have no rollout that could be started again.',
    NOT_PAUSABLE: 'Workloads of this kind have no rollout that could be paused.',
    WORKLOAD_PAUSED: 'The rollout of the workload is paused: resume it first.',
    WORKLOAD_NOT_PAUSED: 'The rollout of the workload is not paused.',
    WORKLOAD_STOPPED: 'The workload is stopped: start it first.',
    WORKLOAD_NOT_STOPPED: 'The workload is not stopped.',
    WORKLOAD_FINISHED: 'The Job has finished: there is nothing to stop.',
    INSTANCES_ALIKE: 'The pods of such a workload are all alike: nothing is done to one of them alone.',
    ROLLOUT_UNFINISHED: 'The last rollout still updates other instances.',
    AUTOSCALED: 'A HorizontalPodAutoscaler scales the workload, and its place has one or the other.',
    NO_REVISIONS: 'Workloads of this kind keep no earlier versions.',
    REVISION_IS_CURRENT: 'The workload is this version already.',
    SECRET_NOT_EDITABLE: 'The profile of the place does not let such a Secret be changed once it is made.',
    IMMUTABLE: 'The object was made immutable: its values never change again.',
    LOG_FILE_DENIED: 'The user of the container may not read or change the file.',
    NOT_A_LOG_FILE: 'What is named has no content that could be read or changed: a directory, a pipe, a device.',
    INHERENT_LABEL: 'The label comes with the node and is not for users to set or remove (CMP-28).',
    NODE_DRAIN: 'A node could not be emptied; the message names the pods that are left.',
    NODE_DRAINING: 'The node is being drained: wait for that, or cancel it.',
    CLUSTER_CHANGE: 'Making, expanding or deleting a managed cluster failed; the message says why.',
    CLUSTER_CHANGING: 'Something else is being done to the managed cluster.',
    MESH_OFF: 'The service mesh of the cluster is not switched on (CMP-16, REL-07).',
    LOG_SERVICE_OFF: 'The log service of the cluster is not switched on (CMP-16).',
    CLUSTER_NOT_CREATABLE: 'The profile does not let clusters be made (CMP-10).',
    CLUSTER_NOT_DELETABLE: 'The profile does not let the cluster be deleted (CMP-13).',
    CLUSTER_NOT_EXPANDABLE: 'The profile does not let the cluster get more nodes.',
    WORKSPACE_REQUIRED: 'By the profile a cluster is one of a workspace (CMP-02).',
    WORKSPACE_WITHOUT_NETWORK: 'The workspace is bound to no network yet (CMP-02).',
    NODE_NOT_DRAINING: 'The node is not being drained, or is being removed already.',
    SUBSCRIPTION_BILLED: 'The machine is billed by subscription: it can be cleared, and not destroyed (CMP-26).',
    INHERENT_TAINT: 'The cluster itself sets the taint and takes it away (CMP-29).',
    KIND_NOT_OFFERED: 'The profile of the place does not offer this for workloads of this kind.',
  },
  schema: [
    registerResourceList,
    registerProbe,
    registerContainerParts,
    registerContainerSettings,
    registerContainer,
    registerLogCollection,
    registerPodFinding,
    registerPodParts,
    registerPodType,
    registerPods,
    registerUsage,
    registerMetrics,
    registerMetering,
    registerOverview,
    registerLayout,
    registerFeatures,
    registerKubeconfigs,
    registerDeletePod,
    registerEvictPod,
    registerClusterNode,
    registerNodes,
    registerManagedClusters,
    registerWorkload,
    registerUpdateStrategy,
    registerDeployment,
    registerStatefulSet,
    registerWorkloadInstance,
    registerCloneSet,
    registerAdvancedStatefulSet,
    registerDaemonSet,
    registerReplicaSet,
    registerJob,
    registerCronJob,
    registerServiceParts,
    registerService,
    registerIngress,
    registerPortMapping,
    registerWorkloadAddress,
    registerConfigMap,
    registerConfigUse,
    registerConfigDescription,
    registerConfigKeys,
    registerDataEntryInput,
    registerConfigMapMutations,
    registerSecretMutations,
    registerPodLogLines,
    registerWorkloadLogLines,
    registerOpenTerminal,
    registerDownloadLog,
    registerCloseTerminal,
    registerLogFiles,
    registerLogFileContent,
    registerLogFileMutations,
    registerLogSearch,
    registerLogStores,
    registerScaleWorkload,
    registerRestartWorkload,
    registerStopWorkload,
    registerContainerImageInput,
    registerWorkloadInstances,
    registerDeleteWorkload,
    registerUpdateWorkloadMetadata,
    registerPauseWorkload,
    registerWorkloadOperation,
    registerWorkloadRevision,
    registerRollBackWorkload,
    registerApplications,
    registerPodTemplate,
    registerAlarms,
    registerFormInputs,
    registerCreateWorkload,
    registerUpdateWorkload,
    registerCopyWorkload,
  ],
  async setup(env, { tenancy, registrar }) {
    const { database, clock, topics, queue, clusters, profiles, logger, signal } = env;
    const alarms = createAlarmsService({ database, clock, topics, queue, keys: env.keys });
    const onRemove = alarms.removePoliciesOf;
    const applications = createApplicationsService({ database, clock, topics, queue, tenancy, onRemove });
    const rules: MembershipRules = {
      profiles,
      workspaceOf: (cluster, namespace) => tenancy.bindingOf(cluster, namespace)?.workspaceUuid ?? undefined,
    };
    const clustersOf: ApplicationLoop['clustersOf'] = (place) => clustersOfPlace(place, clusters, tenancy);
    env.provide(applicationsServiceRef, applications);
    env.provide(workloadFormsRef, workloadForms);
    env.provide(applicationPodsRef, createApplicationPods(rules));
    env.provide(workloadPartsRef, workloadParts);
    env.provide(podTemplatesRef, podTemplates);
    env.provide(logStoresServiceRef, createLogStoresService({ database, clock }));
    env.provide(logBackendsRef, createLogBackends(env.config.loki, env.egress));
    env.provide(metricBackendsRef, createMetricBackends(env.config.prometheus, env.egress));
    env.provide(applicationLoopRef, createApplicationLoop({ database, topics, clustersOf, rules }));
    env.provide(alarmsServiceRef, alarms);
    const application = async (uuid: string) => (await applications.get([uuid]))[0];
    env.provide(alarmLoopRef, { clustersOf, rules, egress: env.egress, application });
    env.provide(kubeconfigRetentionRef, {
      clusters,
      operations: env.operations,
      accessOf({ principalId, impersonatorId }) {
        const impersonatedBy = impersonatorId === undefined ? null : { id: impersonatorId };
        const holder = env.users.actingAs({ id: principalId, impersonatedBy });
        return holder && env.contextFor(holder, 'compute.forgetKubeconfigs', signal).access;
      },
    });
    env.provide(alarmRetentionRef, { database, clusters, profiles, tenancy });
    const { operations } = env;
    env.provide(nodeDrainsRef, createNodeDrains({ database, clock, operations, queue, operation: nodeDrain }));
    env.provide(nodeDrainLoopRef, { clusters });
    const { ignoredNamespaces, keepDays } = env.config.metering;
    const metering = { database, clock, clusters, queue, logger, signal, profiles, tenancy, applications };
    env.provide(meteringLoopRef, createMetering({ ...metering, ignoredNamespaces }));
    env.provide(usageReportsRef, createUsageReports({ database, prices: env.config.prices }));
    env.provide(usageRetentionRef, { database, keepDays });
    const loops = { CREATE: clusterCreation, EXPAND: clusterExpansion, DELETE: clusterDeletion };
    env.provide(clusterChangesRef, createClusterChanges({ database, clock, operations, queue, loops }));
    env.provide(clusterLoopRef, { clusters, registrar });
    const labels = labelsOfAnyProfile(profiles);
    const onFeatures = (name: string) => {
      const cluster = clusters.get(name);
      if (cluster) topics.publish(clustersTopic, cluster, { type: 'MODIFIED', cluster: name });
    };
    const features = createClusterFeatures({
      ...{ database, clock, logger, signal },
      ...{ registry: env.clusterRegistry, onChange: onFeatures },
    });
    env.provide(clusterFeaturesRef, features);
    env.provide(featureSwitchesRef, features);
    env.provide(monitoringCollectorRef, { settings: env.config.monitoring });
    wakeApplications({ clusters, clock, logger, signal, labels, wake: applications.wake });
    // Where they cannot be read yet, clusters are as their profiles have them.
    await features.refresh().catch(() => {});
  },
});
