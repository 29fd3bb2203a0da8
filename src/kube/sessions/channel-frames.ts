import type { PodSessionEnd } from './pod-session.ts';

/** Channels of remote commands (`channel.k8s.io`): the first byte of each message. */
export const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

export function frame(channel: number, data: Uint8Array): Uint8Array {
  const whole = new Uint8Array(data.length + 1);
  whole[0] = channel;
  whole.set(data, 1);
  return whole;
}

/** The input is over; nothing that could be said before v5, where an empty message says nothing either. */
export function endOfInput(protocol: string): Uint8Array {
  return protocol === 'v5.channel.k8s.io'
    ? Uint8Array.of(channels.close, channels.stdin)
    : frame(channels.stdin, new Uint8Array());
}

/** How a process ended, by the Status of the error channel (`k8s.io/client-go/tools/remotecommand`, v4); undefined where that is none. */
export function readSessionStatus(content: Uint8Array): PodSessionEnd | undefined {
  let status: unknown;
  try {
    status = JSON.parse(Buffer.from(content).toString());
  } catch {
    return undefined;
  }
  if (!isObject(status)) return undefined;
  if (status.status === 'Success') return { kind: 'EXITED', exitCode: 0 };
  if (status.status !== 'Failure') return undefined;
  const causes = isObject(status.details) && Array.isArray(status.details.causes) ? status.details.causes : [];
  const exit: unknown = causes.find((cause) => isObject(cause) && cause.reason === 'ExitCode');
  const exitCode = isObject(exit) ? Number(exit.message) : Number.NaN;
  if (status.reason === 'NonZeroExitCode' && Number.isInteger(exitCode)) return { kind: 'EXITED', exitCode };
  const { message } = status;
  return { kind: 'FAILED', message: typeof message === 'string' ? message.slice(0, 500) : 'the cluster ended it' };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
