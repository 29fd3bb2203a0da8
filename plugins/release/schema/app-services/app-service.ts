import { applicationTypeRef } from 'longshore/plugins/compute';
import { workspaceTypeRef } from 'longshore/plugins/core';
import {
  clusterRef,
  encodeGlobalId,
  followTopic,
  type LongshoreBuilder,
  named,
  nodeRef,
  operationsField,
  registerEnum,
  registerQuery,
  registerSubscription,
  relatedRows,
  relationField,
  resolveNode,
  viewerCanField,
} from 'longshore/sdk';
import {
  type AppService,
  appServiceSubject,
  appServicesTopic,
  appServiceTypeRef,
  appServiceVersionTypeRef,
} from '../../api.ts';
import { instanceOfAppService, isAppService, stateOf } from '../../services/app-services/app-services.ts';
import {
  podsOfService,
  servicesOfService,
  workloadsOfService,
} from '../../services/app-services/objects-of-service.ts';
import { idOfApplication } from '../../services/app-services/place-of-service.ts';
import { type AppServiceList, defineAppServiceList, registerAppServiceList } from './app-service-list.ts';
import { loadVersions, visibleAppServices } from './load-app-services.ts';

const allow = { action: 'READ', subject: appServiceSubject } as const;

/** App services: the type, the list, the single one and the stream (REL-15, REL-16). */
export function registerAppService(builder: LongshoreBuilder): void {
  registerEnum(builder, 'AppServiceState', 'How an app service stands with its releases (REL-16).', {
    PENDING_DEPLOY: 'Nothing of it runs: it was never released, or taken back to nothing.',
    RELEASING: 'A release of it is under way.',
    RELEASE_SUCCEEDED: 'A version of it runs.',
    DELETING: 'It is being deleted: nothing else is done with it any more.',
    RELEASE_FAILED: 'Its last release, or taking it back, has failed: retry it, take it back or give it up.',
  });
  const list = defineAppServiceList(builder);
  registerType(builder);
  registerAppServiceList(builder, list);
  registerRoots(builder, list);
  builder.objectField(applicationTypeRef, 'appServices', (t) =>
    relationField(builder, t, {
      description: 'Its app services: what of it is released.',
      of: 'AppService',
      rows: async ({ uuid }, context) => ({
        items: (await visibleAppServices(context)).filter(({ applicationUuid }) => applicationUuid === uuid),
      }),
    }),
  );
}

function registerType(builder: LongshoreBuilder): void {
  builder.objectType(appServiceTypeRef, {
    description:
      'A deployable unit of an application, in one namespace. It has versions, which are released by release orders, and one of them runs.',
    interfaces: [nodeRef],
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, unique in its namespace; never changes.' }),
      namespace: t.exposeString('namespace', { description: 'Its namespace.' }),
      cluster: t.field({
        type: clusterRef,
        nullable: true,
        description: 'Its cluster; null where you may not see it.',
        resolve: ({ cluster }, _args, context) => context.clusters.get(cluster) ?? null,
      }),
      application: t.field({
        type: applicationTypeRef,
        nullable: true,
        description: 'The application that it is of; null where that is gone or not for you.',
        resolve: async ({ applicationUuid }, _args, context) =>
          (await resolveNode(idOfApplication(applicationUuid), context)) as never,
      }),
      workspace: t.field({
        type: workspaceTypeRef,
        nullable: true,
        description: 'The workspace of its namespace, whose deployment units it may use; null for none.',
        resolve: async ({ workspaceUuid: key }, _args, context) =>
          key === null
            ? null
            : ((await resolveNode(
                encodeGlobalId({ of: 'row', plugin: 'core', type: 'Workspace', key }),
                context,
              )) as never),
      }),
      isStateful: t.exposeBoolean('isStateful', {
        description: 'Whether its pods have names and volumes of their own; never changes.',
      }),
      owner: t.exposeString('owner', { nullable: true, description: 'Who answers for it; null where nobody said.' }),
      operators: t.stringList({
        description: 'Who operates it, and may confirm its releases.',
        resolve: ({ operators }) => [...operators],
      }),
      description: t.exposeString('description', { description: 'What it is for; empty where nobody said.' }),
      state: t.field({
        type: named('AppServiceState'),
        description: 'How it stands with its releases.',
        resolve: (service) => stateOf(service) as never,
      }),
      deletionRequestedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when it is being deleted; null where it is not.',
        resolve: ({ deletionRequestedAt }) => deletionRequestedAt,
      }),
      currentVersion: t.field({
        type: appServiceVersionTypeRef,
        nullable: true,
        description: 'The version that runs; null where none does.',
        resolve: async (service, _args, context) =>
          (await loadVersions(service, context)).find(({ uuid }) => uuid === service.currentVersionUuid) ?? null,
      }),
      draft: t.field({
        type: appServiceVersionTypeRef,
        nullable: true,
        description: 'The version that is being worked on; null for none.',
        resolve: async (service, _args, context) =>
          (await loadVersions(service, context)).find(({ editState }) => editState === 'DRAFT') ?? null,
      }),
      versions: relationField(builder, t, {
        description: 'Its versions: the one that runs first, then the newest (REL-12).',
        of: 'AppServiceVersion',
        rows: async (service, context) => ({ items: await loadVersions(service, context) }),
      }),
      workloads: relationField(builder, t, {
        description: 'The workloads that its releases made.',
        of: 'Workload',
        rows: (service, context) =>
          relatedRows(context, service.cluster, (reader) => workloadsOfService(service, reader)),
      }),
      pods: relationField(builder, t, {
        description: 'Its pods, of all versions.',
        of: 'Pod',
        rows: (service, context) => relatedRows(context, service.cluster, (reader) => podsOfService(service, reader)),
      }),
      services: relationField(builder, t, {
        description: 'The Services by which it is reached.',
        of: 'Service',
        rows: (service, context) =>
          relatedRows(context, service.cluster, (reader) => servicesOfService(service, reader)),
      }),
      version: t.exposeInt('version', {
        description: '1 when it was made, one more with each change; an update says which version it has seen.',
      }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: (row) => row.createdAt }),
      operations: operationsField<AppService>(
        builder,
        t,
        'What was done to it through this gateway, newest first.',
        ({ id }) => ({ targetId: id }),
      ),
      ...viewerCanField<AppService>(t, instanceOfAppService),
    }),
  });
}

function registerRoots(builder: LongshoreBuilder, list: AppServiceList): void {
  registerQuery(builder, {
    name: 'appService',
    description: 'One app service by its id; null where it is not there or not for you.',
    allow,
    type: appServiceTypeRef,
    nullable: true,
    args: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    resolve: async ({ id }, context) => {
      const node = await resolveNode(String(id), context);
      return isAppService(node) ? node : null;
    },
  });
  registerSubscription<AppService>(builder, {
    name: 'appServiceChanges',
    description:
      'App services as they are made, changed and deleted, as they get drafts and versions, and each time that their state changes.',
    allow,
    itemField: 'appService',
    itemType: appServiceTypeRef,
    itemDescription: 'The app service after the change; of a deleted one the last.',
    isThrottled: true,
    args: (t) =>
      ({ filter: t({ type: list.filterType as never, description: 'Which app services to follow.' }) }) as never,
    subscribe: (args, context) =>
      followTopic({
        topic: appServicesTopic,
        isVisible: (row) => context.access.allowed('READ', instanceOfAppService(row)),
        filter: () => list.compileFilter((args as { filter?: never }).filter, context),
        initial: () => visibleAppServices(context),
        args,
        context,
      }),
  });
}
