import type { ByteReader, ByteWriter } from '../byte-pipe.ts';
import type { Machine } from '../process.ts';

/** What a running shell remembers. A subshell works on a copy. */
export interface ShellState {
  readonly machine: Machine;
  /** `sh` or `bash`: the name it goes by in messages. */
  readonly name: string;
  readonly pid: number;
  cwd: string;
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  /** `$1` and so on. */
  args: readonly string[];
  lastStatus: number;
  /** `set -e`. */
  exitsOnError: boolean;
  readonly background: Promise<number>[];
}

export interface Streams {
  readonly stdin: ByteReader;
  readonly stdout: ByteWriter;
  readonly stderr: ByteWriter;
}

export function copyState(state: ShellState): ShellState {
  return {
    ...state,
    variables: new Map(state.variables),
    exported: new Set(state.exported),
    background: [],
  };
}

export function environmentOf(state: ShellState): Map<string, string> {
  const environment = new Map<string, string>();
  for (const name of state.exported) {
    const value = state.variables.get(name);
    if (value !== undefined) environment.set(name, value);
  }
  return environment;
}

/** `exit`, `break`, `continue` and `return` unwind to whoever they mean. */
export class ShellJump extends Error {
  override readonly name = 'ShellJump';
  readonly kind: 'exit' | 'break' | 'continue';
  readonly status: number;

  constructor(kind: ShellJump['kind'], status: number) {
    super(kind);
    this.kind = kind;
    this.status = status;
  }
}

/** A mistake that ends the command with a message and a status. */
export class ShellError extends Error {
  override readonly name = 'ShellError';
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}
