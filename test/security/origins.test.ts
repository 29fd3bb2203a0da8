import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { type RawAnswer, rawRequest } from '../support/raw-request.ts';
import { until } from '../support/until.ts';

/** A gateway that asks nobody for a token: whoever gets through the door is its administrator. */
let gateway: TestGateway;
let port: string;

beforeAll(async () => {
  gateway = await startTestGateway({ settings: { limits: { inFlightPerPrincipal: 1_000 } } });
  port = new URL(gateway.url).port;
  const { store } = gateway.cluster;
  store.create(store.resource('', 'secrets'), {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'counted', namespace: 'shop' },
    data: { key: 'dmFsdWU=' },
  });
  await until(async () => expect((await send('POST query', ownDoor())).body).toContain('"value":"value"'));
});

afterAll(() => gateway?.stop());

/** Executing it asks the cluster once, so that the cluster's request log counts executions. */
const query = '{ secret(cluster: "embedded", namespace: "shop", name: "counted") { value(key: "key") } }';
const mutation = 'mutation { createNamespace(input: { cluster: "embedded", name: "from-elsewhere" }) { __typename } }';
const subscription = 'subscription { clusterChanges { type } }';

interface Door {
  /** Header lines as they are sent, Host first. */
  readonly headers: readonly string[];
}

const ownDoor = (): Door => ({ headers: [`Host: 127.0.0.1:${port}`] });
const json = (text: string) => JSON.stringify({ query: text });
const encoded = (text: string) => `query=${encodeURIComponent(text)}`;

/** Every way in. `status` is that of a request which may enter. */
const ways = {
  'POST query': { line: 'POST /graphql HTTP/1.1', type: 'application/json', body: json(query), status: 200 },
  'POST mutation': { line: 'POST /graphql HTTP/1.1', type: 'application/json', body: json(mutation), status: 200 },
  'GET query': { line: `GET /graphql?${encoded(query)} HTTP/1.1`, status: 200 },
  'SSE by GET': { line: `GET /graphql?${encoded(subscription)} HTTP/1.1`, accept: 'text/event-stream', status: 200 },
  'SSE by POST': {
    line: 'POST /graphql HTTP/1.1',
    accept: 'text/event-stream',
    type: 'application/json',
    body: json(`query ${query}`),
    status: 200,
  },
  'WebSocket upgrade': { line: 'GET /graphql HTTP/1.1', isUpgrade: true, status: 101 },
  'GraphiQL page': { line: 'GET /graphql HTTP/1.1', accept: 'text/html', status: 200 },
  metrics: { line: 'GET /metrics HTTP/1.1', status: 200 },
  'verbose readiness': { line: 'GET /readyz?verbose HTTP/1.1', status: 200 },
} as const;
type Way = keyof typeof ways;

async function send(way: Way, door: Door): Promise<RawAnswer> {
  return rawRequest(gateway.url, linesOf(way, door), bodyOf(way));
}

const bodyOf = (way: Way): string => (ways[way] as { readonly body?: string }).body ?? '';

function linesOf(way: Way, { headers }: Door): readonly string[] {
  const found: {
    readonly line: string;
    readonly type?: string;
    readonly accept?: string;
    readonly isUpgrade?: boolean;
  } = ways[way];
  return [
    found.line,
    ...headers,
    `Accept: ${found.accept ?? 'application/json'}`,
    ...(found.type === undefined ? [] : [`Content-Type: ${found.type}`]),
    ...(found.isUpgrade ? upgradeHeaders : []),
  ];
}

const upgradeHeaders = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
];

/** Every Host that is not ours; `$` stands for the gateway's port. */
const strangeHosts = [
  'evil.example',
  'evil.example:$',
  '127.0.0.1.evil.example:$',
  'localhost.evil.example:$',
  'evil.example.localhost:$',
  'xlocalhost:$',
  'localhost.:$',
  '127.0.0.1.:$',
  'user@localhost:$',
  'localhost:$@evil.example',
  'localhost:1',
  'localhost',
  'localhost:',
  'localhost:0$',
  'localhost:$0',
  '127.1:$',
  '2130706433:$',
  '0x7f.0.0.1:$',
  '0.0.0.0:$',
  '[::]:$',
  '[::ffff:127.0.0.1]:$',
  '[::1%25lo]:$',
  'localhost:$,evil.example',
  'localhost:$ evil.example',
  'localhost:$/graphql',
  '169.254.169.254',
];

