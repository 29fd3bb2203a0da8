import { ConfigError } from '../../config/config-error.ts';
import { didYouMean } from '../../config/nearest-word.ts';
import type { ProfileSource } from './create-profile-seat.ts';
import { defaultProfile, mergeProfiles, type OwnedProfileFile, type ProfileParts } from './merge-profiles.ts';
import type { Profile, ProfilePlace, Profiles } from './profiles.ts';
import { readProfileFile } from './read-profile-file.ts';

/** What the settings say about profiles. */
export interface ProfileSettings {
  /** The platform's profile. */
  readonly profile: string;
  /** Files of profiles of one's own. */
  readonly profiles: readonly string[];
  readonly clusters: readonly { readonly name: string; readonly profile?: string | undefined }[];
}

/** Profiles of clusters that the settings do not know. */
export interface ClusterProfiles {
  /** Name of the profile; null or undefined for the platform's. */
  profileOf(cluster: string): string | null | undefined;
  /** Another number whenever some answer may be another. */
  readonly revision: number;
}

/**
 * All profiles: those of the plugins and those of the settings' files. Throws `ConfigError` with one line for each thing
 * that is wrong, in all files at once. `workspaces` says which namespaces have a profile by their workspace; where that is no
 * profile (any more) `unknownAt` says so, and the cluster's is shown meanwhile.
 */
export function createProfiles(
  declared: ProfileParts,
  settings: ProfileSettings,
  workspaces?: ProfileSource | undefined,
  registered?: ClusterProfiles | undefined,
): Profiles {
  const problems: string[] = [];
  const files = settings.profiles.flatMap((path): OwnedProfileFile[] => {
    try {
      return [{ plugin: undefined, file: readProfileFile(path) }];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  const merged = mergeProfiles({ ...declared, files: [...declared.files, ...files] });
  problems.push(...merged.problems);
  // A file that could not be read may be the one that defines it.
  const isComplete = files.length === settings.profiles.length;

  function find(name: string, setting: string): Profile | undefined {
    const found = merged.profiles.get(name);
    if (!found && isComplete)
      problems.push(`${setting} is '${name}', which is no profile${didYouMean(name, merged.profiles.keys())}`);
    return found;
  }
  const platform = find(settings.profile, 'profile') ?? merged.profiles.get(defaultProfile);
  const ofClusters = new Map(
    settings.clusters.flatMap(({ name, profile }, index) => {
      const found = profile === undefined ? undefined : find(profile, `clusters[${index}].profile`);
      return found ? [[name, found] as const] : [];
    }),
  );
  if (problems.length > 0) throw new ConfigError(problems);
  if (!platform) throw new Error('profiles-without-default');
  const ofCluster = (cluster: string | undefined): Profile | undefined => {
    if (cluster === undefined) return undefined;
    return ofClusters.get(cluster) ?? merged.profiles.get(registered?.profileOf(cluster) ?? '');
  };
  const carriedAt = ({ cluster, namespace, workspace }: ProfilePlace): string | undefined => {
    if (cluster !== undefined && namespace !== undefined) return workspaces?.profileOf(cluster, namespace);
    return workspace === undefined ? undefined : workspaces?.profileOfWorkspace(workspace);
  };
  return {
    all: [...merged.profiles.values()],
    get: (name) => merged.profiles.get(name),
    unknownAt(place) {
      const named = carriedAt(place);
      return named === undefined || merged.profiles.has(named) ? undefined : named;
    },
    at(place) {
      const { cluster } = place;
      const named = carriedAt(place);
      const ofWorkspace = named === undefined ? undefined : merged.profiles.get(named);
      return ofWorkspace ?? ofCluster(cluster) ?? platform;
    },
    get revision() {
      return (workspaces?.revision ?? 0) + (registered?.revision ?? 0);
    },
  };
}
