import type { PermissionTable } from '../access/create-permission-table.ts';
import type { Settings } from '../config/settings.ts';
import type { Database } from '../data/database.ts';
import { migrate } from '../data/migrate.ts';
import type { EmbeddedCluster } from '../embedded/start-embedded-cluster.ts';
import type { GatewayServices } from '../graph/gateway-services.ts';
import type { RoomsOfPlugin } from '../graph/plugin-environment.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { createEgressClient } from '../kernel/egress-client.ts';
import { createFailpoints, type Failpoints } from '../kernel/failpoints.ts';
import { createKeyRing } from '../kernel/key-ring.ts';
import type { Logger } from '../kernel/logger.ts';
import { createProfileSeat } from '../kernel/profiles/create-profile-seat.ts';
import { type ClusterProfiles, createProfiles } from '../kernel/profiles/create-profiles.ts';
import type { Profiles } from '../kernel/profiles/profiles.ts';
import type { PluginRun } from '../kernel/run-plugins.ts';
import type { HostModules } from '../kernel/share-host-modules.ts';
import type { ClusterRegistry } from '../kube/registered/cluster-registry.ts';
import { createClosers } from './close-all.ts';
import { type Contributions, composeContributions } from './compose-contributions.ts';
import { composePermissions } from './compose-permissions.ts';
import { type ContextMaker, createContextMaker } from './create-context-maker.ts';
import { createRooms, type Rooms } from './create-rooms.ts';
import { diagnose } from './doctor/diagnose.ts';
import { drainGateway } from './drain/drain-gateway.ts';
import { createHealth, type Health } from './health/create-health.ts';
import { keepSoundPlugins } from './keep-sound-plugins.ts';
import { loadSecretKey } from './load-secret-key.ts';
import { migrationSources } from './migration-sources.ts';
import { closeServer, type Doors, openDoors } from './open-doors.ts';
import { type Foundation, openFoundation } from './open-foundation.ts';
import type { Runtime } from './runtime.ts';
import { startWork } from './start-work.ts';
import { startupReport } from './startup-report.ts';
import { createMetrics, type Metrics } from './telemetry/create-metrics.ts';
import { openTracing } from './telemetry/open-tracing.ts';
import { serveMetricsPort } from './telemetry/serve-metrics-port.ts';
import { closeTerminalChannel } from './terminal/serve-terminals.ts';

export interface GatewayOptions {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly failpoints?: Failpoints;
  /** Instead of the settings' own; `memory:` is an embedded database without files, for tests. */
  readonly databaseUrl?: string;
  /** Modules that plugins get instead of their own copies; for test harnesses. */
  readonly hostModules?: HostModules;
  /** Divides the simulated delays of the embedded cluster; for test harnesses. */
  readonly clusterSpeed?: number;
  /** Told the plugins' run as soon as it is planned, before any plugin runs. */
  readonly onPlugins?: (plugins: PluginRun) => void;
}

export interface Gateway {
  /** `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly port: number;
  readonly embedded: EmbeddedCluster | undefined;
  readonly foundation: Foundation;
  readonly rooms: Rooms;
  readonly services: GatewayServices;
  readonly failpoints: Failpoints;
  /** The table and the line that say it is ready. */
  report(): string;
  /** Moves streams to other replicas and lets what is under way end, within the settings' times, then stops; `hurry` cuts them short. */
  drain(hurry?: AbortSignal): Promise<void>;
  /** Stops at once. Safe to call twice. */
  stop(): Promise<void>;
}

/** How long the start waits for clusters that have not answered yet, so that the report can tell; nothing else does. */
const firstAnswerMs = 1_500;

