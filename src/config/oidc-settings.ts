import { z } from 'zod';
import { roleName } from './role-settings.ts';
import { setting } from './setting.ts';
import { groupName, namespaceScope } from './token-settings.ts';

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
  z.record(groupName, z.union([roleName, z.array(roleName).min(1)])).default({}),
  'Platform role or roles by group; who is in none of these groups signs in without a role.',
  { allowed: 'a map from groups to a role or a list of roles: ADMIN, DEVELOPER, GUEST, or further ones' },
);

/** Which namespaces come with a group of the identity provider. */
export const namespacesFromGroups = setting(
  z.record(groupName, z.array(namespaceScope)).default({}),
  'Where the platform roles hold, by group.',
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
  groupsPrefix: setting(
    z
      .string()
      .regex(/^(?!system:|serviceaccounts?:)[A-Za-z0-9._/@-]{1,100}:$/i)
      .optional(),
    'What stands before its groups wherever members and clusters see them; needed where there are several providers.',
    { allowed: "1 to 100 letters, digits and . _ / @ - that end with ':', such as 'corp:'" },
  ),
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