/** Every Origin that is not ours. */
const strangeOrigins = [
  'null',
  'NULL',
  'http://evil.example',
  'https://evil.example:$',
  'https://localhost:$',
  'https://127.0.0.1:$',
  'ws://localhost:$',
  'http://localhost:1',
  'http://localhost',
  'http://localhost.:$',
  'http://localhost:$.evil.example',
  'http://localhost.evil.example:$',
  'http://127.0.0.1.evil.example:$',
  'http://evil.example/http://localhost:$',
  'http://localhost:$@evil.example',
  'http://user@localhost:$',
  'http://evil.example#http://localhost:$',
  'http://localhost:$/',
  'http://localhost:0$',
  'HTTP://localhost:$',
  'http://LOCALHOST.EVIL.EXAMPLE:$',
  'http://localhost:$, http://evil.example',
  'http://localhost:$ http://evil.example',
  'http://127.1:$',
  'http://0.0.0.0:$',
  'file://',
  'chrome-extension://abcdefghijklmnop',
  'undefined',
  '*',
];

const doors: readonly { readonly title: string; readonly headers: readonly string[] }[] = [
  ...strangeHosts.map((host) => ({ title: `Host ${host}`, headers: [`Host: ${host}`] })),
  { title: 'an empty Host', headers: ['Host:'] },
  { title: 'no Host', headers: [] },
  { title: 'our Host and another', headers: ['Host: localhost:$', 'Host: evil.example'] },
  { title: 'another Host and ours', headers: ['Host: evil.example', 'Host: localhost:$'] },
  { title: 'our Host twice', headers: ['Host: localhost:$', 'host: localhost:$'] },
  ...strangeOrigins.map((origin) => ({
    title: `Origin ${origin}`,
    headers: ['Host: localhost:$', `Origin: ${origin}`],
  })),
  { title: 'an empty Origin', headers: ['Host: localhost:$', 'Origin:'] },
  {
    title: 'our Origin and another',
    headers: ['Host: localhost:$', 'Origin: http://localhost:$', 'Origin: http://evil.example'],
  },
  {
    title: 'another Origin and ours',
    headers: ['Host: localhost:$', 'Origin: http://evil.example', 'oRiGiN: http://localhost:$'],
  },
  { title: 'another site without Origin', headers: ['Host: localhost:$', 'Sec-Fetch-Site: cross-site'] },
  { title: 'another site in capitals', headers: ['Host: localhost:$', 'SEC-FETCH-SITE: Cross-Site'] },
  {
    title: 'another site and none',
    headers: ['Host: localhost:$', 'Sec-Fetch-Site: none', 'Sec-Fetch-Site: cross-site'],
  },
  {
    title: 'a forwarded Host that is ours',
    headers: ['Host: evil.example', 'X-Forwarded-Host: localhost:$', 'Forwarded: host=localhost:$'],
  },
];

const filled = (headers: readonly string[]): Door => ({ headers: headers.map((line) => line.replaceAll('$', port)) });

/** What the gateway did on behalf of anybody: reads of the counted Secret, namespaces made, operations recorded. */
async function executions(): Promise<readonly number[]> {
  const { requests } = gateway.cluster;
  const records = await gateway.gateway.rooms.operations.count({});
  return [
    requests.count({ resource: 'secrets', verb: 'get' }),
    requests.count({ resource: 'namespaces', verb: 'create' }),
    records ?? -1,
  ];
}

