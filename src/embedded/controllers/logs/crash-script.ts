import { type LogScript, line, type ScriptedLine, type ScriptSubject } from './log-script.ts';

/** A program that is about to crash: it starts, tries, and warns. Its last words are `crashLines`. */
export function* crashScript(subject: ScriptSubject): LogScript {
  yield says(0, 'INFO', `${subject.container} starting, image ${subject.image}`);
  yield says(150, 'INFO', 'connecting to queue at vote-back:6379');
  yield says(700, 'WARN', 'queue is not answering, trying again (1 of 3)');
  yield says(900, 'WARN', 'queue is not answering, trying again (2 of 3)');
  yield says(900, 'WARN', 'queue is not answering, trying again (3 of 3)');
}

/** What a program writes when it dies of an exception, all at once. */
export function crashLines(exitCode: number): ScriptedLine[] {
  return [
    says(0, 'ERROR', 'giving up'),
    line(0, 'Traceback (most recent call last):'),
    line(0, '  File "/app/worker.py", line 58, in <module>'),
    line(0, '    main()'),
    line(0, '  File "/app/worker.py", line 41, in main'),
    line(0, '    consume(connect(settings.queue), settings.batch_size)'),
    line(0, '  File "/app/worker.py", line 23, in connect'),
    line(0, '    raise ConnectionError("no answer from queue after 3 attempts")'),
    line(0, `ConnectionError: no answer from queue after 3 attempts (exit code ${exitCode})`),
  ];
}

function says(afterMs: number, level: string, text: string): ScriptedLine {
  return { afterMs, text: (atMs) => `${new Date(atMs).toISOString()} ${level} ${text}` };
}
