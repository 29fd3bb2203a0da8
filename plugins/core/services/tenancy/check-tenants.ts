import { checkText, type Profile, type Profiles, type ValidationIssue } from 'longshore/sdk';
import type { NetworkType, Region } from '../../api.ts';
import { descriptionText } from '../../profile-keys/answers.ts';
import {
  identifierWithin,
  oneLineWithin,
  tenantDisplayName,
  tenantIdentifier,
  workspaceNetworkTypes,
  workspaceZonesMax,
  workspaceZonesMin,
} from '../../profile-keys/tenancy.ts';

/** What people write about a tenant; what is not given is not checked. */
export interface TenantTexts {
  readonly identifier?: string | null | undefined;
  readonly displayName?: string | null | undefined;
  readonly description?: string | null | undefined;
}

/** No list of zones is longer, whatever a profile says. */
const mostZones = 100;

/** What no profile allows. An identifier is English: what namespaces and addresses are made of. Other texts are of any script. */
export function checkTenant({ identifier, displayName, description }: TenantTexts): readonly ValidationIssue[] {
  return [
    ...(typeof identifier === 'string' ? checkText(identifierWithin, 'identifier', identifier) : []),
    ...(typeof displayName === 'string' ? checkText(oneLineWithin, 'displayName', displayName) : []),
    ...(typeof description === 'string' ? checkText(oneLineWithin, 'description', description) : []),
  ];
}

/** What the profile of its place does not allow (CORE-02, CORE-34). */
export function checkTenantByProfile(
  profile: Profile,
  { identifier, displayName, description }: TenantTexts,
): readonly ValidationIssue[] {
  return [
    ...(typeof identifier === 'string' ? checkText(profile.get(tenantIdentifier), 'identifier', identifier) : []),
    ...(typeof displayName === 'string'
      ? checkText(profile.get(tenantDisplayName), 'displayName', displayName.trim())
      : []),
    ...(typeof description === 'string'
      ? checkText(profile.get(descriptionText), 'description', description.trim())
      : []),
  ];
}

/** A profile is named by whoever chooses it: told are those there are. */
export function checkProfileName(profiles: Profiles, name: string | null | undefined): readonly ValidationIssue[] {
  if (name === null || name === undefined || profiles.get(name)) return [];
  const known = profiles.all.map((each) => each.name).join(', ');
  return [issue('profile', 'unknown_profile', `profile must be one of ${known}, got ${shown(name)}`)];
}

/** What a profile says of a workspace as it is, or is to become (CORE-02). `of` is the input's field that asks for it. */
export function checkWorkspaceByProfile(
  profile: Profile,
  { networkType, zones }: { readonly networkType: NetworkType; readonly zones: readonly string[] },
  of: { readonly networkType: string; readonly zones: string },
): readonly ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const types = profile.get(workspaceNetworkTypes);
  if (!types.includes(networkType)) {
    const text = `must be ${types.join(' or ')} by the profile '${profile.name}', got ${networkType}`;
    issues.push(issue(of.networkType, 'network_type_not_allowed', `networkType ${text}`));
  }
  const [min, max] = [profile.get(workspaceZonesMin), profile.get(workspaceZonesMax) ?? mostZones];
  if (zones.length < min || zones.length > max) {
    const code = zones.length < min ? 'too_small' : 'too_big';
    const text = `must name ${min} to ${max} availability zones by the profile '${profile.name}', got ${zones.length}`;
    issues.push(issue(of.zones, code, `zones ${text}`));
  }
  return issues;
}

/**
 * A workspace lies in one region and some of its zones (CORE-02); how many, its profile says. Where no regions are
 * configured, any names will do.
 */
export function checkPlace(
  regions: readonly Region[],
  place: { readonly region: string; readonly zones: readonly string[] },
): readonly ValidationIssue[] {
  const { zones } = place;
  if (zones.length > mostZones) {
    return [issue('zones', 'too_big', `zones must name up to ${mostZones} availability zones, got ${zones.length}`)];
  }
  const issues: ValidationIssue[] = [
    ...checkText(placeName, 'region', place.region),
    ...zones.flatMap((zone, index) => checkText(placeName, ['zones', index], zone)),
  ];
  if (zones.length === 0) issues.push(issue('zones', 'too_small', 'zones must name an availability zone, got none'));
  if (new Set(zones).size < zones.length)
    issues.push(issue('zones', 'duplicate', 'zones must not name one zone twice'));
  if (regions.length === 0 || issues.length > 0) return issues;
  const region = regions.find(({ name }) => name === place.region);
  if (!region) {
    const open = regions.map(({ name }) => name).join(', ');
    return [issue('region', 'unknown_region', `region must be one of ${open}, got ${shown(place.region)}`)];
  }
  const known = region.zones.map(({ name }) => name);
  return zones.flatMap((zone, index) =>
    known.includes(zone)
      ? []
      : [
          {
            path: ['zones', index],
            code: 'unknown_zone',
            message: `zones of region ${region.name} are ${known.join(', ')}, got ${shown(zone)}`,
          },
        ],
  );
}

/** Regions and zones are names of other systems: a label's value at the most. */
const placeName = { ...oneLineWithin, min: 1, max: 63 };

const issue = (name: string, code: string, message: string): ValidationIssue => ({ path: [name], code, message });

const shown = (text: string): string => JSON.stringify(text.slice(0, 100));
