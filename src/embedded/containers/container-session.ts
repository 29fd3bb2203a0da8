/** Where a session's output goes. Unset means that the client did not ask for it. */
export interface SessionOutput {
  readonly stdout?: (data: Uint8Array) => Promise<void>;
  readonly stderr?: (data: Uint8Array) => Promise<void>;
}

export interface SessionTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface ExecRequest extends SessionTarget {
  readonly command: readonly string[];
  readonly hasInput: boolean;
  readonly isTerminal: boolean;
}

/** How a session ended: with the process's exit code, or because it could not be started. */
export type SessionEnd = { readonly exitCode: number } | { readonly failure: string };

/** A process somebody talks to. */
export interface ContainerSession {
  readonly end: Promise<SessionEnd>;
  /** Resolves once there is room for more. */
  input(data: Uint8Array): Promise<void>;
  endInput(): void;
  resize(columns: number, rows: number): void;
  /** The client has gone. */
  hangUp(): void;
}

/** What the simulated kubelets offer for `exec` and `attach`. */
export interface ContainerSessions {
  isRunning(target: SessionTarget): boolean;
  exec(request: ExecRequest, output: SessionOutput): ContainerSession;
  attach(request: Omit<ExecRequest, 'command'>, output: SessionOutput): ContainerSession;
  /** Bytes in the files of a claim's volume, as the kubelets count them. */
  usedBytesOf(namespace: string, claim: string): number;
  stop(): void;
}
