import { channels, frame } from '../../kube/sessions/channel-frames.ts';

/** What a client says. */
export type TerminalInput =
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  /** No more will come. */
  | { readonly kind: 'end' }
  | { readonly kind: 'nothing' };

/** One way of talking to a terminal; the WebSocket's subprotocol. */
export interface TerminalProtocol {
  readonly name: string;
  /** Undefined for what is not of the protocol. */
  read(data: Uint8Array, isBinary: boolean): TerminalInput | undefined;
  output(stream: 'stdout' | 'stderr', data: Uint8Array): Uint8Array;
  /** How the process ended, where the protocol says it in a message; else the close says it alone. */
  status(exitCode: number): Uint8Array | undefined;
}

const escapeByte = 0x1b;
const mostCells = 1_000;
const mostSizeBytes = 256;

/**
 * Kubernetes' own remote command protocol, each message beginning with its channel: 0 input, 1 output, 2 errors, 3 how it ended, 4 size
 * as `{"Width":80,"Height":24}`. Clients of consoles that speak it speak it here.
 */
const channelProtocol = (name: string): TerminalProtocol => ({
  name,
  read: readChannel,
  output: (stream, data) => frame(channels[stream], data),
  status: (exitCode) => frame(channels.error, Buffer.from(JSON.stringify(statusOf(exitCode)))),
});

/**
 * For xterm.js' AttachAddon, which sends what is typed as text and shows whatever comes: output comes as it is. Sizes are sent as
 * in the channel protocol; binary messages that begin with Escape are what the addon sends for the mouse.
 */
const attachProtocol: TerminalProtocol = {
  name: 'attach.longshore',
  read(data, isBinary) {
    if (!isBinary || data[0] === escapeByte) return inputOf(data);
    return readChannel(data, isBinary);
  },
  output: (_stream, data) => data,
  status: () => undefined,
};

const protocols = [channelProtocol('v5.channel.k8s.io'), channelProtocol('v4.channel.k8s.io'), attachProtocol];

/** The best protocol of those that a client offers. */
export function chooseProtocol(offered: Iterable<string>): TerminalProtocol | undefined {
  const all = new Set(offered);
  return protocols.find(({ name }) => all.has(name));
}

function readChannel(data: Uint8Array, isBinary: boolean): TerminalInput | undefined {
  // Some clients send their channel as a character of a text.
  const [channel] = data;
  const content = data.subarray(1);
  if (channel === channels.stdin) return inputOf(content);
  if (channel === channels.resize) return readSize(content);
  return isBinary && channel === channels.close ? { kind: 'end' } : undefined;
}

/** Nothing is no input: it keeps no terminal open. */
function inputOf(data: Uint8Array): TerminalInput {
  return data.length > 0 ? { kind: 'data', data } : { kind: 'nothing' };
}

/** Sizes that no terminal has, such as those of a window that is hidden, are passed over as a kubelet does. */
function readSize(content: Uint8Array): TerminalInput | undefined {
  if (content.length > mostSizeBytes) return undefined;
  try {
    const size = JSON.parse(Buffer.from(content).toString()) as { Width?: unknown; Height?: unknown } | null;
    const { Width: columns, Height: rows } = size ?? {};
    if (!isWhole(columns) || !isWhole(rows)) return undefined;
    const isSize = [columns, rows].every((cells) => cells >= 1 && cells <= mostCells);
    return isSize ? { kind: 'resize', columns, rows } : { kind: 'nothing' };
  } catch {
    return undefined;
  }
}

const isWhole = (value: unknown): value is number => Number.isInteger(value);

function statusOf(exitCode: number): object {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}
