import { expect } from 'vitest';
import type { CaseContext } from './support/case-context.ts';
import { succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { pod } from './support/objects.ts';

const { conformanceCase } = conformanceArea('who asks and what they may');

const authorization = '/apis/authorization.k8s.io/v1';
const rbac = '/apis/rbac.authorization.k8s.io/v1';

/** Lets a user or ServiceAccount read pods in a namespace. */
async function letReadPods(t: CaseContext, ns: string, subject: Json): Promise<void> {
  await t.create(`${rbac}/namespaces/${ns}/roles`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'reader' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
  });
  await t.create(`${rbac}/namespaces/${ns}/rolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'reader' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [subject],
  });
}

const user = (name: string): Json => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name });

const subjectReview = (spec: Json): Json => ({
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SubjectAccessReview',
  spec,
});

conformanceCase(
  { title: 'says who asks', source: 'KEP-3325 SelfSubjectReview; authentication.k8s.io/v1' },
  async ({ api, name }) => {
    const { status, body } = await api
      .as({ user: name('ann'), groups: ['crew'] })
      .create('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'SelfSubjectReview',
      });
    expect(status).toBe(201);
    expect(body.status.userInfo.username).toBe(name('ann'));
    expect(body.status.userInfo.groups).toEqual(expect.arrayContaining(['crew', 'system:authenticated']));
  },
);

conformanceCase(
  {
    title: 'lets the administrator do everything',
    source: 'authorization.k8s.io/v1 SelfSubjectAccessReview; reference/access-authn-authz/rbac: cluster-admin',
  },
  async ({ api }) => {
    for (const spec of [
      { resourceAttributes: { verb: '*', group: '*', resource: '*' } },
      { nonResourceAttributes: { verb: '*', path: '*' } },
    ]) {
      const { status, body } = await api.create(`${authorization}/selfsubjectaccessreviews`, {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec,
      });
      expect(status).toBe(201);
      expect(body.status.allowed).toBe(true);
    }
  },
);

conformanceCase(
  {
    title: 'says what somebody else may do, in one namespace and not in another',
    source:
      'authorization.k8s.io/v1 SubjectAccessReview; e2e: [sig-auth] SubjectReview should support SubjectReview API operations',
  },
  async (t) => {
    const [one, two] = [await t.namespace(), await t.namespace()];
    const ann = t.name('ann');
    await letReadPods(t, one, user(ann));
    const may = async (attributes: Json): Promise<boolean> =>
      succeeded(
        await t.api.create(
          `${authorization}/subjectaccessreviews`,
          subjectReview({ user: ann, resourceAttributes: attributes }),
        ),
      ).body.status.allowed;
    await eventually(async () => expect(await may({ verb: 'list', resource: 'pods', namespace: one })).toBe(true));
    expect(await may({ verb: 'list', resource: 'pods', namespace: two })).toBe(false);
    expect(await may({ verb: 'delete', resource: 'pods', namespace: one })).toBe(false);
    expect(await may({ verb: 'get', resource: 'pods', subresource: 'log', namespace: one })).toBe(false);
    expect(await may({ verb: 'list', resource: 'pods' })).toBe(false);
  },
);

conformanceCase(
  {
    title: 'answers a local review about its own namespace only',
    source: 'authorization.k8s.io/v1 LocalSubjectAccessReview',
  },
  async (t) => {
    const ns = await t.namespace();
    const ann = t.name('ann');
    await letReadPods(t, ns, user(ann));
    const review = (namespace: string) => ({
      ...subjectReview({ user: ann, resourceAttributes: { verb: 'get', resource: 'pods', namespace } }),
      kind: 'LocalSubjectAccessReview',
      metadata: { namespace: ns },
    });
    const path = `${authorization}/namespaces/${ns}/localsubjectaccessreviews`;
    await eventually(async () => expect((await t.api.create(path, review(ns))).body.status.allowed).toBe(true));
    expect((await t.api.create(path, review('default'))).status).toBe(422);
  },
);

conformanceCase(
  {
    title: 'refuses what a user may not do, and says what it was (403)',
    source: 'reference/access-authn-authz/rbac; meta/v1 StatusReasonForbidden',
  },
  async (t) => {
    const ns = await t.namespace();
    const ann = t.name('ann');
    const { status, body } = await t.api.as({ user: ann }).get(`/api/v1/namespaces/${ns}/secrets`);
    expect(status).toBe(403);
    expect(body).toMatchObject({
      reason: 'Forbidden',
      message: `secrets is forbidden: User "${ann}" cannot list resource "secrets" in API group "" in the namespace "${ns}"`,
      details: { kind: 'secrets' },
    });
  },
);

conformanceCase(
  {
    title: 'lets a user do what a RoleBinding grants, as soon as it is there',
    source: 'reference/access-authn-authz/rbac: RoleBinding',
  },
  async (t) => {
    const ns = await t.namespace();
    const ann = t.api.as({ user: t.name('ann') });
    expect((await ann.get(`/api/v1/namespaces/${ns}/pods`)).status).toBe(403);
    await letReadPods(t, ns, user(t.name('ann')));
    await eventually(async () => expect((await ann.get(`/api/v1/namespaces/${ns}/pods`)).status).toBe(200));
    expect((await ann.delete(`/api/v1/namespaces/${ns}/pods/none`)).status).toBe(403);
    succeeded(await t.api.delete(`${rbac}/namespaces/${ns}/rolebindings/reader`));
    await eventually(async () => expect((await ann.get(`/api/v1/namespaces/${ns}/pods`)).status).toBe(403));
  },
);

conformanceCase(
  {
    title: 'lists the rules that somebody has in a namespace',
    source: 'authorization.k8s.io/v1 SelfSubjectRulesReview',
  },
  async (t) => {
    const ns = await t.namespace();
    await letReadPods(t, ns, user(t.name('ann')));
    const ann = t.api.as({ user: t.name('ann') });
    await eventually(async () => {
      const { status, body } = await ann.create(`${authorization}/selfsubjectrulesreviews`, {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectRulesReview',
        spec: { namespace: ns },
      });
      expect(status).toBe(201);
      expect(body.status.resourceRules).toContainEqual({
        verbs: ['get', 'list', 'watch'],
        apiGroups: [''],
        resources: ['pods'],
      });
    });
  },
);

conformanceCase(
  {
    title: 'does not let a user grant rights that it has not got',
    source: 'reference/access-authn-authz/rbac: privilege escalation prevention and bootstrapping',
  },
  async (t) => {
    const ns = await t.namespace();
    const name = t.name('maker');
    await t.create(`${rbac}/namespaces/${ns}/roles`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'maker' },
      rules: [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['create'] }],
    });
    await t.create(`${rbac}/namespaces/${ns}/rolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'maker' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'maker' },
      subjects: [user(name)],
    });
    const role = (rules: Json[]) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { generateName: 'r-' },
      rules,
    });
    await eventually(async () =>
      expect((await t.api.as({ user: name }).create(`${rbac}/namespaces/${ns}/roles`, role([]))).status).toBe(201),
    );
    const { status, body } = await t.api
      .as({ user: name })
      .create(`${rbac}/namespaces/${ns}/roles`, role([{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }]));
    expect(status).toBe(403);
    expect(body.message).toContain('is attempting to grant RBAC permissions not currently held');
  },
);

