import { workloadPartsRef } from 'longshore/plugins/compute';
import { tenancyServiceRef } from 'longshore/plugins/core';
import { definePlugin, type SubjectDescriptor } from 'longshore/sdk';
import { appServicesTopic, orchestrationTemplatesTopic, releaseProgressTopic, stacksTopic } from './api.ts';
import { chooseEngine, engineOf } from './engines/choose-engine.ts';
import { isStillSo, writeToCluster } from './engines/write.ts';
import { stackChange } from './long-operations/stack-change.ts';
import { releasePermissions } from './permissions.ts';
import { releaseProfileKeys } from './profile-keys/release-profile-keys.ts';
import { deletionLoopRef, deletionReconciler } from './reconcilers/deletion-reconciler.ts';
import { orderObjectReconciler } from './reconcilers/order-object-reconciler.ts';
import { orderReconciler } from './reconcilers/order-reconciler.ts';
import { serviceReleaseReconciler } from './reconcilers/service-release-reconciler.ts';
import { registerAppServices } from './schema/app-services/register-app-services.ts';
import { registerOrders } from './schema/orders/register-orders.ts';
import { registerPreflight } from './schema/preflight/register-preflight.ts';
import { registerStacks } from './schema/stacks/register-stacks.ts';
import { registerTemplates } from './schema/templates/register-templates.ts';
import { registerTenantCounts } from './schema/tenant-counts.ts';
import { appServicesServiceRef, createAppServicesService } from './services/app-services/app-services-service.ts';
import { createServiceRemoval, serviceRemovalRef } from './services/app-services/remove-service.ts';
import { releaseLabelCheck } from './services/guards/label-check.ts';
import { namespaceDeletionCheck, releaseDeletionCheck } from './services/guards/release-deletion-check.ts';
import { releaseGuard } from './services/guards/release-guard.ts';
import { createReleaseState, releaseStateRef } from './services/guards/release-state.ts';
import { followObjects } from './services/objects/follow-objects.ts';
import { objectLoopRef } from './services/objects/object-loop.ts';
import { createOrderObjectsStore, orderObjectsStoreRef } from './services/objects/order-objects-store.ts';
import { initializationRef } from './services/orders/initialization.ts';
import { createOrderDesk, orderDeskRef } from './services/orders/order-desk.ts';
import { createOrdersStore, ordersStoreRef } from './services/orders/orders-store.ts';
import { releaseLoopRef } from './services/orders/take-step.ts';
import { wakeReleases } from './services/orders/wake-releases.ts';
import { preflightWarnings } from './services/preflight/finding.ts';
import { stackLoopRef } from './services/stacks/stack-loop.ts';
import { stackReasons } from './services/stacks/stack-reasons.ts';
import { stackDescriptor } from './services/stacks/stacks.ts';
import { createStacksService, stacksServiceRef } from './services/stacks/stacks-service.ts';
import { appServiceDescriptor, releaseOrderDescriptor } from './services/subjects.ts';
import { lookAtTask } from './services/tasks/task-work.ts';
import { templateDescriptor } from './services/templates/templates.ts';
import { createTemplatesService, templatesServiceRef } from './services/templates/templates-service.ts';
import { finishTraffic } from './services/traffic/shift-traffic.ts';
import { releaseSettings } from './settings.ts';
import * as tables from './tables.ts';

