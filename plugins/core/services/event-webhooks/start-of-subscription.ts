import {
  type RequestContext,
  RequestError,
  type StandingSubscription,
  sleep,
  type ValidationIssue,
} from 'longshore/sdk';
import { webhookDeskRef } from './webhook-desk.ts';

export interface SubscriptionStart {
  /** Name of the field that it is on. */
  readonly field: string;
  /** The cursor of this moment; null where it begins with a list of what is there. */
  readonly position: string | null;
}

/** How long a stream may take to begin, in ms: one over clusters waits for them 2 s. */
const beginMs = 10_000;
const started = {};

/**
 * Opens the subscription as the caller and closes it again, once per request: so it is known that it can be followed, and from
 * where. Throws `RequestError` where it cannot.
 */
export function startOf(
  subscription: StandingSubscription,
  context: RequestContext,
  after?: string,
): Promise<SubscriptionStart> {
  const known = context.memo(started, () => new Map<string, Promise<SubscriptionStart>>());
  const key = JSON.stringify([subscription, after ?? null]);
  let start = known.get(key);
  if (!start) {
    start = begin(subscription, context, after);
    known.set(key, start);
  }
  return start;
}

async function begin(
  subscription: StandingSubscription,
  context: RequestContext,
  after: string | undefined,
): Promise<SubscriptionStart> {
  const { subscriptions, contextFor } = context.service(webhookDeskRef);
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  // What a stream leaves behind must not be the request's.
  const own = contextFor(context.principal, context.requestId, signal);
  try {
    const { name: field } = subscriptions.check(subscription, own);
    const stream = await subscriptions.open(subscription, after, own);
    if (after !== undefined) return { field, position: after };
    const first = await Promise.race([stream.next(), sleep(context.clock, beginMs, signal)]);
    if (!first || first.done) {
      throw new RequestError('UPSTREAM_UNAVAILABLE', 'The subscription does not begin; try again.');
    }
    return { field, position: first.value.type === 'SNAPSHOT' ? first.value.cursor : null };
  } finally {
    over.abort();
  }
}

/** The same as what is wrong with an input. */
export async function checkSubscription(
  subscription: StandingSubscription,
  context: RequestContext,
  { after, path = 'subscription' }: { readonly after?: string; readonly path?: string } = {},
): Promise<readonly ValidationIssue[]> {
  try {
    await startOf(subscription, context, after);
    return [];
  } catch (error) {
    if (!(error instanceof RequestError) || !ofInput.has(error.code)) throw error;
    const code = error.code === 'FORBIDDEN' ? 'not_allowed' : 'invalid_subscription';
    return [{ path: [path], code: path === 'after' ? 'invalid_cursor' : code, message: error.message }];
  }
}

const ofInput: ReadonlySet<string> = new Set([
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'TOO_COMPLEX',
  'FORBIDDEN',
  'CAPABILITY_MISSING',
]);
