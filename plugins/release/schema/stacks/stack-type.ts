import {
  type ServiceObject,
  serviceKind,
  serviceTypeRef,
  type WorkloadObject,
  workloadPartsRef,
  workloadTypeRef,
} from 'longshore/plugins/compute';
import { projectTypeRef } from 'longshore/plugins/core';
import {
  allMaybe,
  clusterRef,
  encodeGlobalId,
  isOfKind,
  type KubeObject,
  type LongshoreBuilder,
  type MaybePromise,
  mapMaybe,
  named,
  nodeRef,
  operationRecordRef,
  operationsField,
  type RequestContext,
  registerEnum,
  resolveNode,
  type TypeRef,
  typeRef,
  viewerCanField,
} from 'longshore/sdk';
import { orchestrationTemplateTypeRef, type Stack, type StackApp, type StackScale, stackTypeRef } from '../../api.ts';
import { type StackState, stackState } from '../../services/stacks/stack-state.ts';
import { instanceOfStack } from '../../services/stacks/stacks.ts';
import { splitImage } from '../../services/templates/split-image.ts';
import { appGraphField, templateImageRef } from '../templates/app-graph.ts';
import { idOfProject } from '../templates/load-templates.ts';
import { loadStackContent } from './load-stacks.ts';

interface StackApplication extends StackApp {
  readonly stack: Stack;
}

const appRef: TypeRef<StackApplication> = typeRef<StackApplication>('StackApplication');
const scaleRef: TypeRef<StackScale> = typeRef<StackScale>('StackScale');
export const idOfTemplate = (key: string) =>
  encodeGlobalId({ of: 'row', plugin: 'release', type: 'OrchestrationTemplate', key });
const idOfRecord = (key: string) => encodeGlobalId({ of: 'row', plugin: 'core', type: 'OperationRecord', key });

