import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Principal } from '../../kernel/principal.ts';
import { RequestError } from '../../kernel/request-error.ts';
import type { ReviewedToken } from '../../kube/read/review-token.ts';
import type { AuthenticationProvider } from '../authentication-provider.ts';
import type { RightsEvents } from '../rights-events.ts';
import { digestToken } from '../token-digest.ts';
import { principalOfAccount } from './principal-of-account.ts';
import { readUnverified, type UnverifiedToken } from './read-unverified.ts';
import type { ServiceAccountCluster } from './service-account-cluster.ts';

/** How long an answer serves the requests that follow, in ms. */
const keepMs = 10_000;
/** Between two looks at a token while a stream is open, in ms: with the time an answer may take, less than 10 s. */
const lookAgainMs = 5_000;
/** How long streams go on while nobody can be asked, in ms. */
const graceMs = 60_000;
const maxRemembered = 10_000;
/** Most questions under way: whoever invents tokens must not keep a cluster busy. */
const maxUnderWay = 100;

interface Answer {
  readonly token: string;
  readonly unverified: UnverifiedToken;
  readonly principal: Principal;
  readonly answeredAt: number;
}

interface Followed {
  count: number;
  cancel: () => void;
}

/** Tokens of service accounts, of which their cluster says whose they are (TokenReview, KEP-1205). */
export function createServiceAccountTokens(options: {
  readonly clusters: readonly ServiceAccountCluster[];
  /** Undefined where the cluster does not know the token; rejects where it cannot be asked. */
  readonly review: (cluster: string, token: string, audiences: readonly string[]) => Promise<ReviewedToken | undefined>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly rights: RightsEvents;
}): AuthenticationProvider {
  const { clock, logger, rights } = options;
  const answers = new Map<string, Answer>();
  /** Apart, so that whoever invents tokens drives out nobody; until when in ms. */
  const refused = new Map<string, number>();
  const underWay = new Map<string, Promise<Principal | undefined>>();
  const followed = new Map<string, Followed>();

  async function review(digest: string, token: string, unverified: UnverifiedToken): Promise<Principal | undefined> {
    const { cluster, audiences } = unverified.cluster;
    let reviewed: ReviewedToken | undefined;
    try {
      reviewed = await options.review(cluster, token, audiences);
    } catch (error) {
      // Not the error itself: an API server may quote in it what it was sent.
      const code = error instanceof Error && 'code' in error ? error.code : 'INTERNAL';
      logger.warn({ cluster, code }, 'a cluster could not be asked about the token of a service account');
      const message = `The cluster '${cluster}' cannot be asked about this token; try again.`;
      throw new RequestError('UPSTREAM_UNAVAILABLE', message);
    }
    const principal = reviewed && principalOfAccount(reviewed.username, unverified);
    const before = answers.get(digest);
    if (principal) {
      remember(digest, { token, unverified, principal, answeredAt: clock.now() });
    } else {
      const [oldest] = refused.keys();
      if (refused.size >= maxRemembered && oldest !== undefined) refused.delete(oldest);
      refused.set(digest, clock.now() + keepMs);
      if (before) forget(digest, before);
    }
    return principal;
  }

  function ask(digest: string, token: string, unverified: UnverifiedToken): Promise<Principal | undefined> {
    const asked = underWay.get(digest);
    if (asked) return asked;
    if (underWay.size >= maxUnderWay) {
      const busy = 'Too many unknown tokens are being looked at; try again.';
      return Promise.reject(new RequestError('OVERLOADED', busy, { retryAfterSeconds: 1 }));
    }
    const asking = review(digest, token, unverified).finally(() => underWay.delete(digest));
    underWay.set(digest, asking);
    return asking;
  }

  function remember(digest: string, answer: Answer): void {
    answers.delete(digest);
    const [oldest] = answers;
    if (answers.size >= maxRemembered && oldest) forget(...oldest);
    answers.set(digest, answer);
  }

  /** What is no longer looked at, or no longer good, ends the streams that stand on it. */
  function forget(digest: string, { principal }: Answer): void {
    answers.delete(digest);
    if (followed.has(principal.id)) rights.announce(principal.id);
  }

  function tokensOf(principalId: string): [string, Answer][] {
    return [...answers].filter(([, { principal }]) => principal.id === principalId);
  }

  const isOver = ({ expiresAt }: Principal) => expiresAt !== undefined && expiresAt <= clock.now();

  async function lookAgain(digest: string, answer: Answer): Promise<void> {
    if (isOver(answer.principal)) {
      // Its streams have ended by the clock.
      answers.delete(digest);
      return;
    }
    try {
      await ask(digest, answer.token, answer.unverified);
    } catch {
      if (clock.now() - answer.answeredAt >= graceMs) forget(digest, answer);
    }
  }

  function keepLooking(principalId: string, entry: Followed): void {
    entry.cancel = clock.schedule(lookAgainMs, () => {
      void Promise.all(tokensOf(principalId).map(([digest, answer]) => lookAgain(digest, answer))).then(() => {
        if (entry.count > 0) keepLooking(principalId, entry);
      });
    });
  }

  return {
    name: 'service accounts',
    method: 'SERVICE_ACCOUNT',
    async authenticate(token) {
      const unverified = token === undefined ? undefined : readUnverified(token, options.clusters);
      if (token === undefined || !unverified) return undefined;
      const digest = digestToken(token).toString('base64url');
      const known = answers.get(digest);
      if (known && clock.now() - known.answeredAt < keepMs) return known.principal;
      if (clock.now() < (refused.get(digest) ?? 0)) return undefined;
      return ask(digest, token, unverified);
    },
    current(principalId) {
      const good = tokensOf(principalId).filter(([, { answeredAt }]) => clock.now() - answeredAt < graceMs);
      return good.map(([, { principal }]) => principal).findLast((principal) => !isOver(principal));
    },
    follow(principalId) {
      if (tokensOf(principalId).length === 0) return () => {};
      let entry = followed.get(principalId);
      if (!entry) {
        entry = { count: 0, cancel: () => {} };
        followed.set(principalId, entry);
        keepLooking(principalId, entry);
      }
      const mine = entry;
      mine.count += 1;
      let isLeft = false;
      return () => {
        if (isLeft) return;
        isLeft = true;
        mine.count -= 1;
        if (mine.count > 0) return;
        mine.cancel();
        followed.delete(principalId);
      };
    },
  };
}
