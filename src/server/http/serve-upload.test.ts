import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import type { Authenticator } from '../../access/create-authenticator.ts';
import type { Tickets } from '../../access/tickets/create-tickets.ts';
import type { OperationRecords } from '../../audit/operation-records.ts';
import type { RequestContext } from '../../graph/request-context.ts';
import type { UploadTarget } from '../../graph/uploads/upload-target.ts';
import { ConflictError } from '../../kernel/answer-error.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { type Principal, systemPrincipal } from '../../kernel/principal.ts';
import { createStreamPlaces } from '../stream-places.ts';
import { createUploadDoor } from './serve-upload.ts';

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

/** A door that takes files of five bytes, behind a server of its own. */
async function openDoor({ refuse = false } = {}) {
  const clock = createManualClock();
  const announced = new Set<(whose: string) => void>();
  let current: Principal | undefined = systemPrincipal;
  const ends: { readonly bytesIn: number; readonly endReason?: string; readonly error?: unknown }[] = [];
  const kept: string[] = [];
  const taken: string[] = [];
  let signal: AbortSignal | undefined;
  const target: UploadTarget = {
    purpose: { name: 'test.file' } as UploadTarget['purpose'],
    async open(_subject, context) {
      signal = context.signal;
      return {
        sizeBytes: 5,
        record: { action: 'uploadTest', target: {} as never },
        async receive(chunks) {
          if (refuse) throw new ConflictError('There is such a file');
          let text = '';
          for await (const chunk of chunks) {
            text += Buffer.from(chunk).toString();
            taken.push(text);
          }
          kept.push(text);
        },
      };
    },
  };
  const authenticator = {
    rights: {
      onRightsChanged(listener: (whose: string) => void) {
        announced.add(listener);
        return () => announced.delete(listener);
      },
    },
    refresh: async () => current,
    regrant: () => current,
  } as unknown as Authenticator;
  const door = createUploadDoor({
    targets: new Map([['test.file', target]]),
    tickets: {
      redeem: async (_purpose: unknown, value: string) =>
        value === 't' ? { principal: systemPrincipal, subject: {} } : undefined,
    } as unknown as Tickets,
    authenticator,
    operations: {
      openSession: async (_spec: unknown, measure: () => (typeof ends)[number]) => ({
        end: async (error?: unknown) => void ends.push({ ...measure(), error }),
      }),
    } as unknown as OperationRecords,
    places: createStreamPlaces(1),
    clock,
    logger: silentLogger,
    createContext: (_principal, _requestId, given) => ({ signal: given }) as RequestContext,
  });
  const server = createServer((given, response) => {
    const path = (given.url ?? '').split('?')[0] ?? '';
    door.serve(given, response, path, 'r1').catch(() => response.writeHead(500).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  function begin({ method = 'PUT', path = '/uploads/test.file?ticket=t', headers = {} } = {}) {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false });
    const answer = (async () => {
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      let text = '';
      for await (const chunk of response) text += String(chunk);
      return { status: response.statusCode, text: text.trim() };
    })();
    answer.catch(() => undefined);
    sent.on('error', () => undefined);
    return { sent, answer };
  }
  return {
    door,
    clock,
    kept,
    taken,
    ends,
    begin,
    opened: () => signal,
    announce(principal: Principal | undefined) {
      current = principal;
      for (const listener of announced) listener('all');
    },
    put(body: string, options: Parameters<typeof begin>[0] = {}) {
      const { sent, answer } = begin({
        ...options,
        headers: { 'content-length': String(Buffer.byteLength(body)), ...options?.headers },
      });
      sent.end(body);
      return answer;
    },
  };
}

describe('createUploadDoor (STO-21)', () => {
  it.each(['PUT', 'POST'])('takes a file by %s, and records its bytes', async (method) => {
    const { put, kept, ends } = await openDoor();
    expect(await put('hello', { method })).toEqual({ status: 201, text: 'Stored' });
    expect(kept).toEqual(['hello']);
    expect(ends).toMatchObject([{ bytesIn: 5, endReason: 'COMPLETE', error: undefined }]);
  });

  it('takes one whose length is not told before', async () => {
    const { begin, kept } = await openDoor();
    const { sent, answer } = begin();
    sent.write('he');
    sent.end('llo');
    expect(await answer).toMatchObject({ status: 201 });
    expect(kept).toEqual(['hello']);
  });

  it.each([
    { name: 'a longer one than the ticket says', body: 'hello!', status: 413 },
    { name: 'a shorter one than the ticket says', body: 'hell', status: 400 },
    { name: 'one that is compressed', body: 'hello', headers: { 'content-encoding': 'gzip' }, status: 415 },
    { name: 'a method that reads', body: 'hello', method: 'DELETE', status: 405 },
    { name: 'a ticket that is none', body: 'hello', path: '/uploads/test.file?ticket=x', status: 401 },
    { name: 'a kind that nobody takes', body: 'hello', path: '/uploads/other?ticket=t', status: 404 },
  ])('takes nothing for $name (refused)', async ({ body, status, name: _name, ...options }) => {
    const { put, kept } = await openDoor();
    expect(await put(body, options)).toMatchObject({ status });
    expect(kept).toEqual([]);
  });

  it.each([
    { name: 'more', pieces: ['hel', 'lo!'] },
    { name: 'less', pieces: ['hel', 'l'] },
  ])('keeps nothing where $name comes than the ticket says (refused)', async ({ pieces }) => {
    const { begin, kept, ends } = await openDoor();
    const { sent, answer } = begin();
    for (const piece of pieces) sent.write(piece);
    sent.end();
    expect(await answer).toMatchObject({ status: 400 });
    expect(kept).toEqual([]);
    expect(ends).toMatchObject([{ endReason: 'FAILED' }]);
  });

  it('tells what its target refuses (refused)', async () => {
    const { put, ends } = await openDoor({ refuse: true });
    expect(await put('hello')).toEqual({ status: 409, text: 'There is such a file' });
    expect(ends).toMatchObject([{ endReason: 'FAILED', error: { code: 'CONFLICT' } }]);
  });

  it('keeps nothing of who goes away half-way (refused)', async () => {
    const { begin, kept, taken, ends, opened } = await openDoor();
    const { sent } = begin();
    sent.write('he');
    await expect.poll(() => taken).toEqual(['he']);
    sent.destroy();
    await expect.poll(() => ends).toMatchObject([{ bytesIn: 2, endReason: 'CLIENT_GONE' }]);
    expect(opened()?.aborted).toBe(true);
    expect(kept).toEqual([]);
  });

  it('ends who sends nothing for half a minute, and whose rights end (refused)', async () => {
    const { begin, clock, taken, announce, ends, kept } = await openDoor();
    const silent = begin();
    silent.sent.write('he');
    await expect.poll(() => taken).toEqual(['he']);
    await clock.advance(30_000);
    expect(await silent.answer).toMatchObject({ status: 408 });
    const revoked = begin();
    revoked.sent.write('he');
    await expect.poll(() => taken).toEqual(['he', 'he']);
    announce(undefined);
    expect(await revoked.answer).toMatchObject({ status: 403 });
    expect(ends).toMatchObject([{ endReason: 'CLIENT_SILENT' }, { endReason: 'REVOKED' }]);
    expect(kept).toEqual([]);
  });

  it('takes one at a time of who has one place, and nobody new in a drain (refused)', async () => {
    const { begin, put, taken, door, kept } = await openDoor();
    const first = begin();
    first.sent.write('he');
    await expect.poll(() => taken).toEqual(['he']);
    expect(await put('hello')).toMatchObject({ status: 429 });
    door.drain();
    expect(await put('hello')).toMatchObject({ status: 503 });
    first.sent.end('llo');
    expect(await first.answer).toMatchObject({ status: 201 });
    expect(kept).toEqual(['hello']);
  });
});
