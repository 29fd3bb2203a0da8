import type { NameCheck, RequestContext, TextRule } from 'longshore/sdk';
import { namespaceKind, tenancyServiceRef } from '../api.ts';
import { tenantIdentifier } from '../profile-keys/tenancy.ts';
import { instanceOf } from './tenancy/tenants.ts';

/** RFC 1123: what a cluster takes as the name of a namespace, whatever a profile says. */
export const namespaceName: TextRule = {
  min: 1,
  max: 63,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
  says: "lower-case letters, digits and '-', beginning and ending with a letter or digit",
  examples: ['shop', 'team-1', '0'],
};

/** Names of what core makes (CORE-36). */
export const coreNameChecks: readonly NameCheck[] = [
  {
    of: 'NAMESPACE',
    description: 'A namespace of a cluster.',
    needs: ['cluster'],
    rule: namespaceName,
    isTaken: async (name, { cluster = '' }, context) =>
      (await context.kube(cluster).get(namespaceKind, undefined, name)) !== undefined,
  },
  {
    of: 'WORKSPACE',
    description: 'The identifier of a workspace.',
    rule: tenantIdentifier,
    isTaken: (name, _place, context) => hasTenant('workspaces', context, ({ identifier }) => identifier === name),
  },
  {
    of: 'PROJECT',
    description: 'The identifier of a project: unique in its workspace, or among those in none.',
    rule: tenantIdentifier,
    isTaken: async (name, { parentId }, context) => {
      const workspaces = await context.service(tenancyServiceRef).workspaces();
      const workspaceUuid = workspaces.find(({ id }) => id === parentId)?.uuid ?? null;
      if (parentId !== undefined && workspaceUuid === null) return false;
      return hasTenant('projects', context, (row) => row.identifier === name && row.workspaceUuid === workspaceUuid);
    },
  },
  {
    of: 'DEPARTMENT',
    description: 'The identifier of a department.',
    rule: tenantIdentifier,
    isTaken: (name, _place, context) => hasTenant('departments', context, ({ identifier }) => identifier === name),
  },
];

interface Identified {
  readonly identifier: string;
  readonly workspaceUuid?: string | null;
}

async function hasTenant(
  method: 'workspaces' | 'projects' | 'departments',
  context: RequestContext,
  isThis: (tenant: Identified) => boolean,
): Promise<boolean> {
  const all = await context.service(tenancyServiceRef)[method]();
  return all.some((row) => isThis(row as Identified) && context.access.allowed('READ', instanceOf(row)));
}
