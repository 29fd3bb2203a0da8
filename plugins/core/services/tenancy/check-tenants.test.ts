import { describe, expect, it } from 'vitest';
import { createProfiles } from '../../../../src/kernel/profiles/create-profiles.ts';
import { declareProfiles } from '../../../../src/kernel/profiles/declare-profiles.ts';
import { corePlugin } from '../../plugin.ts';
import { descriptionText } from '../../profile-keys/answers.ts';
import {
  tenantDisplayName,
  tenantIdentifier,
  workspaceNetworkTypes,
  workspaceZonesMax,
} from '../../profile-keys/tenancy.ts';
import { checkProfileName, checkTenant, checkTenantByProfile, checkWorkspaceByProfile } from './check-tenants.ts';

const profiles = createProfiles(declareProfiles([corePlugin]), { profile: 'default', profiles: [], clusters: [] });

/** Each text of a tenant in each profile, with the profile's limits. */
const texts = profiles.all.flatMap((profile) =>
  (
    [
      ['identifier', tenantIdentifier],
      ['displayName', tenantDisplayName],
      ['description', descriptionText],
    ] as const
  ).map(([field, key]) => ({ name: profile.name, profile, field, rule: profile.get(key) })),
);

const zonesOf = (count: number) => Array.from({ length: count }, (_, index) => `zone-${index}`);
const own = { networkType: 'networkType', zones: 'zones' };

describe('texts of tenants', () => {
  it.each(texts)('may have the fewest and the most characters of $field in $name (CORE-02, CORE-34)', (row) => {
    for (const length of [Math.max(row.rule.min, 1), row.rule.max]) {
      const text = (row.field === 'identifier' ? 'a' : '名').repeat(length);
      expect(checkTenant({ [row.field]: text })).toEqual([]);
      expect(checkTenantByProfile(row.profile, { [row.field]: text })).toEqual([]);
    }
  });

  it.each(texts)('may not have one character of $field more or less in $name (refused, CORE-02, CORE-34)', (row) => {
    const long = (row.field === 'identifier' ? 'a' : '名').repeat(row.rule.max + 1);
    expect(checkTenantByProfile(row.profile, { [row.field]: long })).toMatchObject([
      { path: [row.field], code: 'too_long' },
    ]);
    if (row.rule.min === 0) return;
    expect(checkTenantByProfile(row.profile, { [row.field]: 'a'.repeat(row.rule.min - 1) })).toMatchObject([
      { path: [row.field], code: 'too_short' },
    ]);
  });

  it.each([
    { what: 'another script', identifier: '开发' },
    { what: 'a letter that only looks like one of ours', identifier: 'dеv' },
    { what: 'a letter of full width', identifier: 'ｄev' },
    { what: 'an invisible character', identifier: 'de\u200bv' },
    { what: 'a letter with an accent beside it', identifier: 'de\u0301v' },
    { what: 'a capital', identifier: 'Dev' },
    { what: 'a leading dash', identifier: '-dev' },
    { what: 'a leading digit', identifier: '1dev' },
    { what: 'a trailing dash', identifier: 'dev-' },
    { what: 'a line break', identifier: 'dev\n' },
    { what: 'nothing in it', identifier: '' },
    { what: '1 MiB', identifier: 'a'.repeat(1_048_576) },
  ])('may not be an identifier with $what (refused, CORE-02)', ({ identifier }) => {
    const [issue, ...more] = checkTenant({ identifier });
    expect(issue).toMatchObject({ path: ['identifier'] });
    expect(issue?.message.length).toBeLessThan(300);
    expect(more).toEqual([]);
  });

  it.each([
    'a\u0000b',
    'a\nb',
    'a\u2028b',
    '\ud800',
    'a'.repeat(1_048_576),
  ])('may not be a name of more than one plain line (refused, CORE-02)', (displayName) => {
    expect(checkTenant({ displayName })).toMatchObject([{ path: ['displayName'] }]);
  });
});

describe('a workspace', () => {
  it.each([
    { name: 'aks-public', types: ['VPC'], most: 2 },
    { name: 'aks-private', types: ['CLASSIC'], most: 2 },
    ...['csk', 'default', 'ecs', 'esk', 'tcs'].map((name) => ({ name, types: ['VPC', 'CLASSIC'], most: null })),
  ])('has the network types $types and zones up to $most in $name (CORE-02)', ({ name, types, most }) => {
    const profile = profiles.get(name);
    if (!profile) throw new Error(name);
    expect([profile.get(workspaceNetworkTypes), profile.get(workspaceZonesMax)]).toEqual([types, most]);
    for (const networkType of ['VPC', 'CLASSIC'] as const) {
      const issues = checkWorkspaceByProfile(profile, { networkType, zones: zonesOf(most ?? 100) }, own);
      expect(issues.map(({ code }) => code)).toEqual(types.includes(networkType) ? [] : ['network_type_not_allowed']);
    }
  });

  it.each(
    profiles.all.map((profile) => ({ name: profile.name, profile })),
  )('has neither a zone more nor a zone less than $name allows (refused, CORE-02)', ({ profile }) => {
    const networkType = profile.get(workspaceNetworkTypes)[0] ?? 'VPC';
    const most = profile.get(workspaceZonesMax) ?? 100;
    for (const [count, code] of [
      [most + 1, 'too_big'],
      [0, 'too_small'],
    ] as const) {
      expect(checkWorkspaceByProfile(profile, { networkType, zones: zonesOf(count) }, own)).toMatchObject([
        { path: ['zones'], code },
      ]);
    }
  });

  it.each([
    'aks',
    'DEFAULT',
    '',
    '__proto__',
    'x'.repeat(10_000),
  ])('carries no profile that is not there, and is told those that are (refused, CORE-02): %.20s', (name) => {
    const [issue] = checkProfileName(profiles, name);
    expect(issue).toMatchObject({ path: ['profile'], code: 'unknown_profile' });
    expect(issue?.message).toContain('aks-private, aks-public, csk, default, ecs, esk, tcs');
    expect(issue?.message.length).toBeLessThan(300);
  });
});
