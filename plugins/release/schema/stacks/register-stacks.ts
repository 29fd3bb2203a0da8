import {
  defineList,
  followTopic,
  type ListType,
  type LongshoreBuilder,
  matchesText,
  named,
  registerList,
  registerQuery,
  registerSubscription,
  resolveNode,
  type StringFilter,
  stringFilterRef,
} from 'longshore/sdk';
import { type Stack, stackSubject, stacksTopic, stackTypeRef } from '../../api.ts';
import { instanceOfStack, isStack } from '../../services/stacks/stacks.ts';
import { idOfProject } from '../templates/load-templates.ts';
import { registerStackChanges } from './change-stack.ts';
import { registerDeployTemplate } from './deploy-template.ts';
import { registerStackLoader, visibleStacks } from './load-stacks.ts';
import { registerStackParts } from './stack-parts.ts';
import { idOfTemplate, registerStackType } from './stack-type.ts';

const allow = { action: 'READ', subject: stackSubject } as const;

interface StackFilter {
  readonly name?: StringFilter | null;
  readonly projectIds?: readonly string[] | null;
  readonly templateId?: string | null;
  readonly clusters?: readonly string[] | null;
  readonly namespaces?: readonly string[] | null;
  readonly phases?: readonly string[] | null;
}

/** Stacks (REL-44, REL-45): the type, the list, the single one, the stream, and what is done with them. */
export function registerStacks(builder: LongshoreBuilder): void {
  registerStackParts(builder);
  registerStackType(builder);
  registerStackLoader(builder);
  const list = defineStackList(builder);
  registerList(builder, {
    name: 'stacks',
    description: 'Stacks of your projects, the newest first.',
    allow,
    list: list as never,
    rows: async (_args, context) => ({ items: await visibleStacks(context) }),
  });
  registerQuery(builder, {
    name: 'stack',
    description: 'One stack by its id; null where it is not there or not for you.',
    allow,
    type: stackTypeRef,
    nullable: true,
    args: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    resolve: async ({ id }, context) => {
      const node = await resolveNode(String(id), context);
      return isStack(node) ? node : null;
    },
  });
  registerSubscription<Stack>(builder, {
    name: 'stackChanges',
    description:
      'Stacks as they are deployed, changed and deleted, and as that ends. How their workloads do tells `workloadChanges`, the steps `operationRecordChanges`.',
    allow,
    itemField: 'stack',
    itemType: stackTypeRef,
    itemDescription: 'The stack after the change; of a deleted one the last.',
    isThrottled: true,
    args: (t) => ({ filter: t({ type: list.filterType as never, description: 'Which stacks to follow.' }) }) as never,
    subscribe: (args, context) =>
      followTopic({
        topic: stacksTopic,
        isVisible: (row) => context.access.allowed('READ', instanceOfStack(row)),
        filter: () => list.compileFilter((args as { filter?: never }).filter, context),
        initial: () => visibleStacks(context),
        args,
        context,
      }),
  });
  registerDeployTemplate(builder);
  registerStackChanges(builder);
}

function defineStackList(builder: LongshoreBuilder) {
  const list = defineList(builder, {
    name: 'Stack',
    node: stackTypeRef,
    plural: 'stacks',
    filter: (t) => ({
      name: t.field({ type: stringFilterRef, description: 'By name.' }),
      projectIds: t.idList({ description: 'Only of the projects with these global ids.' }),
      templateId: t.id({ description: 'Only what was deployed of the template with this global id.' }),
      clusters: t.stringList({ description: 'Only in these clusters.' }),
      namespaces: t.stringList({ description: 'Only in these namespaces.' }),
      phases: t.field({ type: [named('StackPhase')], description: 'In one of these phases.' }),
    }),
    matches: (filter) => {
      const { name, projectIds, templateId, clusters, namespaces, phases } = filter as StackFilter;
      const projects = projectIds && new Set(projectIds);
      return (row) =>
        matchesText(name, row.name) &&
        (!projects || projects.has(idOfProject(row.projectUuid))) &&
        (!templateId || (row.templateUuid !== null && idOfTemplate(row.templateUuid) === templateId)) &&
        (!clusters || clusters.includes(row.cluster)) &&
        (!namespaces || namespaces.includes(row.namespace)) &&
        (!phases || phases.includes(row.phase));
    },
    orders: {
      NAME: { description: 'By name.', value: ({ name }: Stack) => name },
      CREATED_AT: { description: 'By when it was deployed.', value: ({ createdAt }) => createdAt.getTime() },
      UPDATED_AT: { description: 'By when it was last changed.', value: ({ updatedAt }) => updatedAt.getTime() },
    },
    defaultOrder: [{ field: 'CREATED_AT', direction: 'DESC' }],
    place: ({ cluster, namespace, uuid }) => ({ cluster, namespace, name: uuid }),
  });
  return list as unknown as ListType<Stack, StackFilter>;
}
