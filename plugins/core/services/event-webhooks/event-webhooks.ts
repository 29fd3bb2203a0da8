import { encodeGlobalId, type RowNode } from 'longshore/sdk';
import type { eventWebhookDeadLetters, eventWebhooks } from '../../tables.ts';

/** Subject of event webhooks: each is its owner's. */
export const eventWebhookSubject = 'core/EventWebhook';

/** Why the platform gave a webhook up. */
export const eventWebhookStops = {
  GONE: 'The receiver answered 410: it wants no more.',
  RECEIVER_DOWN: 'The receiver has not taken anything for longer than the settings wait.',
  ADDRESS_REFUSED: 'Its address leads to this machine or an inside network by now.',
  OWNER_GONE: 'In whose name it is told may not be here any more, or cannot be asked about.',
  FORBIDDEN: 'Its owner may not follow this subscription any more.',
  SUBSCRIPTION_INVALID: 'The schema does not have what the subscription asks for any more.',
} as const;
export type EventWebhookStop = keyof typeof eventWebhookStops;

export type EventWebhookState = 'ACTIVE' | 'FAILING' | 'PAUSED' | 'STOPPED';

type Row = typeof eventWebhooks.$inferSelect;

export interface EventWebhook extends Omit<Row, 'id' | 'deletedAt'>, RowNode {
  readonly uuid: string;
}

export type DeadLetter = typeof eventWebhookDeadLetters.$inferSelect;

export const idOfEventWebhook = (uuid: string): string =>
  encodeGlobalId({ of: 'row', plugin: 'core', type: 'EventWebhook', key: uuid });

export function toEventWebhook({ id: uuid, deletedAt: _gone, ...row }: Row): EventWebhook {
  return { ...row, uuid, nodeTypeName: 'EventWebhook', id: idOfEventWebhook(uuid) };
}

export const isEventWebhook = (node: unknown): node is EventWebhook =>
  typeof node === 'object' && node !== null && 'nodeTypeName' in node && node.nodeTypeName === 'EventWebhook';

/** What rights are asked about. */
export const instanceOfEventWebhook = ({ uuid, ownerId }: Pick<EventWebhook, 'uuid' | 'ownerId'>) => ({
  subject: eventWebhookSubject,
  owner: ownerId,
  name: uuid,
});

export function stateOf({ isPaused, stoppedReason, failingSince }: EventWebhook): EventWebhookState {
  if (isPaused) return 'PAUSED';
  if (stoppedReason !== null) return 'STOPPED';
  return failingSince === null ? 'ACTIVE' : 'FAILING';
}

/** Where it is, without path and query: those are often all that somebody needs to write there. */
export const originOf = (url: string): string => URL.parse(url)?.origin ?? '';
