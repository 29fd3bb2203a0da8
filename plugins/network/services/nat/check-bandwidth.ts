import type { Profile, ValidationIssue } from 'longshore/sdk';
import { natBandwidthDefault, natBandwidthMax, natBandwidthMin } from '../../profile-keys/nat.ts';

/** What the profile has against a bandwidth in Mbit/s (NET-34, NET-40); nothing was said where it is null. */
export function checkBandwidth(
  profile: Pick<Profile, 'get'>,
  mbps: number | null | undefined,
  path: readonly (string | number)[] = ['bandwidthMbps'],
): readonly ValidationIssue[] {
  if (mbps === null || mbps === undefined) return [];
  const [min, max] = [profile.get(natBandwidthMin), profile.get(natBandwidthMax)];
  if (mbps >= min && mbps <= max) return [];
  const message = `${path.at(-1)} must be ${min} to ${max}, got ${mbps}`;
  return [{ path, code: mbps < min ? 'too_small' : 'too_big', message }];
}

/** The bandwidth that something gets, in Mbit/s. */
export function bandwidthOf(profile: Pick<Profile, 'get'>, mbps: number | null | undefined): number {
  return mbps ?? profile.get(natBandwidthDefault);
}
