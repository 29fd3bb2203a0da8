import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Authenticator } from '../../access/create-authenticator.ts';
import type { PermissionTable } from '../../access/create-permission-table.ts';
import type { RedeemedTicket, Tickets } from '../../access/tickets/create-tickets.ts';
import { type TerminalSubject, terminalTicket } from '../../access/tickets/terminal-ticket.ts';
import type { OperationRecords } from '../../audit/operation-records.ts';
import type { Database } from '../../data/database.ts';
import { AnswerError, ForbiddenError, NotFoundError, UpstreamError } from '../../kernel/answer-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { RequestError } from '../../kernel/request-error.ts';
import type { Clusters } from '../../kube/cluster.ts';
import type { StreamDoor } from '../drain/stream-door.ts';
import type { ClientOf } from '../http/client-of.ts';
import type { StreamPlaces } from '../stream-places.ts';
import { closeCodes } from '../websocket/close-codes.ts';
import { forgiveBrokenSends } from '../websocket/forgive-broken-sends.ts';
import { type RunningTerminal, runTerminal } from './run-terminal.ts';
import { shortened, type TerminalEnd, terminalEnds } from './terminal-end.ts';
import { chooseProtocol, type TerminalProtocol } from './terminal-protocol.ts';
import { podKind, watchTerminal } from './watch-terminal.ts';

/** Largest message of a client: a paste. */
const mostMessageBytes = 256 * 1024;
const ticketPrefix = 'ticket.';
/** Told to every replica with the id of the operation record. */
export const closeTerminalChannel = 'core.closeTerminal';

export interface TerminalsOptions {
  readonly authenticator: Authenticator;
  readonly permissions: PermissionTable;
  readonly tickets: Tickets;
  readonly operations: OperationRecords;
  readonly clusters: Clusters;
  readonly database: Pick<Database, 'onSignal'>;
  readonly places: StreamPlaces;
  readonly clientOf: ClientOf;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: { readonly terminals: number };
  newRequestId(): string;
}

