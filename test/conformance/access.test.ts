import { createLocalJWKSet, jwtVerify } from 'jose';
import { expect } from 'vitest';
import type { CaseContext } from './support/case-context.ts';
import type { ClusterClient } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { pod, podSpec } from './support/objects.ts';

const { conformanceCase } = conformanceArea('rules, impersonation and tokens');

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const rbacPage = 'reference/access-authn-authz/rbac';
const impersonationPage = 'reference/access-authn-authz/user-impersonation';
const accountsPage = 'reference/access-authn-authz/service-accounts-admin';
const rule = (verbs: string, apiGroup: string, resources: string, resourceNames?: string[]): Json => ({
  verbs: verbs.split(','),
  apiGroups: [apiGroup],
  resources: resources.split(','),
  ...(resourceNames === undefined ? {} : { resourceNames }),
});
const readPods = rule('get,list,watch', '', 'pods');
const user = (name: string): Json => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name });
const roleRef = (kind: string, name: string): Json => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });

const makeRole = (t: CaseContext, ns: string, name: string, ...rules: Json[]): Promise<Json> =>
  t.create(`${rbac}/namespaces/${ns}/roles`, { metadata: { name }, rules });
const makeClusterRole = (t: CaseContext, name: string, ...rules: Json[]): Promise<Json> =>
  t.create(`${rbac}/clusterroles`, { metadata: { name }, rules });
const bind = (t: CaseContext, ns: string, name: string, ref: Json, ...subjects: Json[]): Promise<Json> =>
  t.create(`${rbac}/namespaces/${ns}/rolebindings`, { metadata: { name }, roleRef: ref, subjects });
const bindAll = (t: CaseContext, name: string, role: string, ...subjects: Json[]): Promise<Json> =>
  t.create(`${rbac}/clusterrolebindings`, { metadata: { name }, roleRef: roleRef('ClusterRole', role), subjects });

/** What a SubjectAccessReview says of somebody. */
async function review(api: ClusterClient, spec: Json): Promise<Json> {
  const { status, body } = await api.create('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec,
  });
  expect([status, body.message]).toEqual([201, undefined]);
  return body.status;
}

/** Waits until somebody may do the first thing, then expects that it may do none of the others. */
async function mayOnly(api: ClusterClient, who: Json, allowed: Json[], refused: Json[]): Promise<void> {
  for (const resourceAttributes of allowed) {
    await eventually(async () => expect((await review(api, { ...who, resourceAttributes })).allowed).toBe(true));
  }
  for (const resourceAttributes of refused) {
    expect([resourceAttributes, (await review(api, { ...who, resourceAttributes })).allowed]).toEqual([
      resourceAttributes,
      false,
    ]);
  }
}

async function whoami(client: ClusterClient, headers: Record<string, string | string[]> = {}): Promise<Json> {
  return await client.call('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    headers,
  });
}

const makeAccount = (t: CaseContext, ns: string, name: string, more: Json = {}): Promise<Json> =>
  t.create(`/api/v1/namespaces/${ns}/serviceaccounts`, { metadata: { name }, ...more });

/** A client with a token of a ServiceAccount of its own, that has the rules in the whole cluster. */
async function clientWith(t: CaseContext, ns: string, ...rules: Json[]): Promise<ClusterClient> {
  await makeAccount(t, ns, 'actor');
  await makeClusterRole(t, t.name('actor'), ...rules);
  await bindAll(t, t.name('actor'), t.name('actor'), { kind: 'ServiceAccount', name: 'actor', namespace: ns });
  return t.api.as({ token: await tokenOf(t, ns, 'actor') });
}

async function tokenOf(t: CaseContext, ns: string, name: string, spec: Json = {}): Promise<string> {
  const path = `/api/v1/namespaces/${ns}/serviceaccounts/${name}/token`;
  return (await t.create(path, { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec })).status.token;
}

const podOf = (name: string, spec: Json): Json => pod(name, { spec: { ...podSpec(), ...spec } });

conformanceCase(
  { title: 'grants the verbs and resources that a rule names, and none beside them', source: `${rbacPage}: Role` },
  async (t) => {
    const ns = await t.namespace();
    await makeRole(t, ns, 'r', rule('get', '', 'pods'), rule('create', 'apps', 'deployments'));
    await bind(t, ns, 'b', roleRef('Role', 'r'), user(t.name('ann')));
    const at = { namespace: ns };
    await mayOnly(
      t.api,
      { user: t.name('ann') },
      [
        { ...at, verb: 'get', resource: 'pods', name: 'any' },
        { ...at, verb: 'create', group: 'apps', resource: 'deployments' },
      ],
      [
        { ...at, verb: 'list', resource: 'pods' },
        { ...at, verb: 'get', resource: 'pods', subresource: 'log' },
        { ...at, verb: 'create', resource: 'deployments' },
        { verb: 'get', resource: 'pods', name: 'any' },
        { namespace: 'default', verb: 'get', resource: 'pods', name: 'any' },
      ],
    );
  },
);

