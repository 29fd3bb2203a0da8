import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { openEventStream } from '../support/event-stream.ts';
import { rawRequest } from '../support/raw-request.ts';
import { rawWebSocket } from '../support/raw-web-socket.ts';
import { until } from '../support/until.ts';
import { ApplyManifestDocument, NodeByIdDocument, NodesByIdsDocument, PodPageDocument } from '../typed/graphql.ts';

interface Refusal {
  readonly status: number;
  readonly text: string;
  readonly body: {
    readonly data?: unknown;
    readonly errors?: { message: string; extensions: { code: string; requestId: string } }[];
  };
}

let gateway: TestGateway;
let closedSchema: TestGateway;
beforeAll(async () => {
  [gateway, closedSchema] = await Promise.all([
    startTestGateway({ clusterSpeed: 40 }),
    startTestGateway({ flags: ['--no-introspection'] }),
  ]);
});
afterAll(async () => {
  // It has survived everything above, and still answers.
  expect(await ask(gateway, '{ viewer { name } }')).toEqual({ viewer: { name: 'dev-admin' } });
  await Promise.all([gateway.stop(), closedSchema.stop()]);
});

async function send(init: RequestInit & { readonly path?: string; readonly to?: TestGateway }): Promise<Refusal> {
  const { path = '/graphql', to = gateway, ...rest } = init;
  const response = await fetch(`${to.url}${path}`, {
    method: 'POST',
    ...rest,
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...rest.headers },
  });
  const text = await response.text();
  return { status: response.status, text, body: text.startsWith('{') ? JSON.parse(text) : {} };
}

const post = (body: unknown, headers: Record<string, string> = {}) =>
  send({ body: typeof body === 'string' ? body : JSON.stringify(body), headers });

