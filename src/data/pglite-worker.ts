import { existsSync, openAsBlob } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { dataDir as prepopulatedImage } from '@electric-sql/pglite-prepopulatedfs';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import type { PgliteWorkerAnswer, PgliteWorkerData } from './pglite-worker-messages.ts';

/**
 * The embedded database in a thread of its own, because it computes on the thread that calls it and would block the
 * gateway's loop. It is spoken to by PostgreSQL's protocol on a UNIX socket; the only message is the request to close.
 */
const { socketPath, folder, image, engine: pgliteWasmModule } = workerData as PgliteWorkerData;

async function open(): Promise<PGlite> {
  if (folder === undefined) {
    const beginning = image === undefined ? prepopulatedImage() : openAsBlob(image, { type: 'application/x-tar' });
    return PGlite.create({ pgliteWasmModule, loadDataDir: await beginning });
  }
  // A seeding that was killed half-way leaves the marker: what lies there is not a database yet and holds no data.
  const marker = `${folder}.seeding`;
  if (existsSync(marker)) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (existsSync(`${folder}/PG_VERSION`)) {
    await rm(marker, { force: true });
    return PGlite.create({ pgliteWasmModule, dataDir: folder });
  }
  await writeFile(marker, '', { mode: 0o600 });
  const seeded = await PGlite.create({ pgliteWasmModule, dataDir: folder, loadDataDir: await prepopulatedImage() });
  await rm(marker, { force: true });
  return seeded;
}

function answer(message: PgliteWorkerAnswer): void {
  parentPort?.postMessage(message);
}

/**
 * A refused statement is an answer like any other. When the engine itself fails, the socket server would leave every later
 * statement without an answer: the thread ends then, and is started anew.
 */
function endOnFailure(pglite: PGlite): void {
  const send = pglite.execProtocolRawStream.bind(pglite);
  pglite.execProtocolRawStream = async (...args) => {
    try {
      return await send(...args);
    } catch {
      process.exit(2);
    }
  };
}

async function run(): Promise<void> {
  const pglite = await open();
  endOnFailure(pglite);
  await rm(socketPath, { force: true });
  // One client connection is used; the others leave room for the moment in which it is replaced.
  const server = new PGLiteSocketServer({ db: pglite, path: socketPath, maxConnections: 8 });
  await server.start();
  parentPort?.once('message', () => {
    server
      .stop()
      .then(() => pglite.close())
      .catch(() => undefined)
      .finally(() => process.exit(0));
  });
  answer({ kind: 'ready' });
}

run().catch((error: unknown) => {
  answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
