import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
});
afterAll(() => gateway?.stop());

const admin = 'dev-admin';
const developer = 'dev-developer';
type Answer = ReturnType<typeof JSON.parse>;

async function call(name: string, input: object, fields = '__typename', token = admin): Promise<Answer> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await gateway.query<Answer>(
    `mutation ($input: ${type}Input!) { answer: ${name}(input: $input) { __typename ... on ${type}Success { ${fields} }
      ... on Error { message code } ... on ValidationError { issues { path code message } } ... on InUseError { references { id } }
      ... on CapabilityMissingError { hint } ... on PreconditionError { reason unacknowledged { code message } } } }`,
    { input } as never,
    { token },
  );
  return data?.answer ?? { refused: errors?.[0]?.extensions?.code };
}
const cluster = 'embedded';
const set = (input: object, token = admin) =>
  call(
    'updateClusterFeatures',
    { cluster, ...input },
    'cluster { features { version } } changes { path } warnings',
    token,
  );
async function features(token = developer): Promise<Answer> {
  const feature = '{ isAvailable engines hint isEnabled isDecided }';
  const { data } = await gateway.query<Answer>(
    `{ cluster(name: "embedded") { features { mesh ${feature} logs ${feature} version changedBy } } }`,
    {},
    { token },
  );
  return data.cluster.features;
}
const workload = (name: string, logCollection?: object) => ({
  ...{ cluster, namespace: 'shop', name, kind: { deployment: { replicas: 1 } } },
  template: { containers: [{ name: 'web', image: 'nginx:1.29', ...(logCollection ? { logCollection } : {}) }] },
});
const manifest = (name: string, metadata: object) =>
  JSON.stringify({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop' } },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { ...metadata, labels: { app: name, ...(metadata as { labels?: object }).labels } },
        spec: { containers: [{ name: 'web', image: 'nginx:1.29' }] },
      },
    },
  });
const meshed = { labels: { 'sidecar.istio.io/inject': 'true' } };

