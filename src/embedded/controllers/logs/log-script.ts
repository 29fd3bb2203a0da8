/** One line to come: so long after the line before it, with the text it will have at that time. */
export interface ScriptedLine {
  readonly afterMs: number;
  readonly text: (atMs: number) => string;
}

/** What a simulated program writes, line after line; it ends when the program has no more to say. */
export type LogScript = Generator<ScriptedLine, void>;

/** What a script may know of the container it speaks for. */
export interface ScriptSubject {
  readonly namespace: string;
  readonly pod: string;
  readonly podIP: string;
  readonly container: string;
  readonly image: string;
  readonly random: () => number;
}

/** A line whose text does not depend on the time. */
export function line(afterMs: number, text: string): ScriptedLine {
  return { afterMs, text: () => text };
}
