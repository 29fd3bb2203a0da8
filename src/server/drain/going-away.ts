import { RequestError } from '../../kernel/request-error.ts';

/** Begins what a program reads; at most 123 bytes, as a close frame has room for. */
export const goingAwayReason = 'DRAIN: come back with your last cursor';

/** What somebody is told whose stream ends, or does not begin, since this process goes away. */
export const goingAway = (): RequestError => new RequestError('OVERLOADED', goingAwayReason, { retryAfterSeconds: 1 });
