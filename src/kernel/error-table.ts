import { type AnswerCode, AnswerError } from './answer-error.ts';
import { type RequestCode, RequestError } from './request-error.ts';

/** What a reconciler does after this error: wait for a change, end, read again at once, or back off. */
export type LoopReaction = 'stalled' | 'settled' | 'reread' | 'backoff';

export interface ErrorRow {
  /** HTTP status where the whole request fails with it and nothing was executed. */
  readonly httpStatus: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Whether the same request may succeed later without the caller changing anything. */
  readonly isRetryable: boolean;
  readonly loop: LoopReaction;
}

/** Every error that leaves Longshore has a row here; code asks the table instead of switching on names. */
export const errorTable = {
  VALIDATION: { httpStatus: 200, logLevel: 'debug', isRetryable: false, loop: 'stalled' },
  NOT_FOUND: { httpStatus: 200, logLevel: 'debug', isRetryable: false, loop: 'settled' },
  CONFLICT: { httpStatus: 200, logLevel: 'debug', isRetryable: true, loop: 'reread' },
  IN_USE: { httpStatus: 200, logLevel: 'debug', isRetryable: false, loop: 'stalled' },
  PRECONDITION_FAILED: { httpStatus: 200, logLevel: 'debug', isRetryable: false, loop: 'stalled' },
  QUOTA_EXCEEDED: { httpStatus: 200, logLevel: 'debug', isRetryable: false, loop: 'stalled' },
  UPSTREAM: { httpStatus: 200, logLevel: 'warn', isRetryable: true, loop: 'backoff' },
  GRAPHQL_VALIDATION_FAILED: { httpStatus: 400, logLevel: 'debug', isRetryable: false, loop: 'stalled' },
  BAD_USER_INPUT: { httpStatus: 400, logLevel: 'debug', isRetryable: false, loop: 'stalled' },
  UNAUTHENTICATED: { httpStatus: 401, logLevel: 'info', isRetryable: false, loop: 'stalled' },
  FORBIDDEN: { httpStatus: 403, logLevel: 'info', isRetryable: false, loop: 'stalled' },
  TOO_COMPLEX: { httpStatus: 400, logLevel: 'info', isRetryable: false, loop: 'stalled' },
  RATE_LIMITED: { httpStatus: 429, logLevel: 'info', isRetryable: true, loop: 'backoff' },
  OVERLOADED: { httpStatus: 503, logLevel: 'warn', isRetryable: true, loop: 'backoff' },
  CURSOR_EXPIRED: { httpStatus: 400, logLevel: 'debug', isRetryable: false, loop: 'stalled' },
  CAPABILITY_MISSING: { httpStatus: 200, logLevel: 'debug', isRetryable: false, loop: 'stalled' },
  UPSTREAM_UNAVAILABLE: { httpStatus: 200, logLevel: 'warn', isRetryable: true, loop: 'backoff' },
  INTERNAL: { httpStatus: 500, logLevel: 'error', isRetryable: false, loop: 'backoff' },
} as const satisfies Record<AnswerCode | RequestCode, ErrorRow>;

/** The row of an error; what is not in the table is INTERNAL. */
export function errorRowOf(error: unknown): ErrorRow {
  if (error instanceof AnswerError || error instanceof RequestError) return errorTable[error.code];
  return errorTable.INTERNAL;
}
