import type { LogScript, ScriptedLine, ScriptSubject } from './log-script.ts';

/** A program that is meant to end: it counts the steps it has done, until it is stopped or has finished. */
export function* jobScript(subject: ScriptSubject): LogScript {
  yield says(0, `${subject.container}: started`);
  for (let step = 1; ; step += 1)
    yield says(1_000 + subject.random() * 1_000, `${subject.container}: step ${step} done`);
}

function says(afterMs: number, text: string): ScriptedLine {
  return { afterMs, text: (atMs) => `${new Date(atMs).toISOString()} INFO ${text}` };
}