conformanceCase(
  {
    title: 'grants by resourceNames single objects, and no list of them',
    source: `${rbacPage}: referring to resources`,
  },
  async (t) => {
    const ns = await t.namespace();
    await makeRole(t, ns, 'r', rule('get,list,update', '', 'configmaps', ['one']));
    await bind(t, ns, 'b', roleRef('Role', 'r'), user(t.name('ann')));
    const at = { namespace: ns, resource: 'configmaps' };
    await mayOnly(
      t.api,
      { user: t.name('ann') },
      [{ ...at, verb: 'get', name: 'one' }],
      [
        { ...at, verb: 'get', name: 'two' },
        { ...at, verb: 'list' },
      ],
    );
    await t.create(`/api/v1/namespaces/${ns}/configmaps`, { metadata: { name: 'one' } });
    const ann = t.api.as({ user: t.name('ann') });
    expect((await ann.get(`/api/v1/namespaces/${ns}/configmaps/one`)).status).toBe(200);
    const named = { fieldSelector: 'metadata.name=one' };
    expect((await ann.get(`/api/v1/namespaces/${ns}/configmaps`, named)).status).toBe(200);
    expect((await ann.get(`/api/v1/namespaces/${ns}/configmaps`)).status).toBe(403);
  },
);

conformanceCase(
  {
    title: 'grants a subresource of all resources by a star before the slash',
    source: 'rbac.authorization.k8s.io/v1 PolicyRule: resources',
  },
  async (t) => {
    const ns = await t.namespace();
    await makeRole(t, ns, 'r', rule('update', '*', '*/scale'));
    await bind(t, ns, 'b', roleRef('Role', 'r'), user(t.name('ann')));
    const at = { namespace: ns, verb: 'update' };
    await mayOnly(
      t.api,
      { user: t.name('ann') },
      [
        { ...at, group: 'apps', resource: 'deployments', subresource: 'scale' },
        { ...at, group: 'example.com', resource: 'widgets', subresource: 'scale' },
      ],
      [
        { ...at, group: 'apps', resource: 'deployments' },
        { ...at, group: 'apps', resource: 'deployments', subresource: 'status' },
      ],
    );
  },
);

conformanceCase(
  {
    title: 'grants paths below a pattern that ends in a star',
    source: 'rbac.authorization.k8s.io/v1 PolicyRule: nonResourceURLs',
  },
  async (t) => {
    await makeClusterRole(t, t.name('r'), { verbs: ['get'], nonResourceURLs: ['/conformance/*', '/exact'] });
    await bindAll(t, t.name('b'), t.name('r'), user(t.name('ann')));
    const ask = async (path: string, verb = 'get'): Promise<boolean> =>
      (await review(t.api, { user: t.name('ann'), nonResourceAttributes: { path, verb } })).allowed;
    await eventually(async () => expect(await ask('/conformance/a/b')).toBe(true));
    expect(await ask('/exact')).toBe(true);
    for (const path of ['/conformance', '/exact/more', '/']) expect(await ask(path)).toBe(false);
    expect(await ask('/exact', 'post')).toBe(false);
  },
);

conformanceCase(
  {
    title: 'holds a ClusterRole to the namespace of the RoleBinding that names it',
    source: `${rbacPage}: RoleBinding and ClusterRoleBinding`,
  },
  async (t) => {
    const ns = await t.namespace();
    await makeClusterRole(t, t.name('r'), readPods, rule('list', '', 'nodes'));
    await bind(t, ns, 'b', roleRef('ClusterRole', t.name('r')), user(t.name('ann')));
    await mayOnly(
      t.api,
      { user: t.name('ann') },
      [{ verb: 'list', resource: 'pods', namespace: ns }],
      [
        { verb: 'list', resource: 'pods' },
        { verb: 'list', resource: 'nodes' },
      ],
    );
  },
);

conformanceCase(
  {
    title: 'takes the namespace of a RoleBinding for a ServiceAccount without one',
    source: 'rbac.authorization.k8s.io/v1 Subject: namespace',
  },
  async (t) => {
    const ns = await t.namespace();
    await makeRole(t, ns, 'r', readPods);
    await bind(t, ns, 'b', roleRef('Role', 'r'), { kind: 'ServiceAccount', name: 'robot' });
    const asked = { verb: 'list', resource: 'pods', namespace: ns };
    await mayOnly(t.api, { user: `system:serviceaccount:${ns}:robot` }, [asked], []);
    await mayOnly(t.api, { user: 'system:serviceaccount:default:robot' }, [], [asked]);
  },
);

