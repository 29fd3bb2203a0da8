import type { LogScript, ScriptedLine, ScriptSubject } from './log-script.ts';

const minuteMs = 60_000;

/** Any other program: a start in structured lines, then a sign of life every half minute to minute. */
export function* genericScript(subject: ScriptSubject): LogScript {
  const { container, image, pod } = subject;
  yield says(0, 'starting', { container, image, pod });
  yield says(40, 'configuration loaded', {});
  yield says(120, 'ready', {});
  for (let count = 1; ; count += 1) {
    const afterMs = minuteMs * (0.5 + subject.random() * 0.5);
    yield says(afterMs, 'alive', { count, heapMiB: 40 + Math.floor(subject.random() * 30) });
  }
}

function says(afterMs: number, message: string, details: object): ScriptedLine {
  return {
    afterMs,
    text: (atMs) => JSON.stringify({ time: new Date(atMs).toISOString(), level: 'info', msg: message, ...details }),
  };
}