describe('requests of other sites', () => {
  it.each(Object.keys(ways) as Way[])('refuses them by %s before anything is executed', async (way) => {
    const before = await executions();
    for (const { title, headers } of doors) {
      // Readiness tells orchestrators, who ask by address; why is told to administrators, and no page of another site is one.
      if (way === 'verbose readiness' && !headers.some((line) => /^(origin|sec-fetch)/i.test(line))) continue;
      const answer = await send(way, filled(headers));
      expect([title, answer.status]).toEqual([title, expect.toSatisfy((status) => status === 400 || status === 403)]);
      expect(answer.body, title).not.toMatch(/"data"|GraphiQL|longshore_|"clusters"/);
      expect(answer.head.toLowerCase(), title).not.toContain('access-control-allow');
    }
    expect(await executions()).toEqual(before);
  });

  it.each(
    Object.entries(ways).map(([way, { status }]) => ({ way: way as Way, status })),
  )('lets our own in by $way', async ({ way, status }) => {
    for (const headers of [
      ['Host: 127.0.0.1:$'],
      ['Host: LOCALHOST:$'],
      ['Host: [::1]:$', 'Origin: http://localhost:$'],
      ['Host: localhost:$', 'Origin: http://127.0.0.1:$', 'Sec-Fetch-Site: same-origin'],
      ['Host: localhost:$', 'Sec-Fetch-Site: none'],
    ]) {
      const answer = await beginning(linesOf(way, filled(headers)), bodyOf(way));
      expect([headers, answer.status]).toEqual([headers, status]);
    }
  });

  it('counts what is executed', async () => {
    const before = await executions();
    await send('POST query', ownDoor());
    await rawRequest(
      gateway.url,
      ['POST /graphql HTTP/1.1', `Host: localhost:${port}`, 'Content-Type: application/json'],
      json(mutation.replace('from-elsewhere', 'from-here')),
    );
    const after = await executions();
    // A namespace is tried dry before it is made; a value that is read is recorded as a write is.
    expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([1, 2, 2]);
  });

  it.each([
    'text/plain',
    'text/plain; charset=application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    '',
  ])('executes no body of the type "%s", which a form could send', async (type) => {
    const before = await executions();
    for (const text of [query, mutation]) {
      for (const body of [
        json(text),
        encoded(text),
        text,
        `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${json(text)}\r\n--x--\r\n`,
      ]) {
        const lines = ['POST /graphql HTTP/1.1', `Host: localhost:${port}`, ...(type ? [`Content-Type: ${type}`] : [])];
        const answer = await rawRequest(gateway.url, lines, body);
        expect(answer.status).toBeGreaterThanOrEqual(400);
      }
    }
    expect(await executions()).toEqual(before);
  });

  it.each([
    'GET',
    'HEAD',
    'OPTIONS',
    'PUT',
    'DELETE',
    'PATCH',
    'TRACE',
  ])('executes no mutation by %s', async (method) => {
    const before = await executions();
    const target = `/graphql?${encoded(mutation)}`;
    const own = [`Host: localhost:${port}`, `Origin: http://localhost:${port}`];
    for (const accept of ['application/json', 'text/event-stream']) {
      const inUrl = await beginning([`${method} ${target} HTTP/1.1`, ...own, `Accept: ${accept}`]);
      expect(inUrl.status).toBeGreaterThanOrEqual(400);
      const overridden = [
        ...own,
        `Accept: ${accept}`,
        'X-HTTP-Method-Override: POST',
        'Content-Type: application/json',
      ];
      const inBody = await beginning([`${method} /graphql HTTP/1.1`, ...overridden], json(mutation));
      expect(inBody.status).toBeGreaterThanOrEqual(400);
    }
    expect(await executions()).toEqual(before);
  });

  it.each([
    'http://evil.example/graphql',
    'http://localhost:$/graphql',
    'http://evil.example@localhost:$/graphql',
    '//evil.example/graphql',
    '/graphql/',
    '/./graphql',
    '/graphql%00',
    '/%67raphql',
    '/graphql;x=1',
    '*',
  ])('knows no other way to the endpoint: %s', async (target) => {
    const before = await executions();
    const line = target.replaceAll('$', port);
    const post = await rawRequest(
      gateway.url,
      [`POST ${line} HTTP/1.1`, `Host: localhost:${port}`, 'Content-Type: application/json'],
      json(mutation),
    );
    expect(post.status).toBeGreaterThanOrEqual(400);
    const upgrade = await beginning([`GET ${line} HTTP/1.1`, `Host: localhost:${port}`, ...upgradeHeaders]);
    expect(upgrade.status).toBeGreaterThanOrEqual(400);
    expect(await executions()).toEqual(before);
  });

  it.each(['/livez', '/readyz'])('answers %s whatever the Host', async (path) => {
    for (const headers of [['Host: 10.1.2.3:8080'], ['Host: evil.example'], ['Host: anything at all'], []]) {
      const version = headers.length === 0 ? 'HTTP/1.0' : 'HTTP/1.1';
      const answer = await rawRequest(gateway.url, [`GET ${path} ${version}`, ...headers]);
      expect([headers, answer.status, answer.body]).toEqual([headers, 200, 'ok\n']);
    }
  });

  it('tells nobody by CORS that another site may read', async () => {
    const answer = await rawRequest(gateway.url, [
      'OPTIONS /graphql HTTP/1.1',
      `Host: localhost:${port}`,
      `Origin: http://localhost:${port}`,
      'Access-Control-Request-Method: POST',
      'Access-Control-Request-Headers: content-type',
    ]);
    expect(answer.head.toLowerCase()).not.toContain('access-control-');
  });
});

/** The status of an answer that goes on for ever, or that keeps its connection. */
function beginning(lines: readonly string[], body = ''): Promise<{ readonly status: number }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', reject);
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer within 5 s')));
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve({ status: Number(chunk.toString().slice(9, 12)) });
    });
    const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
    socket.write(`${[...lines, ...length].join('\r\n')}\r\n\r\n${body}`);
  });
}
