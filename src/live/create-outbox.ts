import type { Clock } from '../kernel/clock.ts';
import type { MessageSource, StreamReader } from './message-source.ts';
import { SlowReaderError } from './slow-reader-error.ts';
import type { StreamLimits } from './stream-limits.ts';
import type { StreamMessage } from './stream-message.ts';

export interface OutboxOptions<Entry, T> {
  readonly clock: Clock;
  readonly limits: Pick<StreamLimits, 'queueMessages' | 'queueBytes' | 'slowReaderMs' | 'heartbeatMs'>;
  readonly signal: AbortSignal;
  /** The cursor that its reader came with. */
  readonly after?: string | undefined;
  /** Size of an entry in bytes; asked only where it has to wait. */
  bytesOf(entry: Entry): number;
  /** Fewer entries that lead to the same state; tried before anything is dropped. */
  merge?(entries: readonly Entry[]): readonly Entry[];
  /** What is queued waits until this calls back, once, and is merged then; the returned function ends that. Absent: nothing waits. */
  readonly throttle?: ((onEnd: () => void) => () => void) | undefined;
  /** The message for an entry, made when it is read and never before; undefined where it has nothing to say any more. */
  toMessage(entry: Entry): StreamMessage<T> | undefined;
  /** A reader came back to a queue that had to be dropped: begin anew, with `prepend`. */
  restart(): void;
  heartbeat(isIdle: boolean): StreamMessage<T>;
  /** Called once, whoever ended the stream. Give everything back. */
  onClose(error: Error | undefined): void;
}

/**
 * What one subscriber has not read yet. Pushing is synchronous and bounded, so that nobody waits for a reader: where
 * the queue is full it is merged, else dropped as a whole, and the reader finds a fresh start when it comes back. Who
 * does not come back in time is closed.
 */
export interface Outbox<Entry, T> extends MessageSource<T> {
  /** Queues one entry, bounded. */
  push(entry: Entry): void;
  /**
   * Entries that come before everything queued, behind earlier ones of this kind. They are read one by one from what
   * is in memory anyway (a snapshot, a ring) and so are not counted.
   */
  prepend(entries: Iterable<Entry>): void;
  /** While held, only prepended entries are delivered. */
  hold(isHeld: boolean): void;
  /** Forgets everything unread. */
  clear(): void;
  /** Ends the stream; with an error the reader is told so. */
  close(error?: Error): void;
  readonly isIdle: boolean;
  readonly isOverflowed: boolean;
}

interface Waiter<T> {
  resolve(result: IteratorResult<StreamMessage<T>, undefined>): void;
  reject(error: Error): void;
}

