import fc from 'fast-check';
import type { JWTPayload } from 'jose';
import { describe, expect, it } from 'vitest';
import { refuseSystemNames } from '../refuse-system-names.ts';
import type { OidcIssuer } from './oidc-issuer.ts';
import { principalOfClaims } from './principal-of-claims.ts';

const issuer: OidcIssuer = {
  issuer: 'https://id.example.com',
  audience: 'longshore',
  usernameClaim: 'sub',
  groupsClaim: 'groups',
  rolesFromGroups: { platform: 'ADMIN', shop: 'DEVELOPER', bank: 'DEVELOPER' },
  namespacesFromGroups: {
    shop: [{ cluster: '*', namespace: 'shop' }],
    bank: [
      { cluster: '*', namespace: 'shop' },
      { cluster: 'far', namespace: 'bank' },
    ],
  },
  clockSkewSeconds: 0,
};
const claims = { sub: 'u-1', exp: 1_800_000_000 };

describe('principalOfClaims', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['a list', ['shop', 'bank', 'shop'], ['shop', 'bank']],
    ['a text', 'shop', ['shop']],
    ['nothing', undefined, []],
    ['null', null, []],
  ])('takes groups as %s', (_what, groups, expected) => {
    expect(principalOfClaims(issuer, { ...claims, groups }).groups).toEqual(expected);
  });

  it('gives the roles and namespaces of all groups, each once', () => {
    expect(principalOfClaims(issuer, { ...claims, groups: ['bank', 'shop', 'nobody'] })).toMatchObject({
      roles: ['DEVELOPER'],
      namespaces: [
        { cluster: '*', namespace: 'shop' },
        { cluster: 'far', namespace: 'bank' },
      ],
    });
  });

  it('keeps a group of one provider apart from that of another, and finds its roles by its plain name (CORE-09)', () => {
    const of = (groupsPrefix: string) =>
      principalOfClaims({ ...issuer, groupsPrefix }, { ...claims, groups: ['platform'] });
    expect(of('corp:')).toMatchObject({ groups: ['corp:platform'], roles: ['ADMIN'] });
    expect(of('partner:').groups).toEqual(['partner:platform']);
    const poor = { ...issuer, groupsPrefix: 'partner:', rolesFromGroups: {}, namespacesFromGroups: {} };
    expect(principalOfClaims(poor, { ...claims, groups: ['platform', 'corp:platform'] })).toMatchObject({
      groups: ['partner:platform', 'partner:corp:platform'],
      roles: [],
    });
  });

  it.each([
    'serviceaccounts:far',
    'ServiceAccount:far:shop:robot',
  ])('takes no group that means accounts of a cluster: %s (CORE-09, refused)', (group) => {
    expect(() => principalOfClaims(issuer, { ...claims, groups: [group] })).toThrow('groups-unusable');
  });

  it.each(['constructor', '__proto__', 'toString'])('gives nothing to a group called %s (refused)', (group) => {
    const { roles, namespaces } = principalOfClaims(issuer, { ...claims, groups: [group] });
    expect([roles, namespaces]).toEqual([[], []]);
  });

  it.each([
    ['https://id.example.com', 'oidc:id.example.com:u-1'],
    ['https://id.example.com/', 'oidc:id.example.com:u-1'],
    ['https://id.example.com:8443/realms/a', 'oidc:id.example.com:8443/realms/a:u-1'],
    ['https://id.example.com:8443/realms/b', 'oidc:id.example.com:8443/realms/b:u-1'],
  ])('keeps the people of %s apart from others', (url, id) => {
    expect(principalOfClaims({ ...issuer, issuer: url }, claims).id).toBe(id);
  });

  it.each([
    [{ email: 'ann@example.com', email_verified: true }, 'ann@example.com'],
    [{ email: 'ann@example.com' }, 'ann@example.com'],
  ])('takes %j for a name', (change, name) => {
    expect(principalOfClaims({ ...issuer, usernameClaim: 'email' }, { ...claims, ...change }).name).toBe(name);
  });

  it.each([false, 'true', null])('takes no address whose email_verified is %j (refused)', (verified) => {
    const unverified = { ...claims, email: 'ann@example.com', email_verified: verified };
    expect(() => principalOfClaims({ ...issuer, usernameClaim: 'email' }, unverified)).toThrow('email-not-verified');
  });

  it.each([{ toString: '' }, '5000000000', null, Number.NaN])('takes no expiry that is %j (refused)', (exp) => {
    expect(() => principalOfClaims(issuer, { sub: 'ann', exp } as never)).toThrow('expiry-out-of-range');
  });

  it('makes of any claims a principal that stands in its settings, or says one word', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.array(fc.oneof(fc.string(), fc.constantFrom('shop', 'platform'))),
      fc.anything(),
    );
    fc.assert(
      fc.property(fc.record({ sub: anything, exp: fc.anything(), groups: anything }), (random) => {
        let principal: ReturnType<typeof principalOfClaims>;
        try {
          principal = principalOfClaims(issuer, random as JWTPayload);
        } catch (error) {
          expect((error as Error).message).toMatch(/^[a-z-]+$/);
          return;
        }
        expect(principal.id).toBe(`oidc:id.example.com:${String(random.sub)}`);
        expect(principal.name.trim()).not.toBe('');
        expect(Number.isFinite(principal.expiresAt)).toBe(true);
        expect(principal.roles.includes('ADMIN')).toBe(principal.groups.includes('platform'));
      }),
    );
  });

  it('leaves names of the cluster to the one rule that refuses them', () => {
    expect(() => refuseSystemNames(principalOfClaims(issuer, { ...claims, groups: 'system:masters' }))).toThrow();
  });
});
