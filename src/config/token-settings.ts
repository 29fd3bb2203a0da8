import { z } from 'zod';
import { roleName } from './role-settings.ts';
import { setting } from './setting.ts';
import { labelName, tokenHash } from './setting-kinds.ts';

/** A namespace where a caller may work. */
export const namespaceScope = setting(
  z
    .string()
    .regex(/^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)
    .transform((text) => {
      const [first = '', second] = text.split('/');
      return second === undefined ? { cluster: '*', namespace: first } : { cluster: first, namespace: second };
    }),
  'A namespace of one cluster, or of every cluster.',
  { allowed: "'<namespace>' or '<cluster>/<namespace>'" },
);

/** A group as a token carries it. */
export const groupName = setting(z.string().regex(/^(?!system:)\S+$/i), 'A group.', {
  allowed: "a group name that does not begin with 'system:'",
});

/** One static token. The configuration holds its hash, never the token. */
export const tokenSettings = z.strictObject({
  name: labelName('Who or what holds the token; it stands in every record of what was done with it.'),
  sha256: tokenHash('SHA-256 of the token.'),
  roles: setting(z.array(roleName).min(1), 'Platform roles of the holder.', {
    allowed: 'a non-empty list of roles: ADMIN, DEVELOPER, GUEST, or further ones',
  }),
  namespaces: setting(z.array(namespaceScope).default([]), 'Where those roles hold. An ADMIN is not bound by it.', {
    allowed: "a list of '<namespace>' or '<cluster>/<namespace>'",
  }),
  groups: setting(
    z.array(groupName).default([]),
    'Groups that an impersonating cluster sees; none of them may begin with `system:`.',
    { allowed: "a list of group names that do not begin with 'system:'" },
  ),
  expiresAt: setting(
    z.iso
      .datetime({ offset: true })
      .transform((text) => Date.parse(text))
      .optional(),
    'When the token ends (RFC 3339, with offset); absent: never.',
    { allowed: 'a time such as 2027-01-31T00:00:00Z' },
  ),
});
