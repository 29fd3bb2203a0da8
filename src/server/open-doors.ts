import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { createOriginGuard } from '../access/create-origin-guard.ts';
import type { Database } from '../data/database.ts';
import type { GatewayServices } from '../graph/gateway-services.ts';
import { createAnswerCache } from '../graph/reuse/answer-cache.ts';
import type { StandingSubscriptions } from '../graph/streams/standing-subscriptions.ts';
import type { Tracing } from '../kernel/tracing.ts';
import { isLoopback } from './choose-sign-in.ts';
import type { Closers } from './close-all.ts';
import type { ContextMaker } from './create-context-maker.ts';
import type { Rooms } from './create-rooms.ts';
import { createAddressGuard } from './fairness/address-guard.ts';
import { createFairShares, type FairShares } from './fairness/fair-shares.ts';
import { createGraphqlEngine } from './graphql/create-graphql-engine.ts';
import { createStandingSubscriptions } from './graphql/create-standing-subscriptions.ts';
import { createTrustedDocuments, readTrustedDocuments } from './graphql/trusted-documents.ts';
import type { Health } from './health/create-health.ts';
import { createClientOf } from './http/client-of.ts';
import { createGraphqlDoor } from './http/create-graphql-door.ts';
import { createRequestListener } from './http/create-request-listener.ts';
import type { TransferDoor } from './http/create-transfer-door.ts';
import { createEventStreams, type EventStreams } from './http/event-streams.ts';
import { createDownloadDoor } from './http/serve-download.ts';
import { createUploadDoor } from './http/serve-upload.ts';
import { type Listener, listen } from './listen.ts';
import type { Runtime } from './runtime.ts';
import { createStreamPlaces } from './stream-places.ts';
import type { Metrics } from './telemetry/create-metrics.ts';
import { createOperationReporter } from './telemetry/create-operation-reporter.ts';
import { serveTerminals, type Terminals } from './terminal/serve-terminals.ts';
import { createUpgradeListener } from './websocket/create-upgrade-listener.ts';
import { type GraphqlWebSockets, serveWebSocket } from './websocket/serve-websocket.ts';

export interface Doors {
  readonly listener: Listener;
  readonly webSockets: GraphqlWebSockets;
  readonly terminals: Terminals;
  readonly downloads: TransferDoor;
  readonly uploads: TransferDoor;
  readonly eventStreams: EventStreams;
  readonly fairShares: FairShares;
  readonly standingSubscriptions: StandingSubscriptions;
}

export interface DoorsOptions {
  readonly runtime: Runtime;
  readonly rooms: Rooms;
  readonly schema: GraphQLSchema;
  readonly services: GatewayServices;
  readonly database: Database;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly createContext: ContextMaker;
}

/** HTTP, SSE, WebSocket and terminals on one port, each guarded alike. */
export async function openDoors(options: DoorsOptions, closers: Closers): Promise<Doors> {
  const { rooms, services, metrics, tracing, health, createContext } = options;
  const { settings, clock, logger } = options.runtime;
  const { authenticator, operations, clusters } = rooms;

  const newRequestId = (): string => randomUUID();
  const { file, only } = settings.trustedDocuments;
  const trustedDocuments = createTrustedDocuments(file === undefined ? new Map() : readTrustedDocuments(file), {
    only,
  });
  // Whole answers and the rows of lists share the room for answers.
  const answerBytes = settings.limits.answerCacheBytes / 2;
  const answers = createAnswerCache(answerBytes);
  const reportOperation = createOperationReporter({ metrics, logger, slowMs: settings.slowOperationMs });
  const engine = createGraphqlEngine({
    schema: options.schema,
    limits: settings.limits,
    answers,
    itemBytes: answerBytes,
    hasIntrospection: settings.introspection,
    trustedDocuments,
    logger,
    reportOperation,
  });
  const fairShares = createFairShares({ limits: settings.limits, clock, metrics });
  const addressGuard = createAddressGuard({
    clock,
    failuresPerMinute: settings.limits.failedSignInsPerMinute,
    onLimited: fairShares.noteLimitedAddress,
  });
  let ownPort = settings.port;
  const originGuard = createOriginGuard({
    ownPort: () => ownPort,
    loopback: isLoopback(settings.host),
    allowedHosts: settings.allowedHosts,
    allowedOrigins: settings.allowedOrigins,
  });
  const clientOf = createClientOf(settings.trustedProxies);
  const places = createStreamPlaces(settings.limits.socketsPerPrincipal, fairShares.connect);
  const eventStreams = createEventStreams({ authenticator, places, clock });
  const webSockets = serveWebSocket({
    engine,
    authenticator,
    clock,
    logger,
    limits: settings.limits,
    places,
    clientOf,
    fairShares,
    addressGuard,
    trustedDocuments,
    tracing,
    createContext,
    newRequestId,
  });
  const terminals = serveTerminals({
    authenticator,
    permissions: services.permissions,
    tickets: rooms.tickets,
    operations,
    clusters,
    database: options.database,
    places,
    clientOf,
    clock,
    logger,
    limits: settings.limits,
    newRequestId,
  });
  const transfers = { tickets: rooms.tickets, authenticator, operations, places, clock, logger, createContext };
  const downloads = createDownloadDoor({ ...transfers, sources: services.registry.downloads });
  const uploads = createUploadDoor({ ...transfers, targets: services.registry.uploads });
  const hasGraphiql = settings.graphiql;
  const serveGraphql = createGraphqlDoor({
    engine,
    answers,
    authenticator,
    permissions: services.permissions,
    fairShares,
    addressGuard,
    eventStreams,
    metrics,
    tracing,
    clientOf,
    reportOperation,
    createContext,
  });
  const listener = await listen(
    settings.host,
    settings.port,
    createRequestListener({
      serveGraphql,
      authenticator,
      originGuard,
      downloads,
      uploads,
      health,
      metrics,
      hasGraphiql,
      clientOf,
      logger,
      newRequestId,
    }),
    uploads.holds,
  );
  ownPort = listener.port;
  closers.add('doors', async () => {
    // Their records say why they ended only where they hear of it before their connections are cut.
    const sent = Promise.all([downloads.stop(), uploads.stop()]);
    // Nobody new first; but a server has closed only when the last WebSocket has.
    const closed = closeServer(listener.server);
    await Promise.all([webSockets.stop(), terminals.stop(), sent]);
    await closed;
  });
  listener.server.on('upgrade', createUpgradeListener({ originGuard, webSockets, terminals, logger }));
  return {
    ...{ listener, webSockets, terminals, downloads, uploads, eventStreams, fairShares },
    standingSubscriptions: createStandingSubscriptions({ engine, trustedDocuments }),
  };
}

/** Nobody new, and idle connections end; what is under way has had its time in the drain. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
