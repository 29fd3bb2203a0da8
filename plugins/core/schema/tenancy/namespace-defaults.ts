import { clusterRef, type LongshoreBuilder, typeRef } from 'longshore/sdk';
import { departmentTypeRef, type Project, projectTypeRef, type Workspace, workspaceTypeRef } from '../../api.ts';
import { quotaRequired } from '../../profile-keys/tenancy.ts';
import { defaultNamespaceName } from '../../services/tenancy/default-namespace-name.ts';
import { loadTenant } from './load-tenants.ts';
import { placeNamespace } from './place-namespace.ts';

interface NamespaceDefaults {
  readonly name: string | null;
  readonly workspace: Workspace | null;
  readonly project: Project | null;
  readonly choices: readonly Project[] | null;
  readonly isQuotaRequired: boolean;
}

/** What a form that makes a namespace begins with (CORE-06, CORE-08). */
export function registerNamespaceDefaults(builder: LongshoreBuilder): void {
  const defaults = typeRef<NamespaceDefaults>('NamespaceDefaults');
  builder.objectType(defaults, {
    description: 'What a form that makes a namespace begins with.',
    fields: (t) => ({
      name: t.string({
        nullable: true,
        description: 'The name that it has unless another is chosen; null where nothing is known to make one of.',
        resolve: ({ name }) => name,
      }),
      workspace: t.field({
        type: workspaceTypeRef,
        nullable: true,
        description: 'The workspace that it will belong to; null for none.',
        resolve: ({ workspace }) => workspace,
      }),
      project: t.field({
        type: projectTypeRef,
        nullable: true,
        description: 'The project that it will belong to; null for none, or where one is still to be chosen.',
        resolve: ({ project }) => project,
      }),
      department: t.field({
        type: departmentTypeRef,
        nullable: true,
        description: 'The department of that project.',
        resolve: ({ project }, _args, context) => loadTenant('Department', project?.departmentUuid ?? null, context),
      }),
      isProjectFixed: t.boolean({
        description:
          'Whether project and department are given by where you belong, so that a form shows them read-only.',
        resolve: ({ choices }) => choices !== null && choices.length < 2,
      }),
      projectChoices: t.field({
        type: [projectTypeRef],
        nullable: true,
        description: 'The projects that it may be made in; null where any will do.',
        resolve: ({ choices }) => choices && [...choices],
      }),
      isQuotaRequired: t.boolean({
        description: 'Whether it must have a quota (`quota.required` of the profile).',
        resolve: ({ isQuotaRequired }) => isQuotaRequired,
      }),
    }),
  });
  builder.objectField(clusterRef, 'namespaceDefaults', (t) =>
    t.field({
      type: defaults,
      nullable: true,
      description: 'What a form that makes a namespace here begins with; null where you may make none.',
      args: {
        workspaceId: t.arg.id({ description: 'Global id of the workspace that it shall belong to.' }),
        projectId: t.arg.id({ description: 'Global id of the project that it shall belong to.' }),
      },
      resolve: async ({ name: cluster }, { workspaceId, projectId }, context) => {
        if (!context.access.allowed('CREATE', { subject: 'core/Namespace', cluster })) return null;
        const { workspace, project, choices, profile } = await placeNamespace(
          { cluster, workspaceId, projectId },
          context,
        );
        return {
          name: workspace && project ? defaultNamespaceName(project.identifier, workspace.identifier) : null,
          workspace: workspace ?? null,
          project: project ?? null,
          choices: choices ?? null,
          isQuotaRequired: profile.get(quotaRequired),
        };
      },
    }),
  );
}
