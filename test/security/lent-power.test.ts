import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import type { ClusterWriter } from '../../src/kube/cluster-writer.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';
import { type CapturingProxy, capturingProxy } from './support/capturing-proxy.ts';

const developer = 'token-of-a-developer-0123456789abcdef';
const administrator = 'token-of-an-administrator-0123456789';

let cluster: EmbeddedCluster;
let proxy: CapturingProxy;
let gateway: TestGateway;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', controllers: false }));
  proxy = stack.use(await capturingProxy(cluster));
  const file = stack.use(await kubeconfigFile({ ...cluster, kubeconfig: proxy.kubeconfig }));
  const { store } = cluster;
  store.create(store.resource('', 'namespaces'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  cluster.addToken('dev', [], { namespaces: ['shop'] });
  put('apps', 'deployments', 'plain', podTemplate({}));
  put('apps', 'deployments', 'mighty', podTemplate({ hostNetwork: true }));
  put('', 'configmaps', 'any', {});
  put('', 'serviceaccounts', 'robot', {});
  const annotations = { 'kubernetes.io/service-account.name': 'robot' };
  put(
    '',
    'secrets',
    'key',
    {},
    {
      type: 'kubernetes.io/service-account-token',
      metadata: { name: 'key', namespace: 'shop', annotations },
    },
  );
  put('', 'pods', 'plain', pod({}).spec);
  gateway = stack.use(
    await startTestGateway({
      plugins: [fileURLToPath(new URL('../fixtures/mighty-plugin/plugin.ts', import.meta.url))],
      settings: {
        embedded: { enabled: false },
        clusters: [
          { name: 'seen', kubeconfig: file.path, identity: 'gateway', serviceAccounts: { DEVELOPER: ['listed'] } },
          { name: 'caller', kubeconfig: file.path, identity: 'impersonate' },
        ],
        tokens: [
          staticToken('dev', developer, { roles: ['DEVELOPER'], namespaces: ['shop'] }),
          staticToken('boss', administrator, { roles: ['ADMIN'] }),
        ],
      },
    }),
  );
  for (const name of ['seen', 'caller']) {
    await until(async () =>
      expect(
        await write({ cluster: name, road: 'delete', kind: ['apps/v1', 'Deployment'], name: 'missing' }),
      ).toContain('NotFoundError'),
    );
  }
}, 60_000);

afterAll(() => stack.disposeAsync());

const container = { name: 'a', image: 'nginx' };
const pod = (spec: object) => ({ spec: { containers: [container], ...spec } });
const podTemplate = (spec: object) => ({
  selector: { matchLabels: { app: 'a' } },
  template: { metadata: { labels: { app: 'a' } }, ...pod(spec) },
});

function put(group: string, resource: string, name: string, spec: object, more: object = {}): void {
  const { store } = cluster;
  const found = store.resource(group, resource);
  store.create(found, {
    apiVersion: group === '' ? 'v1' : `${group}/v1`,
    kind: found.kind,
    metadata: { name, namespace: 'shop' },
    ...(Object.keys(spec).length === 0 ? {} : { spec }),
    ...more,
  } as never);
}

interface Attempt {
  readonly cluster?: string;
  readonly road: keyof ClusterWriter;
  readonly as?: string;
  readonly kind: readonly [apiVersion: string, kind: string];
  readonly name?: string;
  readonly object?: object;
  readonly subresource?: string;
  readonly token?: string;
  readonly dryRun?: boolean;
}

/** What was answered, in one line: the type and what stood against it. */
async function write(attempt: Attempt): Promise<string> {
  const { road, as = 'caller', kind, name = 'new', object = {}, subresource, token = developer } = attempt;
  const [apiVersion, kindName] = kind;
  const order = { cluster: attempt.cluster ?? 'seen', apiVersion, kind: kindName, name, object, subresource };
  const { data, errors } = await gateway.query<{ writeByRoad: { __typename: string; message?: string } }, object>(
    'mutation ($input: WriteByRoadInput!) { writeByRoad(input: $input) { __typename ... on Error { message } } }',
    { input: { road, as, order, dryRun: attempt.dryRun ?? false } },
    { token },
  );
  if (!data?.writeByRoad) return `error ${errors?.[0]?.extensions?.code ?? ''}`;
  return `${data.writeByRoad.__typename} ${data.writeByRoad.message ?? ''}`;
}

