import {
  CapabilityMissingError,
  type Clock,
  type Cluster,
  type PodSessionEnd,
  type PodSessionRequest,
  UpstreamError,
} from 'longshore/sdk';

/** A command whose output alone is wanted: it has no input and no terminal. */
export type ContainerCommand = Pick<
  PodSessionRequest,
  'namespace' | 'pod' | 'container' | 'principal' | 'operationId'
> & { readonly command: readonly string[] };

export interface ContainerOutputOptions {
  readonly cluster: Pick<Cluster, 'openPodSession'>;
  readonly command: ContainerCommand;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A container that says nothing for so long is left. */
const silenceMs = 15_000;
/** What waits here for its reader before the container is told to wait. */
const mostWaitingBytes = 256 * 1024;
/** As runtimes say that there is no such program, each behind words of its own. */
const noProgram = /executable file not found|no such file or directory|file does not exist/i;

/**
 * What a command in a container writes, as fast as it is taken; its exit code at the end. Throws `CapabilityMissingError` where the
 * container has no such program, `UpstreamError` where it goes in between, and what the cluster refuses. What is not read to its end
 * is hung up.
 */
export async function* containerOutput(options: ContainerOutputOptions): AsyncGenerator<Buffer, number, undefined> {
  const { cluster, command, clock, signal } = options;
  const session = await cluster.openPodSession({ ...command, hasInput: false, isTerminal: false }, signal);
  const waiting: Buffer[] = [];
  let waitingBytes = 0;
  let end: PodSessionEnd | undefined;
  let wake = (): void => {};
  session.start({
    onOutput(stream, data) {
      if (stream !== 'stdout') return;
      waiting.push(Buffer.from(data));
      waitingBytes += data.length;
      if (waitingBytes > mostWaitingBytes) session.pause();
      wake();
    },
    onDrain() {},
    onEnd(given) {
      end = given;
      wake();
    },
  });
  let leaving: Promise<unknown> | undefined;
  const leave = (): Promise<unknown> => {
    leaving ??= session.hangUp();
    return leaving;
  };
  // Also where nobody takes what came.
  signal.addEventListener('abort', leave, { once: true });
  try {
    for (;;) {
      const next = waiting.shift();
      if (next) {
        waitingBytes -= next.length;
        if (waitingBytes <= mostWaitingBytes / 2) session.resume();
        yield next;
        continue;
      }
      if (end) return exitCodeOf(end, command);
      signal.throwIfAborted();
      if (!(await somethingComes())) throw gone(command, 'does not answer');
    }
  } finally {
    signal.removeEventListener('abort', leave);
    if (!end) await leave();
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
export async function readContainerOutput(
  options: ContainerOutputOptions,
  { maxBytes, timeoutMs }: { readonly maxBytes: number; readonly timeoutMs: number },
): Promise<{ readonly exitCode: number; readonly output: Buffer }> {
  const { clock, command } = options;
  const late = new AbortController();
  const cancel = clock.schedule(timeoutMs, () => late.abort(gone(command, 'does not answer in time')));
  const chunks: Buffer[] = [];
  let bytes = 0;
  const output = containerOutput({ ...options, signal: AbortSignal.any([options.signal, late.signal]) });
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
export function programMissing({ container, pod }: ContainerCommand, program: string): CapabilityMissingError {
  return new CapabilityMissingError(
    'log files',
    `Container '${container}' of pod '${pod}' has no program '${program}'`,
    {
      hint: 'Log files are looked at with sh, find, stat, head, dd, readlink and rm of the container itself.',
    },
  );
}

function gone({ container, pod }: ContainerCommand, why: string): UpstreamError {
  return new UpstreamError(`container ${container}`, `Container '${container}' of pod '${pod}' ${why}`);
}
