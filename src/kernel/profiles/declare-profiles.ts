import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginManifest } from '../manifest.ts';
import { type DeclaredKey, mergeProfiles, type OwnedProfileFile, type ProfileParts } from './merge-profiles.ts';
import { readProfileFile } from './read-profile-file.ts';

/** The part of a plugin's manifest that profiles are made from. */
export type ProfileContribution = Pick<PluginManifest, 'name' | 'profileKeys' | 'profiles'>;

/**
 * The keys and profile files of all plugins. Throws one sentence or more, naming the plugin: for a key that two declare, for
 * a file that cannot be read or sets what it may not.
 */
export function declareProfiles(contributions: readonly ProfileContribution[]): ProfileParts {
  const parts: ProfileParts = {
    keys: collectKeys(contributions),
    plugins: contributions.map(({ name }) => name),
    files: contributions.flatMap(readFiles),
  };
  const { problems } = mergeProfiles(parts);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return parts;
}

function collectKeys(contributions: readonly ProfileContribution[]): ReadonlyMap<string, DeclaredKey> {
  const keys = new Map<string, DeclaredKey>();
  for (const { name: plugin, profileKeys = [] } of contributions) {
    for (const key of profileKeys) {
      const other = keys.get(key.name)?.plugin;
      if (other === plugin)
        throw new Error(`Plugin '${plugin}' declares the profile key '${key.name}' twice. Remove one.`);
      if (other !== undefined) {
        throw new Error(
          `Plugins '${other}' and '${plugin}' both declare the profile key '${key.name}'. Rename one, or take the other's reference from its api.`,
        );
      }
      keys.set(key.name, { plugin, key });
    }
  }
  return keys;
}

function readFiles({ name: plugin, profiles }: ProfileContribution): OwnedProfileFile[] {
  if (profiles === undefined) return [];
  const folder = profiles.startsWith('file:') ? fileURLToPath(profiles) : profiles;
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  } catch (error) {
    throw new Error(`Plugin '${plugin}' names a folder of profiles that cannot be read: ${folder}`, { cause: error });
  }
  try {
    return names.sort().map((name) => ({ plugin, file: readProfileFile(join(folder, name)) }));
  } catch (error) {
    throw new Error(`Plugin '${plugin}' ships a profile that is wrong: ${(error as Error).message}`, { cause: error });
  }
}
