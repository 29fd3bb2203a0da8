import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import type { OperationDefinitionNode } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKnownRequests, type KnownRequest, readAhead } from './known-requests.ts';

const knownAs = (variables: string): KnownRequest => ({
  key: { operation: {} as OperationDefinitionNode, rights: '', variables },
  contentType: 'application/json',
});

describe('known requests', () => {
  it('are found by exactly what was sent, and forgotten when too much is kept, the one not asked for longest first', () => {
    const known = createKnownRequests();
    const long = 'x'.repeat(1_048_576);
    for (const name of ['a', 'b', 'c']) known.keep(`${name}${long}`, knownAs(name));
    expect(known.find(`a${long}`)?.key.variables).toBe('a');
    known.keep(`d${long}`, knownAs('d'));
    known.keep('small', knownAs('small'));
    expect(['a', 'b', 'c', 'd'].map((name) => known.find(`${name}${long}`)?.key.variables)).toEqual([
      'a',
      undefined,
      'c',
      'd',
    ]);
    expect(known.find('small')?.key.variables).toBe('small');
    expect(known.find('Small')).toBeUndefined();
  });

  it('stay within their room whatever is kept, and the last one is among them', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 60 }), (sizes) => {
        const known = createKnownRequests();
        const texts = sizes.map((size) => `${size}:${'x'.repeat(size * 16_384)}`);
        for (const each of texts) known.keep(each, knownAs(each.slice(0, 8)));
        const kept = new Set(texts.filter((each) => known.find(each) !== undefined));
        expect([...kept].reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(4 * 1_048_576);
        expect(kept.has(texts.at(-1) ?? '')).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a body that is read ahead', () => {
  let server: Server;
  let answerOf: (ahead: string | undefined, request: IncomingMessage) => Promise<string>;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const ahead = await readAhead(request);
      if (!response.closed) response.end(await answerOf(ahead, request));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    answerOf = async (ahead, request) => JSON.stringify({ ahead, body: await text(request) });
  });
  afterAll(() => server.close().closeAllConnections());

  /** Sends pieces one after the other, and tells all answers once there are so many. */
  async function exchange(
    pieces: readonly string[],
    answers = 1,
  ): Promise<readonly { ahead?: string; body: string }[]> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let received = '';
    socket.on('data', (data) => {
      received += data.toString();
    });
    for (const piece of pieces) {
      await new Promise((resolve) => socket.write(piece, resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const parts = () => received.match(/\{"(?:ahead|body)".*?\}/gs) ?? [];
    while (parts().length < answers) await once(socket, 'data');
    socket.destroy();
    return parts().map((part) => JSON.parse(part));
  }
  const head = (length: number) =>
    `POST / HTTP/1.1\r\nHost: a\r\nAccept: x\r\nContent-Type: y\r\nContent-Length: ${length}\r\n\r\n`;

  it('is there for who reads it next, in one piece or in many, one request behind the other', async () => {
    const [whole] = await exchange([`${head(5)}hello`]);
    expect(whole).toEqual({ ahead: 'x\ny\n\nhello', body: 'hello' });
    const [inPieces] = await exchange([head(9), 'abc', 'def', 'ghi']);
    expect(inPieces).toEqual({ ahead: 'x\ny\n\nabcdefghi', body: 'abcdefghi' });
    const both = await exchange([`${head(3)}one${head(3)}two`], 2);
    expect(both.map(({ body }) => body)).toEqual(['one', 'two']);
  });

  it('is not looked at where it is long, or nobody says how long', async () => {
    const long = 'x'.repeat(20_000);
    expect(await exchange([`${head(20_000)}${long}`])).toEqual([{ body: long }]);
    const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
    expect(await exchange([chunked])).toEqual([{ body: 'abc' }]);
  });

  it('is given up where it breaks off', async () => {
    const broken = new Promise<string | undefined>((resolve) => {
      server.once('request', (request: IncomingMessage) => void readAhead(request).then(resolve));
    });
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(`${head(5)}he`);
    await once(server, 'request');
    socket.destroy();
    expect(await broken).toBeUndefined();
  });
});
