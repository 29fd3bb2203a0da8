import type { PodLogLine, StreamMessage } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../../src/kernel/manual-clock.ts';
import { type FollowPodLogOptions, followPodLog } from './follow-pod-log.ts';
import { type LogSource, parseLogCursor } from './pod-log-cursor.ts';

const source: LogSource = { cluster: 'c1', namespace: 'shop', pod: 'vote-0', container: 'web' };

/** A container that writes when the test says so. */
function createContainer() {
  const lines: PodLogLine[] = [];
  let wake = () => {};
  let hasEnded = false;
  let failure: Error | undefined;
  const state = { opened: 0, closed: 0, taken: 0 };
  return {
    state,
    write(text: string, time = '2026-01-01T00:00:00Z') {
      lines.push({ time, text, isCut: false });
      wake();
    },
    end() {
      hasEnded = true;
      wake();
    },
    fail(error: Error) {
      failure = error;
      wake();
    },
    async *open(signal: AbortSignal): AsyncGenerator<PodLogLine> {
      state.opened += 1;
      signal.addEventListener('abort', () => wake());
      try {
        for (;;) {
          const line = lines.shift();
          if (signal.aborted) return;
          if (failure) throw failure;
          if (line) {
            state.taken += 1;
            yield line;
          } else if (hasEnded) return;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        state.closed += 1;
      }
    },
  };
}

function follow(container: ReturnType<typeof createContainer>, options: Partial<FollowPodLogOptions> = {}) {
  const clock = createManualClock(0);
  const caller = new AbortController();
  const stream = followPodLog({
    source,
    open: container.open,
    after: undefined,
    since: undefined,
    assertAllowed: () => undefined,
    clock,
    signal: caller.signal,
    ...options,
  });
  return { stream, clock, caller };
}

async function texts(stream: AsyncIterable<StreamMessage<PodLogLine>>): Promise<string[]> {
  const found: string[] = [];
  for await (const message of stream) found.push(`${message.type} ${message.item?.text ?? ''}`.trim());
  return found;
}

describe('followPodLog', () => {
  it('sends lines as ADDED and ends when the container does', async () => {
    const container = createContainer();
    container.write('one');
    container.write('two');
    container.end();
    expect(await texts(follow(container).stream)).toEqual(['ADDED one', 'ADDED two']);
    expect(container.state).toEqual({ opened: 1, closed: 1, taken: 2 });
  });

  it('reads no further than it is asked to', async () => {
    const container = createContainer();
    for (let line = 0; line < 100; line += 1) container.write(`line ${line}`);
    const { stream } = follow(container);
    await stream.next();
    await stream.next();
    expect(container.state.taken).toBe(2);
  });

  it('sends a heartbeat after 30 s of silence and loses no line over it', async () => {
    const container = createContainer();
    const { stream, clock } = follow(container);
    const first = stream.next();
    await expect.poll(() => container.state.opened).toBe(1);
    await Promise.resolve();
    clock.advance(30_000);
    expect((await first).value).toMatchObject({ type: 'HEARTBEAT', item: undefined });
    const second = stream.next();
    container.write('late');
    expect((await second).value).toMatchObject({ type: 'ADDED', item: { text: 'late' } });
  });

  it('resumes behind a line, also among several of one nanosecond', async () => {
    const same = '2026-01-01T00:00:05.5Z';
    const write = (container: ReturnType<typeof createContainer>) => {
      container.write('old', '2026-01-01T00:00:05.1Z');
      container.write('a', same);
      container.write('b', same);
      container.write('c', same);
      container.write('new', '2026-01-01T00:00:06Z');
      container.end();
    };
    const before = createContainer();
    write(before);
    const seen: string[] = [];
    let cursor = '';
    for await (const message of follow(before).stream) {
      seen.push(message.item?.text ?? '');
      cursor = message.cursor;
      if (message.item?.text === 'b') break;
    }
    const after = createContainer();
    write(after);
    const rest = await texts(follow(after, { after: parseLogCursor(source, cursor) }).stream);
    expect(seen).toEqual(['old', 'a', 'b']);
    expect(rest).toEqual(['ADDED c', 'ADDED new']);
  });

  it('leaves out lines before the time asked for, which the cluster cuts to whole seconds only', async () => {
    const container = createContainer();
    container.write('early', '2026-01-01T00:00:05.1Z');
    container.write('exact', '2026-01-01T00:00:05.2Z');
    container.end();
    expect(await texts(follow(container, { since: '2026-01-01T00:00:05.200Z' }).stream)).toEqual(['ADDED exact']);
  });

  it('frees the connection at once when the reader leaves a silent container', async () => {
    const container = createContainer();
    const { stream } = follow(container);
    const waiting = stream.next();
    await expect.poll(() => container.state.opened).toBe(1);
    await stream.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await expect.poll(() => container.state.closed).toBe(1);
  });

  it('frees the connection of a reader that leaves between two lines', async () => {
    const container = createContainer();
    container.write('one');
    const { stream } = follow(container);
    await stream.next();
    await stream.return?.();
    await expect.poll(() => container.state.closed).toBe(1);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it("ends with the request's signal", async () => {
    const container = createContainer();
    const { stream, caller } = follow(container);
    const waiting = stream.next();
    await expect.poll(() => container.state.opened).toBe(1);
    caller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await expect.poll(() => container.state.closed).toBe(1);
  });

  it('does not even open the log for a reader that has left', async () => {
    const container = createContainer();
    const caller = new AbortController();
    caller.abort();
    expect(await follow(container, { signal: caller.signal }).stream.next()).toEqual({ done: true, value: undefined });
    expect(container.state.opened).toBe(0);
  });

  it('stops before the next line when the right to read it is gone (refused)', async () => {
    const container = createContainer();
    container.write('one');
    container.write('two');
    let isAllowed = true;
    const { stream } = follow(container, {
      assertAllowed: () => {
        if (!isAllowed) throw new Error('no longer');
      },
    });
    await stream.next();
    isAllowed = false;
    await expect(stream.next()).rejects.toThrow('no longer');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('passes on what the cluster says and closes', async () => {
    const container = createContainer();
    const { stream } = follow(container);
    const waiting = stream.next();
    await expect.poll(() => container.state.opened).toBe(1);
    container.fail(new Error('the node is gone'));
    await expect(waiting).rejects.toThrow('the node is gone');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('answers calls in their order, however many are made at once', async () => {
    const container = createContainer();
    const { stream } = follow(container);
    const calls = [stream.next(), stream.next(), stream.next()];
    container.write('one');
    container.write('two');
    container.end();
    const answers = await Promise.all(calls);
    expect(answers.map((answer) => (answer.done ? 'end' : answer.value.item?.text))).toEqual(['one', 'two', 'end']);
  });
});
