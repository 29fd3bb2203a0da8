import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Authenticator } from '../../access/create-authenticator.ts';
import { withCost } from '../../graph/cost/use-cost.ts';
import { maskOnce } from '../../graph/execution/use-mask.ts';
import type { OperationBudget } from '../../graph/limits/budget.ts';
import type { RequestContext } from '../../graph/request-context.ts';
import { createFarewells } from '../../graph/streams/farewells.ts';
import type { TextStream } from '../../graph/streams/text-stream.ts';
import type { Clock } from '../../kernel/clock.ts';
import { errorRowOf } from '../../kernel/error-table.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Principal } from '../../kernel/principal.ts';
import { RequestError } from '../../kernel/request-error.ts';
import { inSpan, type Tracing } from '../../kernel/tracing.ts';
import { SlowReaderError } from '../../live/slow-reader-error.ts';
import { goingAwayReason } from '../drain/going-away.ts';
import type { StreamDoor } from '../drain/stream-door.ts';
import type { AddressGuard } from '../fairness/address-guard.ts';
import type { FairShares, Turn } from '../fairness/fair-shares.ts';
import type { GraphqlEngine } from '../graphql/create-graphql-engine.ts';
import type { TrustedDocuments } from '../graphql/trusted-documents.ts';
import { withRequestId } from '../graphql/use-request-id.ts';
import type { ClientOf } from '../http/client-of.ts';
import type { StreamPlaces } from '../stream-places.ts';
import { watchReader } from '../watch-reader.ts';
import { bearerOfInit, takeBearerOfPing } from './bearer-of-init.ts';
import { closeCodes } from './close-codes.ts';
import { type Connection, giveBack, type OpenConnection } from './connection.ts';
import { endQuietly, isSlowReader } from './end-quietly.ts';
import { createRightsFollower } from './follow-rights.ts';
import { forgiveBrokenSends } from './forgive-broken-sends.ts';
import { createConnectionMover } from './move-connection.ts';
import { createStreamWriter } from './stream-writer.ts';
import { createTurns } from './turns.ts';

export interface WebSocketOptions {
  readonly engine: GraphqlEngine;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: {
    readonly bodyBytes: number;
    readonly subscriptionsPerSocket: number;
  };
  readonly places: StreamPlaces;
  readonly clientOf: ClientOf;
  readonly fairShares: FairShares;
  readonly addressGuard: AddressGuard;
  readonly trustedDocuments: TrustedDocuments;
  readonly tracing: Tracing;
  createContext(
    principal: Principal,
    requestId: string,
    signal: AbortSignal,
    onStreamClosed: (error: Error | undefined) => void,
  ): RequestContext;
  newRequestId(): string;
}

