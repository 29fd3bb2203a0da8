import {
  type Clock,
  type Database,
  followRevision,
  type Logger,
  type MembershipSource,
  type NamespaceScope,
  type ProfileSource,
  type Profiles,
} from 'longshore/sdk';
import type { NamespaceBinding } from '../../api.ts';
import { buildTenancyView, type TenancyState, type TenancyView } from './build-tenancy-view.ts';
import { profileProblem } from './profile-of-workspace.ts';
import { readTenancy, readTenancyRevision } from './read-tenancy.ts';

/** Said to every replica by whoever has changed who belongs where. */
export const tenancyChannel = 'core.tenancy';

export interface TenancyDirectory extends MembershipSource, ProfileSource {
  bindingOf(cluster: NamespaceScope['cluster'], namespace: string): NamespaceBinding | undefined;
  /** The workspace that a project is in; undefined where it is in none. */
  workspaceOfProject(uuid: string): string | undefined;
  /** Workspaces that carry a profile, as they were read last; undefined before. */
  readonly profiledWorkspaces: TenancyView['profiledWorkspaces'] | undefined;
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
  /** Which profiles there are. */
  readonly profiles: Pick<Profiles, 'get'>;
}

/**
 * Who belongs where, in memory, on every replica. It fails closed: what cannot be read for 8 s gives nobody anything until
 * it can be read again.
 */
export function createTenancyDirectory(options: TenancyDirectoryOptions): TenancyDirectory {
  const { database, clock, logger, signal } = options;
  let view: TenancyView | undefined;
  /** A profile is a limit, not a right: what was read last counts on, however long ago. */
  let lastView: TenancyView | undefined;
  let changes = 0;
  let problem: string | undefined;

  let warned = '';
  /** Told once for each set of them: nobody asked for anything at that moment who could be told instead. */
  function warnOfProfiles({ workspaces }: TenancyState): void {
    const problems = workspaces.flatMap((workspace) => profileProblem(options.profiles, workspace) ?? []).sort();
    const said = problems.join('\n');
    if (said === warned) return;
    warned = said;
    const [first, ...others] = problems;
    if (first === undefined) logger.info({}, 'every workspace carries a profile that is there again');
    else logger.warn({ problems }, others.length === 0 ? first : `${first}; ${others.length} more like it`);
  }

  const followed = followRevision({
    database,
    clock,
    channel: tenancyChannel,
    async read(stopped) {
      const revision = await readTenancyRevision(database.current());
      if (view?.revision === revision) return;
      const state = await readTenancy(database);
      if (stopped.aborted) return;
      const fresh = buildTenancyView(state);
      warnOfProfiles(state);
      view = fresh;
      lastView = fresh;
      changes += 1;
      options.onChange();
    },
    onStale(error) {
      problem = 'Memberships cannot be read: they give nobody any rights until they can.';
      logger.warn({ err: error }, problem);
      if (view === undefined) return;
      view = undefined;
      options.onChange();
    },
    onFresh() {
      logger.info({}, 'memberships can be read again');
      problem = undefined;
    },
  });
  signal.addEventListener('abort', followed.stop, { once: true });

  return {
    refresh: followed.refresh,
    get problem() {
      return problem;
    },
    grantsOf: (principal) => view?.grantsOf(principal),
    grantsIn: (tenants) => view?.grantsIn(tenants),
    bindingOf: (cluster, namespace) => view?.bindingOf(cluster, namespace),
    workspaceOfProject: (uuid) => view?.workspaceOfProject(uuid),
    get profiledWorkspaces() {
      return lastView?.profiledWorkspaces;
    },
    profileOf: (cluster, namespace) => lastView?.profileOf(cluster, namespace),
    profileOfWorkspace: (uuid) => lastView?.profileOfWorkspace(uuid),
    get revision() {
      return changes;
    },
  };
}
