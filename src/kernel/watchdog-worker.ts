import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { createPluginFinder } from './plugin-finder.ts';
import { readMainThreadStack } from './read-main-thread-stack.ts';
import { type BlockedLoop, beatSlot, debuggedSlot, type WatchdogWorkerData } from './watchdog-messages.ts';

/**
 * Entry of the watchdog's thread. Measures by the thread's own monotonic clock: the injected one belongs to the thread that is
 * being watched.
 */
const { shared, folders, logFormat, logDescriptor, thresholdMs } = workerData as WatchdogWorkerData;
const finder = createPluginFinder(folders);
let lastBeat = -1;
let lastBeatAt = performance.now();
let isReported = false;

setInterval(() => {
  const beat = Atomics.load(shared, beatSlot);
  if (beat !== lastBeat) {
    lastBeat = beat;
    lastBeatAt = performance.now();
    isReported = false;
    return;
  }
  const blockedMs = Math.round(performance.now() - lastBeatAt);
  if (blockedMs < thresholdMs || isReported || Atomics.load(shared, debuggedSlot) === 1) return;
  isReported = true;
  report(blockedMs).catch((error: unknown) => {
    parentPort?.emit('error', error);
  });
}, 250);

async function report(blockedMs: number): Promise<void> {
  const stack = await readMainThreadStack();
  const owned = stack.map((frame) => ({ frame, plugin: finder.ofLocation(frame.url, frame.line, frame.column) }));
  const found = owned.find(({ plugin }) => plugin !== undefined) ?? owned[0];
  const at = found && `${found.frame.functionName || '(anonymous)'} (${found.frame.url}:${found.frame.line + 1})`;
  const blocked: BlockedLoop = { plugin: found?.plugin, at, blockedMs };
  writeSync(logDescriptor, lineOf(blocked));
  parentPort?.postMessage(blocked);
}

function lineOf({ plugin, at, blockedMs }: BlockedLoop): string {
  const who = plugin === undefined ? 'Something' : `Plugin '${plugin}'`;
  const where = at === undefined ? 'in native code' : `in ${at}`;
  const message = `${who} blocks the event loop, for ${(blockedMs / 1000).toFixed(1)} s so far, ${where}`;
  if (logFormat === 'pretty') return `ERROR ${message}\n`;
  // pino's shape; 50 is its level `error`.
  return `${JSON.stringify({ level: 50, time: Date.now(), plugin, at, blockedMs, msg: message })}\n`;
}