/** Neither where the code lies, nor what it is made of, nor what it thought. */
function expectDiscreet(text: string): void {
  expect(text).not.toMatch(
    /\bat [\w.<>]+ \(|\.(ts|js|mjs):\d+|node_modules|\/work\/|file:\/\/|(Type|Range|Reference)Error|undefined|\[object /,
  );
  expect(text).not.toMatch(/postgres|pglite|pothos|undici|SELECT |insert into/i);
}

const codesOf = ({ body }: Refusal) => body.errors?.map(({ extensions }) => extensions.code);

function expectRefusal(refusal: Refusal, status: number, code: string): void {
  expect([refusal.status, codesOf(refusal)]).toEqual([status, [code]]);
  for (const { message, extensions } of refusal.body.errors ?? []) {
    expect(message.length).toBeGreaterThan(5);
    expect(extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
  }
  expectDiscreet(refusal.text);
}

describe('a document', () => {
  const fields = (count: number) => Array.from({ length: count }, (_, index) => `f${index}: viewer { name }`).join(' ');
  const deep = (levels: number) =>
    `{ pods { nodes ${'{ workload { pods { nodes '.repeat(levels)} { name } ${' } } }'.repeat(levels)} } }`;

  it.each([
    { name: 'is no GraphQL', query: '{ viewer { name }', code: 'GRAPHQL_VALIDATION_FAILED' },
    { name: 'is empty', query: '', code: 'GRAPHQL_VALIDATION_FAILED' },
    { name: 'asks for a field that is not there', query: '{ viewer { password } }', code: 'GRAPHQL_VALIDATION_FAILED' },
    {
      name: 'names its operations twice',
      query: 'query A { viewer { name } } query A { viewer { id } }',
      code: 'GRAPHQL_VALIDATION_FAILED',
    },
    {
      name: 'spreads a fragment into itself',
      query: '{ viewer { ...A } } fragment A on Viewer { name ...A }',
      code: 'GRAPHQL_VALIDATION_FAILED',
    },
    { name: 'has 20,000 aliases', query: `{ ${fields(20_000)} }`, code: 'TOO_COMPLEX' },
    { name: 'has more aliases than are allowed', query: `{ ${fields(51)} }`, code: 'TOO_COMPLEX' },
    { name: 'is nested too deeply', query: deep(6), code: 'TOO_COMPLEX' },
    { name: 'opens 100,000 braces', query: '{ a '.repeat(100_000), code: 'TOO_COMPLEX' },
    { name: 'opens 100,000 brackets', query: `{ nodes(ids: ${'['.repeat(100_000)}`, code: 'TOO_COMPLEX' },
    {
      name: 'asks for too much at once',
      query: '{ pods(first: 1000) { nodes { services(first: 1000) { nodes { name } } } } }',
      code: 'TOO_COMPLEX',
    },
    {
      name: 'has too many directives',
      query: `{ viewer { name ${'@include(if: true) '.repeat(60)} } }`,
      code: 'TOO_COMPLEX',
    },
  ])('that $name is refused with $code (P31)', async ({ query, code }) => {
    const started = performance.now();
    expectRefusal(await post({ query }), 400, code);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is refused over a WebSocket as it is over HTTP (P31)', async () => {
    await using socket = rawWebSocket(gateway.url);
    await socket.opened;
    socket.send({ type: 'connection_init' });
    await until(() => expect(socket.received.length).toBe(1));
    const documents = { aliases: `{ ${fields(51)} }`, deep: deep(6), broken: '{ viewer', unknown: '{ nobody }' };
    for (const [id, query] of Object.entries(documents)) socket.send({ id, type: 'subscribe', payload: { query } });
    await until(() => expect(socket.received.length).toBe(5));
    const codes = Object.fromEntries(
      socket.received.flatMap(({ id, payload }) =>
        id ? [[id, (payload as { extensions: { code: string; requestId: string } }[])[0]?.extensions]] : [],
      ),
    );
    expect(codes).toMatchObject({
      aliases: { code: 'TOO_COMPLEX', requestId: expect.any(String) },
      deep: { code: 'TOO_COMPLEX', requestId: expect.any(String) },
      broken: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: expect.any(String) },
      unknown: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: expect.any(String) },
    });
    expectDiscreet(JSON.stringify(socket.received));
  });

  it('is refused over server-sent events alike (P31)', async () => {
    await using events = await openEventStream(gateway.url, `{ ${fields(51)} }`);
    await events.ended;
    expect(JSON.stringify(events.events)).toContain('TOO_COMPLEX');
  });
});

describe('a request', () => {
  const viewer = { query: '{ viewer { name } }' };

  it.each([
    { name: 'a body of 10 MB', body: JSON.stringify({ query: `# ${'x'.repeat(10_000_000)}` }), status: 413 },
    {
      name: 'a variable of 2 MiB',
      body: JSON.stringify({
        query: 'query ($id: ID!) { node(id: $id) { id } }',
        variables: { id: 'x'.repeat(2_097_152) },
      }),
      status: 413,
    },
    { name: 'JSON that ends too early', body: '{"query": "{ viewer', status: 400 },
    { name: 'JSON that is no object', body: '"query"', status: 400 },
    { name: 'nothing at all', body: '', status: 400 },
    { name: 'a batch of requests', body: JSON.stringify([viewer, viewer]), status: 400 },
    { name: 'a query that is a number', body: '{"query": 1}', status: 400 },
    { name: 'variables that are a list', body: '{"query": "{ viewer { name } }", "variables": []}', status: 400 },
    {
      name: 'a key that pollutes prototypes',
      body: '{"query": "{ viewer { nobody } }", "__proto__": {"isAdmin": true}}',
      status: 400,
    },
  ])('with $name is answered $status', async ({ body, status }) => {
    const refusal = await post(body);
    expect(refusal.status).toBe(status);
    expectDiscreet(refusal.text);
    expect(Object.hasOwn(refusal.body, 'data')).toBe(false);
  });

  it.each([
    { name: 'of 10 MB', size: 10_000_000, status: 413 },
    { name: 'within the limit', size: 100, status: 200 },
  ])('in pieces of no stated length $name is answered $status', async ({ size, status }) => {
    const pieces = ['{"query": "{ viewer { name } } # ', ...Array(10).fill('x'.repeat(size / 10)), '"}'];
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new ReadableStream({
        pull(controller) {
          const piece = pieces.shift();
          if (piece === undefined) controller.close();
          else controller.enqueue(new TextEncoder().encode(piece));
        },
      }),
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(status);
    const text = await response.text();
    expectDiscreet(text);
    expect(text.includes('"data"')).toBe(status === 200);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
  ])('with the content type %s is not read (refused)', async (type) => {
    const refusal = await post(viewer, { 'content-type': type });
    expect(refusal.status).toBe(415);
    expectDiscreet(refusal.text);
  });

  it('that writes is refused over GET', async () => {
    const mutation = 'mutation { createNamespace(input: { cluster: "embedded", name: "by-get" }) { __typename } }';
    const refusal = await send({ method: 'GET', path: `/graphql?query=${encodeURIComponent(mutation)}` });
    expect(refusal.status).toBe(405);
    expectDiscreet(refusal.text);
    const { store } = gateway.cluster;
    expect(store.get(store.resource('', 'namespaces'), undefined, 'by-get')).toBeUndefined();
  });

  it('of another method is refused', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const refusal = await send({ method, body: JSON.stringify(viewer) });
      expect([405, 415]).toContain(refusal.status);
      expectDiscreet(refusal.text);
    }
  });

  it.each([
    { name: 'nobody has', token: 'forged' },
    { name: 'is spelled otherwise', token: 'Dev-admin' },
    { name: 'has 5,000 letters', token: 'x'.repeat(5_000) },
    { name: 'is an unsigned JSON Web Token', token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJkZXYtYWRtaW4ifQ.' },
    { name: 'stands there twice', token: 'dev-admin,dev-admin' },
  ])('with a token that $name is refused in one and the same text', async ({ token }) => {
    const refusal = await post(viewer, { authorization: `Bearer ${token}` });
    expectRefusal(refusal, 401, 'UNAUTHENTICATED');
    expect(refusal.body.errors?.[0]?.message).toBe('A valid bearer token is required.');
  });

  it('never believes headers that claim somebody else (refused)', async () => {
    const claims = {
      'impersonate-user': 'system:admin',
      'x-forwarded-user': 'dev-admin',
      'x-remote-user': 'dev-admin',
      authorization: 'Bearer dev-developer',
    };
    const answer = await post({ query: '{ viewer { name roles } }' }, claims);
    expect(answer.body.data).toEqual({ viewer: { name: 'dev-developer', roles: ['DEVELOPER'] } });
  });
});