conformanceCase(
  {
    title: 'says which binding allows, and to whom it was given',
    source: 'authorization.k8s.io/v1 SubjectAccessReviewStatus: reason',
  },
  async (t) => {
    const ns = await t.namespace();
    await makeRole(t, ns, 'r', readPods);
    await bind(t, ns, 'b', roleRef('Role', 'r'), { ...user(t.name('crew')), kind: 'Group' });
    const spec = {
      user: 'x',
      groups: [t.name('crew')],
      resourceAttributes: { verb: 'list', resource: 'pods', namespace: ns },
    };
    await eventually(async () =>
      expect(await review(t.api, spec)).toEqual({
        allowed: true,
        reason: `RBAC: allowed by RoleBinding "b/${ns}" of Role "r" to Group "${t.name('crew')}"`,
      }),
    );
  },
);

conformanceCase(
  {
    title: 'names in a refusal the role that a binding misses',
    source: 'upstream test: pkg/registry/rbac/validation rule resolution',
  },
  async (t) => {
    const ns = await t.namespace();
    await bind(t, ns, 'b', roleRef('ClusterRole', t.name('none')), user(t.name('ann')));
    const ann = t.api.as({ user: t.name('ann') });
    await eventually(async () =>
      expect((await ann.get(`/api/v1/namespaces/${ns}/pods`)).body.message).toBe(
        `pods is forbidden: User "${t.name('ann')}" cannot list resource "pods" in API group "" in the namespace "${ns}": RBAC: clusterrole.rbac.authorization.k8s.io "${t.name('none')}" not found`,
      ),
    );
  },
);

conformanceCase(
  { title: 'fills aggregated ClusterRoles from the roles they select', source: `${rbacPage}: aggregated ClusterRoles` },
  async (t) => {
    const label = { [`conformance/${t.name('part')}`]: 'true' };
    await t.create(`${rbac}/clusterroles`, {
      metadata: { name: t.name('sum') },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: label }] },
      rules: [],
    });
    const rulesOf = async (): Promise<Json> =>
      (await t.api.get(`${rbac}/clusterroles/${t.name('sum')}`)).body.rules ?? [];
    await t.create(`${rbac}/clusterroles`, { metadata: { name: t.name('a'), labels: label }, rules: [readPods] });
    await eventually(async () => expect(await rulesOf()).toEqual([readPods]));
    const more = rule('get', 'apps', 'deployments');
    await t.create(`${rbac}/clusterroles`, { metadata: { name: t.name('b'), labels: label }, rules: [more] });
    await eventually(async () => expect(await rulesOf()).toEqual([readPods, more]));
    await t.api.delete(`${rbac}/clusterroles/${t.name('a')}`);
    await eventually(async () => expect(await rulesOf()).toEqual([more]));
  },
);

conformanceCase(
  {
    title: 'has default roles for those who view, edit and administer a namespace',
    source: `${rbacPage}: user-facing roles`,
  },
  async (t) => {
    const ns = await t.namespace();
    for (const role of ['view', 'edit', 'admin']) {
      await bind(t, ns, role, roleRef('ClusterRole', role), user(t.name(role)));
    }
    const can = (verb: string, resource: string, group = ''): Json => ({ verb, resource, group, namespace: ns });
    const [pods, secrets, bindings] = [
      can('list', 'pods'),
      can('get', 'secrets'),
      can('create', 'rolebindings', 'rbac.authorization.k8s.io'),
    ];
    const quotas = can('update', 'resourcequotas');
    const who = (role: string): Json => ({ user: t.name(role) });
    await mayOnly(t.api, who('view'), [pods], [secrets, bindings, can('create', 'pods')]);
    await mayOnly(t.api, who('edit'), [pods, secrets, can('create', 'deployments', 'apps')], [bindings, quotas]);
    await mayOnly(t.api, who('admin'), [pods, secrets, bindings], [quotas, can('update', 'namespaces')]);
  },
);

conformanceCase(
  {
    title: 'lets a user write rights it has not got where it may escalate',
    source: `${rbacPage}: restrictions on role creation or update`,
  },
  async (t) => {
    const ns = await t.namespace();
    const actor = await clientWith(t, ns, rule('create,update,escalate', 'rbac.authorization.k8s.io', 'roles'));
    await eventually(async () =>
      expect(
        (await actor.create(`${rbac}/namespaces/${ns}/roles`, { metadata: { name: 'r' }, rules: [readPods] })).status,
      ).toBe(201),
    );
  },
);

