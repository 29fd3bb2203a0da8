import type { ExecutionResult } from 'graphql';
import type { ResyncReason, StreamMessageType } from '../../live/stream-message.ts';
import type { RequestContext } from '../request-context.ts';

/** A subscription that somebody leaves with the platform, to be followed without a connection of theirs. */
export interface StandingSubscription {
  /** One operation, a subscription, with its field directly in it. */
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the document asks for, as the schema knows it. */
export interface StandingField {
  /** Name of the field of `Subscription`. */
  readonly name: string;
  /** Name of the type of what arrives, e.g. `OperationRecord`. */
  readonly itemType: string;
}

export interface StandingMessage {
  readonly type: StreamMessageType;
  /** Behind this message; `open` goes on from there. */
  readonly cursor: string;
  readonly reason: ResyncReason | undefined;
  /** Global id of what it is about; undefined for messages about the stream itself. */
  readonly itemId: string | undefined;
  /** What a subscriber with a connection would be sent. */
  readonly result: ExecutionResult;
}

/**
 * Subscriptions followed by loops instead of sockets: with the limits, the rights, the masking and the messages of any other.
 *
 * They run without anybody who looks, so fields whose extension `onRequestOnly` is true (the value of a Secret) are refused in
 * them; and each item must have an `id`, so that what happens to one thing can be told from what happens to another.
 */
export interface StandingSubscriptions {
  /** Throws `RequestError` (`GRAPHQL_VALIDATION_FAILED`, `BAD_USER_INPUT`, `TOO_COMPLEX`, `FORBIDDEN`) for what cannot be followed. */
  check(subscription: StandingSubscription, context: RequestContext): StandingField;
  /**
   * Follows it behind a cursor, or from its beginning. Throws `RequestError` where it cannot be opened, by this caller or at all;
   * ends when `context.signal` aborts, and throws where the stream breaks: open it again behind the last cursor.
   */
  open(
    subscription: StandingSubscription,
    after: string | undefined,
    context: RequestContext,
  ): Promise<AsyncIterableIterator<StandingMessage>>;
}

/** Extension of fields that nobody may have followed for them. */
export const onRequestOnly = { onRequestOnly: true } as const;