describe('another site', () => {
  const body = JSON.stringify({ query: '{ viewer { name } }' });
  const ways = {
    post: async (headers: Record<string, string>) =>
      (
        await rawRequest(
          gateway.url,
          [
            'POST /graphql HTTP/1.1',
            `Host: ${new URL(gateway.url).host}`,
            'Content-Type: application/json',
            ...lines(headers),
          ],
          body,
        )
      ).status,
    get: async (headers: Record<string, string>) =>
      (
        await rawRequest(gateway.url, [
          'GET /graphql?query=%7B__typename%7D HTTP/1.1',
          `Host: ${new URL(gateway.url).host}`,
          ...lines(headers),
        ])
      ).status,
    sse: async (headers: Record<string, string>) =>
      (
        await rawRequest(
          gateway.url,
          [
            'POST /graphql HTTP/1.1',
            `Host: ${new URL(gateway.url).host}`,
            'Accept: text/event-stream',
            'Content-Type: application/json',
            ...lines(headers),
          ],
          body,
        )
      ).status,
    upgrade: async (headers: Record<string, string>) => {
      await using socket = rawWebSocket(gateway.url, { headers });
      return await socket.opened;
    },
  };
  const lines = (headers: Record<string, string>) =>
    Object.entries(headers).map(([name, value]) => `${name}: ${value}`);

  it.each([
    { name: 'an Origin of elsewhere', headers: { Origin: 'https://evil.example' } },
    { name: 'no Origin that one could name', headers: { Origin: 'null' } },
    { name: 'an Origin of another port', headers: { Origin: 'http://127.0.0.1:1' } },
    { name: 'the word that it is cross-site', headers: { 'Sec-Fetch-Site': 'cross-site' } },
  ])('with $name gets nowhere: POST, GET, SSE, WebSocket (refused) (P25)', async ({ headers }) => {
    for (const way of Object.values(ways)) expect(await way(headers)).toBe(403);
  });

  it('that points its name at us gets nowhere, whatever the way (refused) (P25)', async () => {
    const rebound = (line: string, ...more: string[]) => rawRequest(gateway.url, [line, 'Host: evil.example', ...more]);
    const upgrade = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    const statuses = [
      await rebound('GET /graphql?query=%7B__typename%7D HTTP/1.1'),
      await rebound('GET /graphql HTTP/1.1', 'Accept: text/html'),
      await rebound('GET /metrics HTTP/1.1'),
      await rebound('GET /graphql HTTP/1.1', ...upgrade),
    ].map(({ status }) => status);
    expect(statuses).toEqual([403, 403, 403, 403]);
    expect((await rebound('GET /livez HTTP/1.1')).status).toBe(200);
  });

  it('is told apart from our own page, which is answered', async () => {
    const own = { Origin: gateway.url };
    expect([await ways.post(own), await ways.get(own), await ways.upgrade(own)]).toEqual([200, 200, undefined]);
  });
});

