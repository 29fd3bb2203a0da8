import type { AnyNode, FieldBuilder, MutationSuccess } from 'longshore/sdk';
import { type Project, projectTypeRef, type Workspace, workspaceTypeRef } from '../../api.ts';
import { isProject, isWorkspace } from '../../services/tenancy/tenants.ts';

/** What mutations on a workspace or project answer: the one or the other. */
export function tenantInPayload(t: FieldBuilder<MutationSuccess<Workspace | Project>>) {
  return {
    workspace: t.field({
      type: workspaceTypeRef,
      nullable: true,
      description: 'The workspace; null where the id is of a project.',
      resolve: ({ value }) => (isWorkspace(value) ? value : null),
    }),
    project: t.field({
      type: projectTypeRef,
      nullable: true,
      description: 'The project; null where the id is of a workspace.',
      resolve: ({ value }) => (isProject(value) ? value : null),
    }),
  };
}

export function asWorkspaceOrProject(node: unknown): Workspace | Project | null {
  const found = node as AnyNode | null;
  return isWorkspace(found) || isProject(found) ? found : null;
}
