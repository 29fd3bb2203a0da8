import {
  type FieldBuilder,
  type LongshoreBuilder,
  type MutationSuccess,
  registerMutation,
  type ValidationIssue,
} from 'longshore/sdk';
import { impersonationMaxMinutes } from '../../profile-keys/sign-in.ts';
import {
  instanceOfSession,
  instanceOfUser,
  type SessionNode,
  sessionSubject,
  toSessionNode,
  toUserNode,
  type UserNode,
  userSubject,
  usersServiceRef,
} from '../../services/users/users-service.ts';
import { findSession, findUser, isSession, isUser } from './load-users.ts';
import { sessionRef } from './session.ts';
import { userRef } from './user.ts';

interface Started {
  readonly row: SessionNode;
  readonly value: string | undefined;
}

/** Ending what others have open, refusing them, and acting as them. */
export function registerUserMutations(builder: LongshoreBuilder): void {
  registerEndSession(builder);
  registerDisableUser(builder);
  registerStartImpersonation(builder);
}

function registerEndSession(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'endSession',
    description:
      'Refuses the session’s token from now on, on every replica within seconds, and closes what is open with it; where the identity provider names its sign-ins (`sid`), all tokens of this one. A service token is revoked, an impersonation ended. Refused with `SESSION_CANNOT_END` for development tokens.',
    allow: { action: 'DELETE', subject: sessionSubject },
    input: (t) => ({ id: t.id({ required: true, description: 'Global id of the session.' }) }),
    load: async ({ id }, context) => {
      const value = await findSession(String(id), context);
      return {
        value,
        instance: instanceOfSession(value),
        record: { plugin: 'core', type: 'Session', id: value.id, kind: 'Session', name: value.principal.name },
      };
    },
    run: async (_input, row, ticket, context) => {
      const { key, id } = row;
      const ended = await context.service(usersServiceRef).endSession({ ...row, id: key }, context.principal, ticket);
      return { value: toSessionNode({ ...ended, id: key }), resultId: id };
    },
    replay: (node): SessionNode | null => (isSession(node) ? node : null),
    success: {
      description: 'The session is over.',
      fields: (t) => ({
        session: t.field({ type: sessionRef, description: 'The session.', resolve: ({ value }) => value }),
      }),
    },
  });
}

function registerDisableUser(builder: LongshoreBuilder): void {
  const update = { action: 'UPDATE', subject: userSubject } as const;
  const inPayload = (t: FieldBuilder<MutationSuccess<UserNode>>) => ({
    user: t.field({ type: userRef, description: 'The user.', resolve: ({ value }) => value }),
  });
  const recordOf = ({ id, name }: UserNode) => ({ plugin: 'core', type: 'User', id, kind: 'User', name });
  registerMutation(builder, {
    name: 'disableUser',
    description:
      'Refuses somebody everywhere, however they sign in as this principal, with all service tokens of theirs; what they have open is closed within seconds. Refused with `OWN_ACCOUNT` for yourself.',
    allow: update,
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the user.' }),
      reason: t.string({ required: true, description: 'Why, for other administrators: 3 to 500 characters.' }),
    }),
    validate: ({ reason }) => checkReason(reason),
    load: async ({ id }, context) => {
      const value = await findUser(String(id), context);
      return { value, instance: instanceOfUser(value), record: recordOf(value) };
    },
    run: async ({ reason }, { key, id }, ticket, context) => {
      const user = await context.service(usersServiceRef).disableUser(key, reason, context.principal, ticket);
      return { value: toUserNode(user), resultId: id };
    },
    replay: (node): UserNode | null => (isUser(node) ? node : null),
    success: { description: 'They are refused from now on.', fields: inPayload },
  });
  registerMutation(builder, {
    name: 'enableUser',
    description: 'Lets somebody in again who was disabled.',
    allow: update,
    input: (t) => ({ id: t.id({ required: true, description: 'Global id of the user.' }) }),
    load: async ({ id }, context) => {
      const value = await findUser(String(id), context);
      return { value, instance: instanceOfUser(value), record: recordOf(value) };
    },
    run: async (_input, { key, id }, ticket, context) => {
      const user = await context.service(usersServiceRef).enableUser(key, ticket);
      return { value: toUserNode(user), resultId: id };
    },
    replay: (node): UserNode | null => (isUser(node) ? node : null),
    success: { description: 'They may come in again.', fields: inPayload },
  });
}

function registerStartImpersonation(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'startImpersonation',
    description:
      'Hands out a token with which you act as somebody else for a while, to see what they see. It never has more than they have, opens no values of Secrets and no terminals, reaches no cluster that identifies its callers itself, and ends with your own session. Records name both of you, and they see it among their sessions and may end it. Refused for other administrators.',
    allow: { action: 'IMPERSONATE', subject: userSubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the user.' }),
      reason: t.string({ required: true, description: 'Why; they can read it: 3 to 500 characters.' }),
      minutes: t.int({
        required: true,
        defaultValue: 15,
        description: 'For how long: 1 to `impersonation.maxMinutes` of the profile.',
      }),
    }),
    validate: ({ reason }) => checkReason(reason),
    load: async ({ id }, context) => {
      const value = await findUser(String(id), context);
      return {
        value,
        instance: instanceOfUser(value),
        record: { plugin: 'core', type: 'User', id: value.id, kind: 'User', name: value.name },
      };
    },
    check: ({ minutes }, _user, { services }) => {
      const most = services.profiles.at({}).get(impersonationMaxMinutes);
      if (minutes >= 1 && minutes <= most) return [];
      return [{ path: ['minutes'], code: 'out_of_range', message: `minutes must be 1 to ${most}, got ${minutes}` }];
    },
    run: async ({ reason, minutes }, { key }, ticket, context) => {
      const { what, value } = await context
        .service(usersServiceRef)
        .startImpersonation(context.principal, { principalId: key, reason, minutes }, ticket);
      const row = toSessionNode(what);
      return { value: { row, value } satisfies Started, resultId: row.id };
    },
    replay: (node): Started | null => (isSession(node) ? { row: node, value: undefined } : null),
    success: {
      description: 'You may act as them.',
      fields: (t) => ({
        token: t.string({
          nullable: true,
          description: 'The token, shown this once. Null in a dry run, and where the answer repeats an earlier one.',
          resolve: ({ value }) => value.value ?? null,
        }),
        session: t.field({
          type: sessionRef,
          description: 'The session; `endSession` ends it before its time.',
          resolve: ({ value }) => value.row,
        }),
      }),
    },
  });
}

function checkReason(reason: string): readonly ValidationIssue[] {
  const length = reason.trim().length;
  if (length >= 3 && length <= 500 && !/[\p{Cc}\p{Cs}]/u.test(reason)) return [];
  return [{ path: ['reason'], code: 'invalid_reason', message: 'reason must be 3 to 500 characters of plain text' }];
}