describe('arguments', () => {
  it.each([
    { name: 'a page of 1,001 rows', variables: { first: 1_001 } },
    { name: 'a page of fewer rows than none', variables: { first: -1 } },
    { name: 'both ends at once', variables: { first: 1, last: 1 } },
    { name: 'what is no cursor', variables: { after: 'nonsense' } },
    {
      name: 'a cursor of another list',
      variables: { after: Buffer.from('["Service",[],"embedded","shop","x"]').toString('base64url') },
    },
    {
      name: 'a cursor of a poisoned shape',
      variables: { after: Buffer.from('["Pod",{"length":1e9},1,2,3]').toString('base64url') },
    },
    { name: 'a label selector that does not parse', variables: { filter: { labelSelector: 'a in (' } } },
  ])('with $name are refused with BAD_USER_INPUT', async ({ variables }) => {
    const answer = await gateway.query(PodPageDocument, variables);
    expect(answer.errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
    expectDiscreet(JSON.stringify(answer));
  });

  it.each([
    { name: 'a variable of the wrong type', variables: { first: 'three' } },
    { name: 'an unknown member of a filter', variables: { filter: { nobody: true } } },
    { name: 'an unknown value of an enum', variables: { orderBy: [{ field: 'COLOUR' }] } },
    { name: 'a number beyond 32 bits', variables: { first: 99_999_999_999 } },
  ])('with $name are refused before anything is asked', async ({ variables }) => {
    const refusal = await post({
      query:
        'query ($first: Int, $filter: PodFilter, $orderBy: [PodOrder!]) { pods(first: $first, filter: $filter, orderBy: $orderBy) { totalCount } }',
      variables,
    });
    expect(refusal.status).toBe(400);
    expect(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED']).toContain(codesOf(refusal)?.[0]);
    expectDiscreet(refusal.text);
  });

  it.each([
    { name: 'is empty', id: '' },
    { name: 'is nonsense', id: 'nonsense' },
    { name: 'is no base64', id: '\u{1f6a2}' },
    { name: 'ends too early', id: 'azhzfA' },
    { name: 'climbs out of its path', id: Buffer.from('k8s|embedded|..|Pod|../..|x').toString('base64url') },
    { name: 'has 50,000 letters', id: 'x'.repeat(50_000) },
  ])('with an id that $name find nothing, or say that it is none', async ({ id }) => {
    const answer = await gateway.query(NodeByIdDocument, { id });
    const codes = answer.errors?.map(({ extensions }) => extensions?.code);
    if (codes) expect(codes).toEqual(['BAD_USER_INPUT']);
    else expect(answer.data?.node).toBeNull();
    expectDiscreet(JSON.stringify(answer));
  });

  it('with more ids than a page has rows are refused', async () => {
    const answer = await gateway.query(NodesByIdsDocument, {
      ids: Array.from({ length: 1_001 }, (_, index) => `id-${index}`),
    });
    expect(answer.errors?.map(({ extensions }) => extensions?.code)).toHaveLength(1);
  });

  it('that name an unknown cluster are told so', async () => {
    const answer = await gateway.query(ApplyManifestDocument, {
      input: { cluster: 'atlantis', manifest: 'kind: ConfigMap' },
    });
    const told = answer.errors?.[0]?.extensions?.code ?? answer.data?.applyManifest.__typename;
    expect(['BAD_USER_INPUT', 'NotFoundError', 'ValidationError']).toContain(told);
    expectDiscreet(JSON.stringify(answer));
  });
});

describe('a manifest', () => {
  const apply = async (manifest: string, options = {}) =>
    (
      await ask(
        gateway,
        ApplyManifestDocument,
        { input: { cluster: 'embedded', namespace: 'shop', manifest } },
        options,
      )
    ).applyManifest;

  it.each([
    {
      name: 'a million aliases (billion laughs)',
      manifest: `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`)
        .join('\n')}\n`,
    },
    { name: 'nothing', manifest: '' },
    { name: 'comments alone', manifest: '# nothing\n---\n# to see\n' },
    { name: 'a text that is a number', manifest: '42' },
    { name: 'ten thousand levels', manifest: `${'['.repeat(10_000)}` },
    {
      name: 'more documents than are allowed',
      manifest: Array.from(
        { length: 101 },
        (_, index) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m${index}}\n`,
      ).join('---\n'),
    },
    {
      name: 'a label that is a boolean',
      manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  labels:\n    country: no\n',
    },
    {
      name: 'a tag of another language',
      manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata: !!python/object/apply:os.system ["true"]\n',
    },
  ])('of $name is refused as data', async ({ manifest }) => {
    const started = performance.now();
    const refused = await apply(manifest);
    expect(refused.__typename).toBe('ValidationError');
    expectDiscreet(JSON.stringify(refused));
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: bad\nspec:\n${spec}`;
  const container = '  containers:\n    - name: main\n      image: registry.local/main:v1\n';

  it.each([
    { name: 'a privileged pod', manifest: pod(`${container}      securityContext: {privileged: true}\n`) },
    { name: 'a hostPath', manifest: pod(`${container}  volumes:\n    - {name: host, hostPath: {path: /}}\n`) },
    { name: 'the network of the node', manifest: pod(`${container}  hostNetwork: true\n`) },
    { name: 'a service account that nobody lists', manifest: pod(`${container}  serviceAccountName: admin\n`) },
    {
      name: 'a privileged Deployment',
      manifest: `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: bad}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n      containers: [{name: main, image: x, securityContext: {privileged: true}}]\n`,
    },
    {
      name: 'a ClusterRoleBinding',
      manifest:
        'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: bad}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects: []\n',
    },
    {
      name: 'a RoleBinding',
      manifest:
        'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: bad}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}\nsubjects: []\n',
    },
    { name: 'a ServiceAccount', manifest: 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: bad}\n' },
    {
      name: 'a Secret that becomes a token',
      manifest:
        'apiVersion: v1\nkind: Secret\nmetadata: {name: bad, annotations: {kubernetes.io/service-account.name: default}}\ntype: kubernetes.io/service-account-token\n',
    },
    {
      name: 'an object of another namespace',
      manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bad, namespace: platform}\n',
    },
    {
      name: 'a CRD',
      manifest:
        'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: bads.evil.example}\nspec: {}\n',
    },
  ])('of $name is not applied for a developer (refused)', async ({ manifest }) => {
    const before = gateway.cluster.store.resourceVersion;
    const writes = () =>
      gateway.cluster.requests.count(
        ({ verb, query, resource }) =>
          ['create', 'patch', 'update'].includes(verb) &&
          !query.includes('dryRun=All') &&
          !resource.endsWith('reviews') &&
          resource !== 'leases',
      );
    const written = writes();
    const refused = await apply(manifest, { token: 'dev-developer' });
    expect(['ForbiddenError', 'ValidationError', 'NotFoundError']).toContain(refused.__typename);
    expectDiscreet(JSON.stringify(refused));
    expect(writes()).toBe(written);
    const { store } = gateway.cluster;
    const kinds: [string, string, string | undefined][] = [
      ['', 'pods', 'shop'],
      ['apps', 'deployments', 'shop'],
      ['', 'secrets', 'shop'],
      ['', 'serviceaccounts', 'shop'],
      ['', 'configmaps', 'platform'],
      ['rbac.authorization.k8s.io', 'clusterrolebindings', undefined],
      ['rbac.authorization.k8s.io', 'rolebindings', 'shop'],
    ];
    for (const [group, plural, namespace] of kinds)
      expect(store.get(store.resource(group, plural), namespace, 'bad')).toBeUndefined();
    expect(before).toMatch(/^\d+$/);
  });

  it('of a harmless pod is applied for a developer', async () => {
    const applied = await apply(pod(container).replace('name: bad', 'name: good'), { token: 'dev-developer' });
    expect(applied.__typename).toBe('ApplyManifestSuccess');
  });
});

describe('the schema', () => {
  const introspection = '{ __schema { types { name } } }';

  it('is shown where that is allowed', async () => {
    expect((await post({ query: introspection })).status).toBe(200);
  });

  it('is shown neither over HTTP nor over a WebSocket where it is not (refused)', async () => {
    for (const query of [
      introspection,
      '{ __type(name: "Pod") { name } }',
      '{ ...A } fragment A on Query { __schema { types { name } } }',
    ]) {
      const refusal = await send({ to: closedSchema, body: JSON.stringify({ query }) });
      expect(refusal.status).toBe(400);
      expect(new Set(codesOf(refusal))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
      expect(Object.hasOwn(refusal.body, 'data')).toBe(false);
    }
    await using socket = rawWebSocket(closedSchema.url);
    await socket.opened;
    socket.send({ type: 'connection_init' });
    await until(() => expect(socket.received.length).toBe(1));
    socket.send({ id: 'a', type: 'subscribe', payload: { query: introspection } });
    await until(() => expect(socket.received.length).toBe(2));
    expect(socket.received[1]).toMatchObject({
      type: 'error',
      payload: [
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ],
    });
    await using events = await openEventStream(closedSchema.url, introspection);
    await events.ended;
    expect(JSON.stringify(events.events)).not.toContain('"types"');
  });

  it('does not suggest names where it is closed (refused)', async () => {
    const documents = [
      { query: '{ viewerr { name } }' },
      { query: '{ pods(frist: 1) { totalCount } }' },
      { query: '{ pods(filter: { phases: [RUNNIN] }) { totalCount } }' },
      {
        query: 'query ($filter: PodFilter) { pods(filter: $filter) { totalCount } }',
        variables: { filter: { phases: ['RUNNIN'] } },
      },
      {
        query: 'query ($filter: PodFilter) { pods(filter: $filter) { totalCount } }',
        variables: { filter: { phasse: [] } },
      },
    ];
    for (const document of documents) {
      const refusal = await send({ to: closedSchema, body: JSON.stringify(document) });
      expect(refusal.status).toBe(400);
      expect(refusal.text).not.toMatch(/did you mean/i);
      expect((await send({ body: JSON.stringify(document) })).text).toMatch(/did you mean/i);
    }
  });
});
