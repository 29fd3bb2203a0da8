import { z } from 'zod';
import { namespacesFromGroups, rolesFromGroups } from './oidc-settings.ts';
import { setting } from './setting.ts';

const audience = setting(z.string().min(1).max(500), 'An audience.', { allowed: 'a text' });

/** One cluster whose service accounts sign in. */
export const serviceAccountSettings = z.strictObject({
  cluster: setting(z.string().min(1), 'Name of the cluster that is asked by TokenReview.', {
    allowed: 'the name of a cluster',
  }),
  audiences: setting(
    z.array(audience).min(1).max(10),
    'What tokens must be made for; those of other audiences are never shown to the cluster.',
    { allowed: 'a list of 1 to 10 audiences' },
  ),
  issuer: setting(
    z.string().min(1).optional(),
    '`iss` of its tokens; tokens of others are never shown to it. Absent: its audiences alone tell them.',
    { allowed: 'the issuer of the cluster' },
  ),
  rolesFromGroups,
  namespacesFromGroups,
});