export function createOutbox<Entry, T>(options: OutboxOptions<Entry, T>): Outbox<Entry, T> {
  const { clock, limits, signal } = options;
  let queue: Entry[] = [];
  let head = 0;
  let bytes = 0;
  /** With a throttle: up to where the queue may be read before the window ends. */
  let readable = 0;
  let waitingBytes = 0;
  let cancelWindow: (() => void) | undefined;
  let prefixes: Iterator<Entry>[] = [];
  const waiters: Waiter<T>[] = [];
  let isHeld = false;
  let isOverflowed = false;
  let isClosed = false;
  let failure: Error | undefined;
  let ended: MessageSource['ended'];
  let reader: StreamReader | undefined;
  /** The reader was told that there is something, and has not found it empty yet. */
  let isAwake = false;
  let owesHeartbeat = false;
  /** The last message there will be; from then on nothing is queued. */
  let lastMessage: StreamMessage<T> | undefined;
  let hasDelivered = false;
  let deliveredAt = clock.now();
  let cancelSlowTimer = () => {};
  let cancelHeartbeat = clock.schedule(limits.heartbeatMs, beat);

  function clear(): void {
    queue = [];
    head = 0;
    bytes = 0;
    readable = 0;
    waitingBytes = 0;
    prefixes = [];
  }

  function takeEntry(): Entry | undefined {
    while (prefixes[0] !== undefined) {
      const next = prefixes[0].next();
      if (!next.done) return next.value;
      prefixes.shift();
    }
    if (isHeld || head === (options.throttle ? readable : queue.length)) return undefined;
    const entry = queue[head];
    head += 1;
    if (head === queue.length) {
      queue = [];
      head = 0;
      bytes = 0;
      readable = 0;
    } else if (entry !== undefined) bytes -= options.bytesOf(entry);
    // A queue that is never empty would keep what was read; cut it off in bulk.
    if (head > limits.queueMessages) {
      queue = queue.slice(head);
      readable -= head;
      head = 0;
    }
    return entry;
  }

  function takeMessage(): StreamMessage<T> | undefined {
    for (let entry = takeEntry(); entry !== undefined; entry = takeEntry()) {
      const message = options.toMessage(entry);
      if (message) return message;
    }
    return undefined;
  }

  function deliver(waiter: Waiter<T>, message: StreamMessage<T>): void {
    deliveredAt = clock.now();
    hasDelivered = true;
    waiter.resolve({ done: false, value: message });
  }

  /** Hands what is there to who waits. A failure while making a message ends this stream and no other. */
  function pump(): void {
    if (lastMessage) {
      const waiter = waiters.shift();
      if (waiter) tellLast(waiter, lastMessage);
      else if (reader) wake(reader);
      return;
    }
    if (reader) {
      if (!isIdle() && !isWaitingForWindow()) wake(reader);
      return;
    }
    try {
      while (waiters.length > 0) {
        const message = takeMessage();
        if (!message) return;
        const waiter = waiters.shift();
        if (waiter) deliver(waiter, message);
      }
    } catch (error) {
      close(error instanceof Error ? error : new Error('A stream failed.', { cause: error }));
    }
  }

  function tellLast(waiter: Waiter<T>, message: StreamMessage<T>): void {
    deliver(waiter, message);
    close();
  }

  function wake(told: StreamReader): void {
    if (isAwake) return;
    isAwake = true;
    told.wake();
  }

  function overflow(): void {
    clear();
    // Who is waiting is not slow: it waited for a snapshot that took longer than the queue could hold.
    if (waiters.length > 0 || (reader && !reader.isBlocked)) {
      options.restart();
      return;
    }
    isOverflowed = true;
    cancelSlowTimer = clock.schedule(limits.slowReaderMs, () => close(new SlowReaderError()));
  }

  /** Nothing can be read before the window ends. */
  function isWaitingForWindow(): boolean {
    return options.throttle !== undefined && !isOverflowed && !isHeld && prefixes.length === 0 && head === readable;
  }

  /** What is unread, merged; true where that is much even so. */
  function compact(): boolean {
    queue = [...(options.merge?.(queue.slice(head)) ?? queue.slice(head))];
    head = 0;
    readable = 0;
    bytes = queue.reduce((sum, entry) => sum + options.bytesOf(entry), 0);
    waitingBytes = bytes;
    return queue.length > limits.queueMessages / 4 || bytes > limits.queueBytes / 4;
  }

  function endWindow(): void {
    cancelWindow = undefined;
    if (isClosed || isOverflowed || head === queue.length) return;
    compact();
    letRead();
  }

  function letRead(): void {
    readable = queue.length;
    waitingBytes = 0;
    pump();
  }

  /** Something waits for the end of the window. Where it becomes too much for a queue, it ends now. */
  function waitForWindow(size: number): void {
    cancelWindow ??= options.throttle?.(endWindow);
    waitingBytes += size;
    const isMuch = queue.length - readable > limits.queueMessages / 2 || waitingBytes > limits.queueBytes / 2;
    if (isMuch && compact()) letRead();
  }

  /** False where the queue had to be dropped. */
  function makeRoom(): boolean {
    const merged = options.merge?.(queue.slice(head)) ?? queue.slice(head);
    const mergedBytes = merged.reduce((sum, entry) => sum + options.bytesOf(entry), 0);
    // Merging must win clearly: a queue that is full again at once would be merged for every entry.
    if (merged.length > limits.queueMessages / 2 || mergedBytes > limits.queueBytes / 2) {
      overflow();
      return false;
    }
    queue = [...merged];
    head = 0;
    bytes = mergedBytes;
    readable = 0;
    return true;
  }

  function beat(): void {
    const silentMs = clock.now() - deliveredAt;
    if (silentMs >= limits.heartbeatMs && reader) {
      // A reader that is awake has something better to take, or is slow.
      if (!isAwake) {
        owesHeartbeat = true;
        wake(reader);
      }
    } else if (silentMs >= limits.heartbeatMs) {
      const waiter = waiters.shift();
      if (waiter) deliver(waiter, options.heartbeat(isIdle()));
    }
    if (isClosed) return;
    const remainingMs = limits.heartbeatMs - (clock.now() - deliveredAt);
    cancelHeartbeat = clock.schedule(remainingMs > 0 ? remainingMs : limits.heartbeatMs, beat);
  }

  function isIdle(): boolean {
    return !isHeld && !isOverflowed && prefixes.length === 0 && head === queue.length;
  }

  function takeHeartbeat(): StreamMessage<T> | undefined {
    if (!owesHeartbeat) return undefined;
    owesHeartbeat = false;
    return options.heartbeat(isIdle());
  }

  /** A reader came back to a queue that had to be dropped. */
  function comeBack(): void {
    if (!isOverflowed) return;
    isOverflowed = false;
    cancelSlowTimer();
    options.restart();
  }

  function close(error?: Error): void {
    if (isClosed) return;
    isClosed = true;
    failure = error;
    ended = { error };
    clear();
    cancelSlowTimer();
    cancelHeartbeat();
    cancelWindow?.();
    signal.removeEventListener('abort', onAbort);
    for (const waiter of waiters.splice(0)) {
      if (failure) {
        waiter.reject(failure);
        failure = undefined;
      } else waiter.resolve({ done: true, value: undefined });
    }
    options.onClose(error);
    if (reader) wake(reader);
  }
  const onAbort = () => close();

  const outbox: Outbox<Entry, T> = {
    push(entry) {
      if (isClosed || isOverflowed || lastMessage) return;
      // Nobody waits for room: a full queue is made smaller or dropped here and now.
      const isTakenAtOnce = waiters.length > 0 && isIdle() && !options.throttle;
      const size = isTakenAtOnce ? 0 : options.bytesOf(entry);
      const isFull = () => {
        const unread = queue.length - head;
        return unread > 0 && (unread >= limits.queueMessages || bytes + size > limits.queueBytes);
      };
      // Of what happens in one turn a reader hears only behind it; it is not slow for that.
      if (isFull() && reader && !isHeld && !reader.isBlocked) reader.drain();
      if (isClosed || (isFull() && !makeRoom())) return;
      queue.push(entry);
      bytes += size;
      if (options.throttle) waitForWindow(size);
      else pump();
    },
    prepend(entries) {
      if (isClosed || isOverflowed || lastMessage) return;
      prefixes.push(entries[Symbol.iterator]());
      pump();
    },
    hold(held) {
      isHeld = held;
      pump();
    },
    clear,
    close,
    farewell() {
      if (isClosed || lastMessage) return;
      // Who has everything so far stands where the source does; anybody else behind what was read.
      const wasIdle = isIdle();
      clear();
      isOverflowed = false;
      cancelSlowTimer();
      const last = options.heartbeat(wasIdle);
      // Who was told nothing stands where it came from, though this stream is not so far as to know the place.
      if (wasIdle || hasDelivered) lastMessage = last;
      else if (options.after !== undefined) lastMessage = { ...last, cursor: options.after };
      if (lastMessage) pump();
      else close();
    },
    get isIdle() {
      return isIdle();
    },
    get isOverflowed() {
      return isOverflowed;
    },
    get ended() {
      return ended;
    },
    attach(attached) {
      reader = attached;
      if (isClosed || lastMessage || !isIdle()) wake(attached);
    },
    take() {
      if (isClosed) return undefined;
      if (lastMessage) {
        close();
        return lastMessage;
      }
      comeBack();
      try {
        const message = takeMessage() ?? takeHeartbeat();
        if (message) {
          deliveredAt = clock.now();
          hasDelivered = true;
        } else isAwake = false;
        return message;
      } catch (error) {
        close(error instanceof Error ? error : new Error('A stream failed.', { cause: error }));
        return undefined;
      }
    },
    next() {
      if (isClosed) {
        const error = failure;
        failure = undefined;
        return error ? Promise.reject(error) : Promise.resolve({ done: true, value: undefined });
      }
      return new Promise((resolve, reject) => {
        waiters.push({ resolve, reject });
        comeBack();
        pump();
      });
    },
    return() {
      close();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]: () => outbox,
  };

  if (signal.aborted) close();
  else signal.addEventListener('abort', onAbort, { once: true });
  return outbox;
}
