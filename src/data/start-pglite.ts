import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Clock, sleep } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { PgliteWorkerAnswer, PgliteWorkerData } from './pglite-worker-messages.ts';

export interface RunningPglite {
  /** Path of the UNIX socket that speaks PostgreSQL's protocol. */
  readonly socketPath: string;
  /**
   * It has left a statement without an answer for longer than any may take, and statements cannot be cancelled in it:
   * ends the thread and so starts it anew. What was committed is in the files. In memory there are none, so nothing is done.
   */
  giveUpStatement(): void;
  /** Ends it within 3 s. */
  close(): Promise<void>;
}

export interface StartPgliteOptions {
  /** Where the files lie; undefined keeps everything in memory. */
  readonly folder: string | undefined;
  /** File with what it begins with in memory; undefined: empty. */
  readonly image?: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** UNIX socket paths end at 108 bytes on Linux and 104 on macOS. */
const longestSocketPath = 100;
const closeWithinMs = 3_000;
/** Pause before it is started again after a failure, in ms. */
const restartMs = 1_000;

let compiled: Promise<WebAssembly.Module> | undefined;

/** The engine's code, compiled once for all threads: what V8 has made of it for one is there for the next. */
function engine(): Promise<WebAssembly.Module> {
  compiled ??= readFile(
    join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), 'pglite.wasm'),
  ).then((bytes) => WebAssembly.compile(bytes));
  return compiled;
}

/**
 * Starts the embedded database in a worker thread, listening on a UNIX socket in a fresh 0700 folder: it checks no
 * password, so it must never be reachable by TCP. Where it fails later it is started again from its files; kept in memory
 * it stays away. Throws where it does not start; nothing is left behind then.
 */
export async function startPglite(options: StartPgliteOptions): Promise<RunningPglite> {
  const socketFolder = await mkdtemp(join(shortTemporaryFolder(), 'longshore-'));
  const socketPath = join(socketFolder, 'pg.sock');
  const closing = new AbortController();
  let thread: Thread;
  try {
    thread = await startThread({ socketPath, folder: options.folder, image: options.image, engine: await engine() });
  } catch (error) {
    await rm(socketFolder, { recursive: true, force: true });
    throw error;
  }

  async function supervise(): Promise<void> {
    for (;;) {
      await thread.ended;
      if (closing.signal.aborted) return;
      options.logger.error({}, 'the embedded database failed');
      if (options.folder === undefined) return;
      while (thread.hasEnded) {
        await sleep(options.clock, restartMs, closing.signal);
        if (closing.signal.aborted) return;
        thread = (await tryAgain()) ?? thread;
      }
      // Closed while it was being started.
      if (closing.signal.aborted) await thread.close();
    }
  }
  async function tryAgain(): Promise<Thread | undefined> {
    try {
      return await startThread({ socketPath, folder: options.folder, image: undefined, engine: await engine() });
    } catch (error) {
      options.logger.error({ err: error }, 'the embedded database cannot be started again yet');
      return undefined;
    }
  }
  const supervised = supervise();

  return {
    socketPath,
    giveUpStatement() {
      if (options.folder !== undefined) thread.terminate();
    },
    async close() {
      closing.abort();
      await thread.close();
      await supervised;
      await rm(socketFolder, { recursive: true, force: true });
    },
  };
}

interface Thread {
  readonly ended: Promise<void>;
  readonly hasEnded: boolean;
  terminate(): void;
  close(): Promise<void>;
}

async function startThread(workerData: PgliteWorkerData): Promise<Thread> {
  const worker = new Worker(workerFile(), { workerData, env: {}, execArgv: [], stdout: true, stderr: true });
  // What the engine prints for itself is not ours to put on the console.
  worker.stdout.resume();
  worker.stderr.resume();
  // An uncaught error ends the thread, which is what is looked at.
  worker.on('error', () => {});
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      hasEnded = true;
      resolve();
    });
  });
  try {
    await ready(worker);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  const terminate = () => {
    worker.terminate().catch(() => undefined);
  };
  return {
    ended,
    get hasEnded() {
      return hasEnded;
    },
    terminate,
    async close() {
      worker.postMessage('close');
      const overdue = setTimeout(terminate, closeWithinMs);
      await ended;
      clearTimeout(overdue);
    },
  };
}

function ready(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the embedded database ended while starting (code ${code})`)));
    worker.once('message', (message: PgliteWorkerAnswer) => {
      if (message.kind === 'ready') resolve();
      else reject(new Error(`the embedded database does not start: ${message.message}`));
    });
  });
}

function shortTemporaryFolder(): string {
  const folder = tmpdir();
  return Buffer.byteLength(join(folder, 'longshore-XXXXXX', 'pg.sock')) <= longestSocketPath ? folder : '/tmp';
}

/** Beside this file as source; in the bundle beside the main file, one folder up where this code lies in a chunk. */
function workerFile(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./pglite-worker.ts', import.meta.url);
  const candidates = [new URL('./pglite-worker.js', import.meta.url), new URL('../pglite-worker.js', import.meta.url)];
  const found = candidates.find((candidate) => existsSync(fileURLToPath(candidate)));
  if (!found) throw new Error('the embedded database is missing: no pglite-worker.js beside the program');
  return found;
}
