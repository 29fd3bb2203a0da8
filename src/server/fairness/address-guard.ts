import { createHash } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { RequestError } from '../../kernel/request-error.ts';
import { createCostBuckets } from './cost-buckets.ts';

/** Sign-ins that went well, of addresses where others did not; so many are remembered. */
const mostGood = 10_000;

/**
 * Bounds what one address may try with tokens that are not valid. Where it has tried too much, only tokens that were valid there lately are
 * looked at: somebody who guesses behind the same proxy locks nobody out who is in.
 */
export interface AddressGuard {
  /** Signs in; throws `RATE_LIMITED` without a look at the token where the address has used up its tries. */
  signIn<T>(address: string | undefined, authorization: string | undefined, authenticate: () => Promise<T>): Promise<T>;
}

export function createAddressGuard(options: {
  readonly clock: Clock;
  /** Sign-ins of one address that may fail in a minute. */
  readonly failuresPerMinute: number;
  onLimited(): void;
}): AddressGuard {
  const { clock, failuresPerMinute } = options;
  const failures = createCostBuckets({ clock, perMinute: failuresPerMinute, capacity: failuresPerMinute });
  const good = new Set<string>();

  function remember(address: string, authorization: string): void {
    const key = keyOf(address, authorization);
    // The last used is the last to be forgotten.
    good.delete(key);
    good.add(key);
    const [oldest] = good;
    if (good.size > mostGood && oldest !== undefined) good.delete(oldest);
  }

  return {
    async signIn(address, authorization, authenticate) {
      if (address === undefined) return authenticate();
      const isSuspect = failures.known > 0 && failures.left(address) < failuresPerMinute;
      const retryAfterSeconds = isSuspect ? failures.waitSeconds(address) : undefined;
      if (retryAfterSeconds !== undefined && !good.has(keyOf(address, authorization ?? ''))) {
        options.onLimited();
        throw new RequestError('RATE_LIMITED', 'Too many sign-ins have failed from your address; try again later', {
          retryAfterSeconds,
        });
      }
      try {
        const principal = await authenticate();
        if (isSuspect) remember(address, authorization ?? '');
        return principal;
      } catch (error) {
        if (error instanceof RequestError && error.code === 'UNAUTHENTICATED') failures.charge(address, 1);
        throw error;
      }
    },
  };
}

/** A token is a secret: what is kept of it is worth nothing. */
const keyOf = (address: string, authorization: string): string =>
  createHash('sha256').update(`${address}\n${authorization}`).digest('base64');