/** The kinds of Istio, as far as anybody looks at them. */
async function installMesh(): Promise<void> {
  const { store } = gateway.cluster;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  store.create(store.resource('apiextensions.k8s.io', 'customresourcedefinitions'), {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'destinationrules.networking.istio.io' },
    spec: {
      ...{ group: 'networking.istio.io', scope: 'Namespaced' },
      names: { plural: 'destinationrules', singular: 'destinationrule', kind: 'DestinationRule' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  } as never);
  await expect.poll(async () => (await features()).mesh.isAvailable, { timeout: 20_000 }).toBe(true);
}

describe('mesh and log service of a cluster', () => {
  it('are as the profile has them until somebody decides, and tell what is there (CMP-16)', async () => {
    expect(await features()).toMatchObject({
      mesh: {
        isAvailable: false,
        engines: [],
        hint: expect.stringContaining('Istio'),
        isEnabled: true,
        isDecided: false,
      },
      logs: { isEnabled: true, isDecided: false },
      ...{ version: 0, changedBy: null },
    });
  });

  it('are switched on only where something does it, with what cures it where nothing does (CMP-16) (refused)', async () => {
    expect(await set({ mesh: true })).toMatchObject({
      __typename: 'CapabilityMissingError',
      hint: expect.stringContaining('istio.io'),
    });
    expect((await features()).version).toBe(0);
  });

  it('are for administrators to switch (CMP-16) (refused)', async () => {
    expect(await set({ logs: false }, developer)).toEqual({ refused: 'FORBIDDEN' });
    expect(await call('updateClusterFeatures', { cluster: 'nowhere', logs: false })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('are not switched by saying nothing, or by who read an older version (CMP-16) (bad input)', async () => {
    expect(await set({})).toMatchObject({ issues: [{ code: 'empty' }] });
    expect(await set({ logs: false, version: 7 })).toMatchObject({ __typename: 'ConflictError' });
    expect((await features()).version).toBe(0);
  });

  it('off: logs are collected of nothing more, by form or YAML, and of what was so still; on again it is told live (CMP-16, CMP-63)', async () => {
    const stream = gateway.subscribe<Answer, object>(
      'subscription { clusterChanges(snapshot: false) { type cluster { name features { logs { isEnabled } } } } }',
      {},
      { token: developer },
    );
    const told = () =>
      stream.received.flatMap(({ data }) => data?.clusterChanges.cluster?.features.logs.isEnabled ?? []);
    const collected = { standardOutput: true };
    const made = await call('createWorkload', workload('logged', collected), 'workload { id }', developer);
    expect(made).toMatchObject({ __typename: 'CreateWorkloadSuccess' });

    const dry = await set({ logs: false, dryRun: true, acknowledge: ['LOGS_STILL_COLLECTED'] });
    expect(dry).toMatchObject({ changes: [{ path: expect.stringContaining('logs') }] });
    expect((await features()).logs.isEnabled).toBe(true);
    expect(await set({ logs: false })).toMatchObject({
      unacknowledged: [{ code: 'LOGS_STILL_COLLECTED', message: expect.stringContaining("'logged'") }],
    });
    expect(await set({ logs: false, acknowledge: ['LOGS_STILL_COLLECTED'] })).toMatchObject({
      cluster: { features: { version: 1 } },
    });
    expect(await features()).toMatchObject({
      logs: { isEnabled: false, isDecided: true },
      changedBy: expect.any(String),
    });
    await expect.poll(told).toContain(false);

    expect(await call('createWorkload', workload('other', collected), '__typename', developer)).toMatchObject({
      issues: [{ code: 'log_service_off', message: expect.stringContaining('updateClusterFeatures') }],
    });
    const annotations = { 'longshore.dev/log-collection': '{"web":{"standardOutput":true}}' };
    const yaml = await call(
      'applyManifest',
      { cluster, manifest: manifest('plain', { annotations }) },
      '__typename',
      developer,
    );
    expect(JSON.stringify(yaml)).toContain('log_service_off');
    expect(
      await call(
        'updateWorkload',
        { id: made.workload.id, template: { containers: [{ name: 'web', image: 'nginx:1.30' }] } },
        '__typename',
        developer,
      ),
    ).toMatchObject({ __typename: 'UpdateWorkloadSuccess' });

    expect(await set({ logs: null })).toMatchObject({ cluster: { features: { version: 2 } } });
    expect(await call('createWorkload', workload('other', collected), '__typename', developer)).toMatchObject({
      __typename: 'CreateWorkloadSuccess',
    });
    await expect.poll(() => told().at(-1)).toBe(true);
  });

  it('logs are switched on where an agent collects them (CMP-16)', async () => {
    expect((await features()).logs.engines).not.toContain('Fluent Bit');
    const { store } = gateway.cluster;
    store.create(store.resource('apps', 'daemonsets'), {
      ...{ apiVersion: 'apps/v1', kind: 'DaemonSet' },
      metadata: { name: 'logs', namespace: 'kube-system', labels: { 'app.kubernetes.io/name': 'fluent-bit' } },
      spec: {
        selector: { matchLabels: { app: 'logs' } },
        template: {
          metadata: { labels: { app: 'logs' } },
          spec: { nodeSelector: { no: 'where' }, containers: [{ name: 'agent', image: 'fluent-bit:4' }] },
        },
      },
    } as never);
    await expect.poll(async () => (await features()).logs.engines).toContain('Fluent Bit');
    expect(await set({ logs: true })).toMatchObject({ __typename: 'UpdateClusterFeaturesSuccess' });
    expect((await features()).logs).toMatchObject({ isAvailable: true, isEnabled: true, isDecided: true, hint: null });
  });

  it('the mesh stays on while workloads are in it, which are named (CMP-16) (refused)', async () => {
    await installMesh();
    expect((await features()).mesh).toMatchObject({ engines: ['Istio'], hint: null });
    const on = await set({ mesh: true });
    expect(on).toMatchObject({ __typename: 'UpdateClusterFeaturesSuccess' });
    const applied = await call('applyManifest', { cluster, manifest: manifest('in-mesh', meshed) });
    expect(applied).toMatchObject({ __typename: 'ApplyManifestSuccess' });
    await expect
      .poll(() => set({ mesh: false }))
      .toMatchObject({ __typename: 'InUseError', message: expect.stringContaining("'in-mesh'"), references: [{}] });
    const { store } = gateway.cluster;
    store.delete(store.resource('apps', 'deployments'), 'shop', 'in-mesh');
    await expect.poll(async () => (await set({ mesh: false })).__typename).toBe('UpdateClusterFeaturesSuccess');
    const late = await call('applyManifest', { cluster, manifest: manifest('late', meshed) });
    expect(JSON.stringify(late)).toContain('mesh_off');
  });
});
