import type { ClusterClock } from '../store/types.ts';
import type { ByteReader, ByteWriter } from './byte-pipe.ts';
import type { FileTree } from './files/file-tree.ts';

/** What a program finds when it is started in a simulated container. */
export interface Invocation {
  readonly pid: number;
  /** The name it was called by, then its arguments. */
  readonly args: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly stdin: ByteReader;
  readonly stdout: ByteWriter;
  readonly stderr: ByteWriter;
  /** Fires when the process is interrupted or killed; the program then returns as soon as it can. */
  readonly signal: AbortSignal;
  readonly machine: Machine;
}

/** Runs to its end and returns the exit code. */
export type Program = (call: Invocation) => Promise<number>;

/** The container as its processes see it. */
export interface Machine {
  readonly files: FileTree;
  readonly clock: ClusterClock;
  readonly hostname: string;
  readonly user: string;
  readonly userId: number;
  readonly processes: ProcessTable;
  /** The window of the session; undefined where it has no terminal. */
  readonly terminal: TerminalView | undefined;
  /** Counts a step of the session and gives way to others now and then. Throws when the session has had too many. */
  step(): Promise<void>;
}

export interface TerminalView {
  readonly columns: number;
  readonly rows: number;
  /** Calls the handler at each Ctrl-C until what this returns is called. */
  interrupt(handler: () => void): () => void;
}

export interface ProcessEntry {
  readonly pid: number;
  readonly startedAtMs: number;
  readonly command: string;
  /** Ends the process as a signal would; undefined for the container's own. */
  readonly kill: (() => void) | undefined;
}

export interface ProcessTable {
  list(): readonly ProcessEntry[];
  /** Returns the entry and how to take it off the list. */
  add(command: string, kill: (() => void) | undefined): { readonly entry: ProcessEntry; remove(): void };
}

export function createProcessTable(clock: ClusterClock): ProcessTable {
  const entries = new Map<number, ProcessEntry>();
  let lastPid = 0;
  return {
    list: () => [...entries.values()],
    add(command, kill) {
      lastPid += 1;
      const entry = { pid: lastPid, startedAtMs: clock.now(), command, kill };
      entries.set(entry.pid, entry);
      return { entry, remove: () => entries.delete(entry.pid) };
    },
  };
}
