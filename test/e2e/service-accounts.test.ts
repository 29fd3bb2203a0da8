import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { createManualClock, startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { rawWebSocket } from '../support/raw-web-socket.ts';
import { until } from '../support/until.ts';

const clock = createManualClock(Date.now());
const stack = new AsyncDisposableStack();
let cluster: EmbeddedCluster;
let agent: Agent;
let gateway: TestGateway;

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', controllers: false }));
  agent = new Agent({ connect: { ca: cluster.caCertificate } });
  stack.defer(() => agent.close());
  await send('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
  const { path } = stack.use(await kubeconfigFile(cluster));
  gateway = stack.use(
    await startTestGateway({
      clock,
      settings: {
        embedded: { enabled: false },
        clusters: [{ name: 'far', kubeconfig: path }],
        serviceAccounts: [
          {
            cluster: 'far',
            audiences: ['longshore'],
            rolesFromGroups: { 'serviceaccounts:far:shop': 'DEVELOPER' },
            namespacesFromGroups: { 'serviceaccounts:far:shop': ['far/shop'] },
          },
        ],
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

async function send(method: 'POST' | 'DELETE', path: string, body: object = {}) {
  const answer = await request(`${cluster.url}${path}`, {
    method,
    dispatcher: agent,
    headers: { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.statusCode).toBeLessThan(300);
  return (await answer.body.json()) as { status: { token: string } };
}

const accounts = '/api/v1/namespaces/shop/serviceaccounts';

/** A new account, and a token of it. */
async function account(name: string, audiences: readonly string[] = ['longshore']): Promise<string> {
  await send('POST', accounts, { metadata: { name } });
  return (await send('POST', `${accounts}/${name}/token`, { spec: { audiences } })).status.token;
}

const viewer = '{ viewer { name } }';

async function codeOf(token: string): Promise<unknown> {
  return (await gateway.query(viewer, {}, { token })).errors?.[0]?.extensions?.code;
}

describe('a token of a service account', () => {
  it('signs in over HTTP', async () => {
    expect(await gateway.query(viewer, {}, { token: await account('reader') })).toEqual({
      data: { viewer: { name: 'serviceaccount:far:shop:reader' } },
    });
  });

  it('does not sign in with the audience of its cluster (refused)', async () => {
    expect(await codeOf(await account('other', ['https://kubernetes.default.svc']))).toBe('UNAUTHENTICATED');
  });

  it('does not sign in with a changed signature (refused)', async () => {
    const [header, claims] = (await account('forged')).split('.');
    expect(await codeOf(`${header}.${claims}.${'A'.repeat(86)}`)).toBe('UNAUTHENTICATED');
  });

  it('ends its streams within 10 s of the end of its account', async () => {
    const token = await account('gone');
    await using socket = rawWebSocket(gateway.url);
    await socket.opened;
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await until(() => expect(socket.received.at(0)?.type).toBe('connection_ack'));
    const query = 'subscription { objectChanges(cluster: "far", apiVersion: "v1", kind: "ConfigMap") { type } }';
    socket.send({ id: 'stream', type: 'subscribe', payload: { query } });
    await until(() =>
      expect(socket.received.at(-1)?.payload).toEqual({ data: { objectChanges: { type: 'SNAPSHOT' } } }),
    );
    await send('DELETE', `${accounts}/gone`);
    clock.advance(5_000);
    expect((await socket.closed).code).toBe(4403);
    expect(await codeOf(token)).toBe('UNAUTHENTICATED');
  });

  it('is refused while its cluster is away, and nobody is anonymous (refused)', async () => {
    const token = await account('late');
    await cluster.stop();
    const answer = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: viewer }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      503,
      { errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] },
    ]);
    await using socket = rawWebSocket(gateway.url);
    await socket.opened;
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect(await socket.closed).toEqual({ code: 1012, reason: 'Try again' });
  });
});
