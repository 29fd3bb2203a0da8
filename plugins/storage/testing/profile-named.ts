import type { Profile } from 'longshore/sdk';
import { createProfiles } from '../../../src/kernel/profiles/create-profiles.ts';
import { declareProfiles } from '../../../src/kernel/profiles/declare-profiles.ts';
import { computePlugin } from '../../compute/plugin.ts';
import { corePlugin } from '../../core/plugin.ts';
import { storagePlugin } from '../plugin.ts';

const declared = declareProfiles([corePlugin, computePlugin, storagePlugin]);
const builtIn = createProfiles(declared, { profile: 'default', profiles: [], clusters: [] });

/** A built-in profile, with some values of the test's own. */
export function profileNamed(name: string, values: Readonly<Record<string, unknown>> = {}): Profile {
  const profile = builtIn.get(name);
  if (!profile) throw new Error(`There is no built-in profile '${name}'`);
  return {
    ...profile,
    name,
    get: (key) => (Object.hasOwn(values, key.name) ? values[key.name] : profile.get(key)) as never,
  };
}
