import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEngines } from '../../src/embedded/engines/load-engines.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { kubeconfigFile } from '../../test/support/kubeconfig-file.ts';
import { staticToken } from '../../test/support/static-token.ts';

let gateway: TestGateway;
let second: EmbeddedCluster;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  const engines = await loadEngines(['kube-ovn']);
  second = stack.use(await startEmbeddedCluster({ name: 'second', speed: 200, engines }));
  const bare = stack.use(await startEmbeddedCluster({ name: 'bare', controllers: false }));
  const files = [stack.use(await kubeconfigFile(second)), stack.use(await kubeconfigFile(bare))];
  gateway = stack.use(
    await startTestGateway({
      clusterSpeed: 200,
      settings: {
        embedded: { enabled: true, engines: ['kube-ovn'] },
        clusters: ['second', 'bare'].map((name, index) => ({ name, kubeconfig: files[index]?.path })),
        tokens: [
          staticToken('admin', adminToken, { roles: ['ADMIN'] }),
          staticToken('vera', veraToken, { roles: ['DEVELOPER'], namespaces: [] }),
          staticToken('clerk', clerkToken, { roles: ['clerk'] }),
        ],
        roles: [
          {
            name: 'clerk',
            description: 'Sees everything and hands out elastic IPs, and changes no pod.',
            extends: ['GUEST'],
            rules: [
              { actions: ['READ'], subjects: 'ALL' },
              {
                actions: ['CREATE', 'UPDATE'],
                subjects: ['IptablesEIP', 'IptablesFIPRule', 'IptablesDnatRule'].map(ovn),
              },
            ],
          },
        ],
      },
    }),
  );
  // A network of two subnets, one of another VPC, and one in the second cluster.
  write(gateway.cluster, 'vpcs', 'Vpc', 'shop-net', { namespaces: ['nat'] });
  write(gateway.cluster, 'subnets', 'Subnet', 'shop-net-a', {
    vpc: 'shop-net',
    cidrBlock: '10.61.0.0/24',
    protocol: 'IPv4',
    namespaces: ['nat'],
  });
  write(gateway.cluster, 'subnets', 'Subnet', 'shop-net-b', { vpc: 'shop-net', cidrBlock: '10.61.1.0/24' });
  for (const cluster of [gateway.cluster, second]) {
    write(cluster, 'vpcs', 'Vpc', 'other-net', {});
    write(cluster, 'subnets', 'Subnet', 'other-net-a', { vpc: 'other-net', cidrBlock: '10.62.0.0/24' });
  }
});
afterAll(() => stack.disposeAsync());

const adminToken = 'the-token-of-who-administers-everything';
const veraToken = 'the-token-of-vera-who-has-no-workspace-at-all';

const clerkToken = 'the-token-of-a-clerk-who-hands-out-elastic-ips';

type Json = Record<string, unknown>;

const ovn = (kind: string): string => `kubeovn.io/${kind}`;

function write({ store }: EmbeddedCluster, plural: string, kind: string, name: string, spec: object): void {
  const object = { apiVersion: 'kubeovn.io/v1', kind, metadata: { name }, spec };
  store.create(store.resource('kubeovn.io', plural), object as never);
}

async function ask<Data = Json>(source: string, variables?: object, token = adminToken): Promise<Data> {
  const { data, errors } = await gateway.query(source, variables as never, { token });
  expect(errors).toBeUndefined();
  return data as Data;
}

/** The id of what is there, or empty. */
async function findId(
  kind: string,
  name: string,
  apiVersion = 'kubeovn.io/v1',
  namespace?: string,
  cluster = 'embedded',
): Promise<string> {
  const place = namespace ? `namespace: "${namespace}",` : '';
  const { object } = await ask<{ object: { id: string } | null }>(
    `{ object(cluster: "${cluster}", apiVersion: "${apiVersion}", kind: "${kind}", ${place} name: "${name}") { id } }`,
  );
  return object?.id ?? '';
}

