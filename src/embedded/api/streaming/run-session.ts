import type { ContainerSession, SessionEnd, SessionOutput } from '../../containers/container-session.ts';
import type { ApiContext } from '../api-context.ts';
import { acceptSocket, type UpgradeRequest } from './accept-socket.ts';
import { type ChannelSocket, channels, createChannelSocket } from './channel-socket.ts';
import type { SessionOptions } from './session-request.ts';

/** Connects a WebSocket with a session in a container until one of them ends. */
export async function runSession(
  context: ApiContext,
  upgrade: UpgradeRequest,
  options: SessionOptions,
  begin: (output: SessionOutput) => ContainerSession,
): Promise<void> {
  const socket = await acceptSocket(upgrade);
  let session: ContainerSession | undefined;
  const wire = createChannelSocket(socket, context.clock, {
    async onData(channel, data) {
      if (channel === channels.stdin && options.stdin) await session?.input(data);
      if (channel === channels.resize && options.tty) resize(session, data);
    },
    onClose(channel) {
      if (channel === channels.stdin) session?.endInput();
    },
    onGone() {
      session?.hangUp();
      forget();
    },
  });
  const forget = context.sessionStreams.add(() => socket.terminate());

  // An empty message on the lowest channel tells the client that it is connected.
  const first = options.stdout ? channels.stdout : options.stderr ? channels.stderr : channels.error;
  await wire.send(first, new Uint8Array());
  session = begin({
    ...(options.stdout ? { stdout: (data) => wire.send(channels.stdout, data) } : {}),
    ...(options.stderr ? { stderr: (data) => wire.send(channels.stderr, data) } : {}),
  });
  if (socket.readyState !== socket.OPEN) session.hangUp();
  await sendEnd(wire, socket.protocol, await session.end);
}

async function sendEnd(wire: ChannelSocket, protocol: string, end: SessionEnd): Promise<void> {
  const status = statusOf(end);
  // Before v4 the error channel carried text, and nothing when all went well.
  const text = protocol === 'channel.k8s.io' ? (status.message ?? '') : JSON.stringify(status);
  if (text !== '') await wire.send(channels.error, Buffer.from(text));
  wire.close();
}

interface SessionStatus {
  readonly metadata: object;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes: readonly { readonly reason: string; readonly message: string }[] };
  readonly code?: number;
}

/** What the error channel says in the end (`remotecommand`, v4 and later). */
function statusOf(end: SessionEnd): SessionStatus {
  if ('failure' in end) {
    return {
      metadata: {},
      status: 'Failure',
      message: `Internal error occurred: error executing command in container: ${end.failure}`,
      reason: 'InternalError',
      code: 500,
    };
  }
  if (end.exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${end.exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(end.exitCode) }] },
  };
}

function resize(session: ContainerSession | undefined, data: Uint8Array): void {
  let size: unknown;
  try {
    size = JSON.parse(Buffer.from(data).toString());
  } catch {
    // Not a size: ignored, as kubelets do.
    return;
  }
  const { Width, Height } = (size ?? {}) as { readonly Width?: unknown; readonly Height?: unknown };
  if (typeof Width === 'number' && typeof Height === 'number') session?.resize(Width, Height);
}
