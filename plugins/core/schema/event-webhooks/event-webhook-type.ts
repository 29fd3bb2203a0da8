import {
  defineList,
  type LongshoreBuilder,
  matchesText,
  named,
  nodeRef,
  registerEnum,
  registerList,
  relationField,
  stringFilterRef,
  typeRef,
  viewerCanField,
} from 'longshore/sdk';
import {
  type DeadLetter,
  type EventWebhook,
  eventWebhookStops,
  eventWebhookSubject,
  instanceOfEventWebhook,
  originOf,
  stateOf,
} from '../../services/event-webhooks/event-webhooks.ts';
import { webhookDeskRef } from '../../services/event-webhooks/webhook-desk.ts';
import { principalNameRef } from '../principal-name.ts';
import { visibleEventWebhooks } from './load-event-webhooks.ts';

export const eventWebhookRef = typeRef<EventWebhook>('EventWebhook');
const deadLetterRef = typeRef<DeadLetter>('EventWebhookDeadLetter');

/** Event webhooks and their dead letters: the types and the list. */
export function registerEventWebhookType(builder: LongshoreBuilder): void {
  registerEnum(builder, 'EventWebhookState', 'Whether an event webhook is told of what happens.', {
    ACTIVE: 'It is, and takes what it is told.',
    FAILING: 'Its receiver takes nothing at present: it is asked again, less and less often.',
    PAUSED: 'Somebody paused it.',
    STOPPED:
      'The platform gave it up; `stopReason` says why. `updateEventWebhook` with `isPaused: false` lets it go on.',
  });
  registerEnum(builder, 'EventWebhookStopReason', 'Why the platform gave an event webhook up.', eventWebhookStops);
  registerDeadLetter(builder);
  builder.objectType(eventWebhookRef, {
    description:
      'Where an integrator is told, by POST, what a subscription would tell: one CloudEvent (1.0, JSON) for each message, signed by the rules of Standard Webhooks. It is told what its owner may see at that moment, at least once (a repetition has the same id), and what concerns one object in order.',
    interfaces: [nodeRef],
    fields: (t) => ({
      id: t.id({ description: 'Its global id.', resolve: ({ id }) => id }),
      ...viewerCanField<EventWebhook>(t, instanceOfEventWebhook),
      displayName: t.exposeString('displayName', { description: 'What people call it, of any script.' }),
      url: t.string({
        nullable: true,
        description: 'What is told, for who may change it; others have `origin`.',
        resolve: (row, _args, context) =>
          context.access.allowed('UPDATE', instanceOfEventWebhook(row)) ? row.url : null,
      }),
      origin: t.string({
        description: 'Where it is, without path and query: `https://hooks.example`.',
        resolve: ({ url }) => originOf(url),
      }),
      subscription: t.exposeString('subscription', { description: 'The GraphQL document that it follows.' }),
      variables: t.field({
        type: 'JSON',
        description: 'The variables of the document.',
        resolve: ({ variables }) => variables,
      }),
      owner: t.field({
        type: principalNameRef,
        description: 'In whose name it is told: what they may not see any more is not told of.',
        resolve: ({ ownerId: id, ownerName: name }) => ({ id, name }),
      }),
      isPaused: t.exposeBoolean('isPaused', {
        description: 'Whether somebody paused it; its place in the stream is kept.',
      }),
      state: t.field({
        type: named('EventWebhookState'),
        description: 'Whether it is told of what happens.',
        resolve: (row) => stateOf(row) as never,
      }),
      stopReason: t.field({
        type: named('EventWebhookStopReason'),
        nullable: true,
        description: 'Why the platform gave it up; null where it did not.',
        resolve: ({ stoppedReason }) => stoppedReason as never,
      }),
      problem: t.exposeString('problem', {
        nullable: true,
        description: 'What was wrong the last time, in words; null where nothing was.',
      }),
      httpStatus: t.exposeInt('httpStatus', {
        nullable: true,
        description:
          'What the last attempt was answered with; null where nothing answered. Redirects are not followed.',
      }),
      failingSince: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when its receiver has taken nothing; null while it takes what it is told.',
        resolve: ({ failingSince }) => failingSince,
      }),
      position: t.field({
        type: 'Cursor',
        nullable: true,
        description:
          'The place in the stream behind everything that it was told, or that is a dead letter; null before the first.',
        resolve: ({ position }) => position,
      }),
      resyncedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description:
          'When it had to begin anew the last time, since what followed its place is not kept any more: it was told so by `io.longshore.stream.resync.v1`. Null where it never had.',
        resolve: ({ resyncedAt }) => resyncedAt,
      }),
      resyncReason: t.field({
        type: named('ResyncReason'),
        nullable: true,
        description: 'Why it had to begin anew the last time.',
        resolve: ({ resyncReason }) => resyncReason as never,
      }),
      deliveredCount: t.field({
        type: 'SafeInt',
        description: 'How many events it has taken.',
        resolve: ({ delivered }) => delivered,
      }),
      deliveredAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it took one the last time.',
        resolve: ({ deliveredAt }) => deliveredAt,
      }),
      secretRotatedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When its secret was rotated the last time; null where it has its first one.',
        resolve: ({ secretRotatedAt }) => secretRotatedAt,
      }),
      version: t.exposeInt('version', { description: '1 when it was made, one more with each change.' }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: (row) => row.createdAt }),
      deadLetters: relationField<EventWebhook, DeadLetter>(builder, t, {
        description:
          'Events that were given up, newest first: 1,000 at the most, for as many days as `eventWebhooks.deadLetterDays` of the settings says. `replayEventWebhook` tries them once more.',
        of: 'EventWebhookDeadLetter',
        rows: async ({ uuid }, context) => ({
          items: await context.service(webhookDeskRef).webhooks.deadLetters(uuid),
        }),
      }) as never,
    }),
  });
  const list = defineList(builder, {
    name: 'EventWebhook',
    node: eventWebhookRef,
    plural: 'event webhooks',
    filter: (t) => ({
      ids: t.field({ type: ['ID'], description: 'Only these, by global id.' }),
      displayName: t.field({ type: stringFilterRef, description: 'Test of the name.' }),
      ownerIds: t.stringList({ description: 'Only of these owners, by the ids of their principals.' }),
      states: t.field({ type: [named('EventWebhookState')], description: 'Only in one of these states.' }),
    }),
    matches:
      ({ ids, displayName, ownerIds, states }) =>
      (row: EventWebhook) =>
        (!ids || ids.includes(row.id)) &&
        matchesText(displayName, row.displayName) &&
        (!ownerIds || ownerIds.includes(row.ownerId)) &&
        (!states || (states as readonly unknown[]).includes(stateOf(row))),
    orders: {
      DISPLAY_NAME: { description: 'By name.', value: ({ displayName }) => displayName },
      CREATED_AT: { description: 'By the time of making.', value: ({ createdAt }) => createdAt.toISOString() },
      DELIVERED_AT: { description: 'By when it took something last.', value: (row) => row.deliveredAt?.toISOString() },
    },
    defaultOrder: [{ field: 'CREATED_AT', direction: 'DESC' }],
    place: ({ uuid }) => ({ cluster: '', namespace: '', name: uuid }),
  });
  registerList(builder, {
    name: 'eventWebhooks',
    description: 'Your event webhooks; all for an ADMIN.',
    allow: { action: 'READ', subject: eventWebhookSubject },
    list,
    rows: async (_args, context) => ({ items: await visibleEventWebhooks(context) }),
  });
}

