import { projectTypeRef } from 'longshore/plugins/core';
import {
  defineList,
  followTopic,
  type ListType,
  type LongshoreBuilder,
  matchesText,
  named,
  nodeRef,
  operationsField,
  registerEnum,
  registerList,
  registerQuery,
  registerSubscription,
  resolveNode,
  type StringFilter,
  stringFilterRef,
  viewerCanField,
} from 'longshore/sdk';
import {
  type OrchestrationTemplate,
  orchestrationTemplateSubject,
  orchestrationTemplatesTopic,
  orchestrationTemplateTypeRef,
} from '../../api.ts';
import { instanceOfTemplate, isTemplate } from '../../services/templates/templates.ts';
import { appGraphField, registerAppGraph } from './app-graph.ts';
import { idOfProject, loadContent, registerTemplateLoader, visibleTemplates } from './load-templates.ts';
import { registerTemplateMutations } from './template-mutations.ts';

const allow = { action: 'READ', subject: orchestrationTemplateSubject } as const;

interface TemplateFilter {
  readonly name?: StringFilter | null;
  readonly projectIds?: readonly string[] | null;
  readonly formats?: readonly string[] | null;
  readonly image?: StringFilter | null;
}

/** Orchestration templates (REL-40 to REL-43): the type, the list, the single one, the stream, and making them. */
export function registerTemplates(builder: LongshoreBuilder): void {
  registerEnum(builder, 'StackFormat', 'How the text of a template or stack is written.', {
    COMPOSE:
      'Services by name with `image`, `replicas` or `deploy.replicas`, `mem_limit` (`256m`), `cpu_shares` (1024 are one core), `environment`, `links`, `depends_on`, `ports`, `expose` and `command`; at the top or below `services`. An example is `template.example.compose` of the profile.',
    KUBERNETES:
      'Manifests. Each workload is an application; the annotation `longshore.dev/depends-on: a,b` names those that must be ready before it. An example is `template.example.kubernetes` of the profile.',
    POD_STACK:
      'Several containers in one pod: `containers`, `volumes`, `replicas`, and `annotation` with `containerName`, `logPath` and `dataPath`. An example is `template.example.podStack` of the profile.',
  });
  registerAppGraph(builder);
  registerTemplateType(builder);
  registerTemplateLoader(builder);
  const list = defineTemplateList(builder);
  registerList(builder, {
    name: 'orchestrationTemplates',
    description: 'Orchestration templates of your projects, by name.',
    allow,
    list: list as never,
    rows: async (_args, context) => ({ items: await visibleTemplates(context) }),
  });
  registerQuery(builder, {
    name: 'orchestrationTemplate',
    description: 'One orchestration template by its id; null where it is not there or not for you.',
    allow,
    type: orchestrationTemplateTypeRef,
    nullable: true,
    args: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    resolve: async ({ id }, context) => {
      const node = await resolveNode(String(id), context);
      return isTemplate(node) ? node : null;
    },
  });
  registerSubscription<OrchestrationTemplate>(builder, {
    name: 'orchestrationTemplateChanges',
    description: 'Orchestration templates as they are made, changed and deleted.',
    allow,
    itemField: 'orchestrationTemplate',
    itemType: orchestrationTemplateTypeRef,
    itemDescription: 'The template after the change; of a deleted one the last.',
    isThrottled: true,
    args: (t) =>
      ({ filter: t({ type: list.filterType as never, description: 'Which templates to follow.' }) }) as never,
    subscribe: (args, context) =>
      followTopic({
        topic: orchestrationTemplatesTopic,
        isVisible: (row) => context.access.allowed('READ', instanceOfTemplate(row)),
        filter: () => list.compileFilter((args as { filter?: never }).filter, context),
        initial: () => visibleTemplates(context),
        args,
        context,
      }),
  });
  registerTemplateMutations(builder);
}

function defineTemplateList(builder: LongshoreBuilder) {
  const list = defineList(builder, {
    name: 'OrchestrationTemplate',
    node: orchestrationTemplateTypeRef,
    plural: 'orchestration templates',
    filter: (t) => ({
      name: t.field({ type: stringFilterRef, description: 'By name.' }),
      projectIds: t.idList({ description: 'Only of the projects with these global ids.' }),
      formats: t.field({ type: [named('StackFormat')], description: 'Written in one of these formats.' }),
      image: t.field({ type: stringFilterRef, description: 'Only those with such an image, by its whole reference.' }),
    }),
    matches: (filter) => {
      const { name, projectIds, formats, image } = filter as TemplateFilter;
      const projects = projectIds && new Set(projectIds);
      return (row) =>
        matchesText(name, row.name) &&
        (!projects || projects.has(idOfProject(row.projectUuid))) &&
        (!formats || formats.includes(row.format)) &&
        (!image || row.apps.some(({ images }) => images.some((each) => matchesText(image, each))));
    },
    orders: {
      NAME: { description: 'By name.', value: ({ name }: OrchestrationTemplate) => name },
      UPDATED_AT: { description: 'By when it was last changed.', value: ({ updatedAt }) => updatedAt.getTime() },
      CREATED_AT: { description: 'By when it was made.', value: ({ createdAt }) => createdAt.getTime() },
    },
    defaultOrder: [{ field: 'NAME', direction: 'ASC' }],
    place: ({ uuid }) => ({ cluster: '', namespace: '', name: uuid }),
  });
  return list as unknown as ListType<OrchestrationTemplate, TemplateFilter>;
}

function registerTemplateType(builder: LongshoreBuilder): void {
  builder.objectType(orchestrationTemplateTypeRef, {
    description:
      'A text that describes several applications of a project with their images and dependencies, to be deployed together. `deployTemplate` makes a stack of it, which stays as it is when the template changes.',
    interfaces: [nodeRef],
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, unique in its project; never changes.' }),
      description: t.exposeString('description', { description: 'What it is for; empty where nobody said.' }),
      format: t.field({
        type: named('StackFormat'),
        description: 'How the text is written; never changes.',
        resolve: ({ format }) => format as never,
      }),
      content: t.string({
        description: 'The text as it was written.',
        resolve: ({ uuid }, _args, context) => loadContent(uuid, context),
      }),
      graph: appGraphField<OrchestrationTemplate>(t),
      project: t.field({
        type: projectTypeRef,
        nullable: true,
        description: 'Its project, where you may see it.',
        resolve: async ({ projectUuid }, _args, context) =>
          (await resolveNode(idOfProject(projectUuid), context)) as never,
      }),
      version: t.exposeInt('version', {
        description: '1 when it was made, one more with each change; an update says which version it has seen.',
      }),
      createdBy: t.exposeString('createdBy', { description: 'Principal who made it.' }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: (row) => row.createdAt }),
      updatedAt: t.field({
        type: 'DateTime',
        description: 'When it was last changed.',
        resolve: (row) => row.updatedAt,
      }),
      operations: operationsField<OrchestrationTemplate>(
        builder,
        t,
        'What was done to it, the newest first.',
        ({ id }) => ({ targetId: id }),
      ),
      ...viewerCanField<OrchestrationTemplate>(t, instanceOfTemplate),
    }),
  });
}
