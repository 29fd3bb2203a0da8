import { createHash } from 'node:crypto';
import type { StandingMessage } from 'longshore/sdk';

/** CloudEvents 1.0, as JSON has it (`application/cloudevents+json`). */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Global id of what it is about. */
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** Extension: replay behind it. */
  readonly streamcursor: string;
  /** What a subscriber with a connection would be sent. */
  readonly data: unknown;
}

export interface EventPlace {
  readonly webhookUuid: string;
  /** Name of the type of what arrives. */
  readonly itemType: string;
  /** Of one list of what is there: it may be told anew, and must not be taken for the one before. Undefined behind it. */
  readonly listing: string | undefined;
  readonly nowMs: number;
}

/**
 * One message of a stream as an event. Its id is made from the place in the stream: whoever reads there again, after a crash or at
 * another replica, makes the same one.
 */
export function toCloudEvent(message: StandingMessage, place: EventPlace): CloudEvent {
  const { type, cursor, itemId, result } = message;
  const { webhookUuid, itemType, listing, nowMs } = place;
  const named = createHash('sha256').update(
    JSON.stringify([webhookUuid, listing ?? null, cursor, type, itemId ?? null]),
  );
  return {
    specversion: '1.0',
    id: named.digest('base64url').slice(0, 32),
    source: `/event-webhooks/${webhookUuid}`,
    type: typeOfEvent(type, itemId === undefined ? undefined : itemType),
    ...(itemId === undefined ? {} : { subject: itemId }),
    time: new Date(nowMs).toISOString(),
    datacontenttype: 'application/json',
    streamcursor: cursor,
    data: result,
  };
}

/** `io.longshore.operation-record.modified.v1`; about the stream itself `io.longshore.stream.resync.v1`. */
function typeOfEvent(type: StandingMessage['type'], itemType: string | undefined): string {
  return `io.longshore.${itemType === undefined ? 'stream' : kebab(itemType)}.${type.toLowerCase()}.v1`;
}

const kebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
