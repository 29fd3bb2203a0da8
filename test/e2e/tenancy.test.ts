import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { sha256 } from '../security/support/principals.ts';
import { until } from '../support/until.ts';

const secret = 'the-token-of-pia-who-administers-a-project';
const asPia = { token: secret };

let gateway: TestGateway;
let made = 0;

beforeAll(async () => {
  gateway = await startTestGateway({
    settings: { tokens: [{ name: 'pia', sha256: sha256(secret), roles: ['DEVELOPER'], namespaces: [] }] },
  });
}, 60_000);
afterAll(() => gateway?.stop());

type Payload = Readonly<Record<string, unknown>> & { readonly __typename: string };

async function mutate(name: string, input: object, fields = 'warnings', options = {}): Promise<Payload> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await gateway.query<Record<string, Payload>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} }
      ... on Error { message code } ... on ValidationError { issues { path code } } } }`,
    { input },
    options,
  );
  const payload = data?.[name];
  if (!payload) throw new Error(JSON.stringify(errors));
  return payload;
}

async function done<Result>(name: string, input: object, fields = 'warnings'): Promise<Result> {
  const payload = await mutate(name, input, fields);
  expect(payload).toMatchObject({ __typename: expect.stringMatching(/Success$/) });
  return payload as never;
}

async function makeProject(): Promise<{ readonly id: string; readonly identifier: string }> {
  made += 1;
  const input = { identifier: `team-${made}`, displayName: `Team ${made}` };
  return (
    await done<{ project: { id: string; identifier: string } }>('createProject', input, 'project { id identifier }')
  ).project;
}

async function makeNamespace(): Promise<string> {
  made += 1;
  await done('createNamespace', { cluster: 'embedded', name: `space-${made}` });
  return `space-${made}`;
}

const place = (namespace: string) => ({ cluster: 'embedded', namespace });
const share = (namespace: string, quota: object | null) => ({ ...place(namespace), quota });
const bind = (id: string, names: readonly string[]) =>
  done('bindNamespaces', { id, namespaces: names.map((name) => place(name)) });
const amounts = 'cpu memory pods configMaps';

async function quotaOf(id: string, options = {}): Promise<unknown> {
  const { data, errors } = await gateway.query<{ project: { quota: unknown } | null }>(
    `query ($id: ID!) { project(id: $id) { quota { limits { ${amounts} } shared { ${amounts} } used { ${amounts} }
      namespaces { namespace limits { ${amounts} } enforced { ${amounts} } used { ${amounts} } } } } }`,
    { id },
    options,
  );
  expect(errors).toBeUndefined();
  return data?.project?.quota;
}

const configMap = (namespace: string, name: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } });

describe('a workspace with a profile', () => {
  it('holds what runs in its namespaces to it, at once, whatever the cluster’s profile (CORE-02, CON-01)', async () => {
    const namespace = await makeNamespace();
    const manifest = JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'web:1' }] } },
      },
    });
    await done('applyManifest', { cluster: 'embedded', manifest });
    const { data } = await gateway.query<{ object: { id: string } }>(
      `query ($namespace: String!) { object(cluster: "embedded", apiVersion: "apps/v1", kind: "Deployment", namespace: $namespace, name: "web") { id } }`,
      { namespace },
    );
    const scale = () => mutate('scaleWorkload', { id: data?.object.id, replicas: 101, dryRun: true });
    expect(await scale()).toMatchObject({ __typename: 'ScaleWorkloadSuccess' });
    const { workspace } = await done<{ workspace: { id: string } }>(
      'createWorkspace',
      {
        identifier: 'tight',
        displayName: 'Tight',
        region: 'embedded',
        networkType: 'VPC',
        zones: ['embedded-a'],
        profile: 'csk',
      },
      'workspace { id }',
    );
    await bind(workspace.id, [namespace]);
    const shown = async () =>
      (
        await gateway.query(
          `query ($name: String!) { namespace(cluster: "embedded", name: $name) { profile { limits(names: ["replicas.max"]) { value setBy } } } }`,
          { name: namespace },
        )
      ).data;
    expect(await scale()).toMatchObject({ __typename: 'ValidationError', issues: [{ path: ['replicas'] }] });
    expect(await shown()).toEqual({ namespace: { profile: { limits: [{ value: 100, setBy: 'csk' }] } } });
    await done('updateWorkspace', { id: workspace.id, version: 1, profile: 'default' });
    expect(await scale()).toMatchObject({ __typename: 'ScaleWorkloadSuccess' });
    expect(await shown()).toEqual({ namespace: { profile: { limits: [{ value: null, setBy: null }] } } });
  });
});

describe('a workspace in other zones', () => {
  const place = { region: 'embedded', networkType: 'VPC', displayName: 'Elsewhere' };

  it('is refused the namespaces of a cluster that does not reach into them, old and new (refused, CORE-03)', async () => {
    const namespace = await makeNamespace();
    for (const [index, where] of [
      { zones: ['embedded-z'] },
      { region: 'elsewhere', zones: ['embedded-a'] },
    ].entries()) {
      const { workspace } = await done<{ workspace: { id: string } }>(
        'createWorkspace',
        { ...place, identifier: `outside-${index}`, ...where },
        'workspace { id }',
      );
      const input = { id: workspace.id, namespaces: [{ cluster: 'embedded', namespace }] };
      const refused = {
        __typename: 'PreconditionError',
        message: expect.stringContaining('not embedded-a of region embedded, embedded-b of region embedded'),
      };
      expect(await mutate('bindNamespaces', input)).toMatchObject(refused);
      const fresh = { cluster: 'embedded', name: `fresh-${index}`, workspaceId: workspace.id };
      expect(await mutate('createNamespace', fresh)).toMatchObject(refused);
    }
  });

  it('takes them where one node of the cluster lies in a zone of it (CORE-03)', async () => {
    const { workspace } = await done<{ workspace: { id: string } }>(
      'createWorkspace',
      { ...place, identifier: 'partly', zones: ['embedded-b', 'embedded-z'] },
      'workspace { id }',
    );
    await bind(workspace.id, [await makeNamespace()]);
  });
});

describe('a namespace that is deleted', () => {
  it('is nobody’s once it is gone, and so is a new one of its name (CORE-07, CMP-35)', async () => {
    const { id } = await makeProject();
    const name = await makeNamespace();
    await bind(id, [name]);
    await done('setNamespaceQuota', { cluster: 'embedded', name, quota: { pods: 3 } });
    await done('deleteNamespace', { cluster: 'embedded', name, confirm: name });
    const bound = async () => (await quotaOf(id)) as { namespaces: readonly unknown[] };
    await until(async () => expect((await bound()).namespaces).toEqual([]));
    const { store } = gateway.cluster;
    store.create(store.resource('', 'namespaces'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    await until(async () => {
      const { data } = await gateway.query(
        'query ($name: String!) { namespace(cluster: "embedded", name: $name) { project { id } quota { limits { pods } } } }',
        { name },
      );
      expect(data).toEqual({ namespace: { project: null, quota: null } });
    });
  });
});

describe('a project with a quota', () => {
  it('shares it out among its namespaces, which their cluster then enforces, and shows what is used (CORE-05, CMP-33)', async () => {
    const { id } = await makeProject();
    const [one, two] = [await makeNamespace(), await makeNamespace()];
    await bind(id, [one, two]);
    await done('addMembers', { id, members: [{ kind: 'PRINCIPAL', name: 'token:pia', role: 'DEVELOPER' }] });
    const set = await done('setProjectQuota', {
      id,
      version: 1,
      quota: { cpu: '2', configMaps: 5 },
      shares: [share(one, { cpu: '1500m', configMaps: 2 }), share(two, { cpu: '500m', configMaps: 3, pods: 4 })],
    });
    expect(set).toBeTruthy();
    // The cluster counts the ConfigMap that every namespace has of itself.
    const nothing = { cpu: null, memory: null, pods: null, configMaps: null };
    const limits = {
      one: { ...nothing, cpu: '1500m', configMaps: 2 },
      two: { ...nothing, cpu: '500m', configMaps: 3, pods: 4 },
    };
    await until(async () => {
      expect(await quotaOf(id, asPia)).toMatchObject({
        limits: { ...nothing, cpu: '2', configMaps: 5 },
        shared: { ...nothing, cpu: '2', configMaps: 5, pods: 4 },
        used: { cpu: '0', pods: 0 },
        namespaces: [
          { namespace: one, limits: limits.one, enforced: limits.one, used: { cpu: '0', pods: null } },
          { namespace: two, limits: limits.two, enforced: limits.two, used: { cpu: '0', pods: 0 } },
        ],
      });
    });
    const before = (await quotaOf(id)) as { used: { configMaps: number } };
    await done('applyManifest', { cluster: 'embedded', manifest: configMap(two, 'counted') });
    await until(async () =>
      expect(await quotaOf(id)).toMatchObject({ used: { configMaps: before.used.configMaps + 1 } }),
    );
    // Less than it uses is taken, and said.
    const less = { cluster: 'embedded', name: two, quota: { cpu: '500m', configMaps: 0 } };
    expect(await mutate('setNamespaceQuota', less)).toMatchObject({
      __typename: 'SetNamespaceQuotaSuccess',
      warnings: [expect.stringContaining('of ConfigMaps already and may use 0')],
    });
    expect(await mutate('setNamespaceQuota', { ...less, quota: { cpu: '500m', configMaps: 3 } })).toMatchObject({
      warnings: [],
    });
  });

  it('lets its cluster refuse what is beyond a share (refused, CORE-05, CMP-33)', async () => {
    const namespace = await makeNamespace();
    await done('setNamespaceQuota', { cluster: 'embedded', name: namespace, quota: { services: 0 } });
    const manifest = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'too-many', namespace },
      spec: { ports: [{ port: 80 }] },
    });
    await until(async () =>
      expect(await mutate('applyManifest', { cluster: 'embedded', manifest, dryRun: true })).toMatchObject({
        code: 'QUOTA_EXCEEDED',
      }),
    );
  });

  it('refuses shares that come to more than the whole, and a namespace without one, and then nothing changed (CORE-05)', async () => {
    const { id } = await makeProject();
    const [one, two] = [await makeNamespace(), await makeNamespace()];
    await bind(id, [one, two]);
    const quota = { cpu: '2' };
    const tooMuch = { id, version: 1, quota, shares: [share(one, { cpu: '1500m' }), share(two, { cpu: '501m' })] };
    expect(await mutate('setProjectQuota', tooMuch)).toMatchObject({
      __typename: 'QuotaExceededError',
      message: expect.stringContaining('may use 2 of CPU; its namespaces would have 2001m'),
    });
    const withoutOne = { id, version: 1, quota, shares: [share(one, { cpu: '2' })] };
    expect(await mutate('setProjectQuota', withoutOne)).toMatchObject({
      __typename: 'QuotaExceededError',
      message: expect.stringContaining(`namespace '${two}'`),
    });
    expect(await quotaOf(id)).toMatchObject({ limits: null, shared: { cpu: null } });

    const fits = { id, version: 1, quota, shares: [share(one, { cpu: '1500m' }), share(two, { cpu: '500m' })] };
    await done('setProjectQuota', fits);
    expect(await mutate('setNamespaceQuota', { cluster: 'embedded', name: two, quota: { cpu: '1' } })).toMatchObject({
      __typename: 'QuotaExceededError',
    });
    const third = await makeNamespace();
    expect(await mutate('bindNamespaces', { id, namespaces: [place(third)] })).toMatchObject({
      __typename: 'QuotaExceededError',
    });
    expect(await mutate('setProjectQuota', { ...fits, version: 1 })).toMatchObject({ __typename: 'ConflictError' });
  });

  it('cannot be asked for more by two at once than there is (refused, CORE-05)', async () => {
    const { id } = await makeProject();
    const [one, two] = [await makeNamespace(), await makeNamespace()];
    await bind(id, [one, two]);
    const shares = [share(one, { pods: 1 }), share(two, { pods: 1 })];
    await done('setProjectQuota', { id, version: 1, quota: { pods: 5 }, shares });
    const answers = await Promise.all(
      [one, two].map((name) => mutate('setNamespaceQuota', { cluster: 'embedded', name, quota: { pods: 4 } })),
    );
    expect(answers.map(({ __typename }) => __typename).toSorted()).toEqual([
      'QuotaExceededError',
      'SetNamespaceQuotaSuccess',
    ]);
  });

  it('is set by nobody who belongs to it, and not seen by who does not (refused, CORE-05, CORE-17)', async () => {
    const { id } = await makeProject();
    const namespace = await makeNamespace();
    await bind(id, [namespace]);
    const input = { id, version: 1, quota: { pods: 1 }, shares: [share(namespace, { pods: 1 })] };
    expect(await quotaOf(id, asPia)).toBeUndefined();
    expect(await mutate('setProjectQuota', input, 'warnings', asPia).catch(String)).toMatch(/FORBIDDEN/);
    await done('addMembers', { id, members: [{ kind: 'PRINCIPAL', name: 'token:pia', role: 'ADMIN' }] });
    expect(await mutate('setProjectQuota', input, 'warnings', asPia).catch(String)).toMatch(/FORBIDDEN/);
    expect(
      await mutate('setNamespaceQuota', { cluster: 'embedded', name: namespace, quota: null }, 'warnings', asPia).catch(
        String,
      ),
    ).toMatch(/FORBIDDEN/);
  });

  it('is lifted again, and what others have changed is put right (CORE-05, CMP-33)', async () => {
    const name = await makeNamespace();
    const { store } = gateway.cluster;
    const quotas = store.resource('', 'resourcequotas');
    await done('setNamespaceQuota', { cluster: 'embedded', name, quota: { memory: '1Gi' } });
    await until(async () =>
      expect(store.get(quotas, name, 'longshore')).toMatchObject({ spec: { hard: { 'requests.memory': '1Gi' } } }),
    );
    await done('setNamespaceQuota', { cluster: 'embedded', name, quota: null });
    await until(async () => expect(store.get(quotas, name, 'longshore')).toBeUndefined());
  });
});
