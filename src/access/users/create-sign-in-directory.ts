import type { Database } from '../../data/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { readSignInRevision, readSignInState, type SignInState, signInChannel } from './read-sign-in-state.ts';
import { tokenPrincipalId } from './sign-in-rows.ts';

/** How often each replica looks by itself, in ms: signals may be lost. */
const pollMs = 3_000;
/** How long what was read last counts for tokens of the gateway's own while it cannot be read again, in ms. */
const trustMs = 8_000;

export interface SignInDirectory {
  /** What was read last; what is refused there stays refused, however long ago that was. */
  readonly state: SignInState;
  /** Whether it is so fresh that service tokens and impersonations count. */
  readonly isFresh: boolean;
  /** Resolves once this replica goes by everything that was committed before the call; rejects where that cannot be read. */
  refresh(): Promise<void>;
  stop(): void;
}

const nothing: SignInState = {
  revision: -1,
  disabled: new Set(),
  ended: new Map(),
  tokens: new Map(),
  impersonations: new Map(),
  known: new Map(),
};

/**
 * Who must not sign in, and the tokens of the gateway's own, in memory on every replica: a look for each request, a reading
 * of the database for each change.
 */
export function createSignInDirectory(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told whose rights may be others than before. */
  readonly onChange: (principalIds: ReadonlySet<string>) => void;
}): SignInDirectory {
  const { database, clock, logger } = options;
  let state = nothing;
  let readAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;
  let runningSince = 0;
  let waiting: Promise<void> | undefined;
  let isStopped = false;
  let isStale = false;

  async function read(): Promise<void> {
    const since = clock.now();
    const revision = await readSignInRevision(database.current());
    if (isStopped) return;
    if (revision !== state.revision) {
      const before = state;
      const fresh = await readSignInState(database, new Date(since));
      if (isStopped) return;
      state = fresh;
      readAt = since;
      options.onChange(concernedBy(before, fresh));
    }
    readAt = since;
    if (isStale) {
      isStale = false;
      options.onChange(holdersIn(state));
    }
  }

  /** One read at a time; who asks while one is under way gets the next, which sees what was committed before. */
  function refresh(): Promise<void> {
    if (running === undefined) {
      runningSince = clock.now();
      running = read().finally(() => {
        running = undefined;
      });
      return running;
    }
    waiting ??= running
      .catch(() => {})
      .then(() => {
        waiting = undefined;
        return refresh();
      });
    return waiting;
  }

  function goStale(): void {
    if (isStopped || isStale || clock.now() - readAt < trustMs) return;
    isStale = true;
    logger.warn({}, 'who may sign in cannot be read: service tokens give nothing until it can');
    options.onChange(holdersIn(state));
  }

  const look = (): void => {
    refresh().catch(goStale);
  };
  function poll(): void {
    cancel = clock.schedule(pollMs, poll);
    if (running === undefined) look();
    else if (clock.now() - runningSince >= trustMs) goStale();
  }
  let cancel = clock.schedule(pollMs, poll);
  const ends = [database.onSignal(signInChannel, look), database.onSignalGap(look)];

  return {
    get state() {
      return state;
    },
    get isFresh() {
      return !isStale;
    },
    refresh,
    stop() {
      isStopped = true;
      cancel();
      for (const end of ends) end();
    },
  };
}

/** Everybody whose tokens are of the gateway's own. */
function holdersIn({ tokens, impersonations }: SignInState): ReadonlySet<string> {
  return new Set([
    ...[...tokens.values()].map(({ id }) => tokenPrincipalId(id)),
    ...[...impersonations.values()].map(({ principalId }) => principalId),
  ]);
}

/** Whom a change concerns; rather one too many than one too few. */
function concernedBy(before: SignInState, after: SignInState): ReadonlySet<string> {
  const found = new Set<string>();
  for (const id of before.disabled.symmetricDifference(after.disabled)) found.add(id);
  for (const [id, principalId] of after.ended) if (!before.ended.has(id)) found.add(principalId);
  for (const [id, user] of after.known) {
    const known = before.known.get(id);
    if (known && JSON.stringify(rightsIn(known)) !== JSON.stringify(rightsIn(user))) found.add(id);
  }
  for (const [digest, { id }] of before.tokens) if (!after.tokens.has(digest)) found.add(tokenPrincipalId(id));
  for (const [digest, { principalId }] of before.impersonations) {
    if (!after.impersonations.has(digest)) found.add(principalId);
  }
  // What acts for somebody goes with them.
  for (const { id, owner } of after.tokens.values()) if (found.has(owner.id)) found.add(tokenPrincipalId(id));
  for (const { principalId, impersonatorId } of after.impersonations.values()) {
    if (found.has(impersonatorId)) found.add(principalId);
  }
  return found;
}

const rightsIn = ({ groups, roles, namespaces }: { groups: unknown; roles: unknown; namespaces: unknown }) => [
  groups,
  roles,
  namespaces,
];
