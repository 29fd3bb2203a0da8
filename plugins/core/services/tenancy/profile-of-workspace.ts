import type { Profile, Profiles } from 'longshore/sdk';
import type { Workspace } from '../../api.ts';

/**
 * The profile that a workspace itself is held to: the one that it carries, else the platform's. One that it carries and that
 * is not there any more counts as none.
 */
export function profileOfWorkspace(profiles: Profiles, workspace: Pick<Workspace, 'profile'> | undefined): Profile {
  const named = workspace?.profile;
  return (named === null || named === undefined ? undefined : profiles.get(named)) ?? profiles.at({});
}
