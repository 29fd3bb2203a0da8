import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

/**
 * Whom the gateway's rules and the cluster's own RBAC let do what. Towards a cluster that sees its callers both must agree: neither of them
 * alone is a way in, nor does one stand in for the other.
 */
const callers = [
  { name: 'both', rules: true, rbac: 'everything', reads: true, writes: true },
  { name: 'watcher', rules: true, rbac: 'reading', reads: true, writes: false },
  { name: 'rules-only', rules: true, rbac: 'nothing', reads: false, writes: false },
  { name: 'rbac-only', rules: false, rbac: 'everything', reads: false, writes: false },
  { name: 'neither', rules: false, rbac: 'nothing', reads: false, writes: false },
] as const;
type Caller = (typeof callers)[number];

const tokenOf = (name: string): string => `token-of-${name}-0123456789abcdef0123456789`;
const stack = new AsyncDisposableStack();
let cluster: EmbeddedCluster;
let gateway: TestGateway;

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', controllers: false }));
  const { store } = cluster;
  const put = (group: string, plural: string, object: object) =>
    store.create(store.resource(group, plural), object as never);
  put('', 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  put('', 'configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'first', namespace: 'shop' } });
  for (const { name } of callers) put('apps', 'deployments', deployment(name));
  for (const { name, rbac } of callers) if (rbac === 'everything') cluster.addToken(name, [], { namespaces: ['shop'] });
  const rbac = { apiGroup: 'rbac.authorization.k8s.io' };
  const at = { metadata: { name: 'reading', namespace: 'shop' }, apiVersion: `${rbac.apiGroup}/v1` };
  const verbs = ['get', 'list', 'watch'];
  put(rbac.apiGroup, 'roles', { ...at, kind: 'Role', rules: [{ apiGroups: ['*'], resources: ['*'], verbs }] });
  put(rbac.apiGroup, 'rolebindings', {
    ...at,
    kind: 'RoleBinding',
    roleRef: { ...rbac, kind: 'Role', name: 'reading' },
    subjects: [{ ...rbac, kind: 'User', name: 'watcher' }],
  });
  const file = stack.use(await kubeconfigFile(cluster));
  gateway = stack.use(
    await startTestGateway({
      settings: {
        embedded: { enabled: false },
        clusters: [{ name: 'far', kubeconfig: file.path, identity: 'impersonate' }],
        tokens: callers.map(({ name, rules }) =>
          staticToken(name, tokenOf(name), { roles: ['DEVELOPER'], namespaces: [rules ? 'shop' : 'elsewhere'] }),
        ),
      },
    }),
  );
  await until(async () => {
    const { data } = await ask<{ workloads: { totalCount: number } }>(callers[0], '{ workloads { totalCount } }');
    expect(data?.workloads.totalCount).toBe(callers.length);
  });
}, 60_000);
afterAll(() => stack.disposeAsync());

const deployment = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'acme/vote:1' }] } },
  },
});
const idOf = (name: string): string =>
  encodeGlobalId({ of: 'kubernetes', cluster: 'far', group: 'apps', kind: 'Deployment', namespace: 'shop', name });

const ask = <T>({ name }: Pick<Caller, 'name'>, query: string, variables: object = {}) =>
  gateway.query<T, object>(query as never, variables, { token: tokenOf(name) });

function replicasOf(name: string): unknown {
  const { store } = cluster;
  return (
    store.get(store.resource('apps', 'deployments'), 'shop', name) as { spec?: { replicas?: number } } | undefined
  )?.spec?.replicas;
}

