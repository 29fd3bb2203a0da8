import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { configMap, startTestApi, type TestApi } from '../testing/start-test-api.ts';

let api: TestApi;
let token = '';

beforeAll(async () => {
  api = await startTestApi();
  token = api.cluster.addToken('alice', ['developers'], { namespaces: ['default'] });
});
afterAll(() => api.stop());

describe('authentication', () => {
  it.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['half a token', (admin: string) => ({ authorization: `Bearer ${admin.slice(0, -1)}` })],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['an empty token', { authorization: 'Bearer ' }],
  ])('does not know %s (refused)', async (_name, headers) => {
    const sent = typeof headers === 'function' ? headers(api.cluster.token) : headers;
    for (const path of ['/api/v1/pods', '/version', '/livez', '/nowhere']) {
      expect(await api.call('GET', path, { token: '', headers: sent })).toMatchObject({
        code: 401,
        body: { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' },
      });
    }
  });

  it('knows the admin', async () => {
    expect((await api.call('GET', '/api/v1/pods')).code).toBe(200);
    const { body } = await api.call('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      body: { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1' },
    });
    expect(body.status.userInfo).toMatchObject({
      username: 'embedded-admin',
      groups: ['system:masters', 'system:authenticated'],
    });
  });
});

describe('authorization by scope', () => {
  it('lets a user do everything inside its namespace', async () => {
    const maps = '/api/v1/namespaces/default/configmaps';
    expect((await api.call('POST', maps, { token, body: configMap('alices') })).code).toBe(201);
    expect((await api.call('GET', maps, { token })).code).toBe(200);
    expect((await api.call('DELETE', `${maps}/alices`, { token })).code).toBe(200);
    expect((await api.call('GET', '/api/v1/namespaces/default', { token })).code).toBe(200);
    expect((await api.call('GET', '/apis', { token })).code).toBe(200);
  });

  it.each([
    [
      'GET',
      '/api/v1/namespaces/kube-system/pods',
      'pods is forbidden: User "alice" cannot list resource "pods" in API group "" in the namespace "kube-system"',
    ],
    [
      'GET',
      '/api/v1/pods',
      'pods is forbidden: User "alice" cannot list resource "pods" in API group "" at the cluster scope',
    ],
    [
      'GET',
      '/apis/apps/v1/deployments?watch=true',
      'deployments.apps is forbidden: User "alice" cannot watch resource "deployments" in API group "apps" at the cluster scope',
    ],
    [
      'GET',
      '/api/v1/nodes/n1',
      'nodes "n1" is forbidden: User "alice" cannot get resource "nodes" in API group "" at the cluster scope',
    ],
    [
      'GET',
      '/api/v1/namespaces/kube-system/pods/x/log',
      'pods "x" is forbidden: User "alice" cannot get resource "pods/log" in API group "" in the namespace "kube-system"',
    ],
    [
      'GET',
      '/api/v1/namespaces',
      'namespaces is forbidden: User "alice" cannot list resource "namespaces" in API group "" at the cluster scope',
    ],
    [
      'DELETE',
      '/api/v1/namespaces/default',
      'namespaces "default" is forbidden: User "alice" cannot delete resource "namespaces" in API group "" in the namespace "default"',
    ],
    ['GET', '/metrics', 'forbidden: User "alice" cannot get path "/metrics"'],
  ])('keeps a user from %s %s (refused)', async (method, path, message) => {
    const answer = await api.call(method, path, { token });
    expect(answer).toMatchObject({ code: 403, body: { reason: 'Forbidden', code: 403 } });
    expect(answer.body.message).toBe(message);
  });

  it('refuses before it says whether something is there (refused)', async () => {
    const missing = await api.call('GET', '/api/v1/namespaces/nowhere/secrets/x', { token });
    expect(missing.code).toBe(403);
  });
});

describe('impersonation', () => {
  const asBob = { 'impersonate-user': 'bob', 'impersonate-group': ['team-a', 'team-b'] };

  it('records who a request acts as', async () => {
    api.cluster.requests.clear();
    expect((await api.call('GET', '/version', { headers: asBob })).code).toBe(200);
    expect(api.cluster.requests.entries).toMatchObject([
      {
        user: 'bob',
        groups: ['team-a', 'team-b', 'system:authenticated'],
        impersonator: 'embedded-admin',
        verb: 'get',
        path: '/version',
      },
    ]);
  });

  it('lends nothing of the right to impersonate (refused)', async () => {
    expect(await api.call('GET', '/api/v1/pods', { headers: asBob })).toMatchObject({
      code: 403,
      body: {
        message: 'pods is forbidden: User "bob" cannot list resource "pods" in API group "" at the cluster scope',
      },
    });
  });

  it('holds a user with a scope to it', async () => {
    const headers = { 'impersonate-user': 'alice' };
    expect((await api.call('GET', '/api/v1/namespaces/default/pods', { headers })).code).toBe(200);
    expect((await api.call('GET', '/api/v1/pods', { headers })).code).toBe(403);
  });

  it('is for those who may (refused)', async () => {
    const answer = await api.call('GET', '/api/v1/namespaces/default/pods', { token, headers: asBob });
    expect(answer).toMatchObject({
      code: 403,
      body: {
        message:
          'users.authentication.k8s.io "bob" is forbidden: User "alice" cannot impersonate:user-info resource "users" in API group "authentication.k8s.io" at the cluster scope',
      },
    });
  });

  it('needs a user (refused)', async () => {
    expect((await api.call('GET', '/api/v1/pods', { headers: { 'impersonate-group': 'x' } })).code).toBe(400);
  });
});

