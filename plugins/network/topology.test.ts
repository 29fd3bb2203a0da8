import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticToken } from '../../test/support/static-token.ts';

const developer = { token: 'the-token-of-a-developer-of-the-shop' };
const vera = { token: 'the-token-of-vera-who-is-of-a-workspace' };
const stranger = { token: 'the-token-of-a-developer-of-a-bank' };
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({
    clusterSpeed: 40,
    settings: {
      embedded: { enabled: true, engines: ['kube-ovn', 'gateway-api'] },
      tokens: [
        staticToken('developer', developer.token, { roles: ['DEVELOPER'], namespaces: ['shop'] }),
        staticToken('stranger', stranger.token, { roles: ['DEVELOPER'], namespaces: ['bank'] }),
        staticToken('vera', vera.token, { roles: ['DEVELOPER'], namespaces: [] }),
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
  put('', 'namespaces', { kind: 'Namespace', metadata: { name: 'shared', namespace: undefined } });
  put('gateway.networking.k8s.io', 'gateways', {
    kind: 'Gateway',
    metadata: { name: 'edge', namespace: 'shared' },
    spec: {
      gatewayClassName: 'embedded',
      listeners: ['drawn', 'idle'].map((name, index) => ({
        name,
        port: 9_000 + index,
        protocol: 'TCP',
        allowedRoutes: { namespaces: { from: 'All' } },
      })),
    },
  });
  put('gateway.networking.k8s.io', 'tcproutes', {
    kind: 'TCPRoute',
    metadata: { name: 'drawn' },
    spec: {
      parentRefs: [{ name: 'edge', namespace: 'shared', sectionName: 'drawn' }],
      rules: [{ backendRefs: [{ name: 'drawn', port: 80 }] }],
    },
  });
  const outside = (kind: string, plural: string, name: string, spec: object) =>
    put('kubeovn.io', plural, { kind, metadata: { name, namespace: undefined }, spec });
  outside('VpcNatGateway', 'vpc-nat-gateways', 'blue-exit', { vpc: 'blue', subnet: 'blue-a', lanIp: '10.77.0.254' });
  outside('IptablesEIP', 'iptables-eips', 'blue-eip', { natGwDp: 'blue-exit' });
  outside('IptablesSnatRule', 'iptables-snat-rules', 'blue-out', { eip: 'blue-eip', internalCIDR: '10.77.0.0/24' });
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

async function makeWorkspace(identifier: string, member: string, namespaces: readonly string[]): Promise<string> {
  const run = async <T>(name: string, input: object, fields: string): Promise<T> => {
    const type = name.charAt(0).toUpperCase() + name.slice(1);
    const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ... on Error { message } } }`;
    const { data, errors } = await gateway.query<Record<string, { __typename: string }>>(source, { input }, admin);
    expect(errors).toBeUndefined();
    expect(data?.[name]).toMatchObject({ __typename: `${type}Success` });
    return data?.[name] as T;
  };
  const place = { region: 'embedded', networkType: 'VPC', zones: ['embedded-a'], profile: 'esk' };
  const { workspace } = await run<{ workspace: { id: string } }>(
    'createWorkspace',
    { identifier, displayName: identifier, ...place },
    'workspace { id }',
  );
  const { id } = workspace;
  await run(
    'addMembers',
    { id, members: [{ kind: 'PRINCIPAL', name: `token:${member}`, role: 'DEVELOPER' }] },
    'warnings',
  );
  const places = namespaces.map((namespace) => ({ cluster: 'embedded', namespace }));
  await run('bindNamespaces', { id, namespaces: places }, 'warnings');
  return id;
}

const uuidOf = (id: string): string => Buffer.from(id, 'base64url').toString().split('|')[2] ?? '';

function label(plural: string, name: string, added: Readonly<Record<string, string>>): void {
  const { store } = gateway.cluster;
  const resource = store.resource('kubeovn.io', plural);
  const { metadata, ...rest } = store.get(resource, undefined, name) ?? { metadata: {} };
  store.update(resource, { ...rest, metadata: { ...metadata, labels: added } } as never);
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
  'BACKEND_GROUP drawn > LISTENER drawn',
  'ELASTIC_IP blue-eip > NAT_GATEWAY blue-exit',
  'LISTENER drawn > LOAD_BALANCER edge',
  'SERVICE drawn > BACKEND_GROUP drawn',
  'SERVICE drawn > INGRESS drawn',
  'SNAT_RULE blue-out > ELASTIC_IP blue-eip',
  'SUBNET blue-a > SNAT_RULE blue-out',
  'SUBNET blue-a > pod',
  'VPC blue > NAT_GATEWAY blue-exit',
  'VPC blue > SUBNET blue-a',
  'pod > SERVICE drawn',
];
const inShop = '(cluster: "embedded", namespaces: ["shop"])';

describe('networkTopology', () => {
  it('leads from the VPC by subnet, pods and Service to Ingress, listener and load balancer, and out by NAT, in one query that costs the cluster nothing', async () => {
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

  it('is of a workspace for its members: its namespaces and networks, and what these lead to', async () => {
    const id = await makeWorkspace('drawers', 'vera', ['shop']);
    label('vpcs', 'blue', { 'longshore.dev/workspace': uuidOf(id) });
    const args = `(workspaceId: "${id}")`;
    await expect
      .poll(async () => (await topology(args)).nodes.some(({ kind }) => kind === 'VPC'), { timeout: 10_000 })
      .toBe(true);
    expect(drawn(await topology(args))).toEqual(expect.arrayContaining(whole));
    const kindsFor = async (as: object) => new Set((await topology(args, as)).nodes.map(({ kind }) => kind));
    // She sees what is of the workspace, and nothing of what others share with it.
    await expect
      .poll(() => kindsFor(vera), { timeout: 10_000 })
      .toEqual(new Set(['VPC', 'POD', 'SERVICE', 'INGRESS', 'BACKEND_GROUP']));
    expect(drawn(await topology(args, vera))).toEqual(
      expect.arrayContaining(['SERVICE drawn > BACKEND_GROUP drawn', 'pod > SERVICE drawn']),
    );
    expect(await topology(args, stranger)).toEqual({ nodes: [], edges: [], problems: [] });
  });

  it('shows each caller what it may see, and of what it may not nothing, not even that it is there (refused)', async () => {
    const { nodes } = await topology('', developer);
    expect(new Set(nodes.map(({ kind }) => kind))).toEqual(new Set(['POD', 'SERVICE', 'INGRESS', 'BACKEND_GROUP']));
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