/** App services, their versions, and the orders that release them. Without it workloads are changed one by one. */
export const releasePlugin = definePlugin({
  name: 'release',
  version: '1.0.0',
  description: 'App services, their versions, and the orders that release them in groups; orchestration templates.',
  requires: { core: '^1', compute: '^1' },
  optional: { network: '^1' },
  config: releaseSettings,
  actions: ['CANCEL', 'CONFIRM', 'RETRY'],
  services: [
    releaseStateRef,
    orderDeskRef,
    appServicesServiceRef,
    serviceRemovalRef,
    deletionLoopRef,
    templatesServiceRef,
    stacksServiceRef,
    stackLoopRef,
    ordersStoreRef,
    releaseLoopRef,
    initializationRef,
    orderObjectsStoreRef,
    objectLoopRef,
  ],
  uses: { tenancy: tenancyServiceRef, parts: workloadPartsRef },
  longOperations: [stackChange],
  reconcilers: [deletionReconciler, orderReconciler, serviceReleaseReconciler, orderObjectReconciler],
  subjects: [
    appServiceDescriptor as SubjectDescriptor,
    releaseOrderDescriptor as SubjectDescriptor,
    templateDescriptor as SubjectDescriptor,
    stackDescriptor as SubjectDescriptor,
  ],
  tables: { ...tables },
  topics: [appServicesTopic, orchestrationTemplatesTopic, releaseProgressTopic, stacksTopic],
  permissions: releasePermissions,
  profileKeys: releaseProfileKeys,
  manifestChecks: [releaseLabelCheck],
  deletionChecks: [releaseDeletionCheck, namespaceDeletionCheck],
  changeGuards: [releaseGuard],
  reasons: {
    RELEASE_STATE: 'The state of the release order, or of the release, does not allow it.',
    CLUSTER_AWAY: 'The cluster cannot be reached, or is not served any more.',
    DRAFT_EXISTS: 'There is a draft that was not submitted: go on with it or throw it away.',
    NO_DRAFT: 'There is no draft.',
    NOTHING_SUBMITTED: 'It has no version that was submitted.',
    SNAPSHOT_NAME_TAKEN: "A copy of the configuration would have the name of somebody else's object.",
    ...stackReasons,
    UNITS_GONE: 'It names deployment units that its workspace does not have any more.',
    NAME_TAKEN: 'Something that the platform did not make for it has the name.',
    SCALER_CANNOT_FOLLOW: 'A HorizontalPodAutoscaler scales it, and could not follow it from one version to the next.',
    RELEASE_ACTIVE: 'A release has the app service now: nobody else changes what it consists of.',
  },
  warnings: {
    ...preflightWarnings,
    SEVERAL_VERSIONS_ONLINE: 'What was begun is given up: several versions may be online until the next release.',
    UPGRADE_MODE_CHANGED:
      'Pods were released in another way: the next release interrupts the service shortly (REL-07).',
    RELEASED_BY_APP_SERVICE: 'The workload is how an app service was released: its next release undoes the change.',
  },
  schema: [
    registerTenantCounts,
    registerAppServices,
    registerOrders,
    registerPreflight,
    registerTemplates,
    registerStacks,
  ],
  setup(env, { tenancy, parts }) {
    const { database, clock, topics, queue, clusters, profiles, operations, users, logger, signal } = env;
    const settings = env.config;
    env.provide(ordersStoreRef, createOrdersStore({ database, clock, topics, queue }));
    env.provide(initializationRef, {
      ...{ database, topics, queue, clusters, profiles, tenancy },
      chooseEngine: (question) => chooseEngine(question).engine.name,
    });
    env.provide(releaseLoopRef, {
      ...{ clusters, operations, profiles, users, lookAtTask, restoreTraffic: finishTraffic },
      engine: engineOf,
      write: writeToCluster,
      isStillSo,
    });
    wakeReleases({ clusters, database, queue, clock, logger, signal });
    const objects = createOrderObjectsStore({ database, clock });
    env.provide(orderObjectsStoreRef, objects);
    env.provide(objectLoopRef, { settings, clusters, operations, users, contextFor: env.contextFor });
    followObjects({ settings, clusters, store: objects, queue, logger, signal });
    env.provide(templatesServiceRef, createTemplatesService({ database, clock, topics }));
    const operation = stackChange;
    env.provide(stacksServiceRef, createStacksService({ database, clock, topics, operations, operation }));
    env.provide(stackLoopRef, { clusters, profiles, parts });
    env.provide(releaseStateRef, createReleaseState(database));
    env.provide(appServicesServiceRef, createAppServicesService({ database, clock, topics, queue }));
    env.provide(serviceRemovalRef, createServiceRemoval({ clusters, database }));
    env.provide(deletionLoopRef, { users, operations });
    env.provide(orderDeskRef, createOrderDesk({ database, clock, topics, queue }));
  },
});
