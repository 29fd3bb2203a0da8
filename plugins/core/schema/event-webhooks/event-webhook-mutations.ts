import {
  type FieldBuilder,
  idOfOperation,
  type LongshoreBuilder,
  type MutationSuccess,
  type OperationTarget,
  type RequestContext,
  registerMutation,
  replayDeletion,
} from 'longshore/sdk';
import { eventWebhooksMaxPerOwner } from '../../profile-keys/event-webhooks.ts';
import { checkWebhookAddress, checkWebhookInput } from '../../services/event-webhooks/check-webhook-input.ts';
import {
  type EventWebhook,
  eventWebhookSubject,
  instanceOfEventWebhook,
  isEventWebhook,
  originOf,
} from '../../services/event-webhooks/event-webhooks.ts';
import { checkSubscription, startOf } from '../../services/event-webhooks/start-of-subscription.ts';
import { webhookDeskRef } from '../../services/event-webhooks/webhook-desk.ts';
import { presentSecret } from '../../services/event-webhooks/webhook-secret.ts';
import { eventWebhookRef } from './event-webhook-type.ts';
import { findEventWebhook } from './load-event-webhooks.ts';

interface Told {
  readonly row: EventWebhook;
  /** Shown where it was made in this call. */
  readonly isSecretNew: boolean;
}

type Variables = Readonly<Record<string, unknown>>;

/** Making, changing, replaying and deleting event webhooks. */
export function registerEventWebhookMutations(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createEventWebhook',
    description:
      'Makes an event webhook: from now on `url` is told by POST what the subscription would tell you, as CloudEvents (`application/cloudevents+json`). Each carries the headers of Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature`, which is `v1,` and the HMAC-SHA256 of `<id>.<timestamp>.<body>` in base64. A receiver answers 2xx within 10 s; anything else is tried again.',
    allow: { action: 'CREATE', subject: eventWebhookSubject },
    input: (t) => ({
      displayName: t.string({ required: true, description: 'What people call it, 1 to 128 characters.' }),
      url: t.string({ required: true, description: 'What is told, by http or https, up to 2,048 characters.' }),
      subscription: t.string({
        required: true,
        description:
          'A GraphQL document with one subscription, up to 32,768 characters. What arrives must have an id; values of Secrets cannot be selected.',
      }),
      variables: t.field({ type: 'JSON', description: 'Its variables: an object of up to 32,768 bytes of JSON.' }),
    }),
    validate: checkWebhookInput,
    load: ({ displayName }, { principal }) => ({
      value: undefined,
      instance: { subject: eventWebhookSubject, owner: principal.id },
      record: recordTarget(displayName, displayName),
    }),
    check: async ({ url, subscription, variables }, _target, context) => [
      ...checkWebhookAddress(url, context.service(webhookDeskRef)),
      ...(await checkSubscription({ document: subscription, variables: (variables ?? {}) as Variables }, context)),
    ],
    run: async ({ displayName, url, subscription, variables }, _target, ticket, context) => {
      const most = context.services.profiles.at({}).get(eventWebhooksMaxPerOwner);
      const standing = { document: subscription, variables: (variables ?? {}) as Variables };
      const { position } = await startOf(standing, context);
      const fields = { displayName, url, subscription, variables: standing.variables, position };
      const row = await context.service(webhookDeskRef).webhooks.create(context.principal, fields, most, ticket);
      return { value: { row, isSecretNew: true } satisfies Told, resultId: row.id, after: recordedFields(row) };
    },
    replay: asKnown,
    success: { description: 'The event webhook was made.', fields: successFields },
  });
  registerMutation(builder, {
    name: 'updateEventWebhook',
    description:
      'Changes an event webhook; what is not given stays. `isPaused` pauses it and lets it go on where it was; `rotateSecret` makes another secret, and for a while each event is signed with both. It goes on being told in the name of its owner. With a subscription on another field it begins from now.',
    allow: { action: 'UPDATE', subject: eventWebhookSubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Its global id.' }),
      version: t.int({ required: true, description: 'The version that you saw: a CONFLICT where it is an older one.' }),
      displayName: t.string({ description: 'What people call it, 1 to 128 characters.' }),
      url: t.string({ description: 'What is told, by http or https, up to 2,048 characters.' }),
      subscription: t.string({ description: 'A GraphQL document with one subscription, up to 32,768 characters.' }),
      variables: t.field({ type: 'JSON', description: 'Its variables: an object of up to 32,768 bytes of JSON.' }),
      isPaused: t.boolean({ description: 'Whether it is paused; false also lets one go on that was stopped.' }),
      rotateSecret: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether it gets another secret, which is in the answer to this alone.',
      }),
    }),
    validate: checkWebhookInput,
    load: ({ id }, context) => loadTarget(String(id), context),
    check: async ({ url, subscription, variables }, row, context) => {
      const isOther = Boolean(subscription) || Boolean(variables);
      const standing = {
        document: subscription ?? row.subscription,
        variables: (variables ?? row.variables) as Variables,
      };
      return [
        ...(url ? checkWebhookAddress(url, context.service(webhookDeskRef)) : []),
        ...(isOther ? await checkSubscription(standing, context) : []),
      ];
    },
    run: async (input, row, ticket, context) => {
      const { displayName, url, subscription, variables, isPaused, rotateSecret } = input;
      const { webhooks, subscriptions } = context.service(webhookDeskRef);
      const standing = {
        document: subscription ?? row.subscription,
        variables: (variables ?? row.variables) as Variables,
      };
      const isOther = Boolean(subscription) || Boolean(variables);
      const started = isOther ? await startOf(standing, context) : undefined;
      const before = isOther ? fieldBefore() : undefined;
      const isElsewhere = started !== undefined && started.field !== before;
      const edits = {
        ...{
          displayName: displayName ?? undefined,
          url: url ?? undefined,
          isPaused: isPaused ?? undefined,
          rotateSecret,
        },
        ...(isOther ? { subscription: standing.document, variables: standing.variables } : {}),
        ...(isElsewhere ? { position: started.position } : {}),
      };
      const { before: was, after } = await webhooks.update(row.uuid, input.version, edits, ticket);
      const value: Told = { row: after, isSecretNew: rotateSecret };
      return { value, resultId: after.id, before: recordedFields(was), after: recordedFields(after) };

      /** One that the schema does not have any more was on no field that is there. */
      function fieldBefore(): string | undefined {
        try {
          return subscriptions.check({ document: row.subscription, variables: row.variables }, context.fork()).name;
        } catch {
          return undefined;
        }
      }
    },
    replay: asKnown,
    success: { description: 'The event webhook was changed.', fields: successFields },
  });
  registerMutation(builder, {
    name: 'replayEventWebhook',
    description:
      'Tells an event webhook once more: everything behind a cursor (`after`, of its stream), as far as it is kept, its dead letters, or both. Each event has the id that it had; a dead letter comes behind what was told of its object since. What its owner may see with other rights than then is told behind a cursor only.',
    allow: { action: 'UPDATE', subject: eventWebhookSubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Its global id.' }),
      after: t.field({
        type: 'Cursor',
        description: 'Where to go on from, e.g. `streamcursor` of an event, or `after` of a dead letter.',
      }),
      deadLetters: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether its dead letters are tried once more.',
      }),
    }),
    validate: ({ after, deadLetters }) =>
      after || deadLetters
        ? []
        : [{ path: ['after'], code: 'required', message: 'Say after or deadLetters: there is nothing to replay else' }],
    load: ({ id }, context) => loadTarget(String(id), context),
    check: async ({ after }, row, context) => {
      if (!after) return [];
      const standing = { document: row.subscription, variables: row.variables };
      return await checkSubscription(standing, context, { after: String(after), path: 'after' });
    },
    run: async ({ after, deadLetters }, { uuid }, ticket, context) => {
      const what = { after: after ? String(after) : undefined, deadLetters };
      const row = await context.service(webhookDeskRef).webhooks.replay(uuid, what, ticket);
      return { value: { row, isSecretNew: false } satisfies Told, resultId: row.id };
    },
    replay: asKnown,
    success: {
      description: 'The event webhook is told once more.',
      fields: (t) => ({
        eventWebhook: t.field({
          type: eventWebhookRef,
          description: 'The event webhook.',
          resolve: ({ value }) => value.row,
        }),
      }),
    },
  });
  registerMutation(builder, {
    name: 'deleteEventWebhook',
    description: 'Deletes an event webhook with its dead letters. Nothing is told from then on.',
    allow: { action: 'DELETE', subject: eventWebhookSubject },
    mustConfirm: 'BY_PROFILE',
    input: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    load: ({ id }, context) => loadTarget(String(id), context),
    run: async (_input, row, ticket, context) => {
      await context.service(webhookDeskRef).webhooks.remove(row.uuid, ticket);
      const recorded = [{ before: recordedFields(row), after: undefined }];
      return { value: { id: row.id }, resultId: idOfOperation(ticket), recorded };
    },
    replay: (node, context): Promise<{ readonly id: string } | null> => replayDeletion(node, context),
    success: {
      description: 'The event webhook is deleted.',
      fields: (t) => ({ id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }) }),
    },
  });
}