describe('a cluster that sees its callers', () => {
  it.each(
    callers,
  )('shows $name ($rbac by RBAC, rules: $rules) what both allow: $reads (CORE-07, CORE-09)', async (caller) => {
    const { data } = await ask<Record<string, { totalCount: number } | { name: string } | null>>(
      caller,
      `query ($id: ID!) {
        workloads(filter: { namespaces: ["shop"] }) { totalCount }
        configMaps(filter: { name: { equals: "first" } }) { totalCount }
        objects(cluster: "far", apiVersion: "v1", kind: "ConfigMap", filter: { name: { equals: "first" } }) { totalCount }
        object(cluster: "far", apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "first") { name }
        node(id: $id) { id } }`,
      { id: idOf(caller.name) },
    );
    const [all, one] = caller.reads ? [callers.length, 1] : [0, 0];
    expect(data).toMatchObject({
      workloads: { totalCount: all },
      configMaps: { totalCount: one },
      objects: { totalCount: one },
      object: caller.reads ? { name: 'first' } : null,
      node: caller.reads ? { id: idOf(caller.name) } : null,
    });
  });

  it.each(callers)('lets $name write where both allow it: $writes (CORE-09, CORE-17)', async (caller) => {
    const { name, writes, reads } = caller;
    const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } });
    const { data } = await ask<Record<string, { __typename: string }>>(
      caller,
      `mutation ($manifest: String!, $id: ID!) {
        applyManifest(input: { cluster: "far", manifest: $manifest }) { __typename ... on Error { message } }
        scaleWorkload(input: { id: $id, replicas: 3 }) { __typename } }`,
      { manifest, id: idOf(name) },
    );
    expect(data?.applyManifest?.__typename).toMatch(writes ? /Success$/ : /^(Forbidden|NotFound)Error$/);
    const refused = reads ? 'ForbiddenError' : 'NotFoundError';
    expect(data?.scaleWorkload?.__typename).toBe(writes ? 'ScaleWorkloadSuccess' : refused);
    const { store } = cluster;
    expect(store.get(store.resource('', 'configmaps'), 'shop', name) !== undefined).toBe(writes);
    expect(replicasOf(name)).toBe(writes ? 3 : 1);
  });

  it.each(callers)('does a batch of $name thing by thing where both allow it: $writes (CORE-26)', async (caller) => {
    const { name, writes, reads } = caller;
    const before = replicasOf(name);
    const { data } = await ask<{ scaleWorkloads: object }>(
      caller,
      `mutation ($ids: [ID!]!) { scaleWorkloads(input: { ids: $ids, replicas: 5 }) {
        ... on ScaleWorkloadsSuccess { results { ok error { code } } } } }`,
      { ids: [idOf(name), idOf('missing')] },
    );
    const missing = { ok: false, error: { code: 'NOT_FOUND' } };
    const code = reads ? 'FORBIDDEN' : 'NOT_FOUND';
    expect(data?.scaleWorkloads).toEqual({
      results: [writes ? { ok: true, error: null } : { ok: false, error: { code } }, missing],
    });
    expect(replicasOf(name)).toBe(writes ? 5 : before);
  });

  it.each(callers)('streams to $name what both allow: $reads (CORE-07, CORE-38)', async (caller) => {
    const stream = gateway.subscribe<{ objectChanges: { type: string; object: { name: string } | null } }>(
      `subscription { objectChanges(cluster: "far", apiVersion: "v1", kind: "ConfigMap", filter: { namespaces: ["shop"] }) { type object { name } } }`,
      {},
      { token: tokenOf(caller.name) },
    );
    const told = () => stream.received.map(({ data }) => data?.objectChanges.object?.name);
    await stream.next(({ data }) => data?.objectChanges.type === 'SNAPSHOT');
    expect(told().includes('first')).toBe(caller.reads);
    const { store } = cluster;
    const seen = `seen-of-${caller.name}`;
    const witness = gateway.subscribe<{ objectChanges: { type: string; object: { name: string } | null } }>(
      `subscription { objectChanges(cluster: "far", apiVersion: "v1", kind: "ConfigMap") { type object { name } } }`,
      {},
      { token: tokenOf('both') },
    );
    await witness.next(({ data }) => data?.objectChanges.type === 'SNAPSHOT');
    store.create(store.resource('', 'configmaps'), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: seen, namespace: 'shop' },
    } as never);
    await witness.next(({ data }) => data?.objectChanges.object?.name === seen);
    if (caller.reads) await until(() => expect(told()).toContain(seen));
    else expect(told().filter((name) => name !== undefined)).toEqual([]);
    await Promise.all([stream.stop(), witness.stop()]);
  });
});
