import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { RequestError } from '../../kernel/request-error.ts';
import type { UsableKey } from './usable-keys.ts';

/** How often keys are read again, in ms: for so long a key that the provider has taken back is trusted. */
const refreshEveryMs = 600_000;
/** Between two attempts at least, in ms: names of keys that nobody has must not become a flood of requests. */
const retryAfterMs = 30_000;
/** How long keys are good while the provider does not answer, in ms. */
const keepMs = 6 * 3_600_000;

/** The keys of one provider, as it last said. */
export interface KeySet {
  /**
   * The one key that fits; keys are read again, at most once per 30 s, where none does. Undefined where there is none or
   * more than one. Rejects with `UPSTREAM_UNAVAILABLE` where only the provider could tell, and it does not answer.
   */
  find(header: {
    readonly alg?: string | undefined;
    readonly kid?: string | undefined;
  }): Promise<UsableKey | undefined>;
  /** Whether tokens that this key has signed are still good. */
  has(keyId: string): boolean;
  stop(): void;
}

export function createKeySet(options: {
  /** For the log. */
  readonly issuer: string;
  readonly fetchKeys: () => Promise<readonly UsableKey[]>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told after keys are no longer good. */
  readonly onVanished: () => void;
}): KeySet {
  const { issuer, clock, logger } = options;
  let keys: readonly UsableKey[] = [];
  let answeredAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let isFailing = false;
  let isStopped = false;
  let pending: Promise<void> | undefined;
  let cancelTimer = () => {};

  function replace(fresh: readonly UsableKey[]): void {
    const vanished = keys.some((old) => !fresh.some((key) => key.id === old.id));
    keys = fresh;
    if (vanished) options.onVanished();
  }

  function forgetTooOld(): void {
    if (keys.length > 0 && clock.now() - answeredAt >= keepMs) replace([]);
  }

  async function read(): Promise<void> {
    triedAt = clock.now();
    try {
      const fresh = await options.fetchKeys();
      if (isStopped) return;
      answeredAt = clock.now();
      isFailing = false;
      replace(fresh);
    } catch (error) {
      if (isStopped) return;
      isFailing = true;
      logger.warn({ err: error, issuer }, 'the keys of an identity provider cannot be read');
      forgetTooOld();
    }
    cancelTimer();
    cancelTimer = clock.schedule(isFailing ? retryAfterMs : refreshEveryMs, () => void refresh());
  }

  function refresh(): Promise<void> {
    if (isStopped) return Promise.resolve();
    pending ??= read().finally(() => {
      pending = undefined;
    });
    return pending;
  }

  return {
    async find({ alg, kid }) {
      const fitting = () =>
        keys.filter(
          (key) => alg !== undefined && key.algorithms.includes(alg) && (kid === undefined || key.kid === kid),
        );
      forgetTooOld();
      if (fitting().length === 0 && (pending !== undefined || clock.now() - triedAt >= retryAfterMs)) await refresh();
      const [key, ...others] = fitting();
      if (key === undefined && isFailing) {
        throw new RequestError('UPSTREAM_UNAVAILABLE', 'The identity provider does not answer; try again.');
      }
      return others.length === 0 ? key : undefined;
    },
    has(keyId) {
      forgetTooOld();
      return keys.some((key) => key.id === keyId);
    },
    stop() {
      isStopped = true;
      cancelTimer();
    },
  };
}
