import { randomUUID } from 'node:crypto';
import type { OperationRecords } from '../../audit/operation-records.ts';
import type { Database } from '../../data/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Principal } from '../../kernel/principal.ts';
import { RequestError } from '../../kernel/request-error.ts';
import type { IssuedPrincipals } from '../issued-principals.ts';
import type { Memberships } from '../memberships.ts';
import type { RightsEvents } from '../rights-events.ts';
import { digestToken } from '../token-digest.ts';
import { createSessionLog } from './create-session-log.ts';
import { createSignInDirectory } from './create-sign-in-directory.ts';
import { createTokenPrincipals } from './create-token-principals.ts';
import { createImpersonationChanges } from './impersonation-changes.ts';
import { createSeenUsers } from './seen-users.ts';
import { createServiceTokenChanges, createServiceTokenListeners } from './service-token-changes.ts';
import { createSessionChanges } from './session-changes.ts';
import { sessionOf } from './session-id.ts';
import type { SignInDesk } from './sign-in-desk.ts';
import { isTokenValue } from './token-value.ts';
import { createUserChanges } from './user-changes.ts';
import type { Users } from './users.ts';
import { writeSessions } from './write-seen.ts';

/** How often what was seen is looked through, in ms. */
const flushEveryMs = 15_000;

export interface RunningUsers {
  readonly users: Users;
  readonly desk: SignInDesk;
  /** Reads who may sign in for the first time. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Everybody who signs in: what can be seen of them, and ended. */
export function createUsers(options: {
  readonly database: Database;
  readonly operations: OperationRecords;
  readonly memberships: Pick<Memberships, 'enrich' | 'grantsIn' | 'isKnown'>;
  readonly issued: Pick<IssuedPrincipals, 'issue'>;
  readonly rights: RightsEvents;
  /** The principal as the settings have it now, for ways of signing in that are the gateway's own; see `createAuthenticator`. */
  readonly settled: (principalId: string) => Principal | undefined | 'elsewhere';
  /** Days for which what an identity provider said of somebody counts for their service tokens. */
  readonly ownerSeenWithinDays: number;
  readonly clock: Clock;
  readonly logger: Logger;
}): RunningUsers {
  const { database, clock, logger, rights } = options;
  const replica = randomUUID();
  const directory = createSignInDirectory({
    database,
    clock,
    logger,
    onChange: (ids) => {
      for (const id of ids) rights.announce(id);
    },
  });
  const log = createSessionLog(clock);
  const seenUsers = createSeenUsers({ database, clock, directory });
  const principals = createTokenPrincipals({ ...options, directory });

  // Whose settings or groups change takes what acts for them along.
  const stopListening = rights.onRightsChanged((whose) => {
    if (whose === 'all' || whose === 'memberships') return;
    for (const id of principals.actingFor(whose)) rights.announce(id);
  });

  async function flush(isAll = false): Promise<void> {
    await seenUsers.flush();
    const unwritten = log.takeUnwritten(isAll);
    if (unwritten.length === 0) return;
    try {
      await writeSessions(database, replica, unwritten);
    } catch (error) {
      log.giveBack(unwritten);
      throw error;
    }
  }

  let flushing: Promise<void> = Promise.resolve();
  let isStopped = false;
  /** One at a time: two would write the same rows. */
  function flushInTurn(isAll?: boolean): Promise<void> {
    const next = flushing.then(() => flush(isAll));
    flushing = next.catch((error: unknown) => {
      if (!isStopped) logger.debug({ err: error }, 'what was seen of sessions could not be written');
    });
    return next;
  }
  let cancel = () => {};
  function schedule(): void {
    cancel = clock.schedule(flushEveryMs, () => {
      schedule();
      flushInTurn().catch(() => {});
    });
  }

  const desk: SignInDesk = {
    ownToken(token) {
      const isService = isTokenValue('ls_', token);
      if (!isService && !isTokenValue('lsi_', token)) return undefined;
      if (!directory.isFresh) {
        throw new RequestError('UPSTREAM_UNAVAILABLE', 'Tokens cannot be looked up at present; try again.');
      }
      const digest = digestToken(token);
      return principals.byDigest(digest.toString('hex'), digest);
    },
    admit(principal, method, token) {
      const { disabled, ended } = directory.state;
      if (disabled.has(principal.id)) return undefined;
      const session = sessionOf(token ?? '', method, principal.id);
      return ended.has(session.id) ? undefined : { ...principal, session };
    },
    note(principal, base, client, token) {
      const digest = token === undefined ? undefined : digestToken(token).toString('hex');
      log.note(principal, digest, client ?? { address: undefined, userAgent: undefined });
      // What acts for somebody must not wait until the next writing when they have lost something.
      if (base && principal.session && seenUsers.note(base, principal.session.method)) flushInTurn().catch(() => {});
    },
    isAdmitted: ({ id, session }) =>
      !directory.state.disabled.has(id) && !(session && directory.state.ended.has(session.id)),
    currentOwn: (principal) => (directory.isFresh ? principals.bySession(principal) : undefined),
    open: (principal) => log.open(principal),
  };

  const shared = {
    ...options,
    directory,
    flush: () => flushInTurn(true),
    tokenNews: createServiceTokenListeners(),
  };
  return {
    desk,
    users: {
      ...createServiceTokenChanges(shared),
      ...createSessionChanges(shared),
      ...createUserChanges(shared),
      ...createImpersonationChanges(shared),
      actingAs({ id, impersonatedBy }) {
        if (!directory.isFresh || !options.memberships.isKnown) {
          throw new RequestError('UPSTREAM_UNAVAILABLE', 'Who may do what cannot be looked up at present; try again.');
        }
        const principal = principals.ofAbsent(id, impersonatedBy?.id);
        return principal && options.issued.issue(principal);
      },
    },
    async start() {
      await directory.refresh();
      schedule();
    },
    async stop() {
      isStopped = true;
      cancel();
      stopListening();
      directory.stop();
      await flushing;
    },
  };
}
