import inspector from 'node:inspector';
import { Worker } from 'node:worker_threads';
import { type Clock, systemClock } from './clock.ts';
import { findHostLayout, hostEntry } from './host-layout.ts';
import type { Logger } from './logger.ts';
import type { PluginFolders } from './plugin-finder.ts';
import { type BlockedLoop, beatSlot, debuggedSlot, type WatchdogWorkerData } from './watchdog-messages.ts';

export interface WatchdogOptions {
  readonly folders: PluginFolders;
  readonly logger: Logger;
  /** While the main thread is blocked its logger is too, so the watchdog writes its one line itself. */
  readonly logFormat: 'json' | 'pretty';
  /** File descriptor for that line; 1 is standard output. */
  readonly logDescriptor?: number;
  /** Told once the main thread runs again. */
  readonly onBlocked?: (report: BlockedLoop) => void;
  readonly clock?: Clock;
  /** How long the event loop may stand still. */
  readonly thresholdMs?: number;
}

const beatMs = 250;

/**
 * Watches the event loop of the main thread from a worker thread. Where it stands still, the worker asks the inspector what the
 * main thread is doing and names the plugin within 5 seconds, once for each time. Call it on the main thread; returns the
 * function that ends the watch.
 */
export function startWatchdog(options: WatchdogOptions): () => Promise<void> {
  const { clock = systemClock, logger } = options;
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const workerData: WatchdogWorkerData = {
    shared,
    folders: options.folders,
    logFormat: options.logFormat,
    logDescriptor: options.logDescriptor ?? 1,
    thresholdMs: options.thresholdMs ?? 2_000,
  };
  const worker = new Worker(workerFile(), { workerData, execArgv: [], env: {} });
  worker.unref();
  worker.on('error', (error) =>
    logger.error({ err: error }, 'The watchdog failed; a blocked event loop is not noticed any more'),
  );
  worker.on('message', (report: BlockedLoop) => options.onBlocked?.(report));

  let cancel = () => {};
  function beat(): void {
    Atomics.add(shared, beatSlot, 1);
    // Somebody who stands at a breakpoint blocks the loop too, and knows it.
    Atomics.store(shared, debuggedSlot, inspector.url() === undefined ? 0 : 1);
    cancel = clock.schedule(beatMs, beat);
  }
  beat();

  return async () => {
    cancel();
    await worker.terminate();
  };
}

function workerFile(): URL | string {
  if (import.meta.url.endsWith('.ts')) return new URL('./watchdog-worker.ts', import.meta.url);
  const file = hostEntry(findHostLayout(), 'watchdog-worker');
  if (!file) throw new Error('the bundle has no watchdog-worker.js');
  return file;
}
