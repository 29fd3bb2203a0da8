import { tenancyServiceRef, type Workspace } from 'longshore/plugins/core';
import type { Profile, RequestContext } from 'longshore/sdk';
import type { ApplicationPlace } from '../../services/applications/applications.ts';

/** The profile that an application, or an alarm policy, is held to: that of its namespace or cluster, or of its workspace. */
export async function profileOfApplication(
  { cluster, namespace, workspaceUuid }: ApplicationPlace,
  context: RequestContext,
): Promise<Profile> {
  if (cluster !== null) return context.services.profiles.at({ cluster, namespace: namespace ?? undefined });
  const workspaces = await context.service(tenancyServiceRef).workspaces();
  return profileOfWorkspace(
    workspaces.find(({ uuid }) => uuid === workspaceUuid),
    context,
  );
}

/** One that it names and that is not there any more counts as none. */
export function profileOfWorkspace(
  workspace: Pick<Workspace, 'profile'> | undefined,
  { services }: RequestContext,
): Profile {
  const found = workspace?.profile ? services.profiles.get(workspace.profile) : undefined;
  return found ?? services.profiles.at({});
}