function registerDeadLetter(builder: LongshoreBuilder): void {
  builder.objectType(deadLetterRef, {
    description: 'An event that a webhook was not told of, though it was tried.',
    fields: (t) => ({
      eventId: t.exposeString('eventId', { description: 'Its id as a CloudEvent.' }),
      eventType: t.exposeString('eventType', { description: 'E.g. `io.longshore.operation-record.modified.v1`.' }),
      subject: t.string({
        nullable: true,
        description: 'Global id of what it is about; null for one about the stream itself.',
        resolve: ({ subject }) => subject,
      }),
      after: t.field({
        type: 'Cursor',
        nullable: true,
        description:
          'The place in the stream before it: `replayEventWebhook` from here tells it and everything since. Null where there is none.',
        resolve: ({ after }) => after,
      }),
      attempts: t.exposeInt('attempts', { description: 'How often the receiver refused it.' }),
      httpStatus: t.exposeInt('httpStatus', {
        nullable: true,
        description: 'What the last attempt was answered with; null where nothing answered.',
      }),
      problem: t.exposeString('problem', { description: 'Why it was given up, in words.' }),
      isWanted: t.exposeBoolean('isWanted', { description: 'Whether it is to be tried once more.' }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was given up.', resolve: (row) => row.createdAt }),
    }),
  });
  defineList(builder, {
    name: 'EventWebhookDeadLetter',
    node: deadLetterRef,
    plural: 'dead letters',
    filter: (t) => ({
      eventTypes: t.stringList({ description: 'Only events of these types.' }),
      subject: t.string({ description: 'Only about the thing with this global id.' }),
    }),
    matches:
      ({ eventTypes, subject }) =>
      (row: DeadLetter) =>
        (!eventTypes || eventTypes.includes(row.eventType)) && (!subject || subject === row.subject),
    orders: {
      CREATED_AT: { description: 'By when it was given up.', value: ({ createdAt }) => createdAt.toISOString() },
    },
    defaultOrder: [{ field: 'CREATED_AT', direction: 'DESC' }],
    place: ({ id }) => ({ cluster: '', namespace: '', name: id }),
  });
}
