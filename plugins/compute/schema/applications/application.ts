import { workspaceTypeRef } from 'longshore/plugins/core';
import {
  clusterRef,
  followTopic,
  type LongshoreBuilder,
  named,
  nodeRef,
  operationsField,
  registerEnum,
  registerQuery,
  registerSubscription,
  relationField,
  resolveNode,
  typeRef,
  viewerCanField,
} from 'longshore/sdk';
import {
  type Application,
  type ApplicationWorkloadCounts,
  applicationSubject,
  applicationsTopic,
  applicationTypeRef,
  workloadTypeRef,
} from '../../api.ts';
import { ingressesOfApplication, servicesOfApplication } from '../../services/applications/application-network.ts';
import { idOfWorkspace, instanceOfApplication, isApplication } from '../../services/applications/applications.ts';
import { defineApplicationList, registerApplicationList } from './application-list.ts';
import {
  loadApplicationOf,
  loadFromClusters,
  loadObserved,
  loadWorkloadsOfApplication,
  registerApplicationLoader,
  visibleApplications,
} from './load-applications.ts';

const allow = { action: 'READ', subject: applicationSubject } as const;

/** Applications: the type, the list, the single one and the stream (CMP-37 to CMP-39, CMP-43). */
export function registerApplication(builder: LongshoreBuilder): void {
  registerApplicationType(builder);
  builder.interfaceField(workloadTypeRef, 'application', (t) =>
    t.field({
      type: applicationTypeRef,
      nullable: true,
      description: 'The application that it belongs to by its label; null for none.',
      resolve: (workload, _args, context) => loadApplicationOf(workload, context),
    }),
  );
  registerApplicationLoader(builder);
  const list = defineApplicationList(builder);
  registerApplicationList(builder, list);
  registerQuery(builder, {
    name: 'application',
    description: 'One application by its id; null where it is not there or not for you.',
    allow,
    type: applicationTypeRef,
    nullable: true,
    args: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    resolve: async ({ id }, context) => {
      const node = await resolveNode(String(id), context);
      return isApplication(node) ? node : null;
    },
  });
  registerSubscription<Application>(builder, {
    name: 'applicationChanges',
    description:
      'Applications as they are made, changed and deleted, and each time that their state or the counts of their workloads change.',
    allow,
    itemField: 'application',
    itemType: applicationTypeRef,
    itemDescription: 'The application after the change, with its state at that time; of a deleted one the last.',
    isThrottled: true,
    args: (t) =>
      ({ filter: t({ type: list.filterType as never, description: 'Which applications to follow.' }) }) as never,
    subscribe: (args, context) =>
      followTopic({
        topic: applicationsTopic,
        isVisible: (row) => context.access.allowed('READ', instanceOfApplication(row)),
        filter: () => list.compileFilter((args as { filter?: never }).filter, context),
        initial: () => visibleApplications(context, { isForStream: true }),
        args,
        context,
      }),
  });
}

const countsRef = typeRef<ApplicationWorkloadCounts>('ApplicationWorkloadCounts');

