import type { Clock } from '../kernel/clock.ts';
import type { Principal } from '../kernel/principal.ts';
import type { Authenticator } from './create-authenticator.ts';
import { hasSameRights } from './has-same-rights.ts';

/** Longest single timer: longer ones overflow the platform's 32-bit milliseconds and would fire at once. */
const longestTimerMs = 86_400_000;

export interface RightsWatchOptions {
  readonly principal: Principal;
  readonly authenticator: Pick<Authenticator, 'refresh' | 'regrant' | 'rights'> &
    Partial<Pick<Authenticator, 'follow'>>;
  readonly clock: Clock;
  /** Rights may have changed; here is the principal as it stands now. Derive the ability again and narrow or widen. */
  onChange(principal: Principal): void;
  /** The principal may no longer be here: close with 4403. Called once, and nothing after it. */
  onRevoked(reason: 'EXPIRED' | 'REVOKED'): void;
}

/**
 * Follows one principal for as long as a stream, log tail or terminal is open: its expiry by the clock, its rights by
 * the announcements. What cannot be refreshed is taken as revoked. The returned function ends the watch.
 */
export function watchRights(options: RightsWatchOptions): () => void {
  const { authenticator, clock } = options;
  let principal = options.principal;
  let isOver = false;
  let changes = 0;
  let cancelTimer = () => {};

  const stopListening = authenticator.rights.onRightsChanged((whose, isTokenGone) => {
    if (whose === 'memberships') return regrant();
    if (whose !== 'all' && whose !== principal.id) return;
    if (isTokenGone) return revoke('REVOKED');
    changes += 1;
    const change = changes;
    authenticator
      .refresh(principal)
      .then((fresh) => {
        // A later announcement has its own answer on the way; an older one must not overwrite it.
        if (isOver || change !== changes) return;
        if (!fresh) return revoke('REVOKED');
        principal = fresh;
        armExpiry();
        options.onChange(fresh);
      })
      .catch(() => revoke('REVOKED'));
  });

  const stopFollowing = authenticator.follow?.(principal);

  /** Only what memberships give may have changed: whose rights are the same goes on. */
  function regrant(): void {
    if (isOver) return;
    const fresh = authenticator.regrant(principal);
    if (!fresh) {
      revoke('REVOKED');
      return;
    }
    if (hasSameRights(principal, fresh)) return;
    principal = fresh;
    try {
      options.onChange(fresh);
    } catch {
      revoke('REVOKED');
    }
  }

  function end(): void {
    isOver = true;
    stopFollowing?.();
    cancelTimer();
    stopListening();
  }

  function revoke(reason: 'EXPIRED' | 'REVOKED'): void {
    if (isOver) return;
    end();
    options.onRevoked(reason);
  }

  function armExpiry(): void {
    cancelTimer();
    if (principal.expiresAt === undefined) return;
    const remainingMs = principal.expiresAt - clock.now();
    cancelTimer = clock.schedule(Math.max(0, Math.min(remainingMs, longestTimerMs)), () => {
      if (principal.expiresAt !== undefined && principal.expiresAt > clock.now()) armExpiry();
      else revoke('EXPIRED');
    });
  }

  armExpiry();
  // What changed between sign-in and here, nobody has heard; whoever watches has its end in hand only after this returns.
  queueMicrotask(regrant);
  return end;
}
