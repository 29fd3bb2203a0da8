import { setImmediate as nextTurn } from 'node:timers/promises';
import { type StreamMessage, UpstreamError } from 'longshore/sdk';
import { createManualClock } from 'longshore/testing';
import { describe, expect, it } from 'vitest';
import { computeSettings } from '../../settings.ts';
import { followLines } from './follow-lines.ts';
import { parseLineCursor } from './line-cursor.ts';
import type { LokiClient, LokiLine } from './loki-client.ts';
import type { SearchedPart, StoredLine } from './search-logs.ts';

const begin = Date.parse('2026-01-01T00:00:00Z');
const [{ labels } = { labels: {} as never }] = computeSettings.parse({
  loki: [{ cluster: 'c1', url: 'http://loki.example' }],
}).loki;

/** A backend that holds lines, and tells of new ones as long as its tail is up. */
function createBackend() {
  const lines: LokiLine[] = [];
  const tails = new Map<(newestMs: number) => void, { readonly query: string; readonly close: () => void }>();
  const asked: string[] = [];
  const backend = { failures: 0, tailsOpened: 0 };
  const client: LokiClient = {
    async lines({ query, fromNs, toNs }, { limit }) {
      asked.push(query);
      if (backend.failures > 0) {
        backend.failures -= 1;
        throw new UpstreamError('Loki', 'Loki is busy');
      }
      const found = lines.filter(({ ns }) => BigInt(ns) >= fromNs && BigInt(ns) < toNs);
      return found.sort((one, other) => (one.ns < other.ns ? -1 : 1)).slice(0, limit);
    },
    counts: async () => [],
    async tail(query, { signal, onOpen, onLines }) {
      backend.tailsOpened += 1;
      onOpen();
      await new Promise<void>((resolve) => {
        tails.set(onLines, { query, close: resolve });
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      tails.delete(onLines);
    },
  };
  return Object.assign(backend, {
    client,
    asked,
    /** Queries that are listened to. */
    tailed: () => [...tails.values()].map(({ query }) => query),
    write(ms: number, ...texts: string[]) {
      for (const text of texts) lines.push({ ns: `${BigInt(ms) * 1_000_000n}`, text, labels: {} });
    },
    tell() {
      for (const onLines of tails.keys())
        onLines(lines.reduce((newest, { ns }) => Math.max(newest, Number(ns) / 1e6), 0));
    },
    dropTails() {
      for (const { close } of tails.values()) close();
    },
  });
}

function follow(
  backend: ReturnType<typeof createBackend>,
  more: { readonly after?: string; readonly parts?: () => readonly SearchedPart[]; readonly spanMs?: number } = {},
) {
  const clock = createManualClock(begin);
  const caller = new AbortController();
  const messages: StreamMessage<StoredLine>[] = [];
  const reading = (async () => {
    const stream = followLines({
      backend: { cluster: 'c1', labels, client: backend.client },
      filter: { ignoreCase: false },
      partsSince: async (sinceMs) => more.parts?.() ?? [{ namespaces: ['shop'], sinceMs }],
      after: more.after === undefined ? undefined : parseLineCursor(more.after),
      sinceMs: begin,
      spanMs: more.spanMs ?? 86_400_000,
      clock,
      signal: caller.signal,
    });
    for await (const message of stream) messages.push(message);
  })();
  return {
    clock,
    caller,
    reading,
    messages,
    tell: () => messages.map(({ type, item }) => (item ? item.text : type)),
    /** So much time goes by, in steps in which everything that is due is done. */
    async pass(ms: number) {
      for (let passed = 0; passed < ms; passed += 500) {
        await clock.advance(500);
        for (let turn = 0; turn < 10; turn += 1) await nextTurn();
      }
    },
  };
}

describe('followLines (CMP-102)', () => {
  it('shows lines once they have settled, in order of time, and each once', async () => {
    const backend = createBackend();
    const log = follow(backend);
    await log.pass(2_000);
    backend.write(begin + 2_000, 'two', 'one');
    backend.tell();
    backend.tell();
    await log.pass(500);
    expect(log.tell()).toEqual([]);
    backend.write(begin + 1_900, 'before');
    backend.write(begin + 2_700, 'by a clock that is ahead');
    backend.tell();
    await log.pass(1_000);
    expect(log.tell()).toEqual(['before', 'one', 'two']);
    await log.pass(1_000);
    expect(log.tell()).toEqual(['before', 'one', 'two', 'by a clock that is ahead']);
    backend.tell();
    await log.pass(2_000);
    expect(log.tell()).toHaveLength(4);
    log.caller.abort();
    await log.reading;
    expect(backend.tailed()).toEqual([]);
  });

  it('goes on exactly behind a cursor, also within one moment and over many pages', async () => {
    const backend = createBackend();
    const many = Array.from({ length: 1_200 }, (_, index) => `line ${index}`);
    for (const [index, text] of many.entries()) backend.write(begin + Math.floor(index / 3), text);
    const log = follow(backend);
    await log.pass(3_000);
    const all = log.tell();
    expect(all.toSorted()).toEqual(many.toSorted());
    const again = follow(backend, { after: log.messages[700]?.cursor ?? '' });
    await again.pass(3_000);
    expect(again.tell()).toEqual(all.slice(701));
    log.caller.abort();
    again.caller.abort();
  });

  it('loses nothing that was written while nobody listened', async () => {
    const backend = createBackend();
    const log = follow(backend);
    await log.pass(2_000);
    backend.dropTails();
    await log.pass(500);
    backend.write(begin + 2_500, 'unheard');
    await log.pass(8_000);
    expect(log.tell()).toEqual(['unheard']);
    expect(backend.tailsOpened).toBe(2);
    log.caller.abort();
  });

  it('says when it cannot go on where it was', async () => {
    const backend = createBackend();
    const old = follow(backend, { spanMs: 60_000 });
    backend.write(begin - 120_000, 'too old');
    backend.write(begin - 30_000, 'within');
    const [first] = [Buffer.from(JSON.stringify(['lines', `${BigInt(begin - 600_000) * 1_000_000n}`, 1]))];
    const log = follow(backend, { spanMs: 60_000, after: first?.toString('base64url') ?? '' });
    await log.pass(2_000);
    expect(log.messages[0]).toMatchObject({ type: 'RESYNC', reason: 'CURSOR_EXPIRED' });
    expect(log.tell()).toEqual(['RESYNC', 'within']);
    old.caller.abort();
    log.caller.abort();
  });

  it('shows nothing of namespaces that are the caller’s no more, and listens to them no longer (refused)', async () => {
    const backend = createBackend();
    let namespaces: readonly string[] = ['shop', 'bank'];
    const log = follow(backend, { parts: () => [{ namespaces, sinceMs: begin }] });
    await log.pass(2_000);
    expect(backend.tailed()).toEqual(['{namespace=~"bank|shop"}']);
    namespaces = ['shop'];
    backend.tell();
    await log.pass(2_000);
    expect(backend.tailed()).toEqual(['{namespace=~"shop"}']);
    expect(backend.asked.at(-1)).toBe('{namespace=~"shop"}');
    namespaces = [];
    backend.tell();
    await log.pass(2_000);
    expect(backend.tailed()).toEqual([]);
    log.caller.abort();
  });

  it('waits for a backend that fails for a moment, and ends with one that goes on failing', async () => {
    const backend = createBackend();
    const log = follow(backend);
    await log.pass(2_000);
    backend.write(begin + 2_000, 'kept');
    backend.failures = 2;
    backend.tell();
    await log.pass(15_000);
    expect(log.tell()).toEqual(['kept']);
    backend.failures = 10;
    backend.tell();
    const refused = expect(log.reading).rejects.toThrow('Loki is busy');
    await log.pass(20_000);
    await refused;
  });

  it('says that it is there while nothing comes', async () => {
    const backend = createBackend();
    const log = follow(backend);
    await log.pass(65_000);
    expect(log.tell()).toEqual(['HEARTBEAT', 'HEARTBEAT']);
    log.caller.abort();
    await log.reading;
  });
});