conformanceCase(
  { title: 'lists what a user may not grant, by resource', source: `${rbacPage}: privilege escalation prevention` },
  async (t) => {
    const ns = await t.namespace();
    const actor = await clientWith(
      t,
      ns,
      rule('create', 'rbac.authorization.k8s.io', 'roles'),
      rule('get', '', 'pods'),
    );
    const rules = [rule('get,list', '', 'pods,secrets'), rule('update', 'apps', 'deployments', ['one'])];
    await eventually(async () => {
      const { body } = await actor.create(`${rbac}/namespaces/${ns}/roles`, { metadata: { name: 'r' }, rules });
      expect(body.message).toBe(
        `roles.rbac.authorization.k8s.io "r" is forbidden: user "system:serviceaccount:${ns}:actor" (groups=["system:serviceaccounts" "system:serviceaccounts:${ns}" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:
{APIGroups:[""], Resources:["pods"], Verbs:["list"]}
{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}
{APIGroups:["apps"], Resources:["deployments"], ResourceNames:["one"], Verbs:["update"]}`,
      );
    });
  },
);

conformanceCase(
  {
    title: 'lets a user bind exactly the role that it may bind',
    source: `${rbacPage}: restrictions on role binding creation or update`,
  },
  async (t) => {
    const ns = await t.namespace();
    const actor = await clientWith(
      t,
      ns,
      rule('create', 'rbac.authorization.k8s.io', 'rolebindings'),
      rule('bind', 'rbac.authorization.k8s.io', 'clusterroles', ['view']),
    );
    const make = (role: string) =>
      actor.create(`${rbac}/namespaces/${ns}/rolebindings`, {
        metadata: { name: role },
        roleRef: roleRef('ClusterRole', role),
        subjects: [user('x')],
      });
    await eventually(async () => expect((await make('view')).status).toBe(201));
    expect((await make('edit')).status).toBe(403);
    expect((await make(t.name('none'))).body).toMatchObject({
      code: 404,
      message: `rolebindings.rbac.authorization.k8s.io "${t.name('none')}" not found`,
    });
  },
);

conformanceCase(
  {
    title: 'keeps aggregation rules to those who may do everything',
    source: 'upstream test: pkg/registry/rbac/clusterrole/policybased',
  },
  async (t) => {
    const ns = await t.namespace();
    const actor = await clientWith(t, ns, rule('create', 'rbac.authorization.k8s.io', 'clusterroles'));
    await eventually(async () => {
      const { body } = await actor.create(`${rbac}/clusterroles`, {
        metadata: { name: t.name('sum') },
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
      });
      expect(body.message).toBe(
        `clusterroles.rbac.authorization.k8s.io "${t.name('sum')}" is forbidden: must have cluster-admin privileges to use the aggregationRule`,
      );
    });
  },
);

conformanceCase(
  {
    title: 'refuses rules that cannot grant anything',
    source: 'rbac.authorization.k8s.io/v1 PolicyRule; upstream test: pkg/apis/rbac/validation',
  },
  async (t) => {
    const rules = [{ nonResourceURLs: ['/x'], resources: ['pods'] }, { verbs: ['get'] }];
    const { body } = await t.api.create(`${rbac}/clusterroles`, {
      metadata: { name: t.name('r') },
      rules,
      aggregationRule: {},
    });
    expect(body.message).toBe(
      `ClusterRole.rbac.authorization.k8s.io "${t.name('r')}" is invalid: [rules[0].verbs: Required value: verbs must contain at least one value, rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs, rules[1].apiGroups: Required value: resource rules must supply at least one api group, rules[1].resources: Required value: resource rules must supply at least one resource, aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil]`,
    );
  },
);

conformanceCase(
  {
    title: 'refuses bindings to nobody and to roles of the wrong kind',
    source: 'rbac.authorization.k8s.io/v1 Subject, RoleRef; upstream test: pkg/apis/rbac/validation',
  },
  async (t) => {
    const { body } = await t.api.create(`${rbac}/clusterrolebindings`, {
      metadata: { name: t.name('b') },
      roleRef: { kind: 'Role', name: 'a/b' },
      subjects: [
        { kind: 'X', name: '' },
        { kind: 'ServiceAccount', name: 'robot' },
        { kind: 'User', name: 'u', apiGroup: 'x' },
      ],
    });
    expect(body.details.causes).toEqual([
      {
        reason: 'FieldValueNotSupported',
        message: 'Unsupported value: "Role": supported values: "ClusterRole"',
        field: 'roleRef.kind',
      },
      { reason: 'FieldValueInvalid', message: `Invalid value: "a/b": may not contain '/'`, field: 'roleRef.name' },
      { reason: 'FieldValueRequired', message: 'Required value', field: 'subjects[0].name' },
      {
        reason: 'FieldValueNotSupported',
        message: 'Unsupported value: "X": supported values: "ServiceAccount", "User", "Group"',
        field: 'subjects[0].kind',
      },
      { reason: 'FieldValueRequired', message: 'Required value', field: 'subjects[1].namespace' },
      {
        reason: 'FieldValueNotSupported',
        message: 'Unsupported value: "x": supported values: "rbac.authorization.k8s.io"',
        field: 'subjects[2].apiGroup',
      },
    ]);
  },
);

