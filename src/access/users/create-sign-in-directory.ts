import type { Database } from '../../data/database.ts';
import { followRevision } from '../../data/follow-revision.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { readSignInRevision, readSignInState, type SignInState, signInChannel } from './read-sign-in-state.ts';
import { tokenPrincipalId } from './sign-in-rows.ts';

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

  const followed = followRevision({
    database,
    clock,
    channel: signInChannel,
    async read(stopped) {
      const now = new Date(clock.now());
      const revision = await readSignInRevision(database.current());
      if (revision === state.revision) return;
      const fresh = await readSignInState(database, now);
      if (stopped.aborted) return;
      const before = state;
      state = fresh;
      options.onChange(concernedBy(before, fresh));
    },
    onStale(error) {
      logger.warn({ err: error }, 'who may sign in cannot be read: service tokens give nothing until it can');
      options.onChange(holdersIn(state));
    },
    onFresh: () => options.onChange(holdersIn(state)),
  });

  return {
    get state() {
      return state;
    },
    get isFresh() {
      return !followed.isStale;
    },
    refresh: followed.refresh,
    stop: followed.stop,
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
