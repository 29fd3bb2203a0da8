import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMap, type Json, startTestApi, type TestAnswer, type TestApi } from '../testing/start-test-api.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const inDefault = `${rbac}/namespaces/default`;
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  for (const name of ['shop', 'office']) await post('/api/v1/namespaces', { metadata: { name } });
});
afterAll(() => api.stop());

const post = (path: string, body: Json, headers: Record<string, string | string[]> = {}): Promise<TestAnswer> =>
  api.call('POST', path, { body, headers });
const as = (user: string, ...groups: string[]): Record<string, string | string[]> => ({
  'impersonate-user': user,
  ...(groups.length === 0 ? {} : { 'impersonate-group': groups }),
});
const user = (name: string): Json => ({ kind: 'User', name });
const role = (name: string, ...rules: Json[]): Json => ({ metadata: { name }, rules });
const bind = (name: string, kind: string, target: string, ...subjects: Json[]): Json => ({
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: target },
  subjects,
});
const readPods = { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods'] };

async function made(answer: Promise<TestAnswer>): Promise<void> {
  expect(await answer).toMatchObject({ code: 201 });
}

describe('RBAC', () => {
  it('grants by a Role what it says in its namespace, and nothing beside it (refused)', async () => {
    await made(post(`${inDefault}/roles`, role('pod-reader', readPods)));
    await made(post(`${inDefault}/rolebindings`, bind('ann-reads', 'Role', 'pod-reader', user('ann'))));
    const get = (path: string): Promise<TestAnswer> => api.call('GET', path, { headers: as('ann') });
    expect((await get('/api/v1/namespaces/default/pods')).code).toBe(200);
    for (const path of [
      '/api/v1/namespaces/shop/pods',
      '/api/v1/pods',
      '/api/v1/namespaces/default/secrets',
      '/api/v1/namespaces/default/pods/x/log',
    ]) {
      expect((await get(path)).code).toBe(403);
    }
    await api.call('DELETE', `${inDefault}/rolebindings/ann-reads`);
    expect((await get('/api/v1/namespaces/default/pods')).code).toBe(403);
  });

  it('grants by a ClusterRoleBinding everywhere, to groups and service accounts alike', async () => {
    const robot = { kind: 'ServiceAccount', name: 'robot', namespace: 'shop' };
    const team = { kind: 'Group', name: 'readers' };
    await made(post(`${rbac}/clusterrolebindings`, bind('view-all', 'ClusterRole', 'view', robot, team)));
    for (const headers of [as('bob', 'readers'), as('system:serviceaccount:shop:robot')]) {
      expect((await api.call('GET', '/api/v1/pods', { headers })).code).toBe(200);
      expect((await api.call('GET', '/api/v1/secrets', { headers })).code).toBe(403);
    }
    expect((await api.call('GET', '/api/v1/pods', { headers: as('bob') })).code).toBe(403);
  });

  it('names in its refusal the role that a binding misses', async () => {
    await made(post(`${inDefault}/rolebindings`, bind('dangling', 'ClusterRole', 'no-such', user('dan'))));
    const answer = await api.call('GET', '/api/v1/namespaces/default/pods', { headers: as('dan') });
    expect(answer.body.message).toBe(
      'pods is forbidden: User "dan" cannot list resource "pods" in API group "" in the namespace "default": RBAC: clusterrole.rbac.authorization.k8s.io "no-such" not found',
    );
  });

  it('says in a review which binding allows', async () => {
    const spec = { user: 'bob', groups: ['readers'], resourceAttributes: { verb: 'list', resource: 'pods' } };
    const { body } = await post('/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec });
    expect(body.status).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by ClusterRoleBinding "view-all" of ClusterRole "view" to Group "readers"',
    });
  });

  it('lists the rules of the caller', async () => {
    await made(post(`${rbac}/namespaces/office/rolebindings`, bind('eve', 'ClusterRole', 'view', user('eve'))));
    const ask = async (namespace: string): Promise<Json> =>
      (await post('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: { namespace } }, as('eve'))).body;
    const office = await ask('office');
    expect(office.status.resourceRules).toContainEqual({
      verbs: ['get', 'list', 'watch'],
      apiGroups: [''],
      resources: ['namespaces'],
    });
    expect(office.status.incomplete).toBe(false);
    expect((await ask('shop')).status.resourceRules).toHaveLength(2);
  });
});

describe('escalation', () => {
  beforeAll(async () => {
    const grantor = role('grantor', {
      verbs: ['*'],
      apiGroups: ['rbac.authorization.k8s.io'],
      resources: ['roles', 'rolebindings'],
    });
    await made(post(`${inDefault}/roles`, role('deployer', readPods)));
    await made(
      post(`${rbac}/clusterroles`, {
        ...grantor,
        rules: [{ ...grantor.rules[0], verbs: ['create', 'update', 'get'] }],
      }),
    );
    await made(post(`${inDefault}/rolebindings`, bind('gil-grants', 'ClusterRole', 'grantor', user('gil'))));
    await made(post(`${inDefault}/rolebindings`, bind('gil-reads', 'Role', 'deployer', user('gil'))));
  });

  it('lets a user grant what it holds', async () => {
    await made(post(`${inDefault}/roles`, role('less', { ...readPods, verbs: ['get'] }), as('gil')));
    await made(post(`${inDefault}/rolebindings`, bind('less', 'Role', 'less', user('hal')), as('gil')));
  });

  it('keeps a user from granting more (refused)', async () => {
    const more = role('more', { verbs: ['get', 'delete'], apiGroups: [''], resources: ['secrets'] });
    expect((await post(`${inDefault}/roles`, more, as('gil'))).body).toMatchObject({
      code: 403,
      message: `roles.rbac.authorization.k8s.io "more" is forbidden: user "gil" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:
{APIGroups:[""], Resources:["secrets"], Verbs:["get" "delete"]}`,
    });
    expect(
      (await post(`${inDefault}/rolebindings`, bind('x', 'ClusterRole', 'cluster-admin', user('gil')), as('gil'))).code,
    ).toBe(403);
    expect(
      (await post(`${inDefault}/rolebindings`, bind('x', 'Role', 'none', user('gil')), as('gil'))).body,
    ).toMatchObject({
      code: 404,
      message: 'rolebindings.rbac.authorization.k8s.io "none" not found',
    });
  });

  it('steps back for the verbs escalate and bind', async () => {
    const mayMore = {
      verbs: ['escalate', 'bind'],
      apiGroups: ['rbac.authorization.k8s.io'],
      resources: ['roles', 'clusterroles'],
    };
    await made(post(`${inDefault}/roles`, role('may-more', mayMore)));
    await made(post(`${inDefault}/rolebindings`, bind('gil-more', 'Role', 'may-more', user('gil'))));
    await made(post(`${inDefault}/roles`, role('more', { ...readPods, verbs: ['delete'] }), as('gil')));
    await made(
      post(`${inDefault}/rolebindings`, bind('admins', 'ClusterRole', 'cluster-admin', user('gil')), as('gil')),
    );
  });

  it('never changes where a binding points (refused)', async () => {
    const answer = await api.call('PATCH', `${inDefault}/rolebindings/gil-reads`, {
      contentType: 'application/merge-patch+json',
      body: { roleRef: { name: 'grantor' } },
    });
    expect(answer).toMatchObject({ code: 422 });
    expect(answer.body.message).toContain('cannot change roleRef');
  });
});

describe('aggregated roles', () => {
  it('have the rules of their parts from the start', async () => {
    const { body } = await api.call('GET', `${rbac}/clusterroles/admin`);
    const resources = new Set(body.rules.flatMap((rule: Json) => rule.resources));
    for (const part of ['rolebindings', 'secrets', 'namespaces']) expect(resources.has(part)).toBe(true);
  });
});

describe('impersonation by right', () => {
  beforeAll(async () => {
    const rules = [
      { verbs: ['impersonate'], apiGroups: [''], resources: ['users'], resourceNames: ['ann'] },
      { verbs: ['impersonate'], apiGroups: [''], resources: ['groups'], resourceNames: ['readers'] },
      { verbs: ['impersonate'], apiGroups: ['authentication.k8s.io'], resources: ['userextras/scopes'] },
    ];
    await made(post(`${rbac}/clusterroles`, role('impersonator', ...rules)));
    await made(post(`${rbac}/clusterrolebindings`, bind('ivy', 'ClusterRole', 'impersonator', user('ivy'))));
  });

  it.each([
    ['the user it may', as('ann'), 201],
    ['the group it may', as('ann', 'readers'), 201],
    ['extra values under a key it may', { ...as('ann'), 'impersonate-extra-scopes': ['a', 'b'] }, 201],
    ['another user (refused)', as('bob'), 403],
    ['the administrators (refused)', as('ann', 'system:masters'), 403],
    ['another extra key (refused)', { ...as('ann'), 'impersonate-extra-x': 'a' }, 403],
    ['a uid (refused)', { ...as('ann'), 'impersonate-uid': '7' }, 403],
    ['a service account (refused)', as('system:serviceaccount:shop:robot'), 403],
  ])('becomes %s', async (_title, headers, code) => {
    const token = api.cluster.addToken('ivy', []);
    const answer = await api.call('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      token,
      headers,
      body: {},
    });
    expect(answer.code).toBe(code);
    if (code === 201) expect(answer.body.status.userInfo.username).toBe('ann');
  });

  it('gives service accounts their groups and knows the anonymous user', async () => {
    const who = async (headers: Record<string, string | string[]>): Promise<Json> =>
      (await post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, headers)).body;
    expect((await who(as('system:serviceaccount:shop:robot'))).status.userInfo.groups).toEqual([
      'system:serviceaccounts',
      'system:serviceaccounts:shop',
      'system:authenticated',
    ]);
    const extra = { ...as('ann'), 'impersonate-uid': '7', 'impersonate-extra-example.com%2fScope': 'x' };
    expect((await who(extra)).status.userInfo).toEqual({
      username: 'ann',
      uid: '7',
      groups: ['system:authenticated'],
      extra: { 'example.com/scope': ['x'] },
    });
    expect((await post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, as('system:anonymous'))).code).toBe(
      403,
    );
  });

  it('allows the constrained modes for one verb on one resource', async () => {
    const rules = [
      { verbs: ['impersonate:user-info'], apiGroups: ['authentication.k8s.io'], resources: ['users'] },
      { verbs: ['impersonate-on:user-info:list'], apiGroups: [''], resources: ['configmaps'] },
    ];
    await made(post(`${rbac}/clusterroles`, role('constrained', ...rules)));
    await made(post(`${rbac}/clusterrolebindings`, bind('kim', 'ClusterRole', 'constrained', user('kim'))));
    const scoped = api.cluster.addToken('lea', [], { namespaces: ['shop'] });
    await api.call('POST', '/api/v1/namespaces/shop/configmaps', { token: scoped, body: configMap('leas') });
    const token = api.cluster.addToken('kim', []);
    const list = (resource: string): Promise<TestAnswer> =>
      api.call('GET', `/api/v1/namespaces/shop/${resource}`, { token, headers: as('lea') });
    expect((await list('configmaps')).code).toBe(200);
    expect((await list('secrets')).body.message).toBe(
      'secrets is forbidden: User "kim" cannot impersonate-on:user-info:list resource "secrets" in API group "" in the namespace "shop"',
    );
  });
});

describe('TokenReview', () => {
  const ask = async (spec: Json): Promise<Json> =>
    (await post('/apis/authentication.k8s.io/v1/tokenreviews', { spec })).body;

  it('knows whom a token stands for', async () => {
    const token = api.cluster.addToken('ann', ['team']);
    expect((await ask({ token })).status).toEqual({
      authenticated: true,
      user: { username: 'ann', groups: ['team', 'system:authenticated'] },
      audiences: ['https://kubernetes.default.svc'],
    });
  });

  it('does not for another audience or another token (refused)', async () => {
    const token = api.cluster.addToken('ann', ['team']);
    for (const spec of [{ token, audiences: ['vault'] }, { token: 'wrong' }]) {
      expect((await ask(spec)).status).toEqual({ user: {}, error: 'invalid bearer token' });
    }
    expect((await ask({})).message).toBe('token is required for TokenReview in authentication');
  });
});
