import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, pod, startTestApi, type TestAnswer, type TestApi } from '../testing/start-test-api.ts';

const accounts = '/api/v1/namespaces/default/serviceaccounts';
const issuer = 'https://kubernetes.default.svc';
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  await account('robot');
});
afterAll(() => api.stop());

const account = (name: string): Promise<TestAnswer> => api.call('POST', accounts, { body: { metadata: { name } } });
const request = (name: string, spec: Json = {}, metadata: Json = {}): Promise<TestAnswer> =>
  api.call('POST', `${accounts}/${name}/token`, { body: { metadata, spec } });
const tokenOf = async (name: string, spec: Json = {}): Promise<string> => (await request(name, spec)).body.status.token;

async function whoami(token: string): Promise<Json> {
  const { code, body } = await api.call('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    token,
    body: {},
  });
  return code === 201 ? body.status.userInfo : code;
}

describe('TokenRequest', () => {
  it('signs a token with the claims of the account', async () => {
    const { code, body } = await request('robot', { expirationSeconds: 600, audiences: ['vault'] });
    expect(code).toBe(201);
    const now = Math.floor(api.clock.now() / 1000);
    const { uid } = (await api.call('GET', `${accounts}/robot`)).body.metadata;
    expect(decodeJwt(body.status.token)).toEqual({
      aud: ['vault'],
      exp: now + 600,
      iat: now,
      nbf: now,
      iss: issuer,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'robot', uid } },
      sub: 'system:serviceaccount:default:robot',
    });
    expect(body.status.expirationTimestamp).toBe(new Date((now + 600) * 1000).toISOString().replace('.000Z', 'Z'));
    expect(body).toMatchObject({
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name: 'robot', namespace: 'default', uid },
      spec: { audiences: ['vault'], expirationSeconds: 600, boundObjectRef: null },
    });
  });

  it('can be checked by whoever reads the published keys', async () => {
    const configuration = await api.call('GET', '/.well-known/openid-configuration');
    expect(configuration.body).toMatchObject({ issuer, id_token_signing_alg_values_supported: ['ES256'] });
    const { pathname } = new URL(configuration.body.jwks_uri);
    const keys = await api.call('GET', pathname);
    expect(keys.headers['content-type']).toBe('application/jwk-set+json');
    const keySet = createLocalJWKSet(JSON.parse(keys.text) as JSONWebKeySet);
    const { payload } = await jwtVerify(await tokenOf('robot'), keySet, {
      issuer,
      currentDate: new Date(api.clock.now()),
    });
    expect(payload.sub).toBe('system:serviceaccount:default:robot');
  });

  it.each<[string, string, Json, Json, number, string]>([
    [
      'a short life',
      'robot',
      { expirationSeconds: 599 },
      {},
      422,
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
    ],
    [
      'too long a life',
      'robot',
      { expirationSeconds: 2 ** 32 + 1 },
      {},
      422,
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds',
    ],
    [
      'another name',
      'robot',
      {},
      { name: 'x' },
      422,
      'TokenRequest.authentication.k8s.io "robot" is invalid: metadata.name: Invalid value: "x": must match the service account name if specified',
    ],
    ['a missing account', 'none', {}, {}, 404, 'serviceaccounts "none" not found'],
    [
      'a binding to a ConfigMap',
      'robot',
      { boundObjectRef: { kind: 'ConfigMap', apiVersion: 'v1', name: 'x' } },
      {},
      400,
      'cannot bind token to object of type /v1, Kind=ConfigMap',
    ],
    [
      'a binding to a missing Secret',
      'robot',
      { boundObjectRef: { kind: 'Secret', apiVersion: 'v1', name: 'x' } },
      {},
      404,
      'secrets "x" not found',
    ],
  ])('does not take %s (refused)', async (_title, name, spec, metadata, code, message) => {
    const { body } = await request(name, spec, metadata);
    expect(body).toMatchObject({ code, message });
  });
});

describe('bearer authentication with such a token', () => {
  it('acts as the account, in its groups', async () => {
    const { uid } = (await api.call('GET', `${accounts}/robot`)).body.metadata;
    expect(await whoami(await tokenOf('robot'))).toEqual({
      username: 'system:serviceaccount:default:robot',
      uid,
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^JTI=/)] },
    });
  });

  it('is refused for other audiences and for a changed token (refused)', async () => {
    const token = await tokenOf('robot');
    const [head, claims, signature = ''] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(token), sub: 'system:serviceaccount:kube-system:admin' }));
    expect(await whoami(await tokenOf('robot', { audiences: ['vault'] }))).toBe(401);
    expect(await whoami(`${head}.${forged.toString('base64url')}.${signature}`)).toBe(401);
    expect(await whoami(`${head}.${claims}.${[...signature].reverse().join('')}`)).toBe(401);
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await whoami(`${none}.${claims}.`)).toBe(401);
  });

  it('is refused a minute after the cluster clock has passed its end (refused)', async () => {
    const token = await tokenOf('robot', { expirationSeconds: 600 });
    api.clock.advance(600_000);
    expect(await whoami(token)).toMatchObject({ username: 'system:serviceaccount:default:robot' });
    api.clock.advance(61_000);
    expect(await whoami(token)).toBe(401);
    const { body } = await api.call('POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
      body: { spec: { token } },
    });
    expect(body.status).toEqual({
      user: {},
      error: '[invalid bearer token, service account token has expired]',
    });
  });

  it('ends with the account, also when a namesake takes its place (refused)', async () => {
    await account('brief');
    const token = await tokenOf('brief');
    expect(await whoami(token)).not.toBe(401);
    await api.call('DELETE', `${accounts}/brief`);
    expect(await whoami(token)).toBe(401);
    await account('brief');
    expect(await whoami(token)).toBe(401);
  });

  it('ends with the Pod it is bound to (refused)', async () => {
    const body = pod('bound');
    body.spec.serviceAccountName = 'robot';
    const { uid } = (await api.call('POST', '/api/v1/namespaces/default/pods', { body })).body.metadata;
    const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: 'bound' };
    const token = await tokenOf('robot', { boundObjectRef });
    expect((await whoami(token)).extra).toMatchObject({
      'authentication.kubernetes.io/pod-name': ['bound'],
      'authentication.kubernetes.io/pod-uid': [uid],
    });
    expect((await request('robot', { boundObjectRef: { ...boundObjectRef, uid: '7' } })).code).toBe(409);
    await account('other');
    expect((await request('other', { boundObjectRef })).code).toBe(400);
    await api.call('DELETE', '/api/v1/namespaces/default/pods/bound');
    expect(await whoami(token)).toBe(401);
  });

  it('lives a year for a Pod that asks as kubelets do', async () => {
    await api.call('POST', '/api/v1/namespaces/default/pods', {
      body: { ...pod('asks'), spec: { ...pod('asks').spec, serviceAccountName: 'robot' } },
    });
    const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: 'asks' };
    const { body } = await request('robot', { boundObjectRef, expirationSeconds: 3607 });
    const claims = decodeJwt<Json>(body.status.token);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(31_536_000);
    expect(claims['kubernetes.io'].warnafter - (claims.iat ?? 0)).toBe(3607);
    expect(Date.parse(body.status.expirationTimestamp)).toBe(((claims.iat ?? 0) + 3607) * 1000);
  });
});
