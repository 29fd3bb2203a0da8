import type { Clock, Database, Logger, MembershipSource, NamespaceScope, ProfileSource } from 'longshore/sdk';
import type { NamespaceBinding } from '../../api.ts';
import { buildTenancyView, type TenancyView } from './build-tenancy-view.ts';
import { readTenancy, readTenancyRevision } from './read-tenancy.ts';

/** Said to every replica by whoever has changed who belongs where. */
export const tenancyChannel = 'core.tenancy';

/** How often each replica looks by itself, in ms: signals may be lost. */
const pollMs = 3_000;
/** How long what was read last counts while it cannot be read again, in ms. */
const trustMs = 8_000;

export interface TenancyDirectory extends MembershipSource, ProfileSource {
  bindingOf(cluster: NamespaceScope['cluster'], namespace: string): NamespaceBinding | undefined;
  /** The workspace that a project is in; undefined where it is in none. */
  workspaceOfProject(uuid: string): string | undefined;
  /** Resolves once this replica goes by everything that was committed before the call; rejects where that cannot be read. */
  refresh(): Promise<void>;
  /** Why memberships give nothing at present; undefined while they do. */
  readonly problem: string | undefined;
}

export interface TenancyDirectoryOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** What it answers has changed. */
  readonly onChange: () => void;
}

/**
 * Who belongs where, in memory, on every replica. It fails closed: what cannot be read for `trustMs` gives nobody
 * anything until it can be read again.
 */
export function createTenancyDirectory(options: TenancyDirectoryOptions): TenancyDirectory {
  const { database, clock, logger, signal } = options;
  let view: TenancyView | undefined;
  /** A profile is a limit, not a right: what was read last counts on, however long ago. */
  let lastView: TenancyView | undefined;
  let changes = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  let problem: string | undefined;
  let running: { readonly done: Promise<void>; readonly since: number } | undefined;
  let waiting: Promise<void> | undefined;

  async function read(since: number): Promise<void> {
    try {
      const revision = await readTenancyRevision(database.current());
      if (view?.revision !== revision) {
        const fresh = buildTenancyView(await readTenancy(database));
        if (signal.aborted) return;
        view = fresh;
        lastView = fresh;
        changes += 1;
        options.onChange();
      }
      readAt = since;
      if (problem !== undefined) logger.info({}, 'memberships can be read again');
      problem = undefined;
    } catch (error) {
      noteFailure(error);
      throw error;
    }
  }

  function noteFailure(error: unknown): void {
    if (signal.aborted || problem !== undefined || clock.now() - readAt < trustMs) return;
    problem = 'Memberships cannot be read: they give nobody any rights until they can.';
    logger.warn({ err: error }, problem);
    if (view === undefined) return;
    view = undefined;
    options.onChange();
  }

  /** One read at a time; who asks while one is under way gets the next, which sees what was committed before. */
  function refresh(): Promise<void> {
    if (running === undefined) {
      const since = clock.now();
      const done = read(since).finally(() => {
        running = undefined;
      });
      running = { done, since };
      return done;
    }
    waiting ??= running.done
      .catch(() => {})
      .then(() => {
        waiting = undefined;
        return refresh();
      });
    return waiting;
  }

  const look = (): void => {
    // A failure has been noted.
    refresh().catch(() => {});
  };
  function poll(): void {
    cancel = clock.schedule(pollMs, poll);
    if (running === undefined) look();
    else if (clock.now() - running.since >= trustMs) noteFailure(new Error('the database does not answer'));
  }
  let cancel = clock.schedule(pollMs, poll);
  const ends = [database.onSignal(tenancyChannel, look), database.onSignalGap(look)];
  signal.addEventListener(
    'abort',
    () => {
      cancel();
      for (const end of ends) end();
    },
    { once: true },
  );

  return {
    refresh,
    get problem() {
      return problem;
    },
    grantsOf: (principal) => view?.grantsOf(principal),
    grantsIn: (tenants) => view?.grantsIn(tenants),
    bindingOf: (cluster, namespace) => view?.bindingOf(cluster, namespace),
    workspaceOfProject: (uuid) => view?.workspaceOfProject(uuid),
    profileOf: (cluster, namespace) => lastView?.profileOf(cluster, namespace),
    get revision() {
      return changes;
    },
  };
}
