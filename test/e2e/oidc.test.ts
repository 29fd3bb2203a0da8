import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OidcServer, type SigningKey, startOidcServer } from '../../src/access/testing/start-oidc-server.ts';
import { createManualClock, startTestGateway, type TestGateway } from '../../src/testing.ts';
import { pausableEventStream } from '../support/pausable-event-stream.ts';
import { rawWebSocket } from '../support/raw-web-socket.ts';
import { until } from '../support/until.ts';

const clock = createManualClock(Date.now());
const stack = new AsyncDisposableStack();
let oidc: OidcServer;
let key: SigningKey;
let gateway: TestGateway;

beforeAll(async () => {
  oidc = stack.use(await startOidcServer());
  key = await oidc.makeKey('first', 'RS256');
  oidc.shown = [key.jwk];
  gateway = stack.use(
    await startTestGateway({
      clock,
      settings: {
        embedded: { enabled: false },
        egress: { allow: ['127.0.0.1'] },
        oidc: [
          {
            issuer: oidc.issuer,
            audience: 'longshore',
            usernameClaim: 'name',
            rolesFromGroups: { shop: 'DEVELOPER' },
            namespacesFromGroups: { shop: ['shop'] },
            clockSkewSeconds: 0,
          },
        ],
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

function token(change: object = {}): Promise<string> {
  const now = Math.floor(clock.now() / 1_000);
  return oidc.sign(key, {
    sub: 'u-1',
    name: 'ann',
    aud: 'longshore',
    iat: now,
    exp: now + 600,
    groups: 'shop',
    ...change,
  });
}

async function subscribe(bearer: string) {
  const socket = rawWebSocket(gateway.url);
  await socket.opened;
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${bearer}` } });
  await until(() => expect(socket.received.at(0)?.type).toBe('connection_ack'));
  socket.send({
    id: 'stream',
    type: 'subscribe',
    payload: { query: 'subscription { kubernetesEvents(snapshot: true) { type } }' },
  });
  await until(() =>
    expect(socket.received.at(-1)?.payload).toEqual({ data: { kubernetesEvents: { type: 'SNAPSHOT' } } }),
  );
  return socket;
}

const viewer = '{ viewer { name } }';

describe('a token of an OpenID Connect provider', () => {
  it('signs in over HTTP', async () => {
    expect(await gateway.query(viewer, {}, { token: await token() })).toEqual({ data: { viewer: { name: 'ann' } } });
  });

  it.each([
    ['for another audience', { aud: 'console' }],
    ['that has expired', { exp: 1 }],
    ['with a group of the cluster', { groups: ['system:masters'] }],
  ])('does not sign in %s (refused)', async (_what, change) => {
    const bad = await token(change);
    const { data, errors } = await gateway.query(viewer, {}, { token: bad });
    expect([data, errors?.[0]?.extensions?.code]).toEqual([undefined, 'UNAUTHENTICATED']);
    await using socket = rawWebSocket(gateway.url);
    await socket.opened;
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${bad}` } });
    expect((await socket.closed).code).toBe(4401);
  });

  it('ends its streams when it expires', async () => {
    await using socket = await subscribe(await token());
    clock.advance(600_000);
    expect(await socket.closed).toEqual({ code: 4403, reason: 'Token expired' });
  });

  it('ends its streams over HTTP when it expires', async () => {
    const query = 'subscription { kubernetesEvents(snapshot: true) { type } }';
    await using stream = await pausableEventStream(gateway.url, query, await token());
    await until(() => expect(stream.results.at(-1)).toEqual({ data: { kubernetesEvents: { type: 'SNAPSHOT' } } }));
    clock.advance(600_000);
    await stream.ended;
    expect(stream.results.at(-1)?.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('ends its streams when a newer one says that the caller has other rights', async () => {
    await using socket = await subscribe(await token());
    const now = Math.floor(clock.now() / 1_000);
    await gateway.query(viewer, {}, { token: await token({ groups: [], iat: now + 1 }) });
    expect((await socket.closed).code).toBe(4403);
  });

  it('is not looked at while its provider is away, and says so', async () => {
    const other = await oidc.makeKey('other');
    oidc.isDown = true;
    clock.advance(60_000);
    const now = Math.floor(clock.now() / 1_000);
    const unknown = await oidc.sign(other, { sub: 'u-1', name: 'ann', aud: 'longshore', exp: now + 600 });
    const { errors } = await gateway.query(viewer, {}, { token: unknown });
    expect(errors?.[0]?.extensions?.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(await gateway.query(viewer, {}, { token: await token({ groups: [], iat: now }) })).toEqual({
      data: { viewer: { name: 'ann' } },
    });
  });
});
