import type { JWTPayload } from 'jose';
import type { Principal } from '../../kernel/principal.ts';
import { rightsOfGroups } from '../rights-of-groups.ts';
import type { OidcIssuer } from './oidc-issuer.ts';

/** Longest subject that OpenID Connect Core allows, and longest name that anybody needs, in characters. */
const maxNameLength = 255;

/**
 * Whom verified claims stand for. Throws one word for the log where they do not say it clearly: it is never guessed, and
 * nothing of the claims is in it.
 */
export function principalOfClaims(issuer: OidcIssuer, claims: JWTPayload): Principal {
  const subject = nameIn(claims, 'sub');
  const name = nameIn(claims, issuer.usernameClaim);
  // Whoever may write any address into their profile could take over another one's name with it.
  if (issuer.usernameClaim === 'email' && Object.hasOwn(claims, 'email_verified') && claims.email_verified !== true) {
    throw new Error('email-not-verified');
  }
  const groups = groupsIn(claims, issuer.groupsClaim);
  // Such groups are those of clusters' own accounts, whatever a provider says.
  if (issuer.groupsPrefix === undefined && groups.some((group) => /^\s*serviceaccounts?:/i.test(group))) {
    throw new Error('groups-unusable');
  }
  const { exp } = claims;
  // A token is JSON of a stranger: what should be a number may be an object that cannot even be read as one.
  const expiresAt = typeof exp === 'number' ? (exp + issuer.clockSkewSeconds) * 1_000 : Number.NaN;
  if (!Number.isSafeInteger(Math.floor(expiresAt))) throw new Error('expiry-out-of-range');
  return {
    id: `oidc:${placeOf(issuer.issuer)}:${subject}`,
    name,
    kind: 'USER',
    groups: groups.map((group) => `${issuer.groupsPrefix ?? ''}${group}`),
    ...rightsOfGroups(groups, issuer),
    expiresAt,
  };
}

/** Host and path: two realms of one server are two issuers, and their subjects are different people. */
function placeOf(issuer: string): string {
  const { host, pathname } = new URL(issuer);
  return `${host}${pathname.replace(/\/$/, '')}`;
}

function nameIn(claims: JWTPayload, claim: string): string {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (!isName(value)) throw new Error('name-missing-or-unusable');
  return value;
}

function groupsIn(claims: JWTPayload, claim: string): readonly string[] {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (value === undefined || value === null) return [];
  const groups: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!groups.every(isName)) throw new Error('groups-unusable');
  return [...new Set(groups)];
}

/** What may stand in records and in the headers towards a cluster. */
function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= maxNameLength &&
    !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(value)
  );
}
