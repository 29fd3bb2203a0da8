import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTrustedDocuments } from '../../src/server/graphql/trusted-documents.ts';
import { StartError } from '../../src/server/start-error.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';

const known = 'query Known { viewer { id } }';
const id = createHash('sha256').update(known).digest('hex');
const stranger = '{ viewer { name } }';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longshore-documents-'));
  file = join(folder, 'documents.json');
  writeFileSync(file, JSON.stringify({ [id]: known, 'sha256:short': '{ __typename }' }));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function post(gateway: TestGateway, body: object): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}

const codeOf = (answer: unknown) =>
  (answer as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code;

describe('documents known by their ids', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ settings: { trustedDocuments: { file } } });
  });
  afterAll(() => gateway.stop());

  it.each([
    ['documentId', { documentId: id }],
    ['documentId with its algorithm', { documentId: `sha256:${id}` }],
    ['the extension of Apollo’s clients', { extensions: { persistedQuery: { version: 1, sha256Hash: id } } }],
    ['an id beside another text, which is not looked at', { documentId: id, query: stranger }],
  ])('are executed by %s', async (_name, body) => {
    expect(await post(gateway, body)).toMatchObject({
      status: 200,
      answer: { data: { viewer: { id: expect.any(String) } } },
    });
  });

  it('are executed by GET', async () => {
    const response = await fetch(`${gateway.url}/graphql?documentId=${id}`, {
      headers: { accept: 'application/json' },
    });
    expect(await response.json()).toMatchObject({ data: { viewer: { id: expect.any(String) } } });
  });

  it('leave room for other documents, unless they are all there is', async () => {
    expect((await post(gateway, { query: stranger })).status).toBe(200);
  });

  it.each([
    ['an id that nobody knows', { documentId: 'unknown' }],
    ['an id that nobody knows, beside a text', { documentId: 'unknown', query: stranger }],
    ['what is no id', { documentId: { $ne: 1 } }],
    ['what cannot be made a text', { documentId: { toString: 1, valueOf: 1 } }],
    ['the name of a property of objects', { documentId: '__proto__' }],
  ])('refuse %s', async (_name, body) => {
    const { status, answer } = await post(gateway, body);
    expect([status, codeOf(answer)]).toEqual([400, 'BAD_USER_INPUT']);
  });
});

describe('where only known documents are executed (CORE-41)', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ settings: { trustedDocuments: { file, only: true } } });
  });
  afterAll(() => gateway.stop());

  it('answers them, over HTTP and over a WebSocket', async () => {
    expect(await post(gateway, { documentId: id })).toMatchObject({ status: 200 });
    expect(
      await overWebSocket(gateway, { query: '', extensions: { persistedQuery: { sha256Hash: id } } }),
    ).toMatchObject({
      type: 'next',
      payload: { data: { viewer: { id: expect.any(String) } } },
    });
  });

  it.each([
    ['a text', { query: stranger }],
    ['the very text of a known document', { query: known }],
    ['an introspection', { query: '{ __schema { types { name } } }' }],
  ])('refuses %s over either (refused)', async (_name, body) => {
    const { status, answer } = await post(gateway, body);
    expect([status, codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
    expect(await overWebSocket(gateway, body)).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });
});

describe('a file of documents', () => {
  it.each([
    ['is missing', undefined],
    ['is no JSON', 'query'],
    ['is no map', '[]'],
    ['holds what is no document', JSON.stringify({ [id]: 'query {' })],
  ])('stops the start where it %s (refused)', (_name, content) => {
    const path = join(folder, 'broken.json');
    rmSync(path, { force: true });
    if (content !== undefined) writeFileSync(path, content);
    expect(() => readTrustedDocuments(path)).toThrow(StartError);
    expect(() => readTrustedDocuments(path)).toThrow('trustedDocuments.file');
  });
});

/** The first message about one operation. */
function overWebSocket(gateway: TestGateway, payload: object): Promise<unknown> {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  return new Promise((resolve, reject) => {
    socket.onerror = () => reject(new Error('the socket failed'));
    socket.onopen = () => socket.send('{"type":"connection_init"}');
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as { type: string };
      if (message.type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
      else if (message.type !== 'ping') {
        resolve(message);
        socket.close();
      }
    };
  });
}
