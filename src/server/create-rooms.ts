import { createWriteGuard } from '../access/apply/create-write-guard.ts';
import { type Authenticator, createAuthenticator } from '../access/create-authenticator.ts';
import { rolesHeld, tenantsHeld } from '../access/holdings.ts';
import { createIssuedPrincipals } from '../access/issued-principals.ts';
import { createRightsEvents } from '../access/rights-events.ts';
import type { Roles } from '../access/roles.ts';
import { createTickets, type Tickets } from '../access/tickets/create-tickets.ts';
import { createUsers, type RunningUsers } from '../access/users/create-users.ts';
import type { Users } from '../access/users/users.ts';
import { createOperationRecords } from '../audit/create-operation-records.ts';
import type { OperationRecords } from '../audit/operation-records.ts';
import { parseSealingKey } from '../data/sealed-secret.ts';
import { createAddressRules } from '../kernel/address-rules.ts';
import type { KeyRing } from '../kernel/key-ring.ts';
import { createClusters } from '../kube/create-clusters.ts';
import type { KubeClusters } from '../kube/kube-cluster.ts';
import type { ClusterRegistry } from '../kube/registered/cluster-registry.ts';
import { createClusterRegistry } from '../kube/registered/create-cluster-registry.ts';
import { createObjectStreams, type RunningObjectStreams } from '../live/create-object-streams.ts';
import { createTopics, type RunningTopics } from '../live/create-topics.ts';
import { createJournal } from '../live/journal/create-journal.ts';
import type { Journal } from '../live/journal/journal.ts';
import { createWorkQueue, type WorkQueue } from '../work/work-queue.ts';
import { chooseSignIn, type SignIn } from './choose-sign-in.ts';
import type { Closers } from './close-all.ts';
import { createProviders } from './create-providers.ts';
import type { Foundation } from './open-foundation.ts';
import type { Runtime } from './runtime.ts';
import { shareOwnWrites } from './share-own-writes.ts';
import type { Metrics } from './telemetry/create-metrics.ts';
import { kubeMetrics } from './telemetry/kube-metrics.ts';

export interface Rooms {
  readonly queue: WorkQueue;
  readonly operations: OperationRecords;
  readonly clusters: KubeClusters;
  readonly clusterRegistry: ClusterRegistry;
  readonly objectStreams: RunningObjectStreams;
  readonly journal: Journal;
  readonly topics: RunningTopics;
  readonly authenticator: Authenticator;
  readonly users: Users;
  readonly tickets: Tickets;
  readonly signIn: SignIn;
}

/** The rooms between the foundation and the plugins, from the bottom up. */
export async function createRooms(
  runtime: Runtime,
  foundation: Foundation,
  metrics: Metrics,
  closers: Closers,
  roles: () => Roles,
  keys: KeyRing,
): Promise<Rooms> {
  const { settings, clock, logger, failpoints } = runtime;
  const { database, prepared, plugins } = foundation;
  const manifests = plugins.manifests();
  const { queueMessages, queueBytes } = settings.limits;

  const issued = createIssuedPrincipals();
  const ownWrites = shareOwnWrites({ database, logger });
  const clusters = createClusters({
    clusters: prepared.settings,
    kinds: manifests.flatMap((manifest) => manifest.kinds ?? []),
    clock,
    logger,
    metrics: kubeMetrics(metrics),
    // A cluster that answers slowly must never hold a transaction open.
    beforeWrite: () => database.assertOutsideTransaction('a write to a cluster'),
    afterWrite: ownWrites.tell,
    guard: createWriteGuard({
      isIssued: issued.isIssued,
      rolesOf: (principal, place) => rolesHeld(principal, roles(), place),
      rulesOf: (name) => settings.clusters.find((cluster) => cluster.name === name) ?? {},
      tenantsOf: (principal) => tenantsHeld(principal, roles()),
      workspaceKinds: manifests.flatMap((manifest) => manifest.workspaceKinds ?? []),
    }),
  });
  closers.add('clusters', () => clusters.stop());
  closers.add('own writes', ownWrites.listen(clusters));
  const signIn = await chooseSignIn(settings, prepared.settings);
  const clusterRegistry = createClusterRegistry({
    isPlayground: signIn.dev !== undefined,
    database,
    clusters,
    sealingKey: parseSealingKey(Buffer.from(keys.derive('core/clusters')).toString('base64')),
    addresses: createAddressRules(settings.egress.allow),
    clock,
    logger,
  });
  closers.add('registered clusters', clusterRegistry.stop);
  await clusterRegistry.start();
  const objectStreams = createObjectStreams({ clusters, clock, logger, limits: { queueMessages, queueBytes } });
  closers.add('object streams', () => objectStreams.stop());
  const journal = createJournal({ database, clock });
  const topics = createTopics({
    topics: manifests.flatMap((manifest) => manifest.topics ?? []),
    journal,
    clock,
    logger,
    limits: { queueMessages, queueBytes },
  });
  closers.add('topics', () => topics.stop());
  const rights = createRightsEvents(logger);
  const operations = createOperationRecords({ database, clock, logger, failpoints });
  let users: RunningUsers | undefined;
  const authenticator = createAuthenticator({
    tokens: settings.tokens.map((token) => ({ ...token, expiresAt: token.expiresAt })),
    dev: signIn.dev,
    adminToken: signIn.adminToken,
    providers: createProviders(runtime, clusters, rights, closers),
    rights,
    issued,
    desk(parts) {
      const { ownerSeenWithinDays } = settings.serviceTokens;
      users = createUsers({ ...parts, database, operations, rights, issued, ownerSeenWithinDays, clock, logger });
      return users.desk;
    },
    clock,
    logger,
  });
  if (!users) throw new Error('authenticator-without-desk');
  closers.add('who signs in', users.stop);
  await users.start();
  return {
    queue: createWorkQueue(database, clock),
    operations,
    clusters,
    clusterRegistry,
    objectStreams,
    journal,
    topics,
    authenticator,
    users: users.users,
    tickets: createTickets({ database, clock, authenticator }),
    signIn,
  };
}
