import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticToken } from '../../test/support/static-token.ts';

const developer = { token: 'the-token-of-a-developer-of-the-shop' };
const stranger = { token: 'the-token-of-a-developer-of-a-bank' };
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({
    clusterSpeed: 40,
    settings: {
      embedded: { enabled: true, engines: ['kube-ovn'] },
      tokens: [
        staticToken('developer', developer.token, { roles: ['DEVELOPER'], namespaces: ['shop'] }),
        staticToken('stranger', stranger.token, { roles: ['DEVELOPER'], namespaces: ['bank'] }),
        staticToken('admin', admin.token, { roles: ['ADMIN'] }),
      ],
    },
  });
  const backend = { service: { name: 'drawn', port: { number: 80 } } };
  put('kubeovn.io', 'vpcs', {
    kind: 'Vpc',
    metadata: { name: 'blue', namespace: undefined },
    spec: { namespaces: ['shop'] },
  });
  put('kubeovn.io', 'subnets', {
    kind: 'Subnet',
    metadata: { name: 'blue-a', namespace: undefined },
    spec: { vpc: 'blue', cidrBlock: '10.77.0.0/24', protocol: 'IPv4' },
  });
  put('apps', 'deployments', {
    kind: 'Deployment',
    metadata: { name: 'drawn' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { 'ovn.kubernetes.io/logical_switch': 'blue-a' } },
        spec: { containers: [{ name: 'web', image: 'registry.local/web:v1' }] },
      },
    },
  });
  put('', 'services', {
    kind: 'Service',
    metadata: { name: 'drawn' },
    spec: { selector: labels, ports: [{ port: 80 }] },
  });
  put('networking.k8s.io', 'ingresses', {
    kind: 'Ingress',
    metadata: { name: 'drawn' },
    spec: { rules: [{ host: 'vote.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
  });
});
afterAll(() => gateway?.stop());

const admin = { token: 'the-token-of-an-administrator-of-all' };
const labels = { app: 'drawn' };
const versions: Readonly<Record<string, string>> = { '': 'v1' };

function put(group: string, plural: string, draft: { readonly metadata: object; readonly [field: string]: unknown }) {
  const { store } = gateway.cluster;
  store.create(store.resource(group, plural), {
    apiVersion: versions[group] ?? `${group}/v1`,
    ...draft,
    metadata: { namespace: 'shop', ...draft.metadata },
  } as never);
}

interface Topology {
  readonly nodes: readonly {
    readonly id: string;
    readonly kind: string;
    readonly name: string;
    readonly isReady: boolean | null;
  }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly problems: readonly { readonly code: string }[];
}

async function topology(args: string, as: object = admin): Promise<Topology> {
  const { data, errors } = await gateway.query<{ networkTopology: Topology }>(
    `{ networkTopology${args} { nodes { id kind name isReady object { uid } } edges { from to } problems { code } } }`,
    {},
    as,
  );
  expect(errors).toBeUndefined();
  return data?.networkTopology as Topology;
}

/** Its edges by kind and name of their ends; pods have names of their own. */
function drawn({ nodes, edges }: Topology): readonly string[] {
  const names = new Map(nodes.map(({ id, kind, name }) => [id, kind === 'POD' ? 'pod' : `${kind} ${name}`]));
  return [...new Set(edges.map(({ from, to }) => `${names.get(from)} > ${names.get(to)}`))].sort();
}

const whole = [
  'SERVICE drawn > INGRESS drawn',
  'SUBNET blue-a > pod',
  'VPC blue > SUBNET blue-a',
  'pod > SERVICE drawn',
];
const inShop = '(cluster: "embedded", namespaces: ["shop"])';

describe('networkTopology', () => {
  it('leads from the VPC by subnet, pods and Service to the Ingress, in one query that costs the cluster nothing', async () => {
    await expect
      .poll(async () => drawn(await topology(inShop)), { timeout: 30_000 })
      .toEqual(expect.arrayContaining(whole));
    await expect
      .poll(
        async () =>
          (await topology(inShop)).nodes.find(({ kind, name }) => kind === 'SERVICE' && name === 'drawn')?.isReady,
      )
      .toBe(true);
    await expect
      .poll(
        async () => {
          gateway.cluster.requests.clear();
          await topology(inShop);
          return gateway.cluster.requests.entries.filter(({ verb }) => verb !== 'watch');
        },
        { timeout: 30_000 },
      )
      .toEqual([]);
  });

  it('tells of subnets and Services straight where pods are too many to draw', async () => {
    const told = await topology('(cluster: "embedded", namespaces: ["shop"], pods: false)');
    expect(told.nodes.filter(({ kind }) => kind === 'POD')).toEqual([]);
    expect(drawn(told)).toEqual(expect.arrayContaining(['SUBNET blue-a > SERVICE drawn', 'VPC blue > SUBNET blue-a']));
  });

  it('is of an application: its pods, and what leads to them and from them', async () => {
    const made = await gateway.query<{ createApplication: { application: { id: string } } }>(
      `mutation { createApplication(input: { name: "painted", cluster: "embedded", namespace: "shop" }) {
        ... on CreateApplicationSuccess { application { id } } } }`,
      {},
      admin,
    );
    const id = made.data?.createApplication.application.id;
    expect((await topology(`(applicationId: "${id}")`)).nodes).toEqual([]);
    const { store } = gateway.cluster;
    const deployments = store.resource('apps', 'deployments');
    const { metadata, ...rest } = store.get(deployments, 'shop', 'drawn') ?? { metadata: {} };
    store.update(deployments, {
      ...rest,
      metadata: { ...metadata, labels: { 'app.kubernetes.io/name': 'painted' } },
    } as never);
    await expect
      .poll(async () => drawn(await topology(`(applicationId: "${id}")`)), { timeout: 30_000 })
      .toEqual(whole);
  });

  it('shows each caller what it may see, and of what it may not nothing, not even that it is there (refused)', async () => {
    const { nodes } = await topology('', developer);
    expect(new Set(nodes.map(({ kind }) => kind))).toEqual(new Set(['POD', 'SERVICE', 'INGRESS']));
    const none = { nodes: [], edges: [] };
    expect(await topology('', stranger)).toMatchObject(none);
    expect(await topology(inShop, stranger)).toMatchObject(none);
    const missing = Buffer.from('compute|Application|00000000-0000-4000-8000-000000000000').toString('base64url');
    expect(await topology(`(applicationId: "${missing}")`)).toEqual({ ...none, problems: [] });
    expect(await topology('(workspaceId: "nothing")')).toEqual({ ...none, problems: [] });
    expect((await topology('(cluster: "moon")')).problems).toEqual([{ code: 'CLUSTER_NOT_FOUND' }]);
  });

  it.each([
    ['(maxNodes: 2)', 'TOO_COMPLEX', 'and 2 at the most are told'],
    ['(maxNodes: 0)', 'BAD_USER_INPUT', 'maxNodes must be 1 to 10000, got 0'],
  ])('refuses %s and says why (refused)', async (args, code, says) => {
    const { errors } = await gateway.query(`{ networkTopology${args} { nodes { id } } }`, {}, admin);
    expect(errors?.[0]).toMatchObject({ message: expect.stringContaining(says), extensions: { code } });
  });
});
