import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ConfigError } from '../../src/config/config-error.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import type { Principal } from '../../src/kernel/principal.ts';
import { impersonationHeaders } from '../../src/kube/transport/impersonation-headers.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { rawRequest } from '../support/raw-request.ts';
import { rawWebSocket } from '../support/raw-web-socket.ts';
import { until } from '../support/until.ts';
import { type CapturingProxy, capturingProxy } from './support/capturing-proxy.ts';
import { sha256 } from './support/principals.ts';

const token = 'token-of-a-developer-0123456789abcdef';

let cluster: EmbeddedCluster;
let proxy: CapturingProxy;
let gateway: TestGateway;
let port: string;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', sample: 'shop', speed: 50 }));
  proxy = stack.use(await capturingProxy(cluster));
  const file = stack.use(await kubeconfigFile({ ...cluster, kubeconfig: proxy.kubeconfig }));
  cluster.addToken('dev', [], { namespaces: ['shop'] });
  gateway = stack.use(
    await startTestGateway({
      settings: {
        embedded: { enabled: false },
        clusters: [{ name: 'far', kubeconfig: file.path, identity: 'impersonate' }],
        tokens: [
          {
            name: 'dev',
            sha256: sha256(token),
            roles: ['DEVELOPER'],
            namespaces: ['shop'],
            groups: ['team-a', 'team-b'],
          },
        ],
      },
    }),
  );
  port = new URL(gateway.url).port;
  await until(async () => expect((await post(own)).body).toContain('"configMaps":{'));
}, 60_000);

afterAll(() => stack.disposeAsync());
beforeEach(() => proxy.clear());

/** Reads and writes that reach the cluster in the caller's name: an uncached kind, a value, a dry run. */
const query = `{
  configMaps { totalCount }
  objects(cluster: "far", apiVersion: "policy/v1", kind: "PodDisruptionBudget", filter: { namespaces: ["shop"] }) { totalCount }
}`;
const mutation = `mutation { applyManifest(input: { cluster: "far", dryRun: true, manifest: "${JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'by-impersonation', namespace: 'shop' },
}).replaceAll('"', '\\"')}" }) { __typename ... on Error { message } } }`;

const own: readonly string[] = [];

function post(headers: readonly string[], text = query) {
  return rawRequest(
    gateway.url,
    [
      'POST /graphql HTTP/1.1',
      `Host: localhost:${port}`,
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      'Accept: application/json',
      ...headers,
    ],
    JSON.stringify({ query: text }),
  );
}

/** Words in which a caller might ask the gateway itself to be taken for somebody else: it knows none of them. */
const wishes = [
  'Longshore-Impersonate-User',
  'Longshore-Impersonate-Group',
  'X-Longshore-Impersonate',
  'Impersonate-User',
  'Impersonate',
  'X-Remote-User',
  'X-Forwarded-User',
  'X-Auth-Request-User',
  'X-Longshore-Principal',
  'Sudo',
];

