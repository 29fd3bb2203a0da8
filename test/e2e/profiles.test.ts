import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { type KubeconfigFile, kubeconfigFile } from '../support/kubeconfig-file.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const token = 'the-token-of-an-administrator-of-two-clusters';
const asAdmin = { token };

let folder: string;
let clusters: readonly EmbeddedCluster[] = [];
let files: readonly KubeconfigFile[] = [];
let gateway: TestGateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-e2e-profiles-'));
  const own = join(folder, 'shop.yaml');
  await writeFile(
    own,
    'name: shop\ntitle: Shop\nextends: csk\nvalues:\n  compute:\n    replicas.max: 7   # on our own\n',
  );
  const names = ['tight', 'wide', 'plain'];
  clusters = await Promise.all(names.map((name) => startEmbeddedCluster({ name, controllers: false })));
  for (const { store } of clusters) {
    store.create(store.resource('apps', 'deployments'), deployment);
  }
  files = await Promise.all(clusters.map((cluster) => kubeconfigFile(cluster)));
  const profiles: Record<string, string> = { tight: 'csk', wide: 'ecs' };
  gateway = await startTestGateway({
    settings: {
      embedded: { enabled: false },
      tokens: [
        staticToken('operator', token, { roles: ['ADMIN'] }),
        staticToken('guest', 'the-token-of-somebody-without-namespaces', { roles: ['DEVELOPER'] }),
      ],
      profile: 'shop',
      profiles: [own],
      clusters: names.map((name, index) => ({ name, kubeconfig: files[index]?.path, profile: profiles[name] })),
    },
  });
  await until(async () => {
    const { data } = await gateway.query<{ workloads: { totalCount: number } }>(
      '{ workloads(filter: { name: { equals: "vote" } }) { totalCount } }',
      {},
      asAdmin,
    );
    expect(data?.workloads.totalCount).toBe(3);
  });
});
afterAll(async () => {
  await gateway?.stop();
  await Promise.all(clusters.map((cluster) => cluster.stop()));
  await Promise.all(files.map((file) => file[Symbol.asyncDispose]()));
  await rm(folder, { recursive: true, force: true });
});

const labels = { app: 'vote' };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'vote', namespace: 'default' },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'acme/vote:1' }] } },
  },
};

async function scale(cluster: string, replicas: number): Promise<unknown> {
  const id = encodeGlobalId({
    of: 'kubernetes',
    cluster,
    group: 'apps',
    kind: 'Deployment',
    namespace: 'default',
    name: 'vote',
  });
  const answer = await gateway.query<{ scaleWorkload: unknown }>(
    `mutation ($id: ID!, $replicas: Int!) { scaleWorkload(input: { id: $id, replicas: $replicas }) {
       ... on ScaleWorkloadSuccess { changes { after } operation { status } }
       ... on ValidationError { code issues { path code message } } ... on Error { message } } }`,
    { id, replicas },
    asAdmin,
  );
  return answer.data?.scaleWorkload ?? answer.errors;
}

/** Codes and lines of what stands against a manifest, or what became of it. */
async function applied(cluster: string, manifest: string, query = false): Promise<unknown> {
  const issues = 'issues { line code path }';
  const { data, errors } = await gateway.query<Record<string, { readonly issues?: readonly object[] }>>(
    query
      ? `query ($cluster: String!, $manifest: String!) { it: validateManifest(cluster: $cluster, manifest: $manifest) { ${issues} } }`
      : `mutation ($cluster: String!, $manifest: String!) { it: applyManifest(input: { cluster: $cluster, manifest: $manifest }) {
           __typename ... on Error { message } ... on ValidationError { ${issues} } ... on ApplyManifestSuccess { documents { action } } } }`,
    { cluster, manifest },
    asAdmin,
  );
  expect(errors).toBeUndefined();
  return data?.it;
}

const workload = (kind: string, more: object = {}) =>
  JSON.stringify(
    {
      ...deployment,
      kind,
      metadata: { name: `made-${kind.toLowerCase()}`, namespace: 'default' },
      spec: {
        ...(kind === 'DaemonSet' ? {} : { replicas: 1 }),
        ...(kind === 'StatefulSet' ? { serviceName: 'x' } : {}),
        selector: { matchLabels: labels },
        template: deployment.spec.template,
        ...more,
      },
    },
    null,
    1,
  );
const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: lone, namespace: default}\nspec: {containers: [{name: a, image: b}]}\n';

