import {
  defineList,
  type LongshoreBuilder,
  matchesText,
  nodeRef,
  registerList,
  stringFilterRef,
  typeRef,
  viewerCanField,
} from 'longshore/sdk';
import { instanceOfUser, type UserNode, userSubject } from '../../services/users/users-service.ts';
import { visibleUsers } from './load-users.ts';
import { signInMethodRef } from './sign-in-method.ts';

export const userRef = typeRef<UserNode>('User');

/** Who has been here, for administrators. */
export function registerUser(builder: LongshoreBuilder): void {
  builder.objectType(userRef, {
    description: 'Somebody who has signed in, as they were when they last did.',
    interfaces: [nodeRef],
    fields: (t) => ({
      id: t.id({ description: 'Its global id.', resolve: ({ id }) => id }),
      ...viewerCanField<UserNode>(t, instanceOfUser),
      principalId: t.string({
        description: 'Stable over sessions, unique over all ways of signing in: what members and records name.',
        resolve: ({ key }) => key,
      }),
      name: t.exposeString('name', { description: 'What records and consoles show.' }),
      method: t.field({
        type: signInMethodRef,
        description: 'How they last signed in.',
        resolve: ({ method }) => method,
      }),
      groups: t.stringList({ description: 'Their groups.', resolve: ({ groups }) => [...groups] }),
      roles: t.stringList({
        description: 'Their roles of the platform, without what comes of belonging to workspaces and projects.',
        resolve: ({ roles }) => [...roles],
      }),
      firstSeenAt: t.field({
        type: 'DateTime',
        description: 'When they first signed in.',
        resolve: ({ createdAt }) => createdAt,
      }),
      lastSeenAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When they last signed in, to ten minutes or so.',
        resolve: ({ lastSeenAt }) => lastSeenAt ?? null,
      }),
      disabledAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when they are refused; null where they are not.',
        resolve: ({ disabled }) => disabled?.at ?? null,
      }),
      disabledBy: t.string({
        nullable: true,
        description: 'Id of who disabled them.',
        resolve: ({ disabled }) => disabled?.by ?? null,
      }),
      disabledReason: t.string({
        nullable: true,
        description: 'Why, in that administrator’s words.',
        resolve: ({ disabled }) => disabled?.reason ?? null,
      }),
    }),
  });
  const list = defineList(builder, {
    name: 'User',
    node: userRef,
    plural: 'users',
    filter: (t) => ({
      name: t.field({ type: stringFilterRef, description: 'Test of the name.' }),
      principalIds: t.stringList({ description: 'Only these, by the ids of their principals.' }),
      isDisabled: t.boolean({ description: 'Only disabled ones, or only others.' }),
    }),
    matches:
      ({ name, principalIds, isDisabled }) =>
      (row: UserNode) =>
        matchesText(name, row.name) &&
        (!principalIds || principalIds.includes(row.key)) &&
        (isDisabled === null || isDisabled === undefined || isDisabled === (row.disabled !== undefined)),
    orders: {
      NAME: { description: 'By name.', value: ({ name }) => name },
      LAST_SEEN_AT: { description: 'By last sign-in.', value: ({ lastSeenAt }) => lastSeenAt?.toISOString() },
    },
    defaultOrder: [{ field: 'NAME', direction: 'ASC' }],
    place: ({ key }) => ({ cluster: '', namespace: '', name: key }),
  });
  registerList(builder, {
    name: 'users',
    description: 'Everybody who has signed in within the last 400 days; for administrators.',
    allow: { action: 'READ', subject: userSubject },
    list,
    rows: async (_args, context) => ({ items: await visibleUsers(context) }),
  });
}
