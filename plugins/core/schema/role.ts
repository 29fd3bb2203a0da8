import {
  defineList,
  describeCondition,
  type KnownRole,
  type LongshoreBuilder,
  matchesText,
  registerList,
  type SourcedRule,
  type StringFilter,
  typeRef,
} from 'longshore/sdk';

/** Which roles there are and what each may do (CORE-09, CORE-17). */
export function registerRole(builder: LongshoreBuilder): void {
  const rule = registerRoleRule(builder);
  const role = typeRef<KnownRole>('Role');
  builder.objectType(role, {
    description: 'A role: for tokens, groups and members of workspaces and projects.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, unique whatever its case.' }),
      description: t.exposeString('description', { description: 'What it is for.' }),
      definedBy: t.exposeString('definedBy', {
        description: '`longshore`, the name of the plugin that defines it, or `settings`.',
      }),
      extends: t.stringList({
        description: 'Names of roles whose rights it has as well.',
        resolve: (value) => [...value.extends],
      }),
      isForMembers: t.exposeBoolean('isForMembers', {
        description: 'Whether members of workspaces and projects may have it; it then holds inside alone.',
      }),
      rules: t.field({
        type: [rule],
        description: 'What it may do by itself; what it extends has rules of its own. Rules add, and none takes away.',
        resolve: ({ name }, _args, context) =>
          context.services.permissions.rules.filter((each) => each.rule.roles.includes(name)),
      }),
    }),
  });
  const list = defineList(builder, {
    name: 'Role',
    node: role,
    plural: 'roles',
    filter: (t) => ({
      name: t.field({ type: 'StringFilter' as never, description: 'Test of the name.' }),
      isForMembers: t.boolean({ description: 'Only those that members may have, or only the others.' }),
    }),
    matches:
      ({ name, isForMembers }) =>
      (row) =>
        matchesText(name as StringFilter | undefined, row.name) &&
        (isForMembers === undefined || isForMembers === null || isForMembers === row.isForMembers),
    orders: { NAME: { description: 'By name.', value: (row) => row.name } },
    place: (row) => ({ cluster: '', namespace: '', name: row.name }),
  });
  registerList(builder, {
    name: 'roles',
    description: 'Every role of this gateway with its rules.',
    allow: { public: 'What a role may do is no secret, and everybody may know what to ask for' },
    list,
    rows: (_args, context) => ({ items: context.services.permissions.roles.all }),
  });
}

function registerRoleRule(builder: LongshoreBuilder) {
  const rule = typeRef<SourcedRule>('RoleRule');
  builder.objectType(rule, {
    description: 'One grant: these actions on these subjects where the condition holds.',
    fields: (t) => ({
      definedBy: t.exposeString('source', {
        description: '`longshore`, the name of the plugin that says it, or `settings`.',
      }),
      actions: t.stringList({
        description: 'Members of `Action`, or `ALL` alone.',
        resolve: ({ rule: { actions } }) => (actions === 'ALL' ? ['ALL'] : [...actions]),
      }),
      subjects: t.stringList({
        description: 'Group and kind, or plugin and type, e.g. `apps/Deployment`; or `ALL` alone.',
        resolve: ({ rule: { subjects } }) => (subjects === 'ALL' ? ['ALL'] : [...subjects]),
      }),
      fields: t.stringList({
        description: 'The fields that it is limited to; empty where it grants the whole.',
        resolve: ({ rule: { fields } }) => [...(fields ?? [])],
      }),
      condition: t.string({
        nullable: true,
        description: 'What must hold, in words; null where nothing must.',
        resolve: ({ rule: given }) => describeCondition(given) || null,
      }),
    }),
  });
  return rule;
}
