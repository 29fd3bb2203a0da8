import type { Profile, Profiles } from 'longshore/sdk';
import { createProfiles, type ProfileSettings } from '../../../src/kernel/profiles/create-profiles.ts';
import { declareProfiles } from '../../../src/kernel/profiles/declare-profiles.ts';
import { corePlugin } from '../../core/plugin.ts';
import { computePlugin } from '../plugin.ts';

const declared = declareProfiles([corePlugin, computePlugin]);

/** The built-in profiles, with what settings add. */
export function profilesOf(settings: Partial<ProfileSettings> = {}): Profiles {
  return createProfiles(declared, { profile: 'default', profiles: [], clusters: [], ...settings });
}

const builtIn = profilesOf();

/** One of the built-in profiles. */
export function profileNamed(name: string): Profile {
  const profile = builtIn.get(name);
  if (!profile) throw new Error(`There is no built-in profile '${name}'`);
  return profile;
}