function registerApplicationType(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ApplicationPhase', 'Where an application is in its making.', {
    CREATING: 'It was just made.',
    CREATED: 'It was taken up.',
  });
  registerEnum(builder, 'ApplicationState', 'How an application does, from its workloads alone.', {
    NO_WORKLOAD: 'Nothing belongs to it.',
    RUNNING: 'All its workloads run.',
    STOPPED: 'All its workloads are stopped, or are Jobs that have succeeded.',
    NOT_READY: 'None of its workloads is ready.',
    PROCESSING: 'Anything else: on its way, or some one way and some another.',
  });
  builder.objectType(countsRef, {
    description: 'How many workloads of an application do how.',
    fields: (t) => ({
      total: t.exposeInt('total', { description: 'All of them, Jobs that have succeeded included.' }),
      running: t.exposeInt('running', { description: 'Those that run, all they want being ready.' }),
      stopped: t.exposeInt('stopped', { description: 'Those that are stopped or suspended.' }),
      notReady: t.exposeInt('notReady', { description: 'Those that lack ready pods, or have failed.' }),
      processing: t.exposeInt('processing', { description: 'Those on their way.' }),
    }),
  });
  builder.objectType(applicationTypeRef, {
    description:
      'A name under which workloads, Services and Ingresses are looked after together: those that carry it as the label that the profile calls `label.application` (`app.kubernetes.io/name`). It is in one namespace, or in all namespaces of a workspace.',
    interfaces: [nodeRef],
    fields: (t) => ({
      name: t.exposeString('name', { description: "Its name, the label's value; never changes." }),
      alias: t.exposeString('alias', { description: 'What people call it, of any script; empty where nobody said.' }),
      description: t.exposeString('description', { description: 'What it is for; empty where nobody said.' }),
      owner: t.exposeString('owner', { nullable: true, description: 'Who answers for it; null where nobody said.' }),
      techStack: t.exposeString('techStack', {
        nullable: true,
        description: 'What it is built with, e.g. `Spring Boot`; never changes once it is set.',
      }),
      techStackVersion: t.exposeString('techStackVersion', {
        nullable: true,
        description: 'The version of the tech stack; never changes once it is set.',
      }),
      hasCodeRepository: t.exposeBoolean('hasCodeRepository', {
        description: 'Whether a repository of code is set up for it.',
      }),
      hasOtherInformation: t.exposeBoolean('hasOtherInformation', {
        description: 'Whether further information is kept for it.',
      }),
      phase: t.field({
        type: named('ApplicationPhase'),
        description: 'Where it is in its making.',
        resolve: ({ phase }) => phase as never,
      }),
      state: t.field({
        type: named('ApplicationState'),
        description: 'How it does, from those of its workloads that you may see.',
        resolve: async (application, _args, context) => (await loadObserved(application, context)).state as never,
      }),
      workloadCounts: t.field({
        type: countsRef,
        description: 'How many of its workloads do how.',
        resolve: async (application, _args, context) => (await loadObserved(application, context)).counts,
      }),
      workspace: t.field({
        type: workspaceTypeRef,
        nullable: true,
        description: 'The workspace in whose catalogue it is; null for one of a namespace.',
        resolve: async ({ workspaceUuid }, _args, context) =>
          workspaceUuid === null ? null : ((await resolveNode(idOfWorkspace(workspaceUuid), context)) as never),
      }),
      cluster: t.field({
        type: clusterRef,
        nullable: true,
        description: 'The cluster of its namespace; null for one of a workspace.',
        resolve: ({ cluster }, _args, context) => (cluster === null ? null : (context.clusters.get(cluster) ?? null)),
      }),
      namespace: t.exposeString('namespace', {
        nullable: true,
        description: 'Its namespace; null for one of a workspace.',
      }),
      version: t.exposeInt('version', {
        description: '1 when it was made, one more with each change; an update says which version it has seen.',
      }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: (row) => row.createdAt }),
      workloads: relationField(builder, t, {
        description: 'The workloads that carry its name, without those that another workload makes.',
        of: 'Workload',
        rows: (application, context) => loadWorkloadsOfApplication(application, context),
      }),
      services: relationField(builder, t, {
        description: 'Services that carry its name, and those that select pods of its workloads.',
        of: 'Service',
        rows: (application, context) => loadFromClusters(application, context, servicesOfApplication),
      }),
      ingresses: relationField(builder, t, {
        description: 'Ingresses that carry its name, and those that lead to its Services.',
        of: 'Ingress',
        rows: (application, context) => loadFromClusters(application, context, ingressesOfApplication),
      }),
      operations: operationsField<Application>(
        builder,
        t,
        'What was done to it through this gateway, newest first, its making included. What was done to one of its workloads alone is with the workload.',
        ({ id }) => ({ targetId: id }),
      ),
      ...viewerCanField<Application>(t, instanceOfApplication),
    }),
  });
}
