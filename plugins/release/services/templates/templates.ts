import { createHash } from 'node:crypto';
import { encodeGlobalId, type OperationTarget, type RowNode, type SubjectDescriptor } from 'longshore/sdk';
import { type OrchestrationTemplate, orchestrationTemplateSubject, type TemplateApp } from '../../api.ts';
import type { templates } from '../../template-tables.ts';

/** A row as the node that resolvers and rights see. */
export function toTemplate(row: Omit<typeof templates.$inferSelect, 'content' | 'deletedAt'>): OrchestrationTemplate {
  const { id: uuid, projectId: projectUuid, workspaceId: workspaceUuid, ...rest } = row;
  const id = encodeGlobalId({ of: 'row', plugin: 'release', type: 'OrchestrationTemplate', key: uuid });
  return { ...rest, uuid, projectUuid, workspaceUuid, nodeTypeName: 'OrchestrationTemplate', id };
}

export function isTemplate(node: unknown): node is OrchestrationTemplate {
  return (
    typeof node === 'object' && node !== null && (node as Partial<RowNode>).nodeTypeName === 'OrchestrationTemplate'
  );
}

export type ProjectPlace = Pick<OrchestrationTemplate, 'projectUuid' | 'workspaceUuid'>;

/** What rights look at, also of one that is yet to be made: it lies in its project and that one's workspace. */
export function factsOfTemplate(name: string, { projectUuid, workspaceUuid }: ProjectPlace) {
  return {
    name,
    tenants: [`project/${projectUuid}`, ...(workspaceUuid === null ? [] : [`workspace/${workspaceUuid}`])],
  };
}

export const templateDescriptor: SubjectDescriptor<OrchestrationTemplate> = {
  subject: orchestrationTemplateSubject,
  facts: (template) => factsOfTemplate(template.name, template),
};

export const instanceOfTemplate = (row: OrchestrationTemplate) => ({ subject: orchestrationTemplateSubject, row });

export const recordTargetOfTemplate = ({ id, name }: Pick<OrchestrationTemplate, 'id' | 'name'>): OperationTarget => ({
  plugin: 'release',
  type: 'OrchestrationTemplate',
  id,
  kind: 'OrchestrationTemplate',
  name,
});

/** The fields that a mutation tells as changed; of the text, which may carry passwords, only whether it is another one. */
export const recordedTemplate = (template: OrchestrationTemplate): object => {
  const { name, description, format, digest, apps } = template;
  return { name, description, format, digest, apps: apps.map(recordedApp) };
};

export const digestOf = (content: string): string =>
  `sha256:${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;

const recordedApp = ({ name, images }: TemplateApp): object => ({ name, images });

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
