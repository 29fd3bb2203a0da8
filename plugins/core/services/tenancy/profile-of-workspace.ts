import { PreconditionError, type Profile, type Profiles } from 'longshore/sdk';
import type { Workspace } from '../../api.ts';

/** What decides which profile a workspace is held to. */
export type ProfiledWorkspace = Pick<Workspace, 'identifier' | 'profile'>;

/**
 * The profile that a workspace itself is held to, to be shown: the one that it carries, else the platform's. One that it carries and
 * that is not there any more counts as none here; `profileProblem` tells of it.
 */
export function profileOfWorkspace(profiles: Profiles, workspace: Pick<Workspace, 'profile'> | undefined): Profile {
  const named = workspace?.profile;
  return (named === null || named === undefined ? undefined : profiles.get(named)) ?? profiles.at({});
}

/**
 * The same for a change: limits that nobody knows are none that it could be held to. Throws `PreconditionError` PROFILE_UNKNOWN.
 */
export function requireProfileOfWorkspace(profiles: Profiles, workspace: ProfiledWorkspace | undefined): Profile {
  const problem = workspace && profileProblem(profiles, workspace);
  if (problem !== undefined) throw new PreconditionError('PROFILE_UNKNOWN', problem);
  return profileOfWorkspace(profiles, workspace);
}

/** The profile that a namespace of the workspace is held to in this cluster. Throws `PreconditionError` PROFILE_UNKNOWN. */
export function requireProfileInWorkspace(
  profiles: Profiles,
  workspace: ProfiledWorkspace | undefined,
  cluster: string,
): Profile {
  return workspace?.profile ? requireProfileOfWorkspace(profiles, workspace) : profiles.at({ cluster });
}

/** What is wrong with the profile that a workspace carries; undefined where it carries none or all is well. */
export function profileProblem(
  profiles: Pick<Profiles, 'get'>,
  { identifier, profile }: ProfiledWorkspace,
): string | undefined {
  if (profile === null || profiles.get(profile)) return undefined;
  return `Workspace '${identifier}' carries the profile '${profile}', which is not there: nothing can be changed in it until it is given another`;
}
