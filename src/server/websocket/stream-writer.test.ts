import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import type { TextStream } from '../../graph/streams/text-stream.ts';
import type { StreamReader } from '../../live/message-source.ts';
import { createStreamWriter } from './stream-writer.ts';
import { createTurns } from './turns.ts';

type Text = string | Promise<string | undefined>;

/** A stream whose texts the test hands in. */
function stream() {
  const texts: Text[] = [];
  let reader: StreamReader | undefined;
  let ended: TextStream['ended'];
  const log: string[] = [];
  const text: TextStream = {
    get ended() {
      return ended;
    },
    attach: (attached) => {
      reader = attached;
    },
    take: () => texts.shift(),
    close: () => log.push('closed'),
  };
  return {
    text,
    log,
    reader: () => reader,
    say(...said: Text[]) {
      texts.push(...said);
      reader?.wake();
    },
    end(error?: Error) {
      ended = { error };
      reader?.wake();
    },
  };
}

function connection() {
  const sent: string[] = [];
  const corks: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    cork: () => corks.push('cork'),
    uncork: () => corks.push('uncork'),
  });
  const webSocket = {
    readyState: 1,
    OPEN: 1,
    bufferedAmount: 0,
    send: (text: string) => sent.push(text),
  };
  const errors: unknown[] = [];
  const writer = createStreamWriter({
    webSocket: webSocket as never,
    socket: socket as never,
    turns: createTurns(10),
    onError: (error) => errors.push(error),
  });
  return { writer, sent, corks, socket, webSocket, errors };
}

const next = (id: string, payload: string) => `{"id":"${id}","type":"next","payload":${payload}}`;

describe('a writer of streams', () => {
  it('writes all that one turn brought in one go, each result under its operation', async () => {
    const { writer, sent, corks } = connection();
    const [one, two] = [stream(), stream()];
    for (const [id, each] of [
      ['a', one],
      ['b"', two],
    ] as const)
      void writer.carry(id, each.text).next();
    one.say('{"n":1}', '{"n":2}');
    two.say('{"m":1}');
    await vi.waitFor(() => expect(sent).toHaveLength(3));
    expect(sent).toEqual([next('a', '{"n":1}'), next('a', '{"n":2}'), next('b\\"', '{"m":1}')]);
    expect(corks).toEqual(['cork', 'uncork']);
    for (const text of sent) expect(() => JSON.parse(text)).not.toThrow();
  });

  it('stops while the socket is full, and goes on when it is empty', async () => {
    const { writer, sent, webSocket, socket } = connection();
    const each = stream();
    void writer.carry('a', each.text).next();
    webSocket.bufferedAmount = 1_000_000;
    each.say('1', '2');
    await vi.waitFor(() => expect(each.reader()?.isBlocked).toBe(true));
    expect(sent).toEqual([]);
    webSocket.bufferedAmount = 0;
    socket.emit('drain');
    await vi.waitFor(() => expect(sent).toEqual([next('a', '1'), next('a', '2')]));
    expect(each.reader()?.isBlocked).toBe(false);
  });

  it('keeps the order where a result had to wait, and lets no other stream wait for it', async () => {
    const { writer, sent } = connection();
    const [slow, quick] = [stream(), stream()];
    void writer.carry('slow', slow.text).next();
    void writer.carry('quick', quick.text).next();
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    slow.say(promise, '2');
    quick.say('1');
    await vi.waitFor(() => expect(sent).toEqual([next('quick', '1')]));
    expect(slow.reader()?.isBlocked).toBe(true);
    resolve('1');
    await vi.waitFor(() => expect(sent.slice(1)).toEqual([next('slow', '1'), next('slow', '2')]));
  });

  it('sends nothing of an operation that ended while its result was waited for (refused)', async () => {
    const { writer, sent } = connection();
    const [ended, witness] = [stream(), stream()];
    const iterator = writer.carry('ended', ended.text);
    void iterator.next();
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    ended.say(promise);
    await vi.waitFor(() => expect(ended.reader()?.isBlocked).toBe(true));
    await iterator.return?.();
    resolve('1');
    void writer.carry('witness', witness.text).next();
    witness.say('1');
    await vi.waitFor(() => expect(sent).toEqual([next('witness', '1')]));
  });

  it('ends with its stream', async () => {
    const { writer, sent } = connection();
    const each = stream();
    const done = writer.carry('a', each.text).next();
    each.say('1');
    each.end();
    expect(await done).toEqual({ done: true, value: undefined });
    expect(sent).toEqual([next('a', '1')]);
    expect(each.log).toEqual(['closed']);
  });

  it('ends with the error of its stream, or of a result that could not be made', async () => {
    const { writer, errors } = connection();
    const [one, two] = [stream(), stream()];
    const first = writer.carry('a', one.text).next();
    one.end(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    const second = writer.carry('b', two.text).next();
    const { promise, reject } = Promise.withResolvers<string | undefined>();
    two.say(promise);
    await vi.waitFor(() => expect(two.reader()?.isBlocked).toBe(true));
    reject(new Error('broken'));
    await expect(second).rejects.toThrow('broken');
    expect(errors).toHaveLength(2);
  });

  it('reads nothing before it is asked to, and nothing after it was told to stop (refused)', async () => {
    const { writer, sent } = connection();
    const [never, stopped, witness] = [stream(), stream(), stream()];
    writer.carry('never', never.text);
    expect(never.reader()).toBeUndefined();
    const iterator = writer.carry('stopped', stopped.text);
    const done = iterator.next();
    stopped.say('1');
    await iterator.return?.();
    expect(await done).toMatchObject({ done: true });
    void writer.carry('witness', witness.text).next();
    witness.say('1');
    await vi.waitFor(() => expect(sent).toEqual([next('witness', '1')]));
    expect(stopped.log).toEqual(['closed']);
  });

  it('takes turns: a stream that always has more does not keep the others waiting', async () => {
    const { writer, sent } = connection();
    const [endless, other] = [stream(), stream()];
    endless.text.take = () => '0';
    const iterator = writer.carry('endless', endless.text);
    void iterator.next();
    void writer.carry('other', other.text).next();
    endless.reader()?.wake();
    other.say('1');
    await vi.waitFor(() => expect(sent).toContain(next('other', '1')));
    await iterator.return?.();
  });
});