conformanceCase(
  {
    title: 'wants exactly one question and somebody it is about',
    source: 'authorization.k8s.io/v1 SubjectAccessReviewSpec; upstream test: pkg/apis/authorization/validation',
  },
  async ({ api }) => {
    const ask = async (spec: Json): Promise<Json> =>
      (await api.create('/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec })).body;
    const path = { path: '/x', verb: 'get' };
    expect((await ask({ user: 'a' })).message).toContain(
      'spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    );
    expect((await ask({ user: 'a', resourceAttributes: {}, nonResourceAttributes: path })).message).toContain(
      'spec.nonResourceAttributes: Invalid value: {"Path":"/x","Verb":"get"}: cannot be specified in combination with resourceAttributes',
    );
    expect(await ask({ resourceAttributes: { verb: 'get' } })).toMatchObject({
      code: 422,
      message:
        '.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified',
    });
  },
);

conformanceCase(
  { title: 'answers no local review about paths', source: 'authorization.k8s.io/v1 LocalSubjectAccessReview' },
  async ({ api }) => {
    const { status, body } = await api.create(
      '/apis/authorization.k8s.io/v1/namespaces/default/localsubjectaccessreviews',
      {
        spec: { user: 'a', nonResourceAttributes: { path: '/version', verb: 'get' } },
      },
    );
    expect(status).toBe(422);
    expect(body.details.causes).toContainEqual({
      reason: 'FieldValueInvalid',
      message: 'Invalid value: {"Path":"/version","Verb":"get"}: disallowed on this kind of request',
      field: 'spec.nonResourceAttributes',
    });
  },
);

conformanceCase({ title: 'lends nothing of the right to impersonate', source: impersonationPage }, async (t) => {
  const ns = await t.namespace();
  const actor = await clientWith(t, ns, rule('impersonate', '', 'users', [t.name('ann')]), readPods);
  const headers = { 'impersonate-user': t.name('ann') };
  await eventually(async () =>
    expect((await whoami(actor, headers)).body.status.userInfo.username).toBe(t.name('ann')),
  );
  expect((await actor.get(`/api/v1/namespaces/${ns}/pods`)).status).toBe(200);
  const { status, body } = await actor.call('GET', `/api/v1/namespaces/${ns}/pods`, { headers });
  expect(status).toBe(403);
  expect(body.message).toContain(`User "${t.name('ann')}" cannot list resource "pods"`);
});

conformanceCase(
  {
    title: 'asks for the right to each user, group, uid and extra value',
    source: `${impersonationPage}; upstream test: endpoints/filters/impersonation`,
  },
  async (t) => {
    const ns = await t.namespace();
    const actor = await clientWith(
      t,
      ns,
      rule('impersonate', '', 'users', ['ann']),
      rule('impersonate', '', 'groups', ['crew']),
      rule('impersonate', 'authentication.k8s.io', 'userextras/scopes', ['a']),
    );
    const as = (headers: Record<string, string | string[]>) => whoami(actor, { 'impersonate-user': 'ann', ...headers });
    await eventually(async () => expect((await as({})).status).toBe(201));
    const extra = { 'impersonate-extra-scopes': 'a' };
    expect((await as({ 'impersonate-group': ['crew'], ...extra })).body.status.userInfo).toEqual({
      username: 'ann',
      groups: ['crew', 'system:authenticated'],
      extra: { scopes: ['a'] },
    });
    const refused: readonly (readonly [Record<string, string | string[]>, string])[] = [
      [{ 'impersonate-user': 'bob' }, 'users "bob" is forbidden'],
      [{ 'impersonate-group': ['crew', 'system:masters'] }, 'groups "system:masters" is forbidden'],
      [{ 'impersonate-uid': '7' }, 'uids.authentication.k8s.io "7" is forbidden'],
      [{ 'impersonate-extra-scopes': ['a', 'b'] }, 'userextras.authentication.k8s.io "b" is forbidden'],
      [{ 'impersonate-user': `system:serviceaccount:${ns}:actor` }, 'serviceaccounts "actor" is forbidden'],
    ];
    for (const [headers, words] of refused) {
      const { status, body } = await as(headers);
      expect([headers, status, body.message]).toEqual([headers, 403, expect.stringContaining(words)]);
    }
  },
);

conformanceCase(
  { title: 'puts an impersonated ServiceAccount into its groups', source: impersonationPage },
  async ({ api }) => {
    const { body } = await whoami(api.as({ user: 'system:serviceaccount:shop:robot' }));
    expect(body.status.userInfo.groups).toEqual([
      'system:serviceaccounts',
      'system:serviceaccounts:shop',
      'system:authenticated',
    ]);
  },
);

conformanceCase(
  { title: 'takes percent-encoded extra keys in small letters', source: `${impersonationPage}: Impersonate-Extra-` },
  async ({ api }) => {
    const headers = {
      'impersonate-user': 'ann',
      'impersonate-uid': '7',
      'impersonate-extra-Example.com%2FScope': ['a', 'b'],
    };
    expect((await whoami(api, headers)).body.status.userInfo).toEqual({
      username: 'ann',
      uid: '7',
      groups: ['system:authenticated'],
      extra: { 'example.com/scope': ['a', 'b'] },
    });
  },
);

conformanceCase(
  { title: 'limits impersonation to one verb on one resource', source: 'KEP-5284 constrained impersonation' },
  async (t) => {
    const ns = await t.namespace();
    await makeRole(t, ns, 'r', readPods, rule('list', '', 'secrets'));
    await bind(t, ns, 'b', roleRef('Role', 'r'), user(t.name('ann')));
    const actor = await clientWith(
      t,
      ns,
      rule('impersonate:user-info', 'authentication.k8s.io', 'users', [t.name('ann')]),
      rule('impersonate-on:user-info:list', '', 'pods'),
    );
    const list = (resource: string) =>
      actor.call('GET', `/api/v1/namespaces/${ns}/${resource}`, { headers: { 'impersonate-user': t.name('ann') } });
    await eventually(async () => expect((await list('pods')).status).toBe(200));
    const { status, body } = await list('secrets');
    expect(status).toBe(403);
    expect(body.message).toBe(
      `secrets is forbidden: User "system:serviceaccount:${ns}:actor" cannot impersonate-on:user-info:list resource "secrets" in API group "" in the namespace "${ns}"`,
    );
  },
);

conformanceCase(
  { title: 'does not know wrong credentials (401)', source: 'reference/access-authn-authz/authentication' },
  async ({ api }) => {
    const { status, body } = await api.as({ token: 'nobody-has-this-token' }).get('/api/v1/namespaces/default/pods');
    expect(status).toBe(401);
    expect(body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Unauthorized',
      reason: 'Unauthorized',
      code: 401,
    });
  },
);

conformanceCase(
  {
    title: 'publishes the keys that its tokens are signed with',
    source: 'tasks/configure-pod-container/configure-service-account: issuer discovery',
  },
  async (t) => {
    const ns = await t.namespace();
    await makeAccount(t, ns, 'robot');
    const { body } = await t.api.get('/.well-known/openid-configuration');
    const keys = JSON.parse((await t.api.get('/openid/v1/jwks')).text);
    const token = await tokenOf(t, ns, 'robot', { audiences: ['vault'] });
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), { issuer: body.issuer, audience: 'vault' });
    expect(payload.sub).toBe(`system:serviceaccount:${ns}:robot`);
    expect(payload['kubernetes.io']).toMatchObject({ namespace: ns, serviceaccount: { name: 'robot' } });
    expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
    expect((await t.api.as({ user: t.name('ann') }).get('/openid/v1/jwks')).status).toBe(403);
  },
);

