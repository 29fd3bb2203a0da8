import { Transform, type TransformCallback } from 'node:stream';
import type { Clock } from '../../kernel/clock.ts';

/** How a line behaves that is whole. */
export interface LineConditions {
  /** How long each byte is under way, in milliseconds of the proxy's clock. */
  readonly latencyMs?: number;
  /** How much longer the frames of watches are under way; only where the wire is `requests`. */
  readonly watchLatencyMs?: number;
  /** How many bytes get through in a second of the proxy's clock. */
  readonly bytesPerSecond?: number;
}

/** What may be under way before the sender has to wait. */
const windowBytes = 1_048_576;

/** Passes bytes on, in order, as late and as slowly as the conditions say at the moment at which they come in. */
export function createShaper(clock: Clock, conditions: () => LineConditions): Transform {
  const underWay: { readonly chunk: Buffer; readonly dueMs: number }[] = [];
  let bytes = 0;
  let freeMs = 0;
  let cancel = () => {};
  let admit: TransformCallback | undefined;
  let finish: TransformCallback | undefined;

  function arrive(): void {
    while (underWay[0] !== undefined && underWay[0].dueMs <= clock.now()) {
      const { chunk } = underWay.shift() as { chunk: Buffer };
      bytes -= chunk.length;
      shaper.push(chunk);
    }
    const waiting = admit;
    if (bytes < windowBytes && waiting) {
      admit = undefined;
      waiting();
    }
    if (underWay[0] !== undefined) cancel = clock.schedule(underWay[0].dueMs - clock.now(), arrive);
    else finish?.();
  }

  const shaper = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const { latencyMs = 0, bytesPerSecond } = conditions();
      if (underWay.length === 0 && latencyMs === 0 && bytesPerSecond === undefined) return done(null, chunk);
      const passesMs = bytesPerSecond === undefined ? 0 : (chunk.length / bytesPerSecond) * 1_000;
      freeMs = Math.max(freeMs, clock.now()) + passesMs;
      underWay.push({ chunk, dueMs: Math.max(freeMs + latencyMs, underWay.at(-1)?.dueMs ?? 0) });
      bytes += chunk.length;
      if (underWay.length === 1) cancel = clock.schedule(freeMs + latencyMs - clock.now(), arrive);
      if (bytes < windowBytes) done();
      else admit = done;
    },
    flush(done) {
      if (underWay.length === 0) done();
      else finish = done;
    },
    destroy(error, done) {
      cancel();
      underWay.length = 0;
      done(error);
    },
  });
  return shaper;
}