conformanceCase(
  {
    title: 'never changes whom a binding refers to',
    source: 'rbac.authorization.k8s.io/v1 RoleBinding.roleRef: immutable',
  },
  async (t) => {
    const ns = await t.namespace();
    await letReadPods(t, ns, user(t.name('ann')));
    const { status, body } = await t.api.patch('merge', `${rbac}/namespaces/${ns}/rolebindings/reader`, {
      roleRef: { name: 'other' },
    });
    expect(status).toBe(422);
    expect(body.details.causes[0]).toMatchObject({
      field: 'roleRef',
      message: expect.stringContaining('cannot change roleRef'),
    });
  },
);

conformanceCase(
  {
    title: 'gives a ServiceAccount a token that acts as it',
    source: 'reference/access-authn-authz/service-accounts-admin: TokenRequest API',
  },
  async (t) => {
    const ns = await t.namespace();
    await t.create(`/api/v1/namespaces/${ns}/serviceaccounts`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'robot' },
    });
    await letReadPods(t, ns, { kind: 'ServiceAccount', name: 'robot', namespace: ns });
    const { status, body } = await t.api.create(`/api/v1/namespaces/${ns}/serviceaccounts/robot/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 600 },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      kind: 'TokenRequest',
      spec: { expirationSeconds: 600 },
      status: { expirationTimestamp: expect.any(String) },
    });
    const claims = JSON.parse(Buffer.from(body.status.token.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({
      sub: `system:serviceaccount:${ns}:robot`,
      'kubernetes.io': { namespace: ns, serviceaccount: { name: 'robot' } },
    });
    const robot = t.api.as({ token: body.status.token });
    await eventually(async () => expect((await robot.get(`/api/v1/namespaces/${ns}/pods`)).status).toBe(200));
    expect((await robot.get(`/api/v1/namespaces/${ns}/secrets`)).body.message).toContain(
      `User "system:serviceaccount:${ns}:robot" cannot list resource "secrets"`,
    );
  },
);

conformanceCase(
  {
    title: 'reviews tokens: whose they are, or that they are nobody’s',
    source: 'authentication.k8s.io/v1 TokenReview',
  },
  async (t) => {
    const ns = await t.namespace();
    const token = succeeded(
      await t.api.create(`/api/v1/namespaces/${ns}/serviceaccounts/default/token`, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {},
      }),
    ).body.status.token;
    const review = async (given: string): Promise<Json> =>
      succeeded(
        await t.api.create('/apis/authentication.k8s.io/v1/tokenreviews', {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenReview',
          spec: { token: given },
        }),
      ).body.status;
    expect(await review(token)).toMatchObject({
      authenticated: true,
      user: {
        username: `system:serviceaccount:${ns}:default`,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${ns}`, 'system:authenticated'],
      },
    });
    const unknown = await review('nobody-has-this-token');
    expect(unknown.authenticated ?? false).toBe(false);
  },
);

