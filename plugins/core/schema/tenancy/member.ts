import {
  defineList,
  type EnumTypeRef,
  enumRef,
  type FieldBuilder,
  type LongshoreBuilder,
  matchesText,
  type RequestContext,
  relationField,
  stringFilterRef,
  typeRef,
} from 'longshore/sdk';
import { type Member, type MemberKind, type Project, tenancyServiceRef, type Workspace } from '../../api.ts';
import { instanceOf } from '../../services/tenancy/tenants.ts';

export const memberKindRef: EnumTypeRef<MemberKind> = enumRef<MemberKind>('MemberKind');

/** Who belongs to a workspace or project. */
export function registerMember(builder: LongshoreBuilder): void {
  builder.enumType('MemberKind', {
    description: 'Whether a member is one caller or all of a group.',
    values: {
      PRINCIPAL: { description: 'One caller, by the id that `viewer { id }` tells.' },
      GROUP: { description: 'Everybody whose token names the group.' },
    },
  });
  const member = typeRef<Member>('Member');
  builder.objectType(member, {
    description: 'Somebody who belongs to a workspace or project.',
    fields: (t) => ({
      kind: t.field({ type: memberKindRef, description: 'One caller or a group.', resolve: ({ kind }) => kind }),
      name: t.exposeString('name', { description: 'Id of the caller, or name of the group.' }),
      role: t.exposeString('role', {
        description:
          'What it is there: ADMIN works in it and manages its members, of a workspace also its projects and namespaces; DEVELOPER works in its namespaces; GUEST sees that it is there; or a role of `roles` that is for members.',
      }),
      addedAt: t.field({ type: 'DateTime', description: 'Since when.', resolve: ({ createdAt }) => createdAt }),
    }),
  });
  defineList(builder, {
    name: 'Member',
    node: member,
    plural: 'members',
    filter: (t) => ({
      name: t.field({ type: stringFilterRef, description: 'Test of the id or name of the group.' }),
      kinds: t.field({ type: [memberKindRef], description: 'Only of these kinds.' }),
      roles: t.stringList({ description: 'Only with these roles.' }),
    }),
    matches:
      ({ name, kinds, roles }) =>
      (row: Member) =>
        matchesText(name, row.name) && (!kinds || kinds.includes(row.kind)) && (!roles || roles.includes(row.role)),
    orders: {
      NAME: { description: 'By id or name.', value: ({ name }) => name },
      ROLE: { description: 'Administrators first.', value: ({ role }) => role },
      ADDED_AT: { description: 'By the time of adding.', value: ({ createdAt }) => createdAt.toISOString() },
    },
    place: ({ kind, name }) => ({ cluster: '', namespace: kind, name }),
  });
}

/** The connection on a workspace or project: empty for who may see that it is there, but not who is in it. */
export function membersField<T extends Workspace | Project>(builder: LongshoreBuilder, t: FieldBuilder<T>) {
  return relationField<T, Member>(builder, t, {
    of: 'Member',
    description: 'Who belongs to it. Empty where you only belong to one of its projects.',
    rows: async (tenant: T, context: RequestContext) => ({
      items: context.access.allowed('READ_MEMBERS', instanceOf(tenant))
        ? await context.service(tenancyServiceRef).members(tenant)
        : [],
    }),
  });
}
