import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { Authenticator } from '../../access/create-authenticator.ts';
import type { Tickets } from '../../access/tickets/create-tickets.ts';
import type { OperationRecords } from '../../audit/operation-records.ts';
import type { DownloadSource } from '../../graph/downloads/download-source.ts';
import type { RequestContext } from '../../graph/request-context.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { type Principal, systemPrincipal } from '../../kernel/principal.ts';
import { createStreamPlaces } from '../stream-places.ts';
import { createDownloadDoor } from './serve-download.ts';

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

/** A door with one file, which comes piece by piece as the test says, behind a server of its own. */
async function openDoor({ places = 10 } = {}) {
  const announced = new Set<(whose: string) => void>();
  let current: Principal | undefined = systemPrincipal;
  const ends: unknown[] = [];
  const pieces = [Promise.withResolvers<string | undefined>()];
  let signal: AbortSignal | undefined;
  let failure: Error | undefined;
  /** How long the ticket is looked at, and who hears that it is. */
  const redeemed = { begin: () => {}, held: Promise.resolve() };
  async function* chunks() {
    yield 'begun';
    for (let at = 0; ; at += 1) {
      const piece = await pieces[at]?.promise;
      if (piece === undefined) return;
      yield piece;
    }
  }
  const source: DownloadSource = {
    purpose: { name: 'test.file' } as DownloadSource['purpose'],
    async open(_subject, context) {
      signal = context.signal;
      return {
        fileName: 'a.log',
        contentType: 'text/plain',
        record: { action: 'downloadTest', target: {} as never },
        chunks: chunks(),
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
  const operations = {
    async openSession(_spec: unknown, measure: () => unknown) {
      if (failure) throw failure;
      return { end: async (error?: unknown) => void ends.push({ ...(measure() as object), error }) };
    },
  } as unknown as OperationRecords;
  const door = createDownloadDoor({
    sources: new Map([['test.file', source]]),
    tickets: {
      async redeem() {
        redeemed.begin();
        await redeemed.held;
        return { principal: systemPrincipal, subject: {} };
      },
    } as unknown as Tickets,
    authenticator,
    operations,
    places: createStreamPlaces(places),
    clock: createManualClock(),
    logger: silentLogger,
    createContext: (_principal, _requestId, given) => ({ signal: given }) as RequestContext,
  });
  const server = createServer((request, response) => {
    door.serve(request, response, '/downloads/test.file', 'r1').catch(() => response.writeHead(500).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    door,
    ends,
    announce(principal: Principal | undefined) {
      current = principal;
      for (const listener of announced) listener('all');
    },
    send(piece: string | undefined) {
      pieces.push(Promise.withResolvers());
      pieces.at(-2)?.resolve(piece);
    },
    fail(error: Error) {
      failure = error;
    },
    opened: () => signal,
    /** Asks for the file and goes while the ticket is looked at. */
    async goEarly() {
      const { port } = server.address() as AddressInfo;
      const [begun, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      Object.assign(redeemed, { begin: begun.resolve, held: held.promise });
      const closed = once(server, 'request').then(([, response]) => once(response as ServerResponse, 'close'));
      const request = get({ host: '127.0.0.1', port, path: '/downloads/test.file?ticket=t', agent: false });
      request.on('error', () => undefined);
      await begun.promise;
      request.destroy();
      await closed;
      held.resolve();
    },
    /** What came of the file, and whether it came to its end. */
    async fetch() {
      const { port } = server.address() as AddressInfo;
      const [response] = (await once(
        get({ host: '127.0.0.1', port, path: '/downloads/test.file?ticket=t', agent: false }),
        'response',
      )) as [IncomingMessage];
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      const over = Promise.withResolvers<'whole' | 'cut off'>();
      response.once('error', () => over.resolve('cut off'));
      response.once('end', () => over.resolve('whole'));
      await expect.poll(() => text).not.toBe('');
      return { status: response.statusCode, text: () => text, over: over.promise };
    },
  };
}

describe('createDownloadDoor', () => {
  it('ends a transfer when its right ends, and says so in its record (CMP-102, refused)', async () => {
    const { fetch, announce, ends, opened } = await openDoor();
    const file = await fetch();
    expect(file.text()).toBe('begun');
    announce(undefined);
    expect(await file.over).toBe('cut off');
    await expect.poll(() => ends).toMatchObject([{ bytesOut: 5, endReason: 'REVOKED' }]);
    expect(opened()?.aborted).toBe(true);
  });

  it('ends a transfer when roles change, since what was asked at its begin may not hold any more (CMP-102, refused)', async () => {
    const { fetch, announce, ends } = await openDoor();
    const file = await fetch();
    announce({ ...systemPrincipal, roles: [] });
    expect(await file.over).toBe('cut off');
    await expect.poll(() => ends).toMatchObject([{ endReason: 'RIGHTS_CHANGED' }]);
  });

  it('lets a transfer come to its end in a drain, and begins no other (CORE-18)', async () => {
    const { door, fetch, send, ends } = await openDoor();
    const file = await fetch();
    door.drain();
    expect((await fetch()).status).toBe(503);
    expect(door.count).toBe(1);
    send(' and ended');
    send(undefined);
    expect(await file.over).toBe('whole');
    expect(file.text()).toBe('begun and ended');
    await expect.poll(() => ends).toMatchObject([{ bytesOut: 15, endReason: 'COMPLETE' }]);
    await expect.poll(() => door.count).toBe(0);
  });

  it('tells a transfer that is too slow for a drain in its record, before anything else stops (CORE-18, refused)', async () => {
    const { door, fetch, ends } = await openDoor();
    const file = await fetch();
    door.drain();
    await door.stop();
    expect(ends).toMatchObject([{ bytesOut: 5, endReason: 'DRAIN', error: undefined }]);
    expect(await file.over).toBe('cut off');
    expect(door.count).toBe(0);
  });

  it('keeps no place for who goes before the ticket is known (P32)', async () => {
    const { door, fetch, goEarly, opened } = await openDoor({ places: 1 });
    await goEarly();
    await expect.poll(() => door.count).toBe(0);
    expect(opened()).toBeUndefined();
    expect((await fetch()).status).toBe(200);
  });

  it('closes what was opened for a transfer that has no record', async () => {
    const { fetch, fail, opened } = await openDoor();
    fail(new Error('no database'));
    void fetch().catch(() => undefined);
    await expect.poll(() => opened()?.aborted).toBe(true);
    await nextTurn();
  });
});