conformanceCase(
  {
    title: 'binds a token to a pod, with which it ends',
    source: 'authentication.k8s.io/v1 TokenRequestSpec.boundObjectRef',
  },
  async (t) => {
    const ns = await t.namespace();
    const made = await t.create(`/api/v1/namespaces/${ns}/pods`, pod('a'));
    const path = `/api/v1/namespaces/${ns}/serviceaccounts/default/token`;
    const request = (uid: string) => ({
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'a', uid } },
    });
    const { token } = succeeded(await t.api.create(path, request(made.metadata.uid))).body.status;
    expect((await t.api.create(path, request('00000000-0000-0000-0000-000000000000'))).status).toBe(409);
    const asRobot = t.api.as({ token });
    const whoAmI = () =>
      asRobot.create('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'SelfSubjectReview',
      });
    await eventually(async () => expect((await whoAmI()).status).toBe(201));
    succeeded(await t.api.delete(`/api/v1/namespaces/${ns}/pods/a`, { gracePeriodSeconds: 0 }));
    await eventually(async () => expect((await whoAmI()).status).toBe(401));
  },
);

conformanceCase(
  {
    title: 'refuses tokens that live too shortly',
    source: 'authentication.k8s.io/v1 TokenRequestSpec.expirationSeconds: at least 10 minutes',
  },
  async (t) => {
    const ns = await t.namespace();
    const { status, body } = await t.api.create(`/api/v1/namespaces/${ns}/serviceaccounts/default/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 60 },
    });
    expect(status).toBe(422);
    expect(body.details.causes[0]).toMatchObject({
      field: 'spec.expirationSeconds',
      message: expect.stringContaining('may not specify a duration less than 10 minutes'),
    });
  },
);

conformanceCase(
  { title: 'wants a user where anything is impersonated', source: 'reference/access-authn-authz/user-impersonation' },
  async ({ api }) => {
    const { status } = await api.call('GET', '/api/v1/namespaces', { headers: { 'Impersonate-Group': 'crew' } });
    expect([400, 403, 500]).toContain(status);
  },
);
