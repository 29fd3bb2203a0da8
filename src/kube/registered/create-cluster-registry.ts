import { randomUUID } from 'node:crypto';
import { eq, type InferSelectModel } from 'drizzle-orm';
import { runRecordedTransaction } from '../../audit/run-recorded-transaction.ts';
import type { Database, DatabaseHandle } from '../../data/database.ts';
import { followRevision } from '../../data/follow-revision.ts';
import { type SealingKey, seal, UnsealError, unseal } from '../../data/sealed-secret.ts';
import { clusters as table } from '../../data/tables.ts';
import type { AddressRules } from '../../kernel/address-rules.ts';
import { ConflictError, NotFoundError, PreconditionError } from '../../kernel/answer-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { ClusterSettings, ClusterSource } from '../cluster-settings.ts';
import type { KubeClusters } from '../kube-cluster.ts';
import type { ClusterAccess, ClusterRegistry, RegisteredCluster } from './cluster-registry.ts';
import { probeCluster } from './probe-cluster.ts';

/** Said to every replica by whoever has changed which clusters are registered. */
const channel = 'core.clusters';

type Row = InferSelectModel<typeof table>;

export interface RunningClusterRegistry extends ClusterRegistry {
  /** Reads what is registered for the first time, and serves it. */
  start(): Promise<void>;
  stop(): void;
}