/** Stacks and their applications (REL-45). */
export function registerStackType(builder: LongshoreBuilder): void {
  registerEnum(builder, 'StackPhase', 'Where a stack is in what is done with it.', {
    DEPLOYING: 'It is being deployed, in the steps of `operation`.',
    DEPLOYED: 'What was done with it last is done.',
    UPDATING: 'It is being changed, in the steps of `operation`.',
    DELETING: 'It is being deleted, in the steps of `operation`.',
  });
  registerEnum(builder, 'StackState', 'How the applications of a stack do, together.', {
    RUNNING: 'All of them run, or have succeeded or are stopped.',
    PROCESSING: 'Some are on their way, or not there yet.',
    NOT_READY: 'All are there, and some lack ready pods.',
    FAILED: 'Some have failed.',
    STOPPED: 'All are stopped.',
    MISSING: 'None of them is there, as far as you may see.',
  });
  registerScale(builder);
  registerApplication(builder);
  builder.objectType(stackTypeRef, {
    description:
      'What was deployed of an orchestration template, or of a text alone: ordinary workloads and Services of one namespace, with the label `longshore.dev/stack`.',
    interfaces: [nodeRef],
    fields: (t) => ({
      name: t.exposeString('name', {
        description: 'Its name, unique in its namespace; the names of what it makes begin with it.',
      }),
      cluster: t.field({
        type: clusterRef,
        nullable: true,
        description: 'Its cluster; null where that is not served any more.',
        resolve: ({ cluster }, _args, context) => context.clusters.get(cluster) ?? null,
      }),
      namespace: t.exposeString('namespace', { description: 'Its namespace.' }),
      format: t.field({
        type: named('StackFormat'),
        description: 'How its text is written.',
        resolve: ({ format }) => format as never,
      }),
      content: t.string({
        description: 'The text that it was last deployed or changed with.',
        resolve: ({ uuid }, _args, context) => loadStackContent(uuid, context),
      }),
      scale: t.field({
        type: scaleRef,
        nullable: true,
        description: 'By what its pods are scaled; null where they are not. Of pod stacks alone.',
        resolve: ({ scale }) => scale,
      }),
      graph: appGraphField<Stack>(t),
      applications: t.field({
        type: [appRef],
        description: 'Its applications, each behind those that it depends on.',
        resolve: (stack) => stack.apps.map((app) => ({ ...app, stack })),
      }),
      phase: t.field({
        type: named('StackPhase'),
        description: 'Where it is in what is done with it.',
        resolve: ({ phase }) => phase as never,
      }),
      state: t.field({
        type: named('StackState'),
        description: 'How its applications do, from their workloads alone.',
        resolve: (stack, _args, context) => loadState(stack, context) as never,
      }),
      template: t.field({
        type: orchestrationTemplateTypeRef,
        nullable: true,
        description: 'The template that it was deployed of, where it is still there and for you.',
        resolve: async ({ templateUuid }, _args, context) =>
          (templateUuid === null ? null : await resolveNode(idOfTemplate(templateUuid), context)) as never,
      }),
      project: t.field({
        type: projectTypeRef,
        nullable: true,
        description: 'Its project, where you may see it.',
        resolve: async ({ projectUuid }, _args, context) =>
          (await resolveNode(idOfProject(projectUuid), context)) as never,
      }),
      operation: t.field({
        type: operationRecordRef,
        nullable: true,
        description:
          'What is being done with it, or was done last, with its steps: those that failed can be retried and ignored. Null where it is not for you.',
        resolve: async ({ operationUuid }, _args, context) =>
          (await resolveNode(idOfRecord(operationUuid), context)) as never,
      }),
      version: t.exposeInt('version', {
        description: '1 when it was made, one more with each change; an update says which version it has seen.',
      }),
      createdBy: t.exposeString('createdBy', { description: 'Principal who deployed it.' }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was deployed.', resolve: (row) => row.createdAt }),
      updatedAt: t.field({
        type: 'DateTime',
        description: 'When it was last changed.',
        resolve: (row) => row.updatedAt,
      }),
      operations: operationsField<Stack>(builder, t, 'What was done to it, the newest first.', ({ id }) => ({
        targetId: id,
      })),
      ...viewerCanField<Stack>(t, instanceOfStack),
    }),
  });
}

function registerScale(builder: LongshoreBuilder): void {
  builder.objectType(scaleRef, {
    description: 'By what the pods of a pod stack are scaled: a HorizontalPodAutoscaler of the same name.',
    fields: (t) => ({
      minReplicas: t.exposeInt('minReplicas', { description: 'Fewest pods.' }),
      maxReplicas: t.exposeInt('maxReplicas', { description: 'Most pods.' }),
      targetCpuUtilization: t.exposeInt('targetCpuUtilization', {
        description: 'CPU in use that is aimed at, in percent of what the pods request.',
      }),
    }),
  });
}

function registerApplication(builder: LongshoreBuilder): void {
  builder.objectType(appRef, {
    description:
      'An application of a stack: an ordinary workload with its Services. Its instances are the pods of the workload.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name in the text.' }),
      kind: t.exposeString('kind', { description: 'Kind of its workload.' }),
      workloadName: t.string({
        description: 'Name of its workload: that of the stack, and its own.',
        resolve: ({ workload }) => workload.name,
      }),
      images: t.field({
        type: [templateImageRef],
        description: 'The images that the text has for it; what runs says the workload.',
        resolve: ({ images }) => images.map(splitImage),
      }),
      dependsOn: t.stringList({
        description: 'Names of the applications that must be ready before it starts.',
        resolve: ({ dependsOn }) => [...dependsOn],
      }),
      workload: t.field({
        type: workloadTypeRef,
        nullable: true,
        description: 'Its workload, with its pods; null where it is not there, or not for you.',
        resolve: (app, _args, context) => loadWorkload(app, app.stack, context) as never,
      }),
      services: t.field({
        type: [serviceTypeRef],
        description: 'Its Services, as far as they are there and for you.',
        resolve: ({ services, stack: { cluster, namespace } }, _args, context): MaybePromise<ServiceObject[]> => {
          const ids = services.map((name) =>
            encodeGlobalId({ of: 'kubernetes', cluster, group: '', kind: 'Service', namespace, name }),
          );
          const nodes = Promise.all(ids.map((id) => resolveNode(id, context)));
          return nodes.then((found) => found.filter((node) => isOfKind(node, serviceKind)) as ServiceObject[]);
        },
      }),
    }),
  });
}

/** The workload as this caller sees it. */
function loadWorkload(
  { workload }: StackApp,
  { cluster, namespace }: Stack,
  context: RequestContext,
): Promise<KubeObject | null> {
  const [group = ''] = workload.apiVersion.includes('/') ? workload.apiVersion.split('/') : [''];
  const { kind, name } = workload;
  const id = encodeGlobalId({ of: 'kubernetes', cluster, group, kind, namespace, name });
  return resolveNode(id, context) as Promise<KubeObject | null>;
}

function loadState(stack: Stack, context: RequestContext): MaybePromise<StackState> {
  const { statusOf } = context.service(workloadPartsRef);
  const loaded = allMaybe(stack.apps.map((app) => loadWorkload(app, stack, context)));
  return mapMaybe(loaded, (workloads) =>
    stackState(workloads.map((workload) => (workload ? statusOf(workload as unknown as WorkloadObject) : undefined))),
  );
}
