import type { LogScript, ScriptedLine, ScriptSubject } from './log-script.ts';

const minuteMs = 60_000;

/** A Redis server: its banner, then a background save every few minutes. */
export function* redisScript(subject: ScriptSubject): LogScript {
  yield says(0, 'C', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo');
  yield says(1, 'C', 'Redis version=7.4.2, bits=64, commit=00000000, modified=0, pid=1, just started');
  yield says(1, 'C', 'Configuration loaded');
  yield says(2, 'M', 'monotonic clock: POSIX clock_gettime');
  yield says(3, 'M', 'Running mode=standalone, port=6379.');
  yield says(2, 'M', 'Server initialized');
  yield says(1, 'M', 'Ready to accept connections tcp');
  for (;;) {
    const changes = 100 + Math.floor(subject.random() * 400);
    const child = 20 + Math.floor(subject.random() * 500);
    yield says((4 + subject.random() * 3) * minuteMs, 'M', `${changes} changes in 300 seconds. Saving...`);
    yield says(4, 'M', `Background saving started by pid ${child}`);
    yield says(28, 'C', 'DB saved on disk', child);
    yield says(1, 'C', 'Fork CoW for RDB: current 0 MB, peak 0 MB, average 0 MB', child);
    yield says(70, 'M', 'Background saving terminated with success');
  }
}

function says(afterMs: number, role: 'C' | 'M', message: string, pid = 1): ScriptedLine {
  return { afterMs, text: (atMs) => `${pid}:${role} ${redisTime(atMs)} * ${message}` };
}

/** `21 Nov 2026 09:10:11.123`. */
function redisTime(atMs: number): string {
  const [, day, month, year, time] = new Date(atMs).toUTCString().split(/[ ,]+/);
  return `${day} ${month} ${year} ${time}.${String(Math.floor(atMs % 1000)).padStart(3, '0')}`;
}