describe('a manifest is held to the profile of its place', () => {
  it.each([
    ['CMP-44: a StatefulSet where only Deployment is open', 'tight', workload('StatefulSet'), 'kind_closed', 3],
    ['CMP-44: a DaemonSet where only Deployment is open', 'tight', workload('DaemonSet'), 'kind_closed', 3],
    ['CMP-44: a ReplicaSet where only Deployment is open', 'tight', workload('ReplicaSet'), 'kind_closed', 3],
    ['CMP-85: a lone pod in csk', 'tight', pod, 'kind_closed', 2],
    ['CMP-45: more pods than csk allows', 'tight', workload('Deployment', { replicas: 101 }), 'too_big', 9],
    [
      'CMP-47: more variables than csk allows',
      'tight',
      workload('Deployment', {
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: 'main',
                image: 'b',
                env: Array.from({ length: 31 }, (_, index) => ({ name: `E${index}`, value: 'x' })),
              },
            ],
          },
        },
      }),
      'too_many',
      26,
    ],
  ])('%s (refused), with its line, while typing and when applied', async (_name, cluster, manifest, code, line) => {
    expect(await applied(cluster, manifest)).toMatchObject({ issues: [{ code, line }] });
    expect(await applied(cluster, manifest, true)).toMatchObject({ issues: [{ code, line }] });
  });

  it.each([
    ['CMP-44: a StatefulSet where it is open', 'wide', workload('StatefulSet')],
    ['CMP-45: as many pods as csk allows', 'tight', workload('Deployment', { replicas: 100 })],
    ['CMP-45: more where there is no limit', 'wide', workload('Deployment', { replicas: 101 })],
  ])('%s', async (_name, cluster, manifest) => {
    expect(await applied(cluster, manifest, true)).toEqual({ issues: [] });
    expect(await applied(cluster, manifest)).toMatchObject({ documents: [{ action: 'CREATED' }] });
  });

  it('CMP-86: a pod that is there is not edited as YAML in ecs (refused)', async () => {
    const wide = clusters[1];
    wide?.store.create(wide.store.resource('', 'pods'), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'lone', namespace: 'default' },
      spec: { containers: [{ name: 'a', image: 'b' }] },
    });
    await until(async () => expect(await applied('wide', pod)).toMatchObject({ issues: [{ code: 'view_only' }] }));
  });
});

describe('two clusters with different profiles', () => {
  it('show them, and the platform’s where they have none of their own', async () => {
    const { data } = await gateway.query(
      '{ clusters(orderBy: [{ field: NAME, direction: ASC }]) { nodes { name profile { name limits(names: ["replicas.max"]) { value setBy } } } } }',
      {},
      asAdmin,
    );
    expect(data?.clusters).toEqual({
      nodes: [
        { name: 'plain', profile: { name: 'shop', limits: [{ value: 7, setBy: 'shop' }] } },
        { name: 'tight', profile: { name: 'csk', limits: [{ value: 100, setBy: 'csk' }] } },
        { name: 'wide', profile: { name: 'ecs', limits: [{ value: null, setBy: null }] } },
      ],
    });
  });

  it.each([
    ['tight', 100],
    ['wide', 101],
    ['plain', 7],
  ])('take in %s %i pods', async (cluster, replicas) => {
    expect(await scale(cluster, replicas)).toEqual({
      changes: expect.arrayContaining([{ after: replicas }]),
      operation: { status: 'SUCCEEDED' },
    });
  });

  it.each([
    ['tight', 101, 'too_big', "replicas must be 1 to 100 by the profile 'csk', got 101"],
    ['tight', 0, 'too_small', "replicas must be 1 to 100 by the profile 'csk', got 0"],
    ['plain', 8, 'too_big', "replicas must be 1 to 7 by the profile 'shop', got 8"],
    ['wide', -1, 'too_small', "replicas must be 0 to 1000 by the profile 'ecs', got -1"],
    ['wide', 2_147_483_647, 'too_big', "replicas must be 0 to 1000 by the profile 'ecs', got 2147483647"],
  ])('refuse in %s %i pods', async (cluster, replicas, code, message) => {
    expect(await scale(cluster, replicas)).toEqual({
      code: 'VALIDATION',
      message,
      issues: [{ path: ['replicas'], code, message }],
    });
  });
});

describe('profiles over HTTP', () => {
  const document = '{ profile(name: "shop") { name extends { name } } profiles { totalCount } }';

  it('are there for every signed-in caller, whatever they may see', async () => {
    const { data, errors } = await gateway.query(document, {}, { token: 'the-token-of-somebody-without-namespaces' });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ profile: { name: 'shop', extends: { name: 'csk' } }, profiles: { totalCount: 8 } });
  });

  it('are not there for anybody else (refused)', async () => {
    const { data, errors } = await gateway.query(document, {}, { token: null });
    expect(data ?? null).toBe(null);
    expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });
});

describe('a gateway with wrong profiles', () => {
  it('does not start, and says all that is wrong', async () => {
    const one = join(folder, 'one.yaml');
    const other = join(folder, 'other.yaml');
    await writeFile(one, 'name: one\ntitle: One\nextends: other\nvalues:\n  compute:\n    replicas.max: lots\n');
    await writeFile(other, 'name: other\ntitle: Other\nextends: one\nvalues:\n  compute:\n    replica.max: 1\n');
    const settings = { embedded: { enabled: false }, profiles: [one, other], profile: 'cks' };
    const failure = await startTestGateway({ settings }).then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(failure?.split('\n')).toEqual([
      `${one}:6: replicas.max must be a whole number from 1 to 2147483647, or null for no limit, got "lots"`,
      `${other}:6: 'replica.max' is no profile key of plugin 'compute'; did you mean 'replicas.max'?`,
      `${one}:3: profiles extend each other in a circle: one → other → one`,
      "profile is 'cks', which is no profile; did you mean 'csk'?",
    ]);
  });
});