/** The id of what is there, or is about to be seen. */
async function idOf(...what: Parameters<typeof findId>): Promise<string> {
  await expect.poll(() => findId(...what), { timeout: 10_000 }).not.toBe('');
  return findId(...what);
}

const errors =
  '... on Error { code message } ... on InUseError { references { __typename ... on KubernetesObject { name } } } ... on ValidationError { issues { path code } } ... on PreconditionError { reason unacknowledged { code } }';

/** The answer of a mutation. */
async function mutate(name: string, input: object, fields = '__typename', token = adminToken): Promise<Json> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const source = `mutation ($input: ${type}Input!) { answer: ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${errors} } }`;
  const { answer } = await ask<{ answer: Json }>(source, { input }, token);
  return answer;
}

const resultFields = 'results { ok natGateway { name state } error { code message } }';

describe('a NAT gateway', () => {
  let vpcId: string;

  it('is checked by a dry run, which makes nothing (NET-34)', async () => {
    vpcId = await idOf('Vpc', 'shop-net');
    await subnetReady('shop-net-a');
    await subnetReady('other-net-a');
    const input = { name: 'shop-out', places: [{ vpcId }], dryRun: true };
    expect(await mutate('createNatGateway', input, resultFields)).toMatchObject({
      results: [{ ok: true, natGateway: { name: 'shop-out' } }],
    });
    expect(await findId('VpcNatGateway', 'shop-out')).toBe('');
  });

  it.each([
    ['a bandwidth of 0', { bandwidthMbps: 0 }, 'bandwidthMbps too_small'],
    ['more than 1000 Mbit/s', { bandwidthMbps: 1_001 }, 'bandwidthMbps too_big'],
    ['a name that no pod can have', { name: 'Shop' }, 'name invalid_text'],
  ])('refuses %s (NET-34) (refused)', async (_name, more, issue) => {
    const answer = await mutate('createNatGateway', { name: 'shop-out', places: [{ vpcId }], ...more });
    expect(
      (answer.issues as { path: string[]; code: string }[]).map(({ path, code }) => `${path.join('.')} ${code}`),
    ).toEqual([issue]);
  });

  it('is made with an elastic IP and SNAT rules, and is IN_USE once its pod runs (NET-34, NET-36, NET-39)', async () => {
    const input = {
      name: 'shop-out',
      description: 'Way out',
      bandwidthMbps: 200,
      places: [{ vpcId, snatRules: [{ subnetId: await idOf('Subnet', 'shop-net-a'), description: 'Shop' }] }],
    };
    expect(await mutate('createNatGateway', input, resultFields)).toMatchObject({
      results: [{ ok: true, natGateway: { name: 'shop-out', state: expect.stringMatching(/^(CREATING|IN_USE)$/) } }],
    });
    const query = `{ natGateways(filter: { cluster: "embedded" }) { problems { code } nodes { name state stateReason description vpcName publicAddresses
      elasticIps { nodes { name state bandwidthMbps address } } snatRules { nodes { range state description elasticIp { name } } } } } }`;
    await expect
      .poll(() => ask(query), { timeout: 20_000 })
      .toMatchObject({
        natGateways: {
          problems: [],
          nodes: [
            {
              name: 'shop-out',
              state: 'IN_USE',
              stateReason: null,
              description: 'Way out',
              vpcName: 'shop-net',
              publicAddresses: [expect.stringMatching(/^192\.0\.2\.\d+$/)],
              elasticIps: { nodes: [{ name: 'shop-out-eip', state: 'IN_USE', bandwidthMbps: 200 }] },
              snatRules: {
                nodes: [
                  { range: '10.61.0.0/24', state: 'IN_USE', description: 'Shop', elasticIp: { name: 'shop-out-eip' } },
                ],
              },
            },
          ],
        },
      });
    const { object } = await ask<{ object: { json: { spec: Json } } }>(
      '{ object(cluster: "embedded", apiVersion: "kubeovn.io/v1", kind: "Vpc", name: "shop-net") { json } }',
    );
    expect(object.json.spec.staticRoutes).toEqual([
      { policy: 'policyDst', cidr: '0.0.0.0/0', nextHopIP: '10.61.0.254' },
    ]);
  });

  it('is the only one of its VPC, however it comes (NET-35, Appendix A) (refused)', async () => {
    expect(await mutate('createNatGateway', { name: 'second', places: [{ vpcId }] })).toMatchObject({
      __typename: 'InUseError',
      message: "VPC 'shop-net' has a NAT gateway already: VpcNatGateway 'shop-out'.",
      references: [{ __typename: 'NatGateway', name: 'shop-out' }],
    });
    const manifest = `apiVersion: kubeovn.io/v1
kind: VpcNatGateway
metadata: { name: second }
spec: { vpc: shop-net, subnet: shop-net-a, lanIp: 10.61.0.200 }`;
    expect(await mutate('applyManifest', { cluster: 'embedded', manifest })).toMatchObject({ code: 'VALIDATION' });
  });

  it('lets a subnet out once (NET-35, NET-36, Appendix A)', async () => {
    const rule = async (subnet: string) => ({
      natGatewayId: await idOf('VpcNatGateway', 'shop-out'),
      subnetId: await idOf('Subnet', subnet),
    });
    const fields = 'results { ok snatRule { name range } error { code } }';
    expect(await mutate('addSnatRules', { rules: [await rule('shop-net-b')] }, fields)).toMatchObject({
      results: [{ ok: true, snatRule: { name: 'shop-out-snat-shop-net-b', range: '10.61.1.0/24' } }],
    });
    expect(await mutate('addSnatRules', { rules: [await rule('shop-net-b')] })).toMatchObject({
      __typename: 'InUseError',
      references: [{ __typename: 'SnatRule', name: 'shop-out-snat-shop-net-b' }],
    });
    expect(await mutate('addSnatRules', { rules: [await rule('other-net-a')] })).toMatchObject({
      issues: [{ path: ['rules', '0', 'subnetId'], code: 'other_vpc' }],
    });
  });

  it('leads a port in, but not twice, and shares its elastic IP with no mapping of all ports (NET-35, NET-37)', async () => {
    const elasticIpId = await idOf('IptablesEIP', 'shop-out-eip');
    const input = {
      elasticIpId,
      address: '10.61.0.9',
      portMapping: { protocol: 'TCP', elasticIpPort: 8080, instancePort: 80 },
    };
    const fields =
      'dnatRule { name mapping instanceAddress ... on DnatPortRule { protocol elasticIpPort instancePort } }';
    expect(await mutate('createDnatRule', input, fields)).toMatchObject({
      dnatRule: {
        mapping: 'PORT',
        protocol: 'TCP',
        elasticIpPort: 8080,
        instancePort: 80,
        instanceAddress: '10.61.0.9',
      },
    });
    expect(await mutate('createDnatRule', input)).toMatchObject({
      __typename: 'InUseError',
      references: [{ __typename: 'DnatPortRule', name: 'shop-out-eip-tcp-8080' }],
    });
    expect(await mutate('createDnatRule', { elasticIpId, address: '10.61.0.9' })).toMatchObject({
      __typename: 'InUseError',
      references: expect.arrayContaining([{ __typename: 'SnatRule', name: 'shop-out-snat-shop-net-a' }]),
    });
    expect(await mutate('createDnatRule', { ...input, address: '10.99.0.9' })).toMatchObject({
      issues: [{ path: ['address'], code: 'other_vpc' }],
    });
    await expect
      .poll(() => ask('{ dnatRules(filter: { mapping: PORT }) { nodes { state } } }'), { timeout: 10_000 })
      .toEqual({ dnatRules: { nodes: [{ state: 'IN_USE' }] } });
  });

  it('gives a pod an elastic IP of its own, with a bandwidth (NET-40, VND-02)', async () => {
    const natGatewayId = await idOf('VpcNatGateway', 'shop-out');
    expect(
      await mutate('createElasticIp', { natGatewayId, name: 'web-ip' }, 'elasticIp { bandwidthMbps }'),
    ).toMatchObject({
      elasticIp: { bandwidthMbps: 1 },
    });
    const { store } = gateway.cluster;
    store.create(store.resource('', 'namespaces'), {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'nat' },
    } as never);
    store.create(store.resource('', 'pods'), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'nat', annotations: { 'ovn.kubernetes.io/logical_switch': 'shop-net-a' } },
      spec: { containers: [{ name: 'main', image: 'registry.local/web:1' }] },
    } as never);
    const podQuery = '{ pod(cluster: "embedded", namespace: "nat", name: "web") { id podIP } }';
    await expect
      .poll(() => ask<{ pod: { podIP: string | null } | null }>(podQuery).then(({ pod }) => pod?.podIP), {
        timeout: 20_000,
      })
      .toMatch(/^10\.61\.0\./);
    const podId = await idOf('Pod', 'web', 'v1', 'nat');
    const id = await idOf('IptablesEIP', 'web-ip');
    // Until then it goes out with its subnet.
    const access = async () => {
      const fields = 'internetAccess { way address elasticIp { name } snatRule { name } }';
      const query = `{ pod(cluster: "embedded", namespace: "nat", name: "web") { ${fields} } }`;
      return (await ask<{ pod: { internetAccess: Json } }>(query)).pod.internetAccess;
    };
    expect(await access()).toEqual({
      way: 'SNAT',
      address: expect.stringMatching(/^192\.0\.2\./),
      elasticIp: { name: 'shop-out-eip' },
      snatRule: { name: 'shop-out-snat-shop-net-a' },
    });
    // Who may not change the pod does not open it to the world.
    const refused = { __typename: 'ForbiddenError', message: expect.stringContaining('Pod') };
    expect(await mutate('bindElasticIp', { id, podId }, '__typename', clerkToken)).toMatchObject(refused);
    const rule = { elasticIpId: id, podId };
    expect(await mutate('createDnatRule', rule, '__typename', clerkToken)).toMatchObject(refused);
    const { pod } = await ask<{ pod: { podIP: string } }>(podQuery);
    const byAddress = { elasticIpId: id, address: pod.podIP };
    expect(await mutate('createDnatRule', byAddress, '__typename', clerkToken)).toMatchObject(refused);
    const bound = await mutate(
      'bindElasticIp',
      { id, podId, bandwidthMbps: 400 },
      'elasticIp { pod { name } bandwidthMbps }',
    );
    expect(bound).toMatchObject({ elasticIp: { pod: { name: 'web' }, bandwidthMbps: 400 } });
    expect(await access()).toMatchObject({ way: 'ELASTIC_IP', elasticIp: { name: 'web-ip' }, snatRule: null });
    expect(await mutate('bindElasticIp', { id, podId })).toMatchObject({
      __typename: 'InUseError',
      references: [{ __typename: 'DnatInstanceRule', name: 'web-ip-all-ports' }],
    });
    // What all ports lead to one instance of lets no subnet out (NET-35).
    const rules = [{ natGatewayId, subnetId: await idOf('Subnet', 'shop-net-b'), elasticIpId: id }];
    expect(await mutate('addSnatRules', { rules })).toMatchObject({ __typename: 'InUseError' });
    expect(await mutate('deleteElasticIp', { id })).toMatchObject({
      __typename: 'InUseError',
      references: [{ name: 'web-ip-all-ports' }],
    });
    expect(await mutate('unbindElasticIp', { id })).toMatchObject({ __typename: 'UnbindElasticIpSuccess' });
    await expect
      .poll(() => mutate('deleteElasticIp', { id }), { timeout: 10_000 })
      .toMatchObject({
        __typename: 'DeleteElasticIpSuccess',
      });
  });

  it('stays while it has rules, and so do its VPC and subnets, by whatever road (NET-38, NET-27, P41) (refused)', async () => {
    const id = await idOf('VpcNatGateway', 'shop-out');
    const rules = ['shop-out-snat-shop-net-a', 'shop-out-snat-shop-net-b', 'shop-out-eip-tcp-8080'];
    const refusal = {
      __typename: 'InUseError',
      references: expect.arrayContaining(rules.map((name) => expect.objectContaining({ name }))),
    };
    expect(await mutate('deleteNatGateway', { id })).toMatchObject(refusal);
    expect(await mutate('deleteObject', { id })).toMatchObject(refusal);
    expect(await mutate('deleteObject', { id: await idOf('Vpc', 'shop-net') })).toMatchObject(refusal);
    expect(await mutate('deleteObject', { id: await idOf('Subnet', 'shop-net-b') })).toMatchObject({
      references: expect.arrayContaining([{ __typename: 'SnatRule', name: 'shop-out-snat-shop-net-b' }]),
    });
    expect(await mutate('deleteNatGateways', { ids: [id] }, 'results { ok error { code } }')).toMatchObject({
      results: [{ ok: false, error: { code: 'IN_USE' } }],
    });
  });

  it('loses its rules only knowing what that costs, and goes in the safe order without leaving anything (NET-36, NET-38, P41)', async () => {
    const ids = await Promise.all(
      ['shop-out-snat-shop-net-a', 'shop-out-snat-shop-net-b'].map((name) => idOf('IptablesSnatRule', name)),
    );
    expect(await mutate('deleteSnatRule', { id: ids[0] })).toMatchObject({
      reason: 'ACKNOWLEDGEMENT_REQUIRED',
      unacknowledged: [{ code: 'INTERNET_ACCESS_LOST' }],
    });
    const fields = 'results { ok error { code message } }';
    expect(await mutate('deleteSnatRules', { ids, acknowledge: ['INTERNET_ACCESS_LOST'] }, fields)).toMatchObject({
      results: [{ ok: true }, { ok: true }],
    });
    expect(
      await mutate('deleteDnatRule', { id: await idOf('IptablesDnatRule', 'shop-out-eip-tcp-8080') }),
    ).toMatchObject({
      __typename: 'DeleteDnatRuleSuccess',
    });
    const id = await idOf('VpcNatGateway', 'shop-out');
    await expect
      .poll(() => mutate('deleteNatGateway', { id }), { timeout: 10_000 })
      .toMatchObject({
        __typename: 'DeleteNatGatewaySuccess',
      });
    const left = () =>
      ask(
        '{ natGateways { totalCount } elasticIps { totalCount } snatRules { totalCount } dnatRules { totalCount } objects(cluster: "embedded", apiVersion: "kubeovn.io/v1", kind: "QoSPolicy") { totalCount } }',
      );
    const none = { totalCount: 0 };
    await expect
      .poll(left, { timeout: 20_000 })
      .toEqual({ natGateways: none, elasticIps: none, snatRules: none, dnatRules: none, objects: none });
    const { object } = await ask<{ object: { json: { spec: Json } } }>(
      '{ object(cluster: "embedded", apiVersion: "kubeovn.io/v1", kind: "Vpc", name: "shop-net") { json } }',
    );
    expect(object.json.spec.staticRoutes).toEqual([]);
  });

  it('is made in several clusters at once, each with its result (NET-34)', async () => {
    const vpcIds = [
      await idOf('Vpc', 'other-net'),
      await idOf('Vpc', 'other-net', 'kubeovn.io/v1', undefined, 'second'),
    ];
    await subnetReady('other-net-a', 'second');
    const input = { name: 'twice', places: vpcIds.map((id) => ({ vpcId: id })) };
    expect(await mutate('createNatGateway', input, 'results { cluster ok natGateway { name vpcName } }')).toMatchObject(
      {
        results: ['embedded', 'second'].map((cluster) => ({
          cluster,
          ok: true,
          natGateway: { name: 'twice', vpcName: 'other-net' },
        })),
      },
    );
    // All are checked first: the free one gets nothing where the other is taken.
    const again = { name: 'thrice', places: [{ vpcId: await idOf('Vpc', 'shop-net') }, { vpcId: vpcIds[1] }] };
    expect(await mutate('createNatGateway', again)).toMatchObject({ __typename: 'InUseError' });
    expect(await findId('VpcNatGateway', 'thrice')).toBe('');
  });

  it('gets SNAT rules in several clusters at once, and answers all of them again by the idempotency key (NET-36)', async () => {
    const rules = await Promise.all(
      ['embedded', 'second'].map(async (cluster) => ({
        natGatewayId: await idOf('VpcNatGateway', 'twice', 'kubeovn.io/v1', undefined, cluster),
        subnetId: await idOf('Subnet', 'other-net-a', 'kubeovn.io/v1', undefined, cluster),
      })),
    );
    const fields = 'results { ok snatRule { name cluster { name } } error { code } }';
    const made = {
      results: ['embedded', 'second'].map((name) => ({
        ok: true,
        snatRule: { name: 'twice-snat-other-net-a', cluster: { name } },
        error: null,
      })),
    };
    const input = { rules, idempotencyKey: 'let-both-out' };
    expect(await mutate('addSnatRules', input, fields)).toMatchObject(made);
    expect(await mutate('addSnatRules', input, fields)).toMatchObject(made);
    // What has gone since is told.
    const id = await idOf('IptablesSnatRule', 'twice-snat-other-net-a', 'kubeovn.io/v1', undefined, 'second');
    expect(await mutate('deleteSnatRule', { id })).toMatchObject({ __typename: 'DeleteSnatRuleSuccess' });
    await expect
      .poll(() => mutate('addSnatRules', input, fields), { timeout: 10_000 })
      .toMatchObject({ results: [made.results[0], { ok: false, snatRule: null, error: { code: 'NOT_FOUND' } }] });
  });

  it('is nothing for who is not of its workspace (refused, NET-34, CORE-17)', async () => {
    const id = await idOf('VpcNatGateway', 'twice');
    expect(await ask('{ natGateways { totalCount } elasticIps { totalCount } }', {}, veraToken)).toEqual({
      natGateways: { totalCount: 0 },
      elasticIps: { totalCount: 0 },
    });
    expect(await mutate('deleteNatGateway', { id }, '__typename', veraToken)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is missed where a cluster has no Kube-OVN, which is named, while the others show theirs (NET-39, refused)', async () => {
    const { natGateways } = await ask<{ natGateways: { nodes: Json[]; problems: Json[] } }>(
      '{ natGateways { nodes { name cluster { name } } problems { cluster code } } }',
    );
    expect(natGateways.problems).toEqual([{ cluster: 'bare', code: 'CAPABILITY_MISSING' }]);
    expect(natGateways.nodes).toHaveLength(2);
    const parts = ['k8s', 'bare', 'kubeovn.io', 'Vpc', '', 'any'].join('|');
    const vpcId = Buffer.from(parts).toString('base64url');
    expect(await mutate('createNatGateway', { name: 'nowhere', places: [{ vpcId }] })).toMatchObject({
      code: 'CAPABILITY_MISSING',
      message: expect.stringContaining('Kube-OVN'),
    });
  });
});

async function subnetReady(name: string, cluster = 'embedded'): Promise<void> {
  const query = `{ object(cluster: "${cluster}", apiVersion: "kubeovn.io/v1", kind: "Subnet", name: "${name}") { json(pointer: "/status/v4availableIPrange") } }`;
  await expect
    .poll(() => ask<{ object: { json: string | null } | null }>(query).then(({ object }) => object?.json ?? ''), {
      timeout: 20_000,
    })
    .toMatch(/10\./);
}
