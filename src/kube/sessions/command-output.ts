import { CapabilityMissingError, UpstreamError } from '../../kernel/answer-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Cluster } from '../cluster.ts';
import type { PodSessionEnd, PodSessionRequest } from './pod-session.ts';

/** A command in a container whose output alone is wanted: it has no terminal. */
export type ContainerCommand = Pick<
  PodSessionRequest,
  'namespace' | 'pod' | 'container' | 'principal' | 'operationId'
> & {
  readonly command: readonly string[];
  /** What it is run for, where the container lacks a program: what cannot be had then, and what would cure it. */
  readonly purpose: { readonly capability: string; readonly hint: string };
};

export interface CommandOutputOptions {
  readonly cluster: Pick<Cluster, 'openPodSession'>;
  readonly command: ContainerCommand;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /**
   * What the command reads, as fast as it does; none where there is nothing. The command must know by itself where it ends: older
   * clusters have no word for that. What this throws hangs up.
   */
  readonly input?: AsyncIterable<Uint8Array> | undefined;
  /** A container that says nothing, and takes nothing, for so long is left; 15 s unless said otherwise. */
  readonly silenceMs?: number | undefined;
}

const defaultSilenceMs = 15_000;
/** What waits here for its reader before the container is told to wait. */
const mostWaitingBytes = 256 * 1024;
/** Larger parts of an input are sent in several messages. */
const messageBytes = 64 * 1024;
/** As runtimes say that there is no such program, each behind words of its own. */
const noProgram = /executable file not found|no such file or directory|file does not exist/i;

/**
 * What a command in a container writes, as fast as it is taken; its exit code at the end. Throws `CapabilityMissingError` where the
 * container has no such program, `UpstreamError` where it goes in between, and what the cluster refuses. What is not read to its end
 * is hung up.
 */
export async function* commandOutput(options: CommandOutputOptions): AsyncGenerator<Buffer, number, undefined> {
  const { cluster, command: whole, clock, signal, input, silenceMs = defaultSilenceMs } = options;
  const { purpose: _purpose, ...command } = whole;
  const hasInput = input !== undefined;
  const session = await cluster.openPodSession({ ...command, hasInput, isTerminal: false }, signal);
  const waiting: Buffer[] = [];
  let waitingBytes = 0;
  let end: PodSessionEnd | undefined;
  let failure: { readonly error: unknown } | undefined;
  let wake = (): void => {};
  let wakeInput = (): void => {};
  /** Nobody waits for the container while it waits for its input. */
  let waitsForInput = false;
  session.start({
    onOutput(stream, data) {
      if (stream !== 'stdout') return;
      waiting.push(Buffer.from(data));
      waitingBytes += data.length;
      if (waitingBytes > mostWaitingBytes) session.pause();
      wake();
    },
    onDrain: () => wakeInput(),
    onEnd(given) {
      end = given;
      wake();
      wakeInput();
    },
  });
  let leaving: Promise<unknown> | undefined;
  const leave = (): Promise<unknown> => {
    leaving ??= session.hangUp();
    return leaving;
  };
  // Also where nobody takes what came.
  signal.addEventListener('abort', leave, { once: true });
  if (input) {
    void pump(input).catch((error: unknown) => {
      failure = { error };
      wake();
    });
  }
  try {
    for (;;) {
      const next = waiting.shift();
      if (next) {
        waitingBytes -= next.length;
        if (waitingBytes <= mostWaitingBytes / 2) session.resume();
        yield next;
        continue;
      }
      if (end) return exitCodeOf(end, whole);
      signal.throwIfAborted();
      if (failure) throw failure.error;
      if (!(await somethingComes()) && !waitsForInput) throw gone(whole, 'does not answer');
    }
  } finally {
    signal.removeEventListener('abort', leave);
    if (!end) await leave();
  }

  async function pump(given: AsyncIterable<Uint8Array>): Promise<void> {
    const iterator = given[Symbol.asyncIterator]();
    try {
      for (;;) {
        waitsForInput = true;
        const next = await iterator.next();
        waitsForInput = false;
        // It has what it waited for: from here on its silence counts.
        wake();
        if (next.done || end || leaving) return;
        for (let at = 0; at < next.value.length && !end; at += messageBytes) {
          if (session.write(next.value.subarray(at, at + messageBytes))) continue;
          await new Promise<void>((resolve) => (wakeInput = resolve));
          wake();
        }
        if (end || leaving) return;
      }
    } finally {
      waitsForInput = false;
      // A giver that waits for somebody else ends when that comes: nobody waits for it here.
      iterator.return?.()?.catch(() => undefined);
    }
  }

  /** False where nothing came for long. */
  function somethingComes(): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (hasCome: boolean): void => {
        cancel();
        signal.removeEventListener('abort', wake);
        wake = () => {};
        resolve(hasCome);
      };
      const cancel = clock.schedule(silenceMs, () => settle(false));
      wake = () => settle(true);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}

/** All that a command writes, at most `maxBytes`: a container that writes more is left, with `UpstreamError`. */
export async function readCommandOutput(
  options: CommandOutputOptions,
  { maxBytes, timeoutMs }: { readonly maxBytes: number; readonly timeoutMs?: number | undefined },
): Promise<{ readonly exitCode: number; readonly output: Buffer }> {
  const { clock, command } = options;
  const late = new AbortController();
  const cancel =
    timeoutMs === undefined
      ? () => {}
      : clock.schedule(timeoutMs, () => late.abort(gone(command, 'does not answer in time')));
  const chunks: Buffer[] = [];
  let bytes = 0;
  const output = commandOutput({ ...options, signal: AbortSignal.any([options.signal, late.signal]) });
  try {
    for (;;) {
      const next = await output.next();
      if (next.done) return { exitCode: next.value, output: Buffer.concat(chunks) };
      bytes += next.value.length;
      if (bytes > maxBytes) throw gone(command, `writes more than ${maxBytes} bytes`);
      chunks.push(next.value);
    }
  } finally {
    cancel();
    await output.return(0);
  }
}

function exitCodeOf(end: PodSessionEnd, command: ContainerCommand): number {
  // 128 and a signal: whoever ends a container ends what runs in it so.
  if (end.kind === 'EXITED' && end.exitCode < 128) return end.exitCode;
  if (end.kind === 'FAILED' && noProgram.test(end.message)) throw programMissing(command, command.command[0] ?? '');
  const why = end.kind === 'FAILED' ? `cannot be asked: ${end.message}` : 'has ended, or its connection has';
  throw gone(command, why);
}

/** Without a shell and a few programs nobody can look into a container. */
export function programMissing({ container, pod, purpose }: ContainerCommand, program: string): CapabilityMissingError {
  const message = `Container '${container}' of pod '${pod}' has no program '${program}'`;
  return new CapabilityMissingError(purpose.capability, message, { hint: purpose.hint });
}

function gone({ container, pod }: ContainerCommand, why: string): UpstreamError {
  return new UpstreamError(`container ${container}`, `Container '${container}' of pod '${pod}' ${why}`);
}
