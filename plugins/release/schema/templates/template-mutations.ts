import { tenancyServiceRef } from 'longshore/plugins/core';
import {
  checkText,
  type Deleted,
  idOfOperation,
  type LongshoreBuilder,
  named,
  registerMutation,
  replayDeletion,
  type ValidationIssue,
} from 'longshore/sdk';
import {
  type OrchestrationTemplate,
  orchestrationTemplateSubject,
  orchestrationTemplateTypeRef,
  type StackFormat,
} from '../../api.ts';
import { templateName } from '../../profile-keys/templates.ts';
import { longestContent, readContent } from '../../services/templates/check-content.ts';
import type { ReadTemplate } from '../../services/templates/read-template.ts';
import type { AppPlan } from '../../services/templates/template-parts.ts';
import {
  factsOfTemplate,
  instanceOfTemplate,
  isTemplate,
  recordedTemplate,
  recordTargetOfTemplate,
} from '../../services/templates/templates.ts';
import { templatesServiceRef } from '../../services/templates/templates-service.ts';
import { findProject, findTemplate } from './load-templates.ts';

const longestDescription = 500;
export const contentDescription = `YAML, up to ${longestContent / 1024} KiB, read as manifests are; the profile has an example of each format, see StackFormat. What is wrong with it is told with line and column.`;

/** Making, changing and deleting orchestration templates (REL-40, REL-43). */
export function registerTemplateMutations(builder: LongshoreBuilder): void {
  registerCreate(builder);
  registerUpdate(builder);
  registerMutation(builder, {
    name: 'deleteOrchestrationTemplate',
    description: 'Deletes an orchestration template. What was deployed of it stays as it is.',
    allow: { action: 'DELETE', subject: orchestrationTemplateSubject },
    mustConfirm: 'BY_PROFILE',
    input: (t) => ({ id: t.id({ required: true, description: "The template's global id." }) }),
    load: async ({ id }, context) => {
      const template = await findTemplate(String(id), context);
      return {
        value: template,
        instance: instanceOfTemplate(template),
        record: recordTargetOfTemplate(template),
      };
    },
    run: async (_input, template, ticket, context) => {
      await context.service(templatesServiceRef).remove(template.uuid, ticket);
      const value: Pick<Deleted, 'id'> = { id: template.id };
      return { value, resultId: idOfOperation(ticket), before: recordedTemplate(template), after: undefined };
    },
    replay: (node, context): Promise<Pick<Deleted, 'id'> | null> => replayDeletion(node, context),
    success: {
      description: 'The template is deleted.',
      fields: (t) => ({ id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }) }),
    },
  });
}

function registerCreate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createOrchestrationTemplate',
    description:
      'Makes an orchestration template in a project: several applications with their images and dependencies, to be deployed together. The text is checked as a whole, its dependencies too; nothing is asked of a cluster.',
    allow: { action: 'CREATE', subject: orchestrationTemplateSubject },
    input: (t) => ({
      projectId: t.id({ required: true, description: 'Global id of its project, whose members see, use and edit it.' }),
      name: t.string({
        required: true,
        description: 'Unique in the project, by `template.name` of the profile. It never changes.',
      }),
      format: t.field({
        type: named('StackFormat'),
        required: true,
        description: 'How the text is written. It never changes.',
      }),
      content: t.string({ required: true, description: contentDescription }),
      description: t.string({ description: `What it is for, up to ${longestDescription} characters.` }),
    }),
    validate: ({ description }) => checkDescription(description),
    load: async ({ projectId, name, format, content }, context) => {
      const place = await findProject(String(projectId), context);
      const profile = await context.service(tenancyServiceRef).profileOf(place);
      return {
        value: { place, profile, read: () => readContent(format as unknown as StackFormat, content, profile, context) },
        instance: { subject: orchestrationTemplateSubject, ...factsOfTemplate(name, place) },
        record: recordTargetOfTemplate({ id: name, name }),
      };
    },
    check: async ({ name }, { profile, read }) => [
      ...checkText(profile.get(templateName), 'name', name),
      ...(await read()).issues,
    ],
    run: async ({ name, format, content, description }, { place, read }, ticket, context) => {
      const fields = { description: (description ?? '').trim(), content, apps: appsOf(await read()) };
      const createdBy = context.principal.id;
      const template = { name, format: format as unknown as StackFormat, createdBy, ...fields };
      const value = await context.service(templatesServiceRef).create(template, place, ticket);
      return { value, resultId: value.id, before: undefined, after: recordedTemplate(value) };
    },
    replay: asTemplate,
    success: {
      description: 'The template was made.',
      fields: (t) => ({
        orchestrationTemplate: t.field({
          type: orchestrationTemplateTypeRef,
          description: 'The template; in a dry run as it would be, with an id of no use.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
}

function registerUpdate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateOrchestrationTemplate',
    description:
      'Changes an orchestration template. What was deployed of it stays as it is: change that, or deploy again (REL-43).',
    allow: { action: 'UPDATE', subject: orchestrationTemplateSubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Its global id.' }),
      version: t.int({ required: true, description: 'The version that you saw: a CONFLICT where it is an older one.' }),
      content: t.string({ description: contentDescription }),
      description: t.string({ description: `What it is for, up to ${longestDescription} characters.` }),
    }),
    validate: ({ description }) => checkDescription(description),
    load: async ({ id, content }, context) => {
      const template = await findTemplate(String(id), context);
      const profile = await context.service(tenancyServiceRef).profileOf(template);
      const read = async () =>
        content === null || content === undefined ? undefined : readContent(template.format, content, profile, context);
      return {
        value: { template, read },
        instance: instanceOfTemplate(template),
        record: recordTargetOfTemplate(template),
      };
    },
    check: async (_input, { read }) => (await read())?.issues ?? [],
    run: async ({ version, content, description }, { template, read }, ticket, context) => {
      const found = await read();
      const edits = {
        description: description === undefined ? undefined : (description ?? '').trim(),
        ...(found ? { content: content ?? '', apps: appsOf(found) } : {}),
      };
      const service = context.service(templatesServiceRef);
      const { before, after } = await service.update(template.uuid, version, edits, ticket);
      return { value: after, resultId: after.id, before: recordedTemplate(before), after: recordedTemplate(after) };
    },
    replay: asTemplate,
    success: {
      description: 'The template was changed.',
      fields: (t) => ({
        orchestrationTemplate: t.field({
          type: orchestrationTemplateTypeRef,
          description: 'The template; in a dry run as it would be.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
}

const asTemplate = (node: unknown): OrchestrationTemplate | null => (isTemplate(node) ? node : null);

/** What a row keeps of them. */
const appsOf = ({ apps }: ReadTemplate) =>
  apps.map(({ name, kind, replicas, images, dependsOn }: AppPlan) => ({ name, kind, replicas, images, dependsOn }));

function checkDescription(description: string | null | undefined): ValidationIssue[] {
  if ((description ?? '').length <= longestDescription) return [];
  const message = `description must have at most ${longestDescription} characters`;
  return [{ path: ['description'], code: 'too_long', message }];
}