const successFields = (t: FieldBuilder<MutationSuccess<Told>>) => ({
  eventWebhook: t.field({
    type: eventWebhookRef,
    description: 'The event webhook; in a dry run as it would be.',
    resolve: ({ value }) => value.row,
  }),
  secret: t.string({
    nullable: true,
    description:
      'The secret under which it is signed, `whsec_` and base64, shown this once. Null where none was made, in a dry run, and where the answer repeats an earlier one.',
    resolve: ({ value: { row, isSecretNew }, operationId }, _args, context) =>
      isSecretNew && operationId !== undefined ? presentSecret(context.service(webhookDeskRef).keys, row) : null,
  }),
});

async function loadTarget(id: string, context: RequestContext) {
  const row = await findEventWebhook(id, context);
  return { value: row, instance: instanceOfEventWebhook(row), record: recordTarget(row.id, row.displayName) };
}

function recordTarget(id: string, name: string): OperationTarget {
  return { plugin: 'core', type: 'EventWebhook', id, kind: 'EventWebhook', name };
}

/** Of the address only where it is: its path is often all that somebody needs to write there. */
function recordedFields({ displayName, url, subscription, variables, isPaused, secretRotatedAt }: EventWebhook) {
  return { displayName, origin: originOf(url), subscription, variables, isPaused, secretRotatedAt };
}

const asKnown = (node: unknown): Told | null => (isEventWebhook(node) ? { row: node, isSecretNew: false } : null);
