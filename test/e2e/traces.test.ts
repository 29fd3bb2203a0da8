import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { until } from '../support/until.ts';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly status: { readonly code?: number };
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A collector that takes OTLP as JSON. */
interface Collector {
  readonly url: string;
  readonly spans: Span[];
  readonly headers: IncomingHttpHeaders[];
  readonly bodies: string[];
  stop(): void;
}

let collector: Collector;
let gateway: TestGateway;
let traceCount = 0;

beforeAll(async () => {
  collector = await startCollector();
  gateway = await startTestGateway({
    settings: { tracing: { endpoint: collector.url, headers: ['x-token=of-the-collector'], sampledPercent: 0 } },
  });
});
afterAll(async () => {
  await gateway?.stop();
  collector?.stop();
});

async function startCollector(): Promise<Collector> {
  const spans: Span[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const bodies: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const body = await text(request);
    headers.push(request.headers);
    bodies.push(body);
    if (request.url === '/v1/traces') spans.push(...spansOf(body));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ spans, headers, bodies },
    stop: () => server.close().closeAllConnections(),
  };
}

interface Value {
  readonly stringValue?: string;
  readonly intValue?: number;
  readonly boolValue?: boolean;
}
interface ExportedSpan extends Omit<Span, 'attributes'> {
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
}
function spansOf(body: string): Span[] {
  const { resourceSpans } = JSON.parse(body) as {
    readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly ExportedSpan[] }[] }[];
  };
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .map((span) => ({
      ...span,
      attributes: Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
    }));
}

/** Sends a request that is sampled by who sends it, and tells its trace. */
async function traced(body: object, flags = '01', token = 'dev-admin'): Promise<string> {
  traceCount += 1;
  const traceId = traceCount.toString(16).padStart(32, '0');
  await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      traceparent: `00-${traceId}-00000000000000aa-${flags}`,
    },
    body: JSON.stringify(body),
  }).then((response) => response.text());
  return traceId;
}

async function spansOfTrace(traceId: string, expected: string): Promise<readonly Span[]> {
  const found = () => collector.spans.filter((span) => span.traceId === traceId);
  await until(() => expect(found().map(({ name }) => name)).toContain(expected));
  return found();
}

const leases =
  '{ objects(cluster: "embedded", apiVersion: "coordination.k8s.io/v1", kind: "Lease") { nodes { name } } }';

describe('traces', () => {
  it('go from the request over the operation to the cluster, and on from who has sent it', async () => {
    const traceId = await traced({ query: `query Leases ${leases}` });
    const spans = await spansOfTrace(traceId, 'POST /graphql');
    const [server, operation, request] = ['POST /graphql', 'query', 'GET leases'].map((name) =>
      spans.find((span) => span.name === name),
    );
    expect(server).toMatchObject({
      parentSpanId: '00000000000000aa',
      attributes: { 'http.response.status_code': 200 },
    });
    expect(operation).toMatchObject({
      parentSpanId: server?.spanId,
      attributes: {
        'graphql.operation.type': 'query',
        'graphql.operation.name': 'Leases',
        'longshore.cluster_requests': 1,
        'longshore.reused': false,
      },
    });
    expect(request).toMatchObject({
      parentSpanId: operation?.spanId,
      attributes: {
        'http.request.method': 'GET',
        'k8s.cluster.name': 'embedded',
        'longshore.kind': 'coordination.k8s.io/Lease',
        'url.path': expect.stringMatching(/\/leases$/),
      },
    });
  });

  it('show the statements of a mutation without their values, and the operation they are recorded as', async () => {
    const query = `mutation Create($input: CreateWorkspaceInput!) {
      createWorkspace(input: $input) { ... on CreateWorkspaceSuccess { workspace { identifier } } }
    }`;
    const input = {
      identifier: 'traced',
      displayName: 'sesame-open',
      networkType: 'CLASSIC',
      region: 'r',
      zones: ['z'],
    };
    const traceId = await traced({ query, variables: { input } });
    const spans = await spansOfTrace(traceId, 'POST /graphql');
    const statements = spans.filter(({ attributes }) => attributes['db.system.name'] === 'postgresql');
    expect(statements.map(({ name }) => name)).toContain('INSERT');
    expect(statements.every(({ attributes }) => typeof attributes['db.query.text'] === 'string')).toBe(true);
    expect(collector.bodies.join()).not.toContain('sesame-open');
  });

  it('tell of a refused request to a cluster that it has failed', async () => {
    const query =
      '{ objects(cluster: "embedded", apiVersion: "no.such.group/v1", kind: "Nothing") { nodes { name } } }';
    const traceId = await traced({ query });
    const spans = await spansOfTrace(traceId, 'POST /graphql');
    expect(spans.find(({ name }) => name === 'query')).toMatchObject({ status: { code: 2 } });
  });

  it('are not begun for who is not signed in, for what is not sampled, and for a traceparent that means nothing', async () => {
    const refused = [
      await traced({ query: leases }, '01', 'nobody-knows-it'),
      await traced({ query: leases }, '00'),
      await traced({ query: leases }, 'zz'),
    ];
    const last = await traced({ query: leases });
    await spansOfTrace(last, 'POST /graphql');
    expect(collector.spans.filter(({ traceId }) => refused.includes(traceId))).toEqual([]);
  });

  it('are sent with the headers of the settings, and counted', async () => {
    await spansOfTrace(await traced({ query: leases }), 'POST /graphql');
    expect(collector.headers.every((headers) => headers['x-token'] === 'of-the-collector')).toBe(true);
    const metrics = await fetch(`${gateway.url}/metrics`, { headers: { authorization: 'Bearer dev-admin' } });
    expect(await metrics.text()).toMatch(/^longshore_trace_spans_total\{outcome="sent"\} [1-9]/m);
  });
});

describe('a gateway that samples everything', () => {
  it('traces operations over WebSockets, and sends the rest when it stops', async () => {
    const own = await startTestGateway({ settings: { tracing: { endpoint: collector.url, sampledPercent: 100 } } });
    const client = createClient({ url: `${own.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const named = (name: string) => collector.spans.filter((span) => span.name === name);
    try {
      for await (const _ of client.iterate({ query: leases })) break;
    } finally {
      await client.dispose();
      await own.stop();
    }
    const [socket] = named('WebSocket /graphql');
    expect(named('query')).toContainEqual(expect.objectContaining({ parentSpanId: socket?.spanId }));
  });

  it('goes on where the collector is away', async () => {
    const own = await startTestGateway({
      settings: { tracing: { endpoint: 'http://127.0.0.1:9', sampledPercent: 100 } },
    });
    try {
      const response = await fetch(`${own.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: leases }),
      });
      expect(await response.json()).toMatchObject({ data: { objects: { nodes: expect.any(Array) } } });
    } finally {
      await own.stop();
    }
  });
});
