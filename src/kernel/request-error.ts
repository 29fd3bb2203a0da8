/** Refusals: what is wrong with the request itself. They reach the caller as GraphQL errors with `extensions.code`. */
export const requestCodes = [
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'TOO_COMPLEX',
  'RATE_LIMITED',
  'OVERLOADED',
  'CURSOR_EXPIRED',
  'CAPABILITY_MISSING',
  'UPSTREAM_UNAVAILABLE',
  'INTERNAL',
] as const;
export type RequestCode = (typeof requestCodes)[number];

export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RequestCode;
  /** Seconds after which trying again makes sense (RATE_LIMITED, OVERLOADED). */
  readonly retryAfterSeconds: number | undefined;
  constructor(code: RequestCode, message: string, options?: ErrorOptions & { retryAfterSeconds?: number }) {
    super(message, options);
    this.code = code;
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}
