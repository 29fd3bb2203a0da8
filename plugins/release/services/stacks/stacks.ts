import { encodeGlobalId, type OperationTarget, type RowNode, type SubjectDescriptor } from 'longshore/sdk';
import { type Stack, stackSubject } from '../../api.ts';
import type { stacks } from '../../template-tables.ts';
import type { ProjectPlace } from '../templates/templates.ts';

export type StackRow = typeof stacks.$inferSelect;

/** A row as the node that resolvers and rights see. */
export function toStack(row: Omit<StackRow, 'content' | 'plan' | 'earlier' | 'deletedAt'>): Stack {
  const {
    id: uuid,
    projectId: projectUuid,
    workspaceId: workspaceUuid,
    templateId: templateUuid,
    operationId: operationUuid,
    ...rest
  } = row;
  return {
    ...{ ...rest, uuid, projectUuid, workspaceUuid, templateUuid, operationUuid, nodeTypeName: 'Stack' },
    id: idOfStack(uuid),
  };
}

export const idOfStack = (key: string): string => encodeGlobalId({ of: 'row', plugin: 'release', type: 'Stack', key });

export function isStack(node: unknown): node is Stack {
  return typeof node === 'object' && node !== null && (node as Partial<RowNode>).nodeTypeName === 'Stack';
}

/** What rights look at: its project, and where it lies. What it is made of is asked about object by object. */
export function factsOfStack(name: string, { projectUuid, workspaceUuid }: ProjectPlace) {
  return {
    name,
    tenants: [`project/${projectUuid}`, ...(workspaceUuid === null ? [] : [`workspace/${workspaceUuid}`])],
  };
}

export const stackDescriptor: SubjectDescriptor<Stack> = {
  subject: stackSubject,
  facts: (stack) => factsOfStack(stack.name, stack),
};

export const instanceOfStack = (row: Stack) => ({ subject: stackSubject, row });

/** The namespace is left out: who may read the record, and go on with it, says its project. */
export const recordTargetOfStack = ({
  id,
  name,
  cluster,
}: Pick<Stack, 'id' | 'name' | 'cluster'>): OperationTarget => ({
  plugin: 'release',
  type: 'Stack',
  id,
  kind: 'Stack',
  name,
  cluster,
});