const named = (name: string, more: object) => ({ metadata: { name, namespace: 'shop' }, ...more });
const deployment = ['apps/v1', 'Deployment'] as const;
const forbidden = /^ForbiddenError /;

/** Each method of the writer, with what must not go through it. A method that is not here does not compile. */
const hostile: Readonly<Record<keyof ClusterWriter, readonly Omit<Attempt, 'road'>[]>> = {
  create: [
    { kind: deployment, object: named('n1', { spec: podTemplate({ hostPID: true }) }) },
    { kind: deployment, object: named('n2', { spec: podTemplate({ serviceAccountName: 'robot' }) }) },
    {
      kind: ['v1', 'Pod'],
      object: named('n3', pod({ containers: [{ ...container, securityContext: { privileged: true } }] })),
    },
    { kind: ['v1', 'ServiceAccount'], object: named('n4', {}) },
    { kind: ['v1', 'Secret'], object: named('n5', { type: 'kubernetes.io/service-account-token' }) },
    { kind: ['v1', 'Service'], object: named('n6', { spec: { externalIPs: ['1.1.1.1'] } }) },
    {
      kind: ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
      object: named('n7', { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' } }),
    },
    { kind: ['v1', 'ServiceAccount'], object: named('robot', { spec: {} }), subresource: 'token' },
    { kind: ['v1', 'Pod'], object: named('plain', { target: { name: 'node' } }), subresource: 'binding' },
  ],
  apply: [
    { kind: deployment, object: named('plain', { spec: podTemplate({ hostIPC: true }) }) },
    { kind: deployment, object: named('mighty', { spec: { replicas: 2 } }) },
    { kind: ['rbac.authorization.k8s.io/v1', 'Role'], object: named('n8', { rules: [] }) },
    { kind: ['v1', 'Secret'], object: named('key', { stringData: { a: 'b' } }) },
  ],
  patch: [
    { kind: deployment, name: 'plain', object: { spec: { template: { spec: { hostNetwork: true } } } } },
    { kind: deployment, name: 'plain', object: { spec: { template: { spec: { serviceAccountName: 'robot' } } } } },
    { kind: deployment, name: 'mighty', object: { spec: { template: { metadata: { labels: { more: 'yes' } } } } } },
    {
      kind: ['v1', 'Secret'],
      name: 'key',
      object: { metadata: { annotations: { 'kubernetes.io/service-account.name': 'robot' } } },
    },
    { kind: ['v1', 'ServiceAccount'], name: 'robot', object: { metadata: { labels: { a: 'b' } } } },
    { kind: ['v1', 'Pod'], name: 'plain', object: { status: { phase: 'Failed' } }, subresource: 'status' },
    {
      kind: ['v1', 'Pod'],
      name: 'plain',
      object: { spec: { ephemeralContainers: [{ name: 'd', image: 'x', securityContext: { privileged: true } }] } },
      subresource: 'ephemeralcontainers',
    },
  ],
  scale: [{ kind: ['apps/v1', 'ControllerRevision'], name: 'any' }],
  delete: [
    { kind: ['v1', 'ServiceAccount'], name: 'robot' },
    { kind: ['rbac.authorization.k8s.io/v1', 'Role'], name: 'any' },
    { kind: ['v1', 'ResourceQuota'], name: 'any' },
  ],
};

function describeAttempt({ kind, name, object, subresource }: Omit<Attempt, 'road'>): string {
  return [kind[1], name, subresource, object && JSON.stringify(object).slice(0, 160)].filter(Boolean).join(' ');
}

const allHostile = Object.entries(hostile).flatMap(([road, attempts]) =>
  ['seen', 'caller'].flatMap((where) =>
    attempts.map((attempt) => ({
      ...attempt,
      what: describeAttempt(attempt),
      road: road as keyof ClusterWriter,
      cluster: where,
    })),
  ),
);

const writesSent = () =>
  proxy.requests.filter(({ target }) => !target.startsWith('GET ') && !/accessreviews/.test(target));

describe('the power that the gateway lends', () => {
  it.each(allHostile)('lets no developer $road $what in cluster $cluster (CORE-17, refused)', async (attempt) => {
    proxy.clear();
    expect(await write(attempt)).toMatch(forbidden);
    // At most the cluster was asked what would come of it.
    expect(writesSent().filter(({ target }) => !target.includes('dryRun=All'))).toEqual([]);
    expect(await write({ ...attempt, dryRun: true })).toMatch(forbidden);
  });

  it.each([
    'seen',
    'caller',
  ])('lets developers write what runs their applications, with at most one request more, in cluster %s (CORE-11)', async (where) => {
    const measured: Record<string, number> = {};
    const count = async (title: string, attempt: Omit<Attempt, 'cluster'>) => {
      proxy.clear();
      expect(await write({ cluster: where, ...attempt })).toMatch(/^WriteByRoadSuccess/);
      measured[title] = writesSent().length;
    };
    const name = `web-${where}`;
    await count('create', { road: 'create', kind: deployment, object: named(name, { spec: podTemplate({}) }) });
    await count('apply', {
      road: 'apply',
      kind: deployment,
      object: named(name, { spec: podTemplate({ terminationGracePeriodSeconds: 5 }) }),
    });
    await count('apply of a ConfigMap', {
      road: 'apply',
      kind: ['v1', 'ConfigMap'],
      object: named(name, { data: { a: 'b' } }),
    });
    await count('patch of labels', {
      road: 'patch',
      kind: deployment,
      name,
      object: { metadata: { labels: { a: 'b' } } },
    });
    await count('patch of replicas', { road: 'patch', kind: deployment, name, object: { spec: { replicas: 2 } } });
    await count('patch of a template', {
      road: 'patch',
      kind: deployment,
      name,
      object: { spec: { template: { spec: { terminationGracePeriodSeconds: 6 } } } },
    });
    await count('scale', { road: 'scale', kind: deployment, name });
    await count('delete', { road: 'delete', kind: deployment, name });
    expect(measured).toEqual({
      create: 1,
      apply: 2,
      'apply of a ConfigMap': 1,
      'patch of labels': 1,
      'patch of replicas': 1,
      'patch of a template': 2,
      scale: 1,
      delete: 1,
    });
  });

  it('lets pods run as the service accounts that the cluster lists for the role', async () => {
    const object = named('listed', { spec: podTemplate({ serviceAccountName: 'listed' }) });
    expect(await write({ road: 'create', kind: deployment, object })).toMatch(/^WriteByRoadSuccess/);
    expect(await write({ cluster: 'caller', road: 'create', kind: deployment, object })).toMatch(forbidden);
  });

  it.each([
    'forged',
    'derived',
    'changed',
    'platform',
    'callerOfLoop',
  ])('is not lent to a plugin that writes as "%s" (refused)', async (as) => {
    proxy.clear();
    const object = named('round', { spec: podTemplate({ hostNetwork: true }) });
    expect(await write({ as, road: 'create', kind: deployment, object })).not.toMatch(/^WriteByRoadSuccess/);
    expect(writesSent()).toEqual([]);
  });

  it('goes to the platform itself only with a reason, which stands with the write', async () => {
    const object = named('by-platform', { spec: podTemplate({ hostNetwork: true }) });
    expect(await write({ as: 'platformForReason', road: 'create', kind: deployment, object })).toMatch(/Success/);
    const { records } = await gateway.gateway.rooms.operations.list(
      { actions: ['writeByRoad'], statuses: ['SUCCEEDED'] },
      { first: 1 },
    );
    expect(records[0]?.writes).toMatchObject([{ name: 'by-platform', asPlatform: 'the fixture says why' }]);
  });

  it('is an administrator’s anyway, at no request more', async () => {
    proxy.clear();
    const object = named('by-boss', { spec: podTemplate({ hostNetwork: true }) });
    expect(await write({ token: administrator, road: 'apply', kind: deployment, object })).toMatch(/Success/);
    expect(writesSent()).toHaveLength(1);
  });
});
