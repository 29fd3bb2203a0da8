import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const node = join(root, 'node_modules/node/bin/node');

/** Builds the bundle where a source is newer than it, as `npm start` does. */
export function buildBundle(): void {
  const { status, stderr } = spawnSync(node, ['deploy/build.ts', '--if-stale', '--quiet'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The build failed: ${stderr}`);
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The bundle, unless said otherwise. */
  readonly from?: 'bundle' | 'source';
}

/** Shorter than a test may take: what does not get ready must not outlive it. */
const readyWithinMs = 50_000;

/** Runs the bundle to its end. */
export async function runLongshore(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  await using running = spawnLongshore(args, options);
  return await running.ended;
}

export interface RunningLongshore extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has printed until now. */
  output(): string;
}

export interface ReadyLongshore extends RunningLongshore {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
}

/** Starts it and resolves when it says that it is ready; throws where it does not, and leaves nothing behind. */
export async function startLongshore(args: readonly string[], options: RunOptions = {}): Promise<ReadyLongshore> {
  const running = spawnLongshore(args, options);
  const ready = new Promise<string>((resolve) => {
    running.process.stdout?.on('data', () => {
      const url = /ready at (http:\S+)\/graphql/.exec(running.output())?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  const overdue = setTimeout(() => running.process.kill('SIGKILL'), readyWithinMs);
  const url = await Promise.race([ready, running.ended]).finally(() => clearTimeout(overdue));
  if (typeof url !== 'string') throw new Error(`It ended before it was ready: ${JSON.stringify(url)}`);
  return { ...running, url };
}

function spawnLongshore(args: readonly string[], { env, cwd = root, from }: RunOptions): RunningLongshore {
  const main = from === 'source' ? ['--conditions=source', join(root, 'src/main.ts')] : [join(root, 'dist/main.js')];
  const child = spawn(node, [...main, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return {
    process: child,
    ended,
    output: () => stdout,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
