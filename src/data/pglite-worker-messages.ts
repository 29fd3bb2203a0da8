/** What the worker is started with. */
export interface PgliteWorkerData {
  readonly socketPath: string;
  /** Where the files lie; undefined keeps everything in memory. */
  readonly folder: string | undefined;
  /** File with what a database in memory begins with, as PGlite dumps it (tar); undefined: empty. */
  readonly image: string | undefined;
  /** The engine, compiled. */
  readonly engine: WebAssembly.Module;
}

/** What the worker says once, before it serves or gives up. */
export type PgliteWorkerAnswer = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly message: string };
