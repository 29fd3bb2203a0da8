import { defineList, type LongshoreBuilder, nodeRef, registerList, typeRef, viewerCanField } from 'longshore/sdk';
import { instanceOfSession, type SessionNode, sessionSubject } from '../../services/users/users-service.ts';
import { principalNameRef } from '../principal-name.ts';
import { visibleSessions } from './load-users.ts';
import { signInMethodRef } from './sign-in-method.ts';

export const sessionRef = typeRef<SessionNode>('Session');

/** Who is signed in, with what, and from where. */
export function registerSession(builder: LongshoreBuilder): void {
  builder.objectType(sessionRef, {
    description:
      'One token in use, or one sign-in at an identity provider that says which tokens belong to it (`sid`). The gateway has no login of its own: ending it refuses that token, or all tokens of that sign-in, from then on. Whoever signs in anew has another one.',
    interfaces: [nodeRef],
    fields: (t) => ({
      id: t.id({ description: 'Its global id.', resolve: ({ id }) => id }),
      ...viewerCanField<SessionNode>(t, instanceOfSession),
      principal: t.field({
        type: principalNameRef,
        description: 'Who is signed in.',
        resolve: ({ principal }) => principal,
      }),
      method: t.field({ type: signInMethodRef, description: 'How.', resolve: ({ method }) => method }),
      impersonatedBy: t.field({
        type: principalNameRef,
        nullable: true,
        description: 'The administrator who acts as them; null where they do so themselves.',
        resolve: ({ impersonatedBy }) => impersonatedBy ?? null,
      }),
      impersonationReason: t.string({
        nullable: true,
        description: 'Why, in the administrator’s words.',
        resolve: ({ impersonationReason }) => impersonationReason ?? null,
      }),
      address: t.string({
        nullable: true,
        description:
          'The address it was last used from; behind a proxy that is not among the trusted ones (`trustedProxies`) the proxy’s. Null where it was not used yet.',
        resolve: ({ address }) => address ?? null,
      }),
      userAgent: t.string({
        nullable: true,
        description: 'What the client calls itself.',
        resolve: ({ userAgent }) => userAgent ?? null,
      }),
      firstSeenAt: t.field({
        type: 'DateTime',
        description: 'When it was first seen.',
        resolve: ({ firstSeenAt }) => firstSeenAt,
      }),
      lastSeenAt: t.field({
        type: 'DateTime',
        description: 'When it was last seen, to a minute or so.',
        resolve: ({ lastSeenAt }) => lastSeenAt,
      }),
      expiresAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When its token ends; null where it does not.',
        resolve: ({ expiresAt }) => expiresAt ?? null,
      }),
      openStreams: t.exposeInt('openStreams', {
        description: 'WebSockets and event streams that are open with it.',
      }),
      endedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When somebody ended it; null where nobody has.',
        resolve: ({ endedAt }) => endedAt ?? null,
      }),
      isCurrent: t.boolean({
        description: 'Whether it is the one that asks.',
        resolve: ({ key }, _args, { principal }) => principal.session?.id === key,
      }),
    }),
  });
  const list = defineList(builder, {
    name: 'Session',
    node: sessionRef,
    plural: 'sessions',
    filter: (t) => ({
      principalIds: t.stringList({ description: 'Only of these, by the ids of their principals.' }),
      methods: t.field({ type: [signInMethodRef], description: 'Only signed in like this.' }),
      isEnded: t.boolean({ description: 'Only ended ones, or only others.' }),
    }),
    matches:
      ({ principalIds, methods, isEnded }) =>
      (row: SessionNode) =>
        (!principalIds || principalIds.includes(row.principal.id)) &&
        (!methods || methods.includes(row.method)) &&
        (isEnded === null || isEnded === undefined || isEnded === (row.endedAt !== undefined)),
    orders: {
      LAST_SEEN_AT: { description: 'By last use.', value: ({ lastSeenAt }) => lastSeenAt.toISOString() },
      FIRST_SEEN_AT: { description: 'By first use.', value: ({ firstSeenAt }) => firstSeenAt.toISOString() },
      PRINCIPAL: { description: 'By name.', value: ({ principal }) => principal.name },
    },
    defaultOrder: [{ field: 'LAST_SEEN_AT', direction: 'DESC' }],
    place: ({ key }) => ({ cluster: '', namespace: '', name: key }),
  });
  registerList(builder, {
    name: 'sessions',
    description: 'Tokens in use as you, those of the last 30 days; of everybody for an ADMIN.',
    allow: { action: 'READ', subject: sessionSubject },
    list,
    rows: async (_args, context) => ({ items: await visibleSessions(context) }),
  });
}
