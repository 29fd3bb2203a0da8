import type { Principal } from '../../kernel/principal.ts';

/** A process in a container that somebody is to talk to: `pods/exec`, or `pods/attach` without a command. */
export interface PodSessionRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Undefined attaches to the container's own process. */
  readonly command: readonly string[] | undefined;
  readonly hasInput: boolean;
  /** With a terminal: one stream for output and errors, sizes, and signals by keys. */
  readonly isTerminal: boolean;
  /** As whom, where the cluster impersonates. */
  readonly principal: Principal;
  /** Goes into the cluster's audit log. */
  readonly operationId?: string | undefined;
}

export type PodSessionEnd =
  /** The process has ended by itself. */
  | { readonly kind: 'EXITED'; readonly exitCode: number }
  /** The cluster could not start it, or could not go on with it; in its words. */
  | { readonly kind: 'FAILED'; readonly message: string }
  /** The connection is gone, and nobody knows what became of the process. */
  | { readonly kind: 'LOST' };

export interface PodSessionListener {
  /** What the process wrote; of a terminal there is only `stdout`. */
  onOutput(stream: 'stdout' | 'stderr', data: Uint8Array): void;
  /** There is room again after `write` or `resize` had answered false. */
  onDrain(): void;
  /** Called once, and nothing after it. */
  onEnd(end: PodSessionEnd): void;
}

/** One open session. Nothing is kept: what is not taken waits in the process itself. */
export interface PodSession {
  /** Begins to deliver. Call it in the turn in which the session was had. */
  start(listener: PodSessionListener): void;
  /** False once 256 KiB wait: write no more until `onDrain`. */
  write(data: Uint8Array): boolean;
  /** As `write`: who sends sizes without end waits, too. */
  resize(columns: number, rows: number): boolean;
  /** Takes no more output until `resume`. */
  pause(): void;
  resume(): void;
  /**
   * Ends the process as far as the cluster lets us, then the connection. A kubelet leaves a process running whose connection
   * is cut (kubernetes#89031), so it is told with what a terminal has: interrupt, end of input, `exit`; for five seconds at the
   * most. A program that takes the keys for itself, such as an editor, stays until its container ends. A container's own process,
   * which was only attached to, is left alone. Resolves when it is over.
   */
  hangUp(): Promise<PodSessionEnd>;
}
