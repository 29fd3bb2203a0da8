import { setTimeout as delay } from 'node:timers/promises';
import { patienceMs } from './eventually.ts';
import type { Json } from './json.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: Json;
}

/** A watch as it comes in, frame by frame. */
export interface WatchStream extends AsyncDisposable {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Everything received until now. Empty where the watch was refused: see `refusal`. */
  readonly events: readonly WatchEvent[];
  /** What a status other than 200 came with. */
  readonly refusal: Json;
  /** The first event that fits and was not passed over by an earlier call; throws when patience or the stream ends. */
  next(fits?: (event: WatchEvent) => boolean, timeoutMs?: number): Promise<WatchEvent>;
  /** `TYPE name` of every event but bookmarks, until now. */
  names(): string[];
  /** Resolves when the server has ended the stream; throws when patience ends first. */
  ended(timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Reads a watch in the background. A refused one is read to its end before this resolves. */
export async function followWatch(
  status: number,
  headers: WatchStream['headers'],
  body: AsyncIterable<Uint8Array>,
  abort: () => void,
): Promise<WatchStream> {
  const events: WatchEvent[] = [];
  let refusal: Json;
  let at = 0;
  let isOver = false;
  let wake = (): void => {};
  let woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const tell = (): void => {
    const told = wake;
    woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    told();
  };

  const reading = (async () => {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const chunk of body) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        if (status !== 200) {
          rest = `${lines.join('\n')}${rest}`;
          continue;
        }
        for (const line of lines) if (line !== '') events.push(JSON.parse(line));
        tell();
      }
      if (status !== 200 && rest !== '') refusal = JSON.parse(rest);
    } catch {
      // Cut by either side: what has come until then counts.
    }
    isOver = true;
    tell();
  })();
  if (status !== 200) await reading;

  const wait = async (isThere: () => boolean, timeoutMs: number, what: string): Promise<void> => {
    const deadline = new AbortController();
    const late = delay(timeoutMs, 'late', { signal: deadline.signal }).catch(() => 'in time');
    try {
      while (!isThere()) {
        if ((await Promise.race([woken, late])) === 'late') {
          throw new Error(`${what} within ${timeoutMs} ms; came: ${describeEvents(events)}`);
        }
      }
    } finally {
      deadline.abort();
    }
  };
  const close = async (): Promise<void> => {
    abort();
    await reading;
  };

  return {
    status,
    headers,
    events,
    get refusal() {
      return refusal;
    },
    async next(fits = () => true, timeoutMs = patienceMs) {
      let found: WatchEvent | undefined;
      const look = (): boolean => {
        while (found === undefined && at < events.length) {
          const event = events[at];
          at += 1;
          if (event !== undefined && fits(event)) found = event;
        }
        return found !== undefined;
      };
      await wait(() => look() || isOver, timeoutMs, 'no such watch event');
      if (found === undefined) throw new Error(`the watch ended (${status}); came: ${describeEvents(events)}`);
      return found;
    },
    names: () =>
      events.filter(({ type }) => type !== 'BOOKMARK').map(({ type, object }) => `${type} ${object.metadata?.name}`),
    ended: (timeoutMs = patienceMs) => wait(() => isOver, timeoutMs, 'the watch did not end'),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function describeEvents(events: readonly WatchEvent[]): string {
  return (
    events.map(({ type, object }) => `${type} ${object?.metadata?.name ?? object?.message ?? ''}`).join(', ') ||
    'nothing'
  );
}
