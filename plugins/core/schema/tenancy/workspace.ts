import {
  defineList,
  type EnumTypeRef,
  enumRef,
  type LongshoreBuilder,
  matchesText,
  nodeRef,
  operationsField,
  relationField,
  stringFilterRef,
} from 'longshore/sdk';
import {
  type NetworkType,
  type Project,
  tenancyServiceRef,
  type Workspace,
  workspaceSubject,
  workspacesTopic,
  workspaceTypeRef,
} from '../../api.ts';
import { defaultNamespaceName } from '../../services/tenancy/default-namespace-name.ts';
import { isWorkspace } from '../../services/tenancy/tenants.ts';
import { registerTenantLoader, visibleTenants } from './load-tenants.ts';
import { membersField } from './member.ts';
import { namespacesField } from './namespace-binding.ts';
import { zoneTypeRef } from './region.ts';
import { registerTenantRoots } from './register-tenant-roots.ts';
import { tenantFields } from './tenant-fields.ts';

export const networkTypeRef: EnumTypeRef<NetworkType> = enumRef<NetworkType>('NetworkType');

/** Workspaces: the type, the list, the single one and the stream (CORE-01, CORE-02). */
export function registerWorkspace(builder: LongshoreBuilder): void {
  builder.enumType('NetworkType', {
    description: 'How a workspace is connected.',
    values: {
      VPC: { description: 'By a virtual private cloud of its own.' },
      CLASSIC: { description: 'By the shared network of the data centre.' },
    },
  });
  builder.objectType(workspaceTypeRef, {
    description:
      'Resources that reach each other with little delay and share one security policy, isolated from those of other workspaces. Other products call it an environment.',
    interfaces: [nodeRef],
    fields: (t) => ({
      ...tenantFields(t, 'workspace'),
      region: t.exposeString('region', { description: 'Name of its region.' }),
      networkType: t.field({
        type: networkTypeRef,
        description: 'How it is connected.',
        resolve: ({ networkType }) => networkType,
      }),
      zones: t.field({
        type: [zoneTypeRef],
        description: 'Its availability zones, with the deployment units that are configured for them.',
        resolve: ({ region, zones }, _args, context) => {
          const known = context.service(tenancyServiceRef).regions.find(({ name }) => name === region)?.zones ?? [];
          return zones.map((name) => known.find((zone) => zone.name === name) ?? { name, deploymentUnits: [] });
        },
      }),
      profile: t.string({
        nullable: true,
        description:
          'Name of the profile that it and its namespaces are held to; null where it carries none: then the platform’s holds for it, and the clusters’ for its namespaces.',
        resolve: ({ profile }) => profile,
      }),
      members: membersField(builder, t),
      namespaces: namespacesField(builder, t),
      projects: relationField<Workspace, Project>(builder, t, {
        of: 'Project',
        description: 'Its projects that you may see.',
        rows: async ({ uuid }, context) => ({
          items: (await visibleTenants('Project', context)).filter(({ workspaceUuid }) => workspaceUuid === uuid),
        }),
      }),
      operations: operationsField(
        builder,
        t,
        'What was done to it and to what lay in it then, newest first, as far as you may see it.',
        ({ uuid }) => ({ workspaceId: uuid }),
      ),
      defaultNamespaceName: t.string({
        description: 'The name that a namespace of a tenant has here unless another is chosen: tenant and workspace.',
        args: { tenant: t.arg.string({ required: true, description: "The tenant's name, e.g. of a project." }) },
        resolve: ({ identifier }, { tenant }) => defaultNamespaceName(tenant, identifier),
      }),
    }),
  });
  registerTenantLoader(builder, 'Workspace');
  const list = defineList(builder, {
    name: 'Workspace',
    node: workspaceTypeRef,
    plural: 'workspaces',
    filter: (t) => ({
      identifier: t.field({ type: stringFilterRef, description: 'Test of the identifier.' }),
      displayName: t.field({ type: stringFilterRef, description: 'Test of the display name.' }),
      regions: t.stringList({ description: 'Only in these regions.' }),
      networkTypes: t.field({ type: [networkTypeRef], description: 'Only connected like this.' }),
    }),
    matches:
      ({ identifier, displayName, regions, networkTypes }) =>
      (row: Workspace) =>
        matchesText(identifier, row.identifier) &&
        matchesText(displayName, row.displayName) &&
        (!regions || regions.includes(row.region)) &&
        (!networkTypes || networkTypes.includes(row.networkType)),
    orders: {
      IDENTIFIER: { description: 'By identifier.', value: ({ identifier }) => identifier },
      DISPLAY_NAME: { description: 'By display name.', value: ({ displayName }) => displayName },
      CREATED_AT: { description: 'By the time of making.', value: ({ createdAt }) => createdAt.toISOString() },
    },
    defaultOrder: [{ field: 'IDENTIFIER', direction: 'ASC' }],
    place: ({ uuid }) => ({ cluster: '', namespace: '', name: uuid }),
  });
  registerTenantRoots(builder, {
    type: 'Workspace',
    ref: workspaceTypeRef,
    subject: workspaceSubject,
    isOne: isWorkspace,
    list,
    listDescription: 'Workspaces that you belong to, or that have a project you belong to; all for an administrator.',
    topic: workspacesTopic,
  });
}