conformanceCase(
  {
    title: 'accepts a token for itself only where it is meant for it',
    source: 'authentication.k8s.io/v1 TokenRequestSpec, TokenReviewSpec: audiences',
  },
  async (t) => {
    const ns = await t.namespace();
    await makeAccount(t, ns, 'robot');
    const token = await tokenOf(t, ns, 'robot', { audiences: ['vault'] });
    expect((await whoami(t.api.as({ token }))).status).toBe(401);
    const ask = async (audiences: string[]): Promise<Json> =>
      (await t.api.create('/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token, audiences } })).body.status;
    const { authenticated, audiences } = await ask(['other', 'vault']);
    expect([authenticated, audiences]).toEqual([true, ['vault']]);
    expect(await ask(['other'])).toEqual({
      user: {},
      error: '[invalid bearer token, token audiences ["vault"] is invalid for the target audiences ["other"]]',
    });
  },
);

conformanceCase(
  {
    title: 'ends a token with the Secret it is bound to',
    source: 'authentication.k8s.io/v1 BoundObjectReference; KEP-1205',
  },
  async (t) => {
    const ns = await t.namespace();
    await makeAccount(t, ns, 'robot');
    await t.create(`/api/v1/namespaces/${ns}/secrets`, { metadata: { name: 's' } });
    const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name: 's' };
    const client = t.api.as({ token: await tokenOf(t, ns, 'robot', { boundObjectRef }) });
    expect((await whoami(client)).status).toBe(201);
    await t.api.delete(`/api/v1/namespaces/${ns}/secrets/s`);
    await eventually(async () => expect((await whoami(client)).status).toBe(401));
  },
);

conformanceCase(
  {
    title: 'ends the tokens of a ServiceAccount whose name somebody else has now',
    source: `${accountsPage}: bound service account tokens`,
  },
  async (t) => {
    const ns = await t.namespace();
    await makeAccount(t, ns, 'robot');
    const client = t.api.as({ token: await tokenOf(t, ns, 'robot') });
    expect((await whoami(client)).status).toBe(201);
    await t.api.delete(`/api/v1/namespaces/${ns}/serviceaccounts/robot`);
    await makeAccount(t, ns, 'robot');
    await eventually(async () => expect((await whoami(client)).status).toBe(401));
  },
);

conformanceCase(
  {
    title: 'binds tokens to pods, nodes and Secrets of the right account only',
    source: 'authentication.k8s.io/v1 TokenRequestSpec: boundObjectRef',
  },
  async (t) => {
    const ns = await t.namespace();
    await makeAccount(t, ns, 'robot');
    await makeAccount(t, ns, 'other');
    await t.create(`/api/v1/namespaces/${ns}/pods`, podOf('p', { serviceAccountName: 'other' }));
    const ask = async (kind: string, name: string, more: Json = {}): Promise<string> => {
      const spec = { boundObjectRef: { apiVersion: 'v1', kind, name, ...more } };
      return (await t.api.create(`/api/v1/namespaces/${ns}/serviceaccounts/robot/token`, { spec })).body.message;
    };
    expect(await ask('ConfigMap', 'c')).toBe('cannot bind token to object of type /v1, Kind=ConfigMap');
    expect(await ask('Secret', 'none')).toBe('secrets "none" not found');
    expect(await ask('Pod', 'p')).toBe(
      'cannot bind token for serviceaccount "robot" to pod running with different serviceaccount name.',
    );
    const metadata = { name: 'x' };
    const named = await t.api.create(`/api/v1/namespaces/${ns}/serviceaccounts/robot/token`, { metadata, spec: {} });
    expect(named.body.message).toBe(
      'TokenRequest.authentication.k8s.io "robot" is invalid: metadata.name: Invalid value: "x": must match the service account name if specified',
    );
  },
);

conformanceCase(
  {
    title: 'fills Secrets for tokens of a ServiceAccount, which act as it',
    source: `${accountsPage}: create additional API tokens`,
  },
  async (t) => {
    const ns = await t.namespace();
    const { uid } = (await makeAccount(t, ns, 'robot')).metadata;
    const type = 'kubernetes.io/service-account-token';
    await t.create(`/api/v1/namespaces/${ns}/secrets`, {
      metadata: { name: 's', annotations: { 'kubernetes.io/service-account.name': 'robot' } },
      type,
    });
    const { data, metadata } = await eventually(async () => {
      const { body } = await t.api.get(`/api/v1/namespaces/${ns}/secrets/s`);
      expect(Object.keys(body.data ?? {}).sort()).toEqual(['ca.crt', 'namespace', 'token']);
      return body;
    });
    expect(metadata.annotations['kubernetes.io/service-account.uid']).toBe(uid);
    expect(Buffer.from(data.namespace, 'base64').toString()).toBe(ns);
    const client = t.api.as({ token: Buffer.from(data.token, 'base64').toString() });
    const { body } = await eventually(async () => {
      const answer = await whoami(client);
      expect(answer.status).toBe(201);
      return answer;
    });
    expect(body.status.userInfo.username).toBe(`system:serviceaccount:${ns}:robot`);
    const nameless = await t.api.create(`/api/v1/namespaces/${ns}/secrets`, { metadata: { name: 'x' }, type });
    expect(nameless.body.message).toBe(
      'Secret "x" is invalid: metadata.annotations[kubernetes.io/service-account.name]: Required value',
    );
  },
);

conformanceCase(
  { title: 'removes Secrets for tokens with their ServiceAccount', source: `${accountsPage}: token controller` },
  async (t) => {
    const ns = await t.namespace();
    await makeAccount(t, ns, 'robot');
    await t.create(`/api/v1/namespaces/${ns}/secrets`, {
      metadata: { name: 's', annotations: { 'kubernetes.io/service-account.name': 'robot' } },
      type: 'kubernetes.io/service-account-token',
    });
    const read = () => t.api.get(`/api/v1/namespaces/${ns}/secrets/s`);
    await eventually(async () => expect((await read()).body.data?.token).toBeDefined());
    await t.api.delete(`/api/v1/namespaces/${ns}/serviceaccounts/robot`);
    await eventually(async () => expect((await read()).status).toBe(404));
  },
);

conformanceCase(
  {
    title: 'gives each pod the default ServiceAccount and mounts its token',
    source: `${accountsPage}: ServiceAccount admission controller`,
  },
  async (t) => {
    const ns = await t.namespace();
    const { spec } = await t.create(`/api/v1/namespaces/${ns}/pods`, pod('p'));
    expect([spec.serviceAccountName, spec.serviceAccount]).toEqual(['default', 'default']);
    const volume = spec.volumes.find((each: Json) => each.name.startsWith('kube-api-access-'));
    expect(volume.name).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
    expect(volume.projected.defaultMode).toBe(420);
    expect(volume.projected.sources).toEqual(
      expect.arrayContaining([
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ]),
    );
    expect(spec.containers[0].volumeMounts).toEqual([
      { name: volume.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ]);
  },
);

conformanceCase(
  {
    title: 'mounts no token where the pod or its ServiceAccount does not want one',
    source: 'tasks/configure-pod-container/configure-service-account: opt out of API credential automounting',
  },
  async (t) => {
    const ns = await t.namespace();
    await makeAccount(t, ns, 'quiet', { automountServiceAccountToken: false });
    const volumesOf = async (name: string, spec: Json): Promise<Json[]> =>
      (await t.create(`/api/v1/namespaces/${ns}/pods`, podOf(name, spec))).spec.volumes ?? [];
    expect(await volumesOf('a', { serviceAccountName: 'quiet' })).toEqual([]);
    expect(await volumesOf('b', { automountServiceAccountToken: false })).toEqual([]);
    expect(await volumesOf('c', { serviceAccountName: 'quiet', automountServiceAccountToken: true })).toHaveLength(1);
  },
);

conformanceCase(
  {
    title: 'refuses pods of a ServiceAccount that is not there, and copies pull secrets of one that is',
    source: `${accountsPage}: ServiceAccount admission controller; core/v1 ServiceAccount: imagePullSecrets`,
  },
  async (t) => {
    const ns = await t.namespace();
    const { status, body } = await t.api.create(
      `/api/v1/namespaces/${ns}/pods`,
      podOf('p', { serviceAccountName: 'none' }),
    );
    expect([status, body.message]).toEqual([
      403,
      `pods "p" is forbidden: error looking up service account ${ns}/none: serviceaccount "none" not found`,
    ]);
    await makeAccount(t, ns, 'puller', { imagePullSecrets: [{ name: 'registry' }] });
    const made = await t.create(`/api/v1/namespaces/${ns}/pods`, podOf('q', { serviceAccountName: 'puller' }));
    expect(made.spec.imagePullSecrets).toEqual([{ name: 'registry' }]);
  },
);

conformanceCase(
  {
    title: 'reads reviews as strictly as objects that are stored',
    source: 'reference/using-api/api-concepts: field validation; authorization.k8s.io/v1 SubjectAccessReview',
  },
  async ({ api }) => {
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    const spec = { user: 'ann', resourceAttributes: { verb: 'get', resource: 'pods' }, colour: 'red' };
    const strict = await api.call('POST', path, { body: { spec }, query: { fieldValidation: 'Strict' } });
    expect([strict.status, strict.body.message]).toEqual([
      400,
      'SubjectAccessReview in version "v1" cannot be handled as a SubjectAccessReview: strict decoding error: unknown field "spec.colour"',
    ]);
    const warned = await api.call('POST', path, { body: { spec } });
    expect([warned.status, warned.body.spec.colour, warned.headers.warning]).toEqual([
      201,
      undefined,
      '299 - "unknown field \\"spec.colour\\""',
    ]);
    const other = await api.call('POST', path, { body: { apiVersion: 'v1', kind: 'Pod' } });
    expect([other.status, other.body.reason]).toEqual([400, 'BadRequest']);
    const selector = { requirements: [{ key: '', operator: 'Exists' }] };
    const keyless = { user: 'ann', resourceAttributes: { verb: 'list', resource: 'pods', labelSelector: selector } };
    const { body } = await api.create(path, { spec: keyless });
    expect(body.details.causes[0]).toEqual({
      reason: 'FieldValueInvalid',
      message: 'Invalid value: "": name part must be non-empty',
      field: 'spec.resourceAttributes.labelSelector.requirements[0].key',
    });
  },
);

conformanceCase(
  {
    title: 'takes a local review only in its own namespace, and none by name',
    source: 'authorization.k8s.io/v1 LocalSubjectAccessReview; upstream test: endpoints/handlers create',
  },
  async ({ api }) => {
    const reviews = '/apis/authorization.k8s.io/v1';
    const spec = { user: 'ann', resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods' } };
    const local = `${reviews}/namespaces/default/localsubjectaccessreviews`;
    expect((await api.create(local, { spec })).status).toBe(201);
    const elsewhere = await api.create(local, { metadata: { namespace: 'elsewhere' }, spec });
    expect([elsewhere.status, elsewhere.body.message]).toEqual([
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ]);
    expect((await api.get(`${reviews}/subjectaccessreviews`)).status).toBe(405);
    expect((await api.get(`${reviews}/subjectaccessreviews/x`)).status).toBe(404);
  },
);

conformanceCase(
  { title: 'refuses paths as it refuses resources', source: `${rbacPage}: non-resource endpoints` },
  async (t) => {
    const { status, body } = await t.api.as({ user: t.name('ann') }).get('/metrics');
    expect([status, body]).toEqual([
      403,
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: `forbidden: User "${t.name('ann')}" cannot get path "/metrics"`,
        reason: 'Forbidden',
        details: {},
        code: 403,
      },
    ]);
  },
);
