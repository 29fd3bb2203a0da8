import { WebSocket } from 'ws';
import type { TestGateway } from '../../src/testing.ts';

/** A client at `/terminal`, as a browser with xterm.js would be. */
export interface TestTerminal {
  readonly socket: WebSocket;
  /** Everything that the terminal has shown. */
  text(): string;
  /** How many bytes of output that were. */
  bytes(): number;
  /** What the error channel said in the end. */
  status(): unknown;
  type(text: string): void;
  resize(columns: number, rows: number): void;
  /** Resolves with the close of the WebSocket. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

export interface OpenTerminalOptions {
  /** Hands out the ticket. */
  readonly issuer: TestGateway;
  /** Opens the terminal. */
  readonly gateway?: TestGateway;
  readonly token: string;
  readonly cluster?: string;
  readonly namespace?: string;
  readonly pod: string;
  readonly input?: object;
  readonly protocol?: string;
}

interface Issued {
  readonly __typename: string;
  readonly ticket: { readonly value: string } | null;
  readonly message?: string;
}

/** The ticket of a terminal, or what refuses it. */
export async function issueTicket(options: OpenTerminalOptions): Promise<Issued> {
  const { issuer, token, cluster = 'far', namespace = 'default', pod } = options;
  const { data } = await issuer.query<{ pod: { id: string } | null }>(
    'query ($cluster: String!, $namespace: String!, $name: String!) { pod(cluster: $cluster, namespace: $namespace, name: $name) { id } }',
    { cluster, namespace, name: pod },
    { token },
  );
  const answer = await issuer.query<{ openTerminal: Issued }>(
    `mutation ($input: OpenTerminalInput!) { openTerminal(input: $input) {
      __typename ... on OpenTerminalSuccess { ticket { value } } ... on Error { code message } } }`,
    { input: { id: data?.pod?.id ?? 'none', ...options.input } },
    { token },
  );
  if (!answer.data) throw new Error(JSON.stringify(answer.errors));
  return answer.data.openTerminal;
}

export async function openTerminal(options: OpenTerminalOptions): Promise<TestTerminal> {
  const issued = await issueTicket(options);
  if (!issued.ticket) throw new Error(`${issued.__typename}: ${issued.message}`);
  const terminal = dialTerminal(options.gateway ?? options.issuer, issued.ticket.value, options.protocol);
  await new Promise((resolve, reject) => {
    terminal.socket.once('open', resolve);
    terminal.socket.once('error', reject);
  });
  return terminal;
}

export function dialTerminal(gateway: TestGateway, ticket: string, protocol = 'v5.channel.k8s.io'): TestTerminal {
  const url = `${gateway.url.replace('http', 'ws')}/terminal`;
  const socket = new WebSocket(url, [protocol, `ticket.${ticket}`]);
  const isRaw = protocol === 'attach.longshore';
  let shown = '';
  let status = '';
  let bytes = 0;
  socket.on('message', (data: Buffer) => {
    if (isRaw || data[0] === 1) {
      shown += data.subarray(isRaw ? 0 : 1).toString();
      bytes += data.length - (isRaw ? 0 : 1);
    }
    if (!isRaw && data[0] === 3) status += data.subarray(1).toString();
  });
  socket.on('error', () => {});
  const send = (channel: number, text: string) => socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(text)]));
  return {
    socket,
    text: () => shown,
    bytes: () => bytes,
    status: () => (status === '' ? undefined : JSON.parse(status)),
    type: (text) => (isRaw ? socket.send(text) : send(0, text)),
    resize: (columns, rows) => send(4, JSON.stringify({ Width: columns, Height: rows })),
    closed: new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    }),
  };
}