/**
 * Puts the rooms together and opens the doors. Throws one sentence (`ConfigError`, `PluginError`, `StartError`, …) where
 * it cannot, after giving back what it had taken.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { settings, logger, clock = systemClock, failpoints = createFailpoints() } = options;
  const runtime: Runtime = {
    settings,
    logger,
    clock,
    failpoints,
    databaseUrl: options.databaseUrl ?? settings.databaseUrl,
    hostModules: options.hostModules,
    clusterSpeed: options.clusterSpeed,
  };
  const closers = createClosers(logger);
  try {
    let given: RoomsOfPlugin | undefined;
    let createContext: ContextMaker | undefined;
    const metrics = createMetrics(settings.metrics.tokenSha256);
    const tracing = await openTracing({ settings, metrics, logger });
    closers.add('traces', () => tracing.close());
    let opened: Doors | undefined;
    const openedDoors = () => {
      if (!opened) throw new Error('doors-before-setup');
      return opened;
    };
    const foundation = await openFoundation(runtime, closers, () => {
      if (!given) throw new Error('rooms-before-setup');
      return given;
    });
    const { database, plugins } = foundation;
    options.onPlugins?.(plugins);
    await keepSoundPlugins(plugins, (manifests) =>
      migrate(database, { sources: migrationSources(manifests), clock, logger, failpoints }),
    );
    const compose = () => keepSoundPlugins(plugins, composeContributions);
    let contributions = await compose();
    const workspaceProfiles = createProfileSeat();
    let registry: ClusterRegistry | undefined;
    const registeredProfiles: ClusterProfiles = {
      profileOf: (cluster) => registry?.all.get(cluster)?.profile,
      get revision() {
        return registry?.revision ?? 0;
      },
    };
    const findProfiles = () => createProfiles(contributions.profiles, settings, workspaceProfiles, registeredProfiles);
    let profiles = findProfiles();
    const permit = () => composePermissions(plugins.manifests(), settings, () => profiles);
    let permissions = permit();
    const keys = createKeyRing(await loadSecretKey(settings));
    const rooms = await createRooms(runtime, foundation, metrics, closers, () => permissions.roles, keys);
    registry = rooms.clusterRegistry;
    const egress = createEgressClient({ allow: settings.egress.allow, clock });
    closers.add('calls to addresses of settings', () => egress.close());
    given = {
      profiles,
      database,
      clusters: rooms.clusters,
      clusterRegistry: rooms.clusterRegistry,
      operations: rooms.operations,
      topics: rooms.topics,
      queue: rooms.queue,
      memberships: rooms.authenticator.memberships,
      workspaceProfiles,
      users: rooms.users,
      tickets: rooms.tickets,
      egress,
      keys,
      meters: { counter: metrics.counter, gauge: metrics.gaugeOf },
      standingSubscriptions: {
        check: (...asked) => openedDoors().standingSubscriptions.check(...asked),
        open: (...asked) => openedDoors().standingSubscriptions.open(...asked),
      },
      contextFor(...caller) {
        if (!createContext) throw new Error('context-before-setup');
        return createContext(...caller);
      },
    };

    closers.add('plugins', () => plugins.stop());
    await plugins.setUp();
    // A plugin that failed in its setup is out, and so is what it has contributed.
    if (plugins.manifests().length < contributions.plugins) {
      contributions = await compose();
      profiles = findProfiles();
      permissions = permit();
    }
    const { schema } = contributions.built;
    const services = collectServices(plugins, rooms, database, {
      built: contributions.built,
      permissions,
      profiles,
      inputHashKey: keys.derive('core/input-hash'),
      diagnose: () => diagnose(runtime, foundation, rooms),
    });
    createContext = createContextMaker({ runtime, rooms, services });
    const health = createHealth({
      clusters: rooms.clusters,
      databaseProblem: async () => (await database.health()).reason,
      pluginStates: plugins.states,
    });
    const doors = await openDoors(
      { runtime, rooms, schema, services, database, health, metrics, tracing, createContext },
      closers,
    );
    opened = doors;
    observe(metrics, rooms, doors, health);
    if (settings.metrics.port !== undefined) {
      const server = await serveMetricsPort(settings.metrics.port, metrics);
      closers.add('metrics port', () => closeServer(server));
    }
    await plugins.start();
    const work = startWork(runtime, foundation, rooms, services, tracing);
    closers.add('work', () => work.stop());
    await rooms.clusters.whenSettled(firstAnswerMs);

    let stopping: Promise<void> | undefined;
    const stop = (): Promise<void> => {
      stopping ??= closers.closeAll();
      return stopping;
    };
    return {
      url: doors.listener.url,
      port: doors.listener.port,
      embedded: foundation.prepared.embedded,
      foundation,
      rooms,
      services,
      failpoints,
      report: () => report(runtime, foundation, rooms, doors),
      async drain(hurry) {
        await drainGateway({ settings, clock, health, doors, plugins, work, hurry });
        await stop();
      },
      stop,
    };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

function collectServices(
  plugins: PluginRun,
  rooms: Rooms,
  database: Database,
  {
    built,
    permissions,
    profiles,
    inputHashKey,
    diagnose,
  }: Pick<Contributions, 'built'> & {
    readonly permissions: PermissionTable;
    readonly profiles: Profiles;
    readonly inputHashKey: Uint8Array;
    readonly diagnose: GatewayServices['diagnose'];
  },
): GatewayServices {
  return {
    registry: built.registry,
    permissions,
    profiles,
    objectStreams: rooms.objectStreams,
    topics: rooms.topics,
    tickets: rooms.tickets,
    inputHashKey,
    diagnose,
    closeTerminal: (recordId) => database.signal(closeTerminalChannel, recordId),
    service: plugins.service,
    pluginStates: plugins.states,
  };
}

function observe(metrics: Metrics, rooms: Rooms, doors: Doors, health: Health): void {
  metrics.readAtScrape('longshore_draining', '1 while this replica goes away, else 0.', () =>
    Number(health.isDraining),
  );
  metrics.readAtScrape('longshore_requests_in_flight', 'GraphQL requests under way.', () => doors.fairShares.count);
  metrics.readAtScrape('longshore_web_sockets', 'Open WebSockets.', () => doors.webSockets.count);
  metrics.readAtScrape('longshore_terminals', 'Open terminals.', () => doors.terminals.count);
  metrics.readAtScrape('longshore_downloads', 'Files being sent.', () => doors.downloads.count);
  metrics.readAtScrape('longshore_uploads', 'Files being taken.', () => doors.uploads.count);
  metrics.readAtScrape('longshore_event_streams', 'Open streams over HTTP.', () => doors.eventStreams.count);
  metrics.readAtScrape(
    'longshore_object_streams',
    'Open streams of Kubernetes objects.',
    () => rooms.objectStreams.open,
  );
  metrics.readAtScrape('longshore_topic_streams', 'Open streams of events.', () => rooms.topics.open);
}

function report(runtime: Runtime, foundation: Foundation, rooms: Rooms, doors: Doors): string {
  const { settings, databaseUrl } = runtime;
  return startupReport({
    settings,
    url: doors.listener.url,
    clusters: rooms.clusters.all,
    database: databaseUrl?.startsWith('postgres') ? 'PostgreSQL' : `embedded (PGlite), files in ${settings.dataDir}/pg`,
    plugins: foundation.plugins.states(),
    signIn: rooms.signIn,
    hasEmbeddedCluster: foundation.prepared.embedded !== undefined,
  });
}
