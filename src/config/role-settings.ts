import { z } from 'zod';
import { setting } from './setting.ts';

/** Name of a role: built-in, of the settings, or of a plugin. Whether it is one is known once the plugins are loaded. */
export const roleName = setting(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,62}$/), 'A role.', {
  allowed: "the name of a role: letters, digits, '-' and '_', beginning with a letter, up to 63",
});

const names = (description: string, allowed: string) =>
  setting(z.array(z.string().min(1).max(200)).min(1).max(500), description, { allowed });

const allOr = (description: string, allowed: string) =>
  setting(z.union([z.literal('ALL'), names(description, allowed)]), description, { allowed: `ALL or ${allowed}` });

const compared = (description: string) => {
  const value = z.union([z.string(), z.number(), z.boolean()]);
  return setting(z.record(z.string().min(1), z.union([value, z.array(value).min(1)])).optional(), description, {
    allowed: 'a map from names to a value or a list of values',
  });
};

const always = (description: string) =>
  setting(z.literal(true).optional(), description, { allowed: 'true, or left out' });

const conditions = setting(
  z.union([
    z.enum(['namespaces', 'own']),
    z.strictObject({
      namespaces: always('It lies in a namespace where the role holds.'),
      own: always('It belongs to the caller.'),
      member: setting(
        z.enum(['GUEST', 'DEVELOPER', 'ADMIN']).optional(),
        'It lies in a workspace, project or department that the caller belongs to, at least as this.',
        { allowed: 'one of GUEST, DEVELOPER, ADMIN' },
      ),
      tenantKind: setting(
        z.enum(['workspace', 'project', 'department']).optional(),
        'With member: only tenants of this kind count.',
        { allowed: 'one of workspace, project, department' },
      ),
      principalIn: setting(
        z.array(z.string().min(1)).min(1).optional(),
        'The caller, or a group of the caller, is on one of these lists of the thing.',
        { allowed: 'a list of lists of people such as owner or operators' },
      ),
      facts: compared('Facts of the thing, and the values they may have.'),
      profile: compared('Keys of the profile in force where it lies, and the values they may have; never to read.'),
    }),
  ]),
  'What must hold; all of it.',
  { allowed: 'namespaces, own, or a map of conditions' },
);

const rule = z.strictObject({
  actions: allOr('What may be done.', 'a list of actions such as READ or SCALE'),
  subjects: allOr('To what.', 'a list of subjects such as core/Pod or apps/Deployment'),
  fields: setting(
    z.array(z.string().min(1)).min(1).optional(),
    'Only these fields of it; absent: the whole with each of its fields.',
    { allowed: 'a list of names of fields' },
  ),
  where: conditions.optional(),
});

/** One role of one's own (CORE-09). */
export const roleSettings = z.strictObject({
  name: roleName,
  description: setting(z.string().min(1).max(500), 'What it is for.', { allowed: 'a text of 1 to 500 characters' }),
  extends: setting(z.array(roleName).default([]), 'Roles whose rights it has as well; never ADMIN.', {
    allowed: 'a list of roles',
  }),
  isForMembers: setting(
    z.boolean().default(false),
    'Whether administrators of workspaces and projects may give it to members; it then holds inside alone.',
    { allowed: 'true or false' },
  ),
  rules: setting(z.array(rule).max(200).default([]), 'What it may do besides: every rule adds, none takes away.', {
    allowed: 'a list of rules { actions, subjects, fields, where }',
  }),
});
