import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../kernel/logger.ts';
import type { PgliteWorkerAnswer, PgliteWorkerData } from './pglite-worker-messages.ts';

export interface RunningPglite {
  /** Path of the UNIX socket that speaks PostgreSQL's protocol. */
  readonly socketPath: string;
  close(): Promise<void>;
}

/** UNIX socket paths end at 108 bytes on Linux and 104 on macOS. */
const longestSocketPath = 100;

/**
 * Starts the embedded database in a worker thread, listening on a UNIX socket in a fresh 0700 folder: it checks no
 * password, so it must never be reachable by TCP. Throws where the database does not start; nothing is left behind then.
 */
export async function startPglite(options: { folder: string | undefined; logger: Logger }): Promise<RunningPglite> {
  const socketFolder = await mkdtemp(join(shortTemporaryFolder(), 'longshore-'));
  const socketPath = join(socketFolder, 'pg.sock');
  const workerData: PgliteWorkerData = { socketPath, folder: options.folder };
  const worker = new Worker(workerFile(), { workerData, env: {}, execArgv: [], stdout: true, stderr: true });
  // What the database prints for itself is not ours to put on the console.
  worker.stdout.resume();
  worker.stderr.resume();
  const state = { isClosing: false };
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      if (!state.isClosing) options.logger.error({ code }, 'the embedded database has ended');
      resolve();
    });
  });
  try {
    await ready(worker);
  } catch (error) {
    state.isClosing = true;
    await worker.terminate();
    await rm(socketFolder, { recursive: true, force: true });
    throw error;
  }
  worker.on('error', (error) => options.logger.error({ err: error }, 'the embedded database failed'));
  return {
    socketPath,
    async close() {
      state.isClosing = true;
      worker.postMessage('close');
      const overdue = setTimeout(() => {
        worker.terminate().catch(() => undefined);
      }, 3_000);
      await exited;
      clearTimeout(overdue);
      await rm(socketFolder, { recursive: true, force: true });
    },
  };
}

function ready(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the embedded database ended while starting (code ${code})`)));
    worker.once('message', (message: PgliteWorkerAnswer) => {
      worker.off('error', reject);
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
