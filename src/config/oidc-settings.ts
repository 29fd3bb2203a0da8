import { z } from 'zod';
import { setting } from './setting.ts';
import { groupName, namespaceScope, tokenRoles } from './token-settings.ts';

/** Loopback alone may go without TLS: what is read there never leaves the machine. */
function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

const safeUrl = { allowed: 'an https:// URL without user name, query or fragment (http:// for loopback alone)' };

const claimName = z.string().min(1).max(200);

/** Which platform roles come with a group of the identity provider. */
export const rolesFromGroups = setting(
  z.record(groupName, z.enum(tokenRoles)).default({}),
  'Platform role by group; who is in none of these groups signs in without a role.',
  { allowed: `a map from groups to ${tokenRoles.join(' or ')}` },
);

/** Which namespaces come with a group of the identity provider. */
export const namespacesFromGroups = setting(
  z.record(groupName, z.array(namespaceScope)).default({}),
  'Where a DEVELOPER may see and act, by group.',
  { allowed: "a map from groups to lists of '<namespace>' or '<cluster>/<namespace>'" },
);

/** One OpenID Connect provider whose tokens sign in. */
export const oidcSettings = z.strictObject({
  issuer: setting(z.string().refine(isSafeUrl), 'The issuer, exactly as its tokens name it in `iss`.', safeUrl),
  audience: setting(z.string().min(1).max(500), 'What the tokens must carry in `aud`.', { allowed: 'a text' }),
  usernameClaim: setting(
    claimName.default('sub'),
    'Claim with the name that records show and impersonating clusters see. An `email` must not be unverified.',
    { allowed: 'the name of a claim' },
  ),
  groupsClaim: setting(claimName.default('groups'), 'Claim with the groups: a list of texts, or one text.', {
    allowed: 'the name of a claim',
  }),
  rolesFromGroups,
  namespacesFromGroups,
  clockSkewSeconds: setting(
    z.int().min(0).max(300).default(30),
    "How far the provider's clock may be from the gateway's, in seconds.",
    { allowed: 'a whole number from 0 to 300' },
  ),
  jwksUrl: setting(
    z.string().refine(isSafeUrl).optional(),
    'Where its keys are; absent: as its discovery document says. Providers inside need their host in `egress.allow`.',
    safeUrl,
  ),
});
