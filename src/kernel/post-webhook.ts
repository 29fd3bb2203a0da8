import { AnswerError, ValidationError } from './answer-error.ts';
import type { Clock } from './clock.ts';
import type { EgressClient } from './egress-client.ts';

export interface WebhookPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** How a webhook took what it was told. */
export interface WebhookAnswer {
  /** Null where nothing answered. */
  readonly httpStatus: number | null;
  /** Why it was not told, in words; null where it was (2xx). */
  readonly problem: string | null;
  /** The address must not be called: trying again is of no use. */
  readonly isRefused: boolean;
  /** For how long it asks to be left alone (`Retry-After`), in ms. */
  readonly retryAfterMs: number | undefined;
}

const timeoutMs = 10_000;
const maxAnswerBytes = 65_536;

/** Tells a webhook something by POST, through the egress guard: 10 s, no redirects, 64 KiB of answer at the most. Throws what is no answer of the network. */
export async function postWebhook(
  egress: Pick<EgressClient, 'request'>,
  clock: Pick<Clock, 'now'>,
  post: WebhookPost,
): Promise<WebhookAnswer> {
  try {
    // Where a redirect leads, a POST arrives as a GET, and nobody has been told.
    const asked = { ...post, method: 'POST', maxBytes: maxAnswerBytes, maxRedirects: 0, timeoutMs } as const;
    const { status, headers } = await egress.request(asked);
    const problem = status >= 200 && status < 300 ? null : `It answered ${status}`;
    return { httpStatus: status, problem, isRefused: false, retryAfterMs: waitOf(headers['retry-after'], clock) };
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    const isRefused = error instanceof ValidationError;
    return { httpStatus: null, problem: error.message, isRefused, retryAfterMs: undefined };
  }
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function waitOf(text: string | undefined, clock: Pick<Clock, 'now'>): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - clock.now());
}
