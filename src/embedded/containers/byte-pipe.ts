/** Where bytes come from. */
export interface ByteReader {
  /** Resolves once `read` has an answer at hand; takes nothing. */
  ready(): Promise<void>;
  /** The next bytes; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
}

/** Where bytes go. */
export interface ByteWriter {
  /** Resolves once there is room for more. Rejects with `BrokenPipeError` when nobody reads any more. */
  write(data: string | Uint8Array): Promise<void>;
}

/** Nobody reads any more: what SIGPIPE tells a process. */
export class BrokenPipeError extends Error {
  override readonly name = 'BrokenPipeError';
}

const encoder = new TextEncoder();

/** A bounded pipe between two processes: writers wait while it is full. */
export class BytePipe implements ByteReader, ByteWriter {
  readonly #limitBytes: number;
  readonly #onDrain: () => void;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isEnded = false;
  #isAbandoned = false;
  #wakeReaders: (() => void)[] = [];
  #wakeWriters: (() => void)[] = [];

  /** `onDrain` is called when a pipe that was full has room again. */
  constructor(limitBytes = 64 * 1024, onDrain: () => void = () => undefined) {
    this.#limitBytes = limitBytes;
    this.#onDrain = onDrain;
  }

  async ready(): Promise<void> {
    while (this.#chunks.length === 0 && !this.#isEnded && !this.#isAbandoned) {
      await new Promise<void>((resolve) => this.#wakeReaders.push(resolve));
    }
  }

  async read(): Promise<Uint8Array | undefined> {
    await this.ready();
    const chunk = this.#chunks.shift();
    const wasFull = this.#isFull;
    this.#bytes -= chunk?.length ?? 0;
    if (wasFull && !this.#isFull) this.#drained();
    // An empty chunk is an end that others may write behind.
    return chunk?.length === 0 ? undefined : chunk;
  }

  async write(data: string | Uint8Array): Promise<void> {
    while (this.#isFull && !this.#isAbandoned && !this.#isEnded) {
      await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
    }
    if (this.#isAbandoned || this.#isEnded) throw new BrokenPipeError('broken pipe');
    this.offer(typeof data === 'string' ? encoder.encode(data) : data);
  }

  /** Takes the bytes without waiting. Returns whether there is room for more; what comes after the end is dropped. */
  offer(data: Uint8Array): boolean {
    if (this.#isEnded || this.#isAbandoned) return true;
    if (data.length > 0) {
      this.#chunks.push(data);
      this.#bytes += data.length;
      this.#wakeAllReaders();
    }
    return !this.#isFull;
  }

  /** The reader reads the end once, as after Ctrl-D at a terminal; more may follow. */
  offerEnd(): void {
    if (this.#isEnded || this.#isAbandoned) return;
    this.#chunks.push(new Uint8Array());
    this.#wakeAllReaders();
  }

  /** Nothing more will be written. */
  end(): void {
    this.#isEnded = true;
    this.#wakeAllReaders();
    this.#drained();
  }

  /** Nothing more will be read. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#chunks.length = 0;
    this.#bytes = 0;
    this.#wakeAllReaders();
    this.#drained();
  }

  get #isFull(): boolean {
    return this.#bytes >= this.#limitBytes;
  }

  #wakeAllReaders(): void {
    const waiting = this.#wakeReaders;
    this.#wakeReaders = [];
    for (const wake of waiting) wake();
  }

  #drained(): void {
    const waiting = this.#wakeWriters;
    this.#wakeWriters = [];
    for (const wake of waiting) wake();
    this.#onDrain();
  }
}

export const emptyReader: ByteReader = { ready: () => Promise.resolve(), read: () => Promise.resolve(undefined) };
export const nullWriter: ByteWriter = { write: () => Promise.resolve() };

/** A reader of these bytes and no more. */
export function readerOf(data: Uint8Array): ByteReader {
  let left: Uint8Array | undefined = data.length === 0 ? undefined : data;
  return {
    ready: () => Promise.resolve(),
    read() {
      const chunk = left;
      left = undefined;
      return Promise.resolve(chunk);
    },
  };
}

/** The reader for a process that may be interrupted: it then reads the end, and what comes is left for others. */
export function interruptible(reader: ByteReader, signal: AbortSignal): ByteReader {
  const ready = async (): Promise<void> => {
    if (signal.aborted) return;
    let wake: () => void = () => undefined;
    const aborted = new Promise<void>((resolve) => {
      wake = resolve;
    });
    signal.addEventListener('abort', wake);
    try {
      await Promise.race([reader.ready(), aborted]);
    } finally {
      signal.removeEventListener('abort', wake);
    }
  };
  return {
    ready,
    async read() {
      await ready();
      return signal.aborted ? undefined : reader.read();
    },
  };
}
