import {
  type Clock,
  type ClusterRegistry,
  ConflictError,
  type Database,
  drizzle,
  followRevision,
  type Logger,
  type OperationHandle,
  type Principal,
  runRecordedTransaction,
  type ServiceRef,
  serviceRef,
} from 'longshore/sdk';
import type { ClusterFeatures } from '../../api.ts';
import { clusterFeatures as table } from '../../tables.ts';
import { meshOfferOf, requireOffer } from './feature-offers.ts';
import { type FeatureDecisions, featureNames, requireOn, undecided } from './feature-state.ts';

const { eq } = drizzle;

/** What was decided of one cluster. */
export interface DecidedFeatures extends FeatureDecisions {
  /** 0 while nobody has decided, one more with each change. */
  readonly version: number;
  readonly changedAt: Date | undefined;
  /** Name of who changed it last. */
  readonly changedBy: string | undefined;
}

/** What administrators decided of clusters as a whole (CMP-16), in memory on every replica. */
export interface FeatureSwitches extends ClusterFeatures {
  /** As this replica has it, which is as the database had it three seconds ago or less. */
  of(cluster: string): DecidedFeatures;
  /** Throws `ConflictError` where `version` is given and not the present one. Resolves once this replica goes by it. */
  set(
    cluster: string,
    changes: Partial<FeatureDecisions>,
    version: number | undefined,
    by: Principal,
    ticket: OperationHandle,
  ): Promise<{ readonly before: DecidedFeatures; readonly after: DecidedFeatures }>;
  /** Resolves once this replica goes by what was committed before. */
  refresh(): Promise<void>;
}

export const featureSwitchesRef: ServiceRef<FeatureSwitches> = serviceRef<FeatureSwitches>('compute.featureSwitches');

const channel = 'compute.clusterFeatures';
const nobody: DecidedFeatures = { ...undecided, version: 0, changedAt: undefined, changedBy: undefined };

export function createClusterFeatures(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly registry: Pick<ClusterRegistry, 'all'>;
  /** What was decided of this cluster is not what it was: told on every replica. */
  readonly onChange: (cluster: string) => void;
}): FeatureSwitches {
  const { database, clock, logger, signal, registry } = options;
  let held: ReadonlyMap<string, typeof table.$inferSelect> = new Map();

  const followed = followRevision({
    database,
    clock,
    channel,
    async read(stopped) {
      const rows = await database.current().select().from(table);
      if (stopped.aborted) return;
      const fresh = new Map(rows.map((row) => [row.cluster, row]));
      const changed = [...new Set([...held.keys(), ...fresh.keys()])].filter(
        (name) =>
          held.get(name)?.version !== fresh.get(name)?.version ||
          held.get(name)?.registration !== fresh.get(name)?.registration,
      );
      held = fresh;
      for (const name of changed) options.onChange(name);
    },
    // What is switched on gives nobody a right: what was read last counts on.
    onStale: (error) => logger.warn({ err: error }, 'switches of clusters cannot be read; they stay as they were'),
    onFresh: () => logger.info({}, 'switches of clusters can be read again'),
  });
  signal.addEventListener('abort', () => followed.stop(), { once: true });

  /** A cluster that is registered anew under the name of another begins anew. */
  const registrationOf = (cluster: string): string => registry.all.get(cluster)?.uuid ?? '';
  const decidedBy = (cluster: string, row: typeof table.$inferSelect | undefined): DecidedFeatures =>
    row === undefined || row.registration !== registrationOf(cluster)
      ? nobody
      : { mesh: row.mesh, logs: row.logs, version: row.version, changedAt: row.changedAt, changedBy: row.changedBy };

  const of = (cluster: string): DecidedFeatures => decidedBy(cluster, held.get(cluster));
  return {
    of,
    refresh: () => followed.refresh(),
    async set(cluster, changes, version, by, ticket) {
      const answer = await runRecordedTransaction(database, ticket, async (tx) => {
        const [row] = await tx.select().from(table).where(eq(table.cluster, cluster)).for('update');
        const before = decidedBy(cluster, row);
        if (version !== undefined && version !== before.version) {
          throw new ConflictError(
            `The switches of '${cluster}' have version ${before.version} by now, not ${version}: read them again`,
          );
        }
        const isSame = featureNames.every((name) => changes[name] === undefined || changes[name] === before[name]);
        if (isSame) return { before, after: before };
        const now = new Date(clock.now());
        const next = {
          registration: registrationOf(cluster),
          mesh: changes.mesh === undefined ? before.mesh : changes.mesh,
          logs: changes.logs === undefined ? before.logs : changes.logs,
          version: before.version + 1,
          changedAt: now,
          changedBy: by.name,
        };
        await tx
          .insert(table)
          .values({ cluster, ...next, createdAt: now })
          .onConflictDoUpdate({ target: table.cluster, set: next });
        await database.signal(channel, cluster);
        return { before, after: { ...next } };
      });
      if (!ticket.isDryRun) await followed.refresh().catch(() => {});
      return answer;
    },
    requireMesh(cluster, profile) {
      requireOffer('mesh', cluster.name, meshOfferOf(cluster));
      requireOn('mesh', cluster.name, of(cluster.name), profile);
    },
  };
}
