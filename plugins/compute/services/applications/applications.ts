import { encodeGlobalId, type OperationTarget, type RowNode, type SubjectDescriptor } from 'longshore/sdk';
import { type Application, applicationSubject } from '../../api.ts';
import type { applications } from '../../tables.ts';

/** A row as the node that resolvers, rights and streams see. */
export function toApplication(row: typeof applications.$inferSelect): Application {
  const { id: uuid, deletedAt: _gone, workspaceId: workspaceUuid, ...rest } = row;
  return { ...rest, uuid, workspaceUuid, nodeTypeName: 'Application', id: idOfApplication(uuid) };
}

export const idOfApplication = (uuid: string): string =>
  encodeGlobalId({ of: 'row', plugin: 'compute', type: 'Application', key: uuid });

/** A workspace is a row of core. */
export const idOfWorkspace = (uuid: string): string =>
  encodeGlobalId({ of: 'row', plugin: 'core', type: 'Workspace', key: uuid });

export function isApplication(node: unknown): node is Application {
  return typeof node === 'object' && node !== null && (node as Partial<RowNode>).nodeTypeName === 'Application';
}

/** One of a namespace lies in the namespace, one of a workspace in the workspace. */
export const applicationDescriptor: SubjectDescriptor<Application> = {
  subject: applicationSubject,
  facts: ({ name, cluster, namespace, workspaceUuid }) => factsOfPlace(name, { cluster, namespace, workspaceUuid }),
};

/** Where an application is, or is to be. */
export type ApplicationPlace = Pick<Application, 'cluster' | 'namespace' | 'workspaceUuid'>;

/** What rights look at, also of one that is yet to be made. */
export function factsOfPlace(name: string, { cluster, namespace, workspaceUuid }: ApplicationPlace) {
  return {
    name,
    cluster: cluster ?? undefined,
    namespace: namespace ?? undefined,
    ...(workspaceUuid === null ? {} : { tenants: [`workspace/${workspaceUuid}`] }),
  };
}

/** An application as rights are asked about it. */
export const instanceOfApplication = (row: Application) => ({ subject: applicationSubject, row });

/** An application as operation records name it. */
export function recordTargetOf({ id, name, cluster, namespace }: Application): OperationTarget {
  return {
    plugin: 'compute',
    type: 'Application',
    id,
    kind: 'Application',
    name,
    ...(cluster === null || namespace === null ? {} : { cluster, namespace }),
  };
}

/** The fields that a mutation tells as changed. */
export function recordedFields(application: Application): object {
  const { alias, description, owner, techStack, techStackVersion, hasCodeRepository, hasOtherInformation } =
    application;
  const { name, cluster, namespace } = application;
  return {
    name,
    ...(cluster === null ? {} : { cluster, namespace }),
    alias,
    description,
    owner,
    techStack,
    techStackVersion,
    hasCodeRepository,
    hasOtherInformation,
  };
}

/** Keys come out of global ids, that is from callers: what is no UUID would be an error of the database. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
