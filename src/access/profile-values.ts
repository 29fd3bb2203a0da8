import type { Profile, ProfilePlace, Profiles } from '../kernel/profiles/profiles.ts';
import type { Fact } from './subject-facts.ts';

/** The value that a key of the profile has at a place; undefined where no plugin declares the key. */
export type ProfileValues = (place: ProfilePlace, key: string) => Fact | undefined;

/** The profile that a place should have and that is not there; undefined where all is well. */
export type UnknownProfileAt = (place: ProfilePlace) => string | undefined;

/** Reads single words, numbers and switches of profiles by name; other values are none that a rule compares. */
export function createProfileValues(profiles: () => Profiles): ProfileValues {
  const byProfile = new WeakMap<Profile, ReadonlyMap<string, unknown>>();
  return (place, key) => {
    const profile = profiles().at(place);
    let values = byProfile.get(profile);
    if (!values) {
      values = new Map(profile.limits.map((limit) => [limit.key.name, limit.value]));
      byProfile.set(profile, values);
    }
    const value = values.get(key);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
  };
}