describe('access reviews', () => {
  const review = (kind: string, spec: object, as?: string) =>
    api.call('POST', `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`, {
      ...(as === undefined ? {} : { token: as }),
      body: { kind, apiVersion: 'authorization.k8s.io/v1', spec },
    });

  it.each([
    [{ verb: 'list', resource: 'pods', namespace: 'default' }, true],
    [{ verb: 'list', resource: 'pods', namespace: 'kube-system' }, false],
    [{ verb: 'list', resource: 'pods' }, false],
  ])('answers for oneself as the requests would be: %j %s', async (resourceAttributes, allowed) => {
    const mine = await review('SelfSubjectAccessReview', { resourceAttributes }, token);
    expect(mine).toMatchObject({ code: 201, body: { kind: 'SelfSubjectAccessReview', status: { allowed } } });
    const about = await review('SubjectAccessReview', { user: 'alice', resourceAttributes });
    expect(about.body.status.allowed).toBe(allowed);
  });

  it('allows the admin everything and strangers nothing', async () => {
    const resourceAttributes = { verb: 'delete', resource: 'nodes', name: 'n1' };
    expect((await review('SelfSubjectAccessReview', { resourceAttributes })).body.status.allowed).toBe(true);
    expect((await review('SubjectAccessReview', { user: 'eve', resourceAttributes })).body.status.allowed).toBe(false);
    expect(
      (await review('SubjectAccessReview', { user: 'eve', groups: ['system:masters'], resourceAttributes })).body.status
        .allowed,
    ).toBe(true);
  });

  it('wants one question (refused)', async () => {
    expect(await review('SelfSubjectAccessReview', {})).toMatchObject({
      code: 422,
      body: {
        message:
          '.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
      },
    });
    expect(await review('SubjectAccessReview', { resourceAttributes: { verb: 'get' } })).toMatchObject({
      code: 422,
      body: {
        message:
          '.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified',
      },
    });
    expect((await review('SubjectAccessReview', { user: 'alice', resourceAttributes: {} }, token)).code).toBe(403);
  });
});

describe('faults', () => {
  it('refuses, delays and cuts as the hook says', async () => {
    api.cluster.faults = ({ resource }) => (resource === 'pods' ? { status: 503 } : undefined);
    expect(await api.call('GET', '/api/v1/pods')).toMatchObject({
      code: 503,
      headers: { 'retry-after': '1' },
      body: { reason: 'ServiceUnavailable' },
    });
    expect((await api.call('GET', '/api/v1/nodes')).code).toBe(200);

    api.cluster.faults = () => ({ destroy: true });
    await expect(api.call('GET', '/api/v1/pods')).rejects.toThrow();

    api.cluster.faults = () => ({ delayMs: 5_000 });
    let isAnswered = false;
    const slow = api.call('GET', '/api/v1/pods').finally(() => {
      isAnswered = true;
    });
    api.cluster.requests.clear();
    await vi.waitFor(() => expect(api.cluster.requests.count()).toBe(1));
    api.clock.advance(4_999);
    expect(isAnswered).toBe(false);
    api.clock.advance(1);
    expect((await slow).code).toBe(200);
    api.cluster.faults = undefined;
    expect((await api.call('GET', '/api/v1/pods')).code).toBe(200);
  });
});

describe('the request log', () => {
  it('counts by resource and verb, and forgets when told to', async () => {
    const { requests } = api.cluster;
    requests.clear();
    await api.call('GET', '/api/v1/pods?limit=5');
    await api.call('GET', '/api/v1/namespaces/default/pods/none');
    await api.call('GET', '/api/v1/nodes');
    await api.call('GET', '/version');
    expect(requests.count({ resource: 'pods' })).toBe(2);
    expect(requests.count({ resource: 'pods', verb: 'list' })).toBe(1);
    expect(requests.count((record) => record.query === 'limit=5')).toBe(1);
    expect(requests.entries.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([
      'list pods',
      'get pods',
      'list nodes',
      'get ',
    ]);
    requests.clear();
    expect(requests.count()).toBe(0);
  });
});