/** Headers with which a caller would like to be somebody else. */
const hostile: readonly { readonly title: string; readonly headers: readonly string[] }[] = [
  ['Impersonate-User: system:admin'],
  ['impersonate-user: system:admin'],
  ['IMPERSONATE-USER: system:admin'],
  ['iMpErSoNaTe-UsEr: system:admin', 'Impersonate-Group: system:masters'],
  ['Impersonate-User: dev', 'Impersonate-User: system:admin'],
  ['Impersonate-Group: system:masters'],
  ['Impersonate-Group: team-a', 'impersonate-group: system:masters'],
  ['Impersonate-Uid: 0'],
  ['Impersonate-Extra-scopes: everything'],
  ['Impersonate-Extra-authentication.kubernetes.io%2Fcredential-id: x'],
  ['Connection: Impersonate-User'],
  ['Connection: keep-alive, Impersonate-User', 'Impersonate-User: system:admin'],
  ['Connection: Authorization, Impersonate-User, Impersonate-Group'],
  ['Proxy-Connection: Impersonate-User'],
  ['Keep-Alive: Impersonate-User=system:admin'],
  ['X-Remote-User: system:admin', 'X-Remote-Group: system:masters', 'X-Remote-Extra-scopes: x'],
  ['X-Forwarded-User: system:admin', 'X-Forwarded-Groups: system:masters'],
  ['Remote-User: system:admin'],
  ['Cookie: token=system:admin; Impersonate-User=system:admin'],
  ['User-Agent: system:admin\tImpersonate-User: system:admin'],
  ['X-Custom: a\tb, Impersonate-User: system:admin'],
  ['Kubectl-Command: get', 'Kubectl-Session: system:admin'],
  ['Audit-ID: system:admin'],
  ['Upgrade: h2c, Impersonate-User', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'],
  ['Accept: application/json', 'Accept-Language: system:admin'],
  ['Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'Baggage: Impersonate-User=system:admin'],
].map((headers) => ({ title: headers.join(' + '), headers }));

/** What may be in a request to the cluster, and nothing else. */
const known = [
  'host',
  'authorization',
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'impersonate-group',
  'impersonate-user',
  'keep-alive',
  'transfer-encoding',
  'user-agent',
];

describe('impersonation', () => {
  it('reaches the cluster in the name and the groups of the caller', async () => {
    expect((await post(own)).body).not.toContain('errors');
    expect((await post(own, mutation)).body).toContain('ApplyManifestSuccess');
    const asCaller = proxy.requests.filter(({ headers }) => headers['impersonate-user'] !== undefined);
    expect(asCaller.length).toBeGreaterThan(1);
    for (const { headers } of asCaller) {
      expect(headers['impersonate-user']).toEqual(['dev']);
      expect([headers['impersonate-group']].flat().join(', ').split(', ')).toEqual(['team-a', 'team-b']);
    }
    expect(
      cluster.requests.entries.some(({ user, impersonator }) => user === 'dev' && impersonator === 'far-admin'),
    ).toBe(true);
  });

  it.each(hostile)('lets nothing of a caller through by HTTP: $title', async ({ headers }) => {
    for (const text of [query, mutation]) await post(headers, text);
    expectOnlyOurs();
  });

  it.each(hostile)('lets nothing of a caller through by WebSocket: $title', async ({ headers }) => {
    const pairs = headers.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    });
    const socket = new WebSocket(
      `${gateway.url.replace('http', 'ws')}/graphql`,
      ['graphql-transport-ws', 'Impersonate-User'],
      {
        // Headers of the upgrade itself cannot be replaced by this client; the raw ones are tested over HTTP.
        headers: Object.fromEntries(pairs.filter(([name]) => !/^(connection|upgrade|accept)$/i.test(name))),
      },
    );
    const done = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as { type: string };
        if (message.type === 'connection_ack') {
          socket.send(
            JSON.stringify({
              type: 'subscribe',
              id: '1',
              payload: {
                query,
                extensions: { headers: Object.fromEntries(pairs) },
                variables: Object.fromEntries(pairs),
              },
            }),
          );
        }
        if (message.type === 'complete' || message.type === 'error') socket.close();
      });
      socket.on('close', () => resolve());
      socket.on('error', () => resolve());
    });
    socket.on('open', () =>
      socket.send(
        JSON.stringify({
          type: 'connection_init',
          payload: {
            authorization: `Bearer ${token}`,
            ...Object.fromEntries(pairs),
            headers: Object.fromEntries(pairs),
          },
        }),
      ),
    );
    await done;
    expectOnlyOurs();
  });

  it.each(wishes)('takes nobody for somebody else by the word %s, in a header or in connection_init', async (word) => {
    const viewer = '{ viewer { id impersonatedBy { id } owner { id } } sessions { nodes { address } } }';
    const expected = { id: 'token:dev', impersonatedBy: null, owner: null };
    for (const name of [word, word.toLowerCase(), `${word}: x\r\n${word}`]) {
      const { body } = await post(
        [`${name}: token:boss`, 'X-Forwarded-For: 203.0.113.7', 'Forwarded: for=203.0.113.7'],
        viewer,
      );
      expect(JSON.parse(body).data.viewer).toEqual(expected);
      // Where somebody comes from is what the socket says.
      expect(body).not.toContain('203.0.113.7');
    }
    await using socket = rawWebSocket(gateway.url);
    await socket.opened;
    const payload = { authorization: `Bearer ${token}`, [word]: 'token:boss', headers: { [word]: 'token:boss' } };
    socket.send({ type: 'connection_init', payload });
    await until(() => expect(socket.received.at(0)?.type).toBe('connection_ack'));
    socket.send({
      id: 'v',
      type: 'subscribe',
      payload: { query: '{ viewer { id } }', extensions: { [word]: 'token:boss' } },
    });
    await until(() => expect(socket.received.at(1)?.payload).toEqual({ data: { viewer: { id: 'token:dev' } } }));
  });

  it.each([
    'system:masters',
    'SYSTEM:masters',
    ' system:masters',
    'system:serviceaccount:kube-system:default',
    '',
  ])('never becomes the user or the group "%s"', (name) => {
    const principal: Principal = {
      id: 'x',
      name: 'dev',
      kind: 'USER',
      groups: [],
      roles: ['ADMIN'],
      namespaces: [],
      expiresAt: undefined,
    };
    expect(() => impersonationHeaders({ ...principal, name })).toThrow(/cannot be used/);
    expect(() => impersonationHeaders({ ...principal, groups: ['fine', name] })).toThrow(/cannot be used/);
  });

  it.each([
    'a\r\nImpersonate-Group: system:masters',
    'a\nb',
    'a\u0000b',
    '\t',
  ])('never writes the name %j into a header', (name) => {
    const principal: Principal = {
      id: 'x',
      name,
      kind: 'USER',
      groups: [],
      roles: ['ADMIN'],
      namespaces: [],
      expiresAt: undefined,
    };
    expect(() => impersonationHeaders(principal)).toThrow();
  });

  it.each([
    { name: 'reader', groups: ['system:masters'] },
    { name: 'reader', groups: ['fine', 'System:Masters'] },
    { name: 'system:admin', groups: [] },
  ])('does not start with a token of $name in $groups', async (identity) => {
    const settings = {
      embedded: { enabled: false },
      tokens: [{ sha256: sha256('another-token-0123456789abcdef'), roles: ['ADMIN'], ...identity }],
    };
    await expect(startTestGateway({ settings })).rejects.toThrow(ConfigError);
  });
});

/** Every request that reached the cluster carries the gateway's credentials, at most the caller's own name, nothing else. */
function expectOnlyOurs(): void {
  expect(proxy.requests).not.toEqual([]);
  for (const { target, headers } of proxy.requests) {
    expect([target, Object.keys(headers).filter((name) => !known.includes(name))]).toEqual([target, []]);
    expect(headers.authorization).toEqual([`Bearer ${cluster.token}`]);
    const user = headers['impersonate-user'];
    if (user === undefined) expect(headers['impersonate-group']).toBeUndefined();
    else {
      expect(user).toEqual(['dev']);
      expect([headers['impersonate-group']].flat().join(', ').split(', ')).toEqual(['team-a', 'team-b']);
    }
    expect(JSON.stringify([target, headers])).not.toMatch(/system:(admin|masters)/);
  }
}
