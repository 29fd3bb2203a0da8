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
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isEnded = false;
  #isAbandoned = false;
  #wakeReaders: (() => void)[] = [];
  #wakeWriters: (() => void)[] = [];

  constructor(limitBytes = 64 * 1024) {
    this.#limitBytes = limitBytes;
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
    if (chunk !== undefined) this.#bytes -= costOf(chunk);
    if (wasFull && !this.#isFull) this.#wakeAllWriters();
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

  /** Takes the bytes at once or not at all: a pipe that is full, or over, takes none. */
  offer(data: Uint8Array): boolean {
    if (data.length === 0) return true;
    return this.#put(data);
  }

  /** The reader reads the end once, as after Ctrl-D at a terminal; more may follow. */
  offerEnd(): boolean {
    return this.#put(new Uint8Array());
  }

  /** Nothing more will be written. */
  end(): void {
    this.#isEnded = true;
    this.#wakeAllReaders();
    this.#wakeAllWriters();
  }

  /** Nothing more will be read. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#chunks.length = 0;
    this.#bytes = 0;
    this.#wakeAllReaders();
    this.#wakeAllWriters();
  }

  #put(chunk: Uint8Array): boolean {
    if (this.#isFull || this.#isEnded || this.#isAbandoned) return false;
    this.#chunks.push(chunk);
    this.#bytes += costOf(chunk);
    this.#wakeAllReaders();
    return true;
  }

  get #isFull(): boolean {
    return this.#bytes >= this.#limitBytes;
  }

  #wakeAllReaders(): void {
    const waiting = this.#wakeReaders;
    this.#wakeReaders = [];
    for (const wake of waiting) wake();
  }

  #wakeAllWriters(): void {
    const waiting = this.#wakeWriters;
    this.#wakeWriters = [];
    for (const wake of waiting) wake();
  }
}

/** An end takes room, too. */
function costOf(chunk: Uint8Array): number {
  return Math.max(1, chunk.length);
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
