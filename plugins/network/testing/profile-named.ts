import type { Profile } from 'longshore/sdk';
import { createProfiles } from '../../../src/kernel/profiles/create-profiles.ts';
import { declareProfiles } from '../../../src/kernel/profiles/declare-profiles.ts';
import { computePlugin } from '../../compute/plugin.ts';
import { corePlugin } from '../../core/plugin.ts';
import { networkPlugin } from '../plugin.ts';

const declared = declareProfiles([corePlugin, computePlugin, networkPlugin]);
const builtIn = createProfiles(declared, { profile: 'default', profiles: [], clusters: [] });

/** One of the built-in profiles, with the values of network. */
export function profileNamed(name: string): Profile {
  const profile = builtIn.get(name);
  if (!profile) throw new Error(`There is no built-in profile '${name}'`);
  return profile;
}