export interface GraphqlWebSockets extends StreamDoor {
  /** Takes an upgrade that the origin guard has let pass. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stop(): Promise<void>;
}

/** How long somebody who does not read has for what is written last, in ms; then the connection is cut. */
const partingMs = 10_000;
/** Milliseconds that writing to everybody may hold the loop at a time. */
const turnMs = 10;

/** graphql-transport-ws on `/graphql`, guarded as HTTP is: token, rights, limits, masking, introspection setting. */
export function serveWebSocket(options: WebSocketOptions): GraphqlWebSockets {
  const { engine, authenticator, logger, limits } = options;
  const sockets = new Set<WebSocket>();
  const connections = new WeakMap<WebSocket, OpenConnection>();
  let isEntranceClosed = false;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.bodyBytes,
    perMessageDeflate: false,
    handleProtocols: (protocols) =>
      protocols.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  });

  const turns = createTurns(turnMs);
  const rights = createRightsFollower({
    authenticator,
    clock: options.clock,
    logger,
    clientOf: options.clientOf,
    part: ({ socket }, code, reason) => part(socket, code, reason),
  });
  const mover = createConnectionMover({
    clock: options.clock,
    part: ({ socket }, code, reason) => part(socket, code, reason),
  });

  const disposable = useServer<Record<string, unknown>, Connection>(
    {
      connectionInitWaitTimeout: 3_000,
      // Otherwise an unexpected error's own words are the reason of the close.
      isProd: true,
      async onConnect({ connectionParams, extra }) {
        const principal = await signIn(connectionParams, extra.request);
        if (principal === 'refused' || principal === 'undecided') {
          if (principal === 'refused') extra.socket.close(closeCodes.unauthenticated, 'Unauthorized');
          else extra.socket.close(closeCodes.comeBack, 'Try again');
          return false;
        }
        // Who has gone meanwhile was given back then what it held, and nothing gives it back again.
        if (extra.socket.readyState !== extra.socket.OPEN) return false;
        const leave = options.places.enter(principal.id);
        if (!leave) {
          extra.socket.close(closeCodes.tooMany, 'Too many connections');
          return false;
        }
        extra.leave = leave;
        extra.operations = new Map();
        extra.farewells = createFarewells();
        extra.executing = new Set();
        connections.set(extra.socket, extra);
        rights.follow(extra, principal);
        return true;
      },
      onPing: ({ extra }, payload) => rights.renew(extra, takeBearerOfPing(payload)),
      async onSubscribe({ extra }, id, payload): Promise<ExecutionArgs | readonly GraphQLError[]> {
        const { principal, operations } = extra;
        const requestId = options.newRequestId();
        try {
          if (!principal || !operations) throw new RequestError('UNAUTHENTICATED', 'A valid bearer token is required.');
          if (operations.size >= limits.subscriptionsPerSocket) {
            throw new RequestError(
              'RATE_LIMITED',
              `A connection may have at most ${limits.subscriptionsPerSocket} operations open`,
            );
          }
          const controller = new AbortController();
          /** Of a query or mutation, from when it is its turn; a stream is only opened. */
          let turn: Turn | undefined;
          const opening = options.fairShares.budgetOf(principal.id);
          const context = options.createContext(principal, requestId, controller.signal, (error) => {
            if (error instanceof SlowReaderError) part(extra.socket, closeCodes.slowReader, 'Reading too slowly');
          });
          const { schema, parse, validate, execute, subscribe, contextFactory } = engine.getEnveloped({
            requestId,
            contextOf: () => context,
            params: payload,
            textTransport: { carry: (stream: TextStream) => writerOf(extra).carry(id, stream) },
            farewells: extra.farewells,
            budget: {
              spend: (type, cost) => (turn?.budget ?? opening).spend(type, cost),
              giveBack: () => turn?.budget.giveBack(),
            } satisfies OperationBudget,
          });
          const document = parse(options.trustedDocuments.textOf(payload) ?? '');
          const errors = validate(schema, document);
          if (errors.length > 0)
            return errors.map((error: unknown) => withRequestId(maskOnce(error, requestId, logger), requestId));
          // The library would refuse it too, without a code, and the operation would stay counted.
          const operation = getOperationAST(document, payload.operationName);
          if (!operation) {
            throw new GraphQLError('Could not determine what operation to execute.');
          }
          operations.set(id, controller);
          // What it asks for, another replica can give it for longer.
          if (isEntranceClosed && operation.operation === 'subscription') mover.move(extra);
          const args = {
            schema,
            document,
            operationName: payload.operationName,
            variableValues: payload.variables,
            contextValue: await contextFactory(),
            rootValue: {
              execute: inPlace(
                async () => {
                  extra.executing?.add(id);
                  turn = await options.fairShares.enter(principal.id);
                  return turn.leave;
                },
                requestId,
                execute,
              ),
              subscribe: orErrors(requestId, subscribe),
            },
          };
          return args as unknown as ExecutionArgs;
        } catch (error) {
          return [withRequestId(maskOnce(error, requestId, logger), requestId)];
        }
      },
      execute: (args) => rootOf(args).execute(args),
      subscribe: async (args) => rootOf(args).subscribe(args),
      onOperation: ({ extra }, id, _payload, _args, result) => endQuietly(result, () => farewellOf(extra, id)),
      onComplete: ({ extra }, id) => endOperation(extra, id),
      onError: ({ extra }, id) => endOperation(extra, id),
      onClose: ({ extra }) => giveBack(extra),
      onDisconnect: ({ extra }) => giveBack(extra),
    },
    server,
    // Whether somebody is there is watched below.
    0,
  );

  /** Undecided where who keeps the identities does not answer: then the token may be good, and a client should try again. */
  async function signIn(
    params: Record<string, unknown> | undefined,
    request: IncomingMessage,
  ): Promise<Principal | 'refused' | 'undecided'> {
    try {
      const authorization = bearerOfInit(params) ?? request.headers.authorization;
      const client = options.clientOf(request);
      return await options.addressGuard.signIn(client.address, authorization, () =>
        authenticator.authenticate(authorization, client),
      );
    } catch (error) {
      logger.info(
        { code: error instanceof RequestError ? error.code : 'INTERNAL' },
        'a WebSocket was refused at connection_init',
      );
      return error instanceof RequestError && errorRowOf(error).isRetryable ? 'undecided' : 'refused';
    }
  }

  function watchSocket(webSocket: WebSocket, socket: Socket): void {
    const watch = watchReader({
      socket,
      clock: options.clock,
      ping: () => webSocket.ping(),
      onStuck: () => part(webSocket, closeCodes.slowReader, 'Reading too slowly'),
      onDead: () => webSocket.terminate(),
    });
    for (const sign of ['pong', 'ping', 'message']) webSocket.on(sign, watch.heard);
    webSocket.on('close', watch.stop);
  }

  /** Says why, gives back at once what it held, and cuts the connection where nobody takes the answer. */
  function part(webSocket: WebSocket, code: number, reason: string): void {
    if (webSocket.readyState !== webSocket.OPEN) return;
    webSocket.close(code, reason);
    const cancelCut = options.clock.schedule(partingMs, () => webSocket.terminate());
    webSocket.once('close', cancelCut);
    const connection = connections.get(webSocket);
    if (connection) giveBack(connection);
  }

  function endOperation(connection: OpenConnection, id: string): void {
    connection.operations?.get(id)?.abort();
    connection.operations?.delete(id);
    connection.parted?.delete(id);
    connection.executing?.delete(id);
    mover.look(connection);
  }

  /** Where the end of a stream is its goodbye, what is left of it: nothing, until the connection is closed. */
  function farewellOf(connection: OpenConnection, id: string): Promise<void> | undefined {
    const { parted } = connection;
    if (!parted || !connection.operations?.has(id)) return undefined;
    parted.add(id);
    mover.look(connection);
    connection.closed ??= new Promise((resolve) => {
      connection.socket.once('close', () => resolve());
    });
    return connection.closed;
  }

  /** What refuses a stream before it is opened is told in its place, and the connection goes on. */
  function orErrors(requestId: string, subscribe: RootValue['subscribe']): RootValue['subscribe'] {
    return async (args) => {
      try {
        return await subscribe(args);
      } catch (error) {
        return { errors: [withRequestId(maskOnce(error, requestId, logger), requestId)] };
      }
    };
  }

  /** A query over a WebSocket is a request under way as one over HTTP is. */
  function inPlace(
    begin: () => Promise<() => void>,
    requestId: string,
    execute: RootValue['execute'],
  ): RootValue['execute'] {
    return async (args) => {
      let leave = () => {};
      const span = options.tracing.start('WebSocket /graphql', 'server', {
        'http.route': '/graphql',
        'network.protocol.name': 'websocket',
        'longshore.request_id': requestId,
      });
      try {
        leave = await begin();
        // What asked for its cost is told, as it is over HTTP.
        return tellCost(await inSpan(span, () => execute(args)), args);
      } catch (error) {
        span?.fail(error instanceof RequestError ? error.code : 'INTERNAL');
        return { errors: [withRequestId(maskOnce(error, requestId, logger), requestId)] };
      } finally {
        leave();
        span?.end();
      }
    };
  }

  function writerOf(connection: OpenConnection) {
    connection.writer ??= createStreamWriter({
      webSocket: connection.socket,
      socket: connection.request.socket,
      turns,
      onError: (error) => {
        if (!isSlowReader(error)) logger.debug({ err: error }, 'a stream failed');
      },
    });
    return connection.writer;
  }

  return {
    upgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (webSocket) => {
        sockets.add(webSocket);
        webSocket.on('close', () => sockets.delete(webSocket));
        webSocket.on('error', (error) => logger.debug({ err: error }, 'a WebSocket failed'));
        forgiveBrokenSends(webSocket, logger);
        watchSocket(webSocket, request.socket);
        if (isEntranceClosed) return part(webSocket, closeCodes.comeBack, goingAwayReason);
        server.emit('connection', webSocket, request);
      });
    },
    get count() {
      return sockets.size;
    },
    closeEntrance() {
      isEntranceClosed = true;
    },
    unmoved() {
      const moves: (() => void)[] = [];
      for (const socket of sockets) {
        const connection = connections.get(socket);
        if (!connection) moves.push(() => part(socket, closeCodes.comeBack, goingAwayReason));
        else if (!connection.farewells?.areSaid) moves.push(() => mover.move(connection));
      }
      return moves;
    },
    async stop() {
      const disposed = disposable.dispose();
      // Their time to say goodbye was the drain; who answers nothing would be waited for half a minute.
      for (const socket of sockets) socket.terminate();
      await disposed;
    },
  };
}

interface RootValue {
  execute(args: ExecutionArgs): ReturnType<typeof import('graphql').execute>;
  subscribe(args: ExecutionArgs): ReturnType<typeof import('graphql').subscribe>;
}

const tellCost = (
  result: Awaited<ReturnType<RootValue['execute']>>,
  { contextValue }: ExecutionArgs,
): Awaited<ReturnType<RootValue['execute']>> => withCost(result, contextValue as object);

const rootOf = (args: ExecutionArgs): RootValue => args.rootValue as RootValue;