export function createClusterRegistry(options: {
  /** Anybody gets in: no cluster but the gateway's own is served. */
  readonly isPlayground: boolean;
  readonly database: Database;
  readonly clusters: KubeClusters;
  readonly sealingKey: SealingKey;
  /** Where registered clusters may be. */
  readonly addresses: AddressRules;
  readonly clock: Clock;
  readonly logger: Logger;
}): RunningClusterRegistry {
  const { isPlayground, database, clusters, sealingKey, addresses, clock, logger } = options;
  /** What is served of the rows, each as it was when it was taken. */
  const served = new Map<string, Row>();
  let all: ReadonlyMap<string, RegisteredCluster> = new Map();
  let revision = 0;
  const shadowed = new Set<string>();

  const followed = followRevision({
    database,
    clock,
    channel,
    async read(stopped) {
      const rows = await readRows();
      if (!stopped.aborted) takeIn(rows);
    },
    // What runs goes on: who may reach a cluster is not decided here.
    onStale: (error) => logger.warn({ err: error }, 'registered clusters cannot be read; those that are served stay'),
    onFresh: () => logger.info({}, 'registered clusters can be read again'),
  });

  const readRows = (): Promise<Row[]> => database.current().select().from(table).orderBy(table.name);

  function takeIn(rows: readonly Row[]): void {
    const wanted = new Map(rows.map((row) => [row.name, row]));
    const fresh = new Map(rows.map((row) => [row.name, toRegistered(row)]));
    const versions = (of: typeof all) => JSON.stringify([...of.values()].map(({ uuid, version }) => [uuid, version]));
    if (versions(all) === versions(fresh)) return;
    all = fresh;
    revision += 1;
    if (isPlayground) {
      if (all.size > 0)
        logger.warn(
          { clusters: [...all.keys()] },
          'registered clusters are not served: the fixed dev tokens let anybody in',
        );
      return;
    }
    for (const [name, row] of served) {
      const now = wanted.get(name);
      if (now?.id === row.id && isReachedAlike(row, now)) continue;
      served.delete(name);
      clusters
        .remove(name)
        .catch((error: unknown) => logger.warn({ err: error, cluster: name }, 'a cluster did not stop'));
    }
    for (const [name, row] of wanted) {
      if (served.has(name)) continue;
      if (clusters.get(name)) {
        if (!shadowed.has(name))
          logger.warn({ cluster: name }, 'a registered cluster has the name of one of the settings, which is served');
        shadowed.add(name);
        continue;
      }
      shadowed.delete(name);
      served.set(name, row);
      clusters.add(settingsOf(row));
    }
  }

  function settingsOf(row: Row): ClusterSettings {
    const { name, identity, namespaces } = row;
    const source = sourceOf(row);
    return { name, identity, namespaces, source, ...('inCluster' in source ? {} : { addresses }) };
  }

  function sourceOf({ id, name, sealedKubeconfig }: Row): ClusterSource {
    if (sealedKubeconfig === null) return { inCluster: true };
    try {
      return { kubeconfigText: unseal([sealingKey], sealedKubeconfig, sealContext(id)) };
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      logger.error({ err: error, cluster: name }, 'credentials of a registered cluster cannot be opened');
      return { lost: 'Its credentials cannot be opened with the present secret key: give them anew.' };
    }
  }

  function columnsOf(id: string, access: ClusterAccess): Pick<Row, 'server' | 'sealedKubeconfig'> {
    if ('inCluster' in access) return { server: null, sealedKubeconfig: null };
    return { server: access.server, sealedKubeconfig: seal(sealingKey, access.kubeconfig, sealContext(id)) };
  }

  /** This replica goes by a change when it is told; the others as soon as they hear of it. */
  async function change<T>(
    ticket: Parameters<ClusterRegistry['remove']>[1],
    work: (tx: DatabaseHandle) => Promise<T>,
  ): Promise<T> {
    const answer = await runRecordedTransaction(database, ticket, async (tx) => {
      const value = await work(tx);
      await database.signal(channel, '');
      return value;
    });
    if (!ticket.isDryRun) await followed.refresh().catch(() => {});
    return answer;
  }

  function requireSignIn(): void {
    if (!isPlayground) return;
    throw new PreconditionError(
      'SIGN_IN_OPEN',
      'Anybody on this machine gets in by the fixed dev tokens: set devTokens to false, then clusters can be registered.',
    );
  }

  async function needRow(tx: DatabaseHandle, name: string): Promise<Row> {
    const [row] = await tx.select().from(table).where(eq(table.name, name)).for('update');
    if (!row) throw new NotFoundError(`No cluster '${name}' is registered.`);
    return row;
  }

  return {
    get all() {
      return all;
    },
    get revision() {
      return revision;
    },
    requireSignIn,
    list: async () => (await readRows()).map(toRegistered),
    probe: (access, signal) =>
      probeCluster({
        source: 'inCluster' in access ? access : { kubeconfigText: access.kubeconfig },
        addresses: 'inCluster' in access ? undefined : addresses,
        clock,
        signal,
      }),
    register: ({ name, access, ...choices }, by, ticket) =>
      change(ticket, async (tx) => {
        requireSignIn();
        const [taken] = await tx.select({ id: table.id }).from(table).where(eq(table.name, name));
        if (taken || clusters.get(name)) throw new ConflictError(`A cluster is named '${name}' already.`);
        const id = randomUUID();
        const row: Row = {
          id,
          name,
          ...columnsOf(id, access),
          ...choices,
          registeredBy: by.id,
          registeredByName: by.name,
          version: 1,
          createdAt: new Date(clock.now()),
        };
        await tx.insert(table).values(row);
        return toRegistered(row);
      }),
    update: (name, version, { access, ...choices }, ticket) =>
      change(ticket, async (tx) => {
        const row = await needRow(tx, name);
        if (row.version !== version) throw new ConflictError(`Cluster '${name}' was changed meanwhile: read it again.`);
        const after: Row = { ...row, ...choices, ...(access && columnsOf(row.id, access)), version: version + 1 };
        await tx.update(table).set(after).where(eq(table.id, row.id));
        return { before: toRegistered(row), after: toRegistered(after) };
      }),
    remove: (name, ticket) =>
      change(ticket, async (tx) => {
        const row = await needRow(tx, name);
        await tx.delete(table).where(eq(table.id, row.id));
        return toRegistered(row);
      }),
    async start() {
      await followed.refresh();
    },
    stop: followed.stop,
  };
}

const sealContext = (id: string): string => `clusters/${id}/kubeconfig`;

/** Whether connections and watches need not begin anew. */
function isReachedAlike(before: Row, after: Row): boolean {
  const how = ({ sealedKubeconfig, identity, namespaces }: Row) =>
    JSON.stringify([sealedKubeconfig, identity, namespaces]);
  return how(before) === how(after);
}

function toRegistered(row: Row): RegisteredCluster {
  const { id, name, server, identity, profile, namespaces, description, registeredBy, registeredByName } = row;
  return {
    uuid: id,
    name,
    server: server ?? undefined,
    identity,
    profile,
    namespaces,
    description,
    registeredBy: { id: registeredBy, name: registeredByName },
    createdAt: row.createdAt,
    version: row.version,
  };
}
