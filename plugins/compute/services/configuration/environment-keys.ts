import { checkText, type Profile } from 'longshore/sdk';
import { envName } from '../../profile-keys/names.ts';
import { configKeysOf } from './config-keys.ts';

/** Keys that can be the name of an environment variable: a picker for variables shows only these (CMP-90). */
export function environmentKeysOf(object: object, profile: Profile): readonly string[] {
  const rule = profile.get(envName);
  return configKeysOf(object)
    .filter((key) => checkText(rule, 'key', key).length === 0)
    .sort();
}
