import type { ValidationIssue } from 'longshore/sdk';
import type { Region } from '../../api.ts';

const identifierPattern = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const longestDisplayName = 64;
const longestDescription = 256;
const longestProfile = 63;
const maxZones = 2;

/** An identifier is English: what namespaces and addresses are made of. Display names are of any script. */
export function checkTenant(fields: {
  readonly identifier?: string | null | undefined;
  readonly displayName?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly profile?: string | null | undefined;
}): readonly ValidationIssue[] {
  const { identifier, displayName, description, profile } = fields;
  return [
    ...(typeof identifier === 'string' && !identifierPattern.test(identifier)
      ? [
          issue(
            'identifier',
            'invalid_name',
            `identifier must be 1 to 63 lower-case letters, digits and dashes, begin with a letter and not end with a dash, got ${shown(identifier)}`,
          ),
        ]
      : []),
    ...(typeof displayName === 'string' ? checkText('displayName', displayName, 1, longestDisplayName) : []),
    ...(typeof description === 'string' ? checkText('description', description, 0, longestDescription) : []),
    ...(typeof profile === 'string' ? checkText('profile', profile, 1, longestProfile) : []),
  ];
}

/**
 * A workspace lies in one region and one or two of its zones (CORE-02). Where no regions are configured, any names will do;
 * there are never more than two zones.
 */
export function checkPlace(
  regions: readonly Region[],
  place: { readonly region: string; readonly zones: readonly string[] },
): readonly ValidationIssue[] {
  const { zones } = place;
  const issues: ValidationIssue[] = [
    ...checkText('region', place.region, 1, 63),
    ...zones.flatMap((zone, index) => checkText('zones', zone, 1, 63, index)),
  ];
  if (zones.length === 0)
    issues.push(issue('zones', 'too_small', 'zones must name 1 or 2 availability zones, got none'));
  if (zones.length > maxZones) {
    issues.push(issue('zones', 'too_big', `zones must name 1 or ${maxZones} availability zones, got ${zones.length}`));
  }
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

function checkText(name: string, text: string, min: number, max: number, index?: number): readonly ValidationIssue[] {
  // What people count as characters, not UTF-16 units.
  const length = [...text.trim()].length;
  const path = index === undefined ? [name] : [name, index];
  if (length < min || length > max) {
    return [
      {
        path,
        code: length < min ? 'too_small' : 'too_big',
        message: `${name} must be ${min} to ${max} characters, got ${length}`,
      },
    ];
  }
  if (/\p{Cc}|\p{Zl}|\p{Zp}|\p{Cs}/u.test(text)) {
    return [{ path, code: 'invalid_format', message: `${name} must be one line without control characters` }];
  }
  return [];
}

const issue = (name: string, code: string, message: string): ValidationIssue => ({ path: [name], code, message });

const shown = (text: string): string => JSON.stringify(text.slice(0, 100));