export interface Terminals extends StreamDoor {
  /** Takes an upgrade that the origin guard has let pass; answers an HTTP status where it does not take it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): number | undefined;
  stop(): Promise<void>;
}

/** `/terminal`: a ticket becomes a process in a container that a client talks to (CMP-109). */
export function serveTerminals(options: TerminalsOptions): Terminals {
  const { authenticator, clock, logger, operations, places } = options;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: mostMessageBytes,
    perMessageDeflate: false,
    // Never the ticket: what is chosen is repeated to the client.
    handleProtocols: (offered) => chooseProtocol(offered)?.name ?? false,
  });
  /** By the id of their records: open ones, and those that are about to be. */
  const recorded = new Map<string, Pick<RunningTerminal, 'end'>>();
  /** Of these, those that were told to go on elsewhere. */
  const told = new Set<string>();
  const serving = new Set<Promise<void>>();
  const sockets = new Set<WebSocket>();
  const stopping = new AbortController();
  let isDraining = false;

  const stopListening = options.database.onSignal(closeTerminalChannel, (id) =>
    recorded.get(id)?.end(terminalEnds.closed),
  );

  async function serve(client: WebSocket, request: IncomingMessage, ticket: string, protocol: TerminalProtocol) {
    try {
      const redeemed = await redeem(request, ticket);
      if (client.readyState !== client.OPEN) return;
      const leave = places.enter(redeemed.principal.id);
      if (!leave) return refuse(client, terminalEnds.tooMany);
      try {
        await open(client, request, redeemed, protocol);
      } finally {
        leave();
      }
    } catch (error) {
      if (client.readyState !== client.OPEN) return;
      const end = isDraining ? terminalEnds.drain : endOfError(error);
      if (end.why === 'INTERNAL') logger.error({ err: error }, 'a terminal failed');
      refuse(client, end);
    }
  }

  function refuse(client: WebSocket, { code, reason }: TerminalEnd): void {
    client.resume();
    client.close(code, reason);
    const cancel = clock.schedule(4_000, () => client.terminate());
    client.once('close', cancel);
  }

  async function redeem(request: IncomingMessage, ticket: string): Promise<RedeemedTicket<TerminalSubject>> {
    // Who can send a header may; browsers cannot. A service account's token is known here from then on.
    const { authorization } = request.headers;
    if (authorization !== undefined) await authenticator.authenticate(authorization, options.clientOf(request));
    const redeemed = await options.tickets.redeem(terminalTicket, ticket);
    if (!redeemed) throw new RequestError('UNAUTHENTICATED', 'The ticket is not valid, or not any more');
    return redeemed;
  }

  async function open(
    client: WebSocket,
    request: IncomingMessage,
    { principal, subject }: RedeemedTicket<TerminalSubject>,
    protocol: TerminalProtocol,
  ): Promise<void> {
    const { target, container, command, hasInput, isTerminal } = subject;
    const action = command ? 'EXEC' : 'ATTACH';
    const cluster = options.clusters.get(target.cluster);
    let terminal: RunningTerminal | undefined;
    /** How it ended before there was a process to talk to. */
    let endedEarly: TerminalEnd | undefined;
    const opening = new AbortController();
    function end(how: TerminalEnd): void {
      if (terminal) {
        terminal.end(how);
        return;
      }
      endedEarly ??= how;
      opening.abort();
    }
    client.once('close', (code: number) => {
      if (!terminal) end(code === terminalEnds.clientLost.code ? terminalEnds.clientLost : terminalEnds.clientClosed);
    });
    const signal = AbortSignal.any([opening.signal, stopping.signal]);
    const pod = await cluster?.reader(principal, signal).get(podKind, target.namespace, target.name);
    if (!cluster || !pod || pod.metadata.uid !== subject.podUid) throw new NotFoundError('The pod is gone');
    options.permissions.for(principal).requireAllowed(action, pod);

    const record = await operations.openSession(
      {
        action: command ? 'terminal' : 'attachedTerminal',
        category: 'TERMINAL',
        principal,
        requestId: options.newRequestId(),
        target,
        detail: command ? `container ${container}: ${command.join(' ')}` : `container ${container}: attached`,
        input: { container, command, isTerminal },
      },
      () => terminal?.measure() ?? { bytesIn: 0, bytesOut: 0, endReason: endedEarly?.why },
    );
    recorded.set(record.id, { end });
    if (isDraining) end(terminalEnds.drain);
    let endWatch = () => {};
    try {
      // From here on: opening it may take the cluster a while, and what it stands on must not go unnoticed meanwhile.
      endWatch = watchTerminal({
        principal,
        pod,
        container,
        action,
        cluster,
        authenticator,
        permissions: options.permissions,
        clock,
        logger,
        onEnd: end,
      });
      const session = await cluster.openPodSession(
        {
          namespace: target.namespace,
          pod: target.name,
          container,
          command: command ?? undefined,
          hasInput,
          isTerminal,
          principal,
          operationId: record.id,
        },
        signal,
      );
      terminal = runTerminal({ client, socket: request.socket, protocol, session, clock, idleMs: subject.idleMs });
      if (isTerminal) session.resize(subject.columns, subject.rows);
      if (endedEarly) terminal.end(endedEarly);
      const how = await terminal.over;
      await record.end(how.code === 1011 ? new UpstreamError(`cluster '${target.cluster}'`, how.reason) : undefined);
    } catch (error) {
      await record.end(endedEarly ? undefined : error);
      if (!endedEarly) throw error;
      refuse(client, endedEarly);
    } finally {
      endWatch();
      recorded.delete(record.id);
      told.delete(record.id);
    }
  }

  return {
    upgrade(request, socket, head) {
      // Who is only told why not takes nobody's place.
      if (isDraining || serving.size >= options.limits.terminals) return 503;
      const offered = protocolsOf(request);
      const tickets = offered.filter((each) => each.startsWith(ticketPrefix));
      const [ticket] = tickets;
      const protocol = chooseProtocol(offered);
      if (!protocol) return 400;
      if (ticket === undefined || tickets.length > 1) return 401;
      server.handleUpgrade(request, socket, head, (client) => {
        sockets.add(client);
        client.once('close', () => sockets.delete(client));
        client.on('error', (error) => logger.debug({ err: error }, 'a terminal’s WebSocket failed'));
        forgiveBrokenSends(client, logger);
        // What is typed meanwhile waits in the socket.
        client.pause();
        const served = serve(client, request, ticket.slice(ticketPrefix.length), protocol);
        serving.add(served);
        void served.finally(() => serving.delete(served));
      });
      return undefined;
    },
    get count() {
      return serving.size;
    },
    closeEntrance() {
      isDraining = true;
    },
    unmoved() {
      return [...recorded.entries()]
        .filter(([id]) => !told.has(id))
        .map(([id, { end }]) => () => {
          told.add(id);
          end(terminalEnds.drain);
        });
    },
    async stop() {
      isDraining = true;
      stopListening();
      for (const { end } of recorded.values()) end(terminalEnds.drain);
      stopping.abort();
      await Promise.all(serving);
      for (const socket of sockets) socket.terminate();
    },
  };
}

function protocolsOf({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
}

/** What somebody is told whose terminal could not be opened. */
function endOfError(error: unknown): TerminalEnd {
  if (error instanceof RequestError) {
    const isBad = error.code === 'UNAUTHENTICATED';
    return isBad
      ? { why: 'REFUSED', code: closeCodes.unauthenticated, reason: shortened(error.message) }
      : { why: 'REFUSED', code: closeCodes.comeBack, reason: shortened(error.message) };
  }
  if (error instanceof NotFoundError) return terminalEnds.podGone;
  if (error instanceof ForbiddenError) return { why: 'REFUSED', code: 4403, reason: shortened(error.message) };
  if (error instanceof AnswerError) return { why: 'REFUSED', code: 1011, reason: shortened(error.message) };
  return { why: 'INTERNAL', code: 1011, reason: 'Internal error' };
}
