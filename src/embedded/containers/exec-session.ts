import { nextTurn } from '../machinery/next-turn.ts';
import type { ClusterClock } from '../store/types.ts';
import { BrokenPipeError, BytePipe, type ByteWriter, emptyReader, interruptible, nullWriter } from './byte-pipe.ts';
import type { ContainerSession, ExecRequest, SessionEnd, SessionOutput } from './container-session.ts';
import type { ContainerInstance } from './create-container-sessions.ts';
import type { Machine } from './process.ts';
import { findProgram, shellNames } from './programs/find-program.ts';
import { interruptMark } from './shell/shell-program.ts';
import { createTerminal } from './terminal.ts';

const killedStatus = 137;
const interruptedStatus = 130;
/** After so many commands of one session others get their turn. */
const stepsPerTurn = 50;
/** A session that has run so many commands is killed: nothing in a simulation needs more. */
const maxSteps = 500_000;

/** Starts the command in the container. */
export function execSession(
  instance: ContainerInstance,
  clock: ClusterClock,
  request: ExecRequest,
  output: SessionOutput,
): ContainerSession {
  const [name = ''] = request.command;
  const life = new AbortController();
  let killStatus = killedStatus;
  const kill = (status: number): void => {
    killStatus = status;
    life.abort();
  };
  const stdout = writerTo(output.stdout, life.signal);
  const program = findProgram(name);
  const terminal = request.isTerminal
    ? createTerminal({
        screen: stdout,
        onIdleInterrupt() {
          if (shellNames.includes(name.split('/').at(-1) ?? '')) return interruptMark;
          kill(interruptedStatus);
          return undefined;
        },
      })
    : undefined;
  const pipe = new BytePipe();
  const input = terminal?.input ?? (request.hasInput ? pipe : emptyReader);
  let steps = 0;
  const machine: Machine = {
    files: instance.files,
    clock,
    hostname: instance.hostname,
    user: instance.userId === 0 ? 'root' : String(instance.userId),
    userId: instance.userId,
    processes: instance.processes,
    terminal,
    async step() {
      steps += 1;
      if (steps > maxSteps) kill(killedStatus);
      if (steps % stepsPerTurn === 0) await nextTurn();
    },
  };

  async function run(): Promise<SessionEnd> {
    if (program === undefined) return { failure: startFailure(instance, name) };
    const { entry, remove } = instance.processes.add(request.command.join(' '), () => kill(143));
    const environment = new Map(instance.environment);
    if (terminal !== undefined) environment.set('TERM', 'xterm');
    try {
      const exitCode = await program({
        pid: entry.pid,
        args: request.command,
        environment,
        cwd: instance.workingDirectory,
        stdin: interruptible(input, life.signal),
        stdout: terminal?.output ?? stdout,
        stderr: terminal?.output ?? writerTo(output.stderr, life.signal),
        signal: life.signal,
        machine,
      });
      return { exitCode: life.signal.aborted ? killStatus : exitCode };
    } catch (error) {
      if (error instanceof BrokenPipeError) return { exitCode: life.signal.aborted ? killStatus : 141 };
      throw error;
    } finally {
      remove();
    }
  }

  const killNow = (): void => kill(killedStatus);
  instance.kills.add(killNow);
  const killed = new Promise<SessionEnd>((resolve) => {
    life.signal.addEventListener('abort', () => resolve({ exitCode: killStatus }), { once: true });
  });
  const end = Promise.race([run(), killed]).finally(() => {
    instance.kills.delete(killNow);
    // Whatever the program left behind (background commands) goes with it.
    life.abort();
    pipe.abandon();
    terminal?.hangUp();
  });

  return {
    end,
    async input(data) {
      if (terminal !== undefined) await terminal.type(data);
      else await pipe.write(data).catch(ignoreBrokenPipe);
    },
    endInput() {
      if (terminal === undefined) pipe.end();
      else terminal.hangUp();
    },
    resize: (columns, rows) => terminal?.resize(columns, rows),
    hangUp: killNow,
  };
}

/** The words of containerd and runc for a command that is not in the image. */
function startFailure({ container, files }: ContainerInstance, name: string): string {
  const stat = name.includes('/') ? files.stat(name) : undefined;
  const why = !name.includes('/')
    ? 'executable file not found in $PATH'
    : stat === undefined
      ? `stat ${name}: no such file or directory`
      : stat.kind === 'directory'
        ? 'is a directory'
        : 'permission denied';
  const id = container.containerId.replace(/^.*:\/\//, '');
  return (
    `failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: ` +
    `unable to start container process: exec: "${name}": ${why}`
  );
}

/** Nothing reaches a client once the session is over. */
function writerTo(send: ((data: Uint8Array) => Promise<void>) | undefined, signal: AbortSignal): ByteWriter {
  if (send === undefined) return nullWriter;
  return {
    write(data) {
      if (signal.aborted) return Promise.reject(new BrokenPipeError('broken pipe'));
      return send(typeof data === 'string' ? Buffer.from(data) : data);
    },
  };
}

function ignoreBrokenPipe(error: unknown): void {
  if (!(error instanceof BrokenPipeError)) throw error;
}
