import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticToken } from '../../test/support/static-token.ts';

let gateway: TestGateway;
const stack = new AsyncDisposableStack();
const adminToken = 'the-token-of-who-administers-everything';
const danToken = 'the-token-of-dan-who-develops-in-one-namespace';

beforeAll(async () => {
  gateway = stack.use(
    await startTestGateway({
      clusterSpeed: 200,
      settings: {
        embedded: { enabled: true, engines: ['kube-ovn'] },
        tokens: [
          staticToken('admin', adminToken, { roles: ['ADMIN'] }),
          staticToken('dan', danToken, { roles: ['DEVELOPER'], namespaces: ['modes'] }),
        ],
      },
    }),
  );
  const { store } = gateway.cluster;
  const put = (group: string, plural: string, object: object) =>
    store.create(store.resource(group, plural), object as never);
  put('', 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'modes' } });
  const ovn = (kind: string, plural: string, name: string, spec: object) =>
    put('kubeovn.io', plural, { apiVersion: 'kubeovn.io/v1', kind, metadata: { name }, spec });
  ovn('Vpc', 'vpcs', 'modes-net', { namespaces: ['modes'] });
  ovn('Subnet', 'subnets', 'modes-a', { vpc: 'modes-net', cidrBlock: '10.71.0.0/24', namespaces: ['modes'] });
  ovn('Subnet', 'subnets', 'elsewhere', { vpc: 'ovn-cluster', cidrBlock: '10.72.0.0/24' });
});
afterAll(() => stack.disposeAsync());

type Json = Record<string, unknown>;

async function ask<Data = Json>(source: string, variables?: object, token = adminToken): Promise<Data> {
  const { data, errors } = await gateway.query(source, variables as never, { token });
  expect(errors).toBeUndefined();
  return data as Data;
}

const errors =
  '... on Error { code message } ... on InUseError { references { __typename ... on KubernetesObject { name } } } ... on ValidationError { issues { path code message } }';

async function mutate(name: string, input: object, fields = '__typename', token = adminToken): Promise<Json> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const source = `mutation ($input: ${type}Input!) { answer: ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${errors} } }`;
  return (await ask<{ answer: Json }>(source, { input }, token)).answer;
}

async function idOf(kind: string, name: string, apiVersion = 'kubeovn.io/v1', namespace?: string): Promise<string> {
  const place = namespace ? `namespace: "${namespace}",` : '';
  const query = `{ object(cluster: "embedded", apiVersion: "${apiVersion}", kind: "${kind}", ${place} name: "${name}") { id } }`;
  const find = async () => (await ask<{ object: { id: string } | null }>(query)).object?.id ?? '';
  await expect.poll(find, { timeout: 10_000 }).not.toBe('');
  return find();
}

const container = (hostPort?: number) => ({
  name: 'web',
  image: 'registry.local/web:1',
  ports: [{ containerPort: 80, ...(hostPort ? { hostPort } : {}) }],
});
const form = (
  name: string,
  network: object,
  { replicas = 1, hostPort }: { replicas?: number; hostPort?: number } = {},
) => ({
  cluster: 'embedded',
  namespace: 'modes',
  name,
  kind: { deployment: { replicas } },
  template: { network, containers: [container(hostPort)] },
});
const made = 'workload { id name networkMode } warnings';

interface PodSeen {
  readonly name: string;
  readonly podIP: string | null;
  readonly networkMode: string;
  readonly phase: string;
  readonly findings: readonly { code: string; message: string }[] | null;
}

async function podsOf(name: string): Promise<readonly PodSeen[]> {
  const query =
    '{ pods(filter: { cluster: "embedded", namespaces: ["modes"] }) { nodes { name podIP networkMode phase findings { code message } } } }';
  const { pods } = await ask<{ pods: { nodes: readonly PodSeen[] } }>(query);
  return pods.nodes.filter((pod) => pod.name.startsWith(`${name}-`));
}

describe('an address pool', () => {
  it('is imported by an administrator, and shows what is free (NET-42)', async () => {
    const subnetId = await idOf('Subnet', 'modes-a');
    const input = { subnetId, name: 'outside', addresses: ['10.71.0.100..10.71.0.101'] };
    const fields = 'addressPool { name subnetName namespaces addresses total used available }';
    const pool = {
      name: 'outside',
      subnetName: 'modes-a',
      namespaces: [],
      total: '2',
      used: '0',
      available: '2',
    };
    expect(await mutate('setAddressPool', { ...input, dryRun: true }, fields)).toMatchObject({ addressPool: pool });
    expect(await mutate('setAddressPool', input, fields)).toMatchObject({ addressPool: pool });
    const query =
      '{ addressPools(filter: { namespace: "modes" }) { problems { code } nodes { name available subnet { name } } } }';
    expect(await ask(query)).toEqual({
      addressPools: { problems: [], nodes: [{ name: 'outside', available: '2', subnet: { name: 'modes-a' } }] },
    });
  });

  it.each([
    ['a word', ['ten'], 'addresses.0 invalid_address'],
    ['another subnet', ['10.72.0.5'], 'addresses.0 outside_subnet'],
    ['what is there twice', ['10.71.0.9', '10.71.0.8..10.71.0.10'], 'addresses.1 duplicate'],
    ['what another pool has', ['10.71.0.101'], 'addresses.0 taken'],
    ['nothing', [], 'addresses too_small'],
  ])('refuses %s (NET-42) (refused)', async (_what, addresses, issue) => {
    const subnetId = await idOf('Subnet', 'modes-a');
    const answer = await mutate('setAddressPool', { subnetId, name: 'second', addresses });
    expect(
      (answer.issues as { path: string[]; code: string }[]).map(({ path, code }) => `${path.join('.')} ${code}`),
    ).toEqual([issue]);
  });

  it('is not for developers to import (refused, NET-42)', async () => {
    const subnetId = await idOf('Subnet', 'modes-a');
    const input = { subnetId, name: 'mine', addresses: ['10.71.0.120'] };
    const source = 'mutation ($input: SetAddressPoolInput!) { setAddressPool(input: $input) { __typename } }';
    const { errors: refusals } = await gateway.query(source, { input } as never, { token: danToken });
    expect(refusals).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('the network mode of a workload', () => {
  it('is its own, beside others of other modes on one node (NET-41)', async () => {
    const forms = [
      ['OVERLAY', form('overlay', { mode: 'OVERLAY' })],
      ['FLOATING_IP', form('floating', { mode: 'FLOATING_IP', floatingIp: { pool: 'outside' } })],
      ['NAT', form('nat', { mode: 'NAT' }, { hostPort: 18_080 })],
      ['HOST', form('host', { mode: 'HOST' })],
    ] as const;
    for (const [mode, input] of forms) {
      expect(await mutate('createWorkload', input, made)).toMatchObject({ workload: { networkMode: mode } });
    }
    for (const [mode, { name }] of forms) {
      await expect
        .poll(() => podsOf(name), { timeout: 20_000 })
        .toMatchObject([{ networkMode: mode, phase: 'RUNNING', podIP: expect.any(String) }]);
    }
    expect((await podsOf('floating'))[0]?.podIP).toBe('10.71.0.100');
  });

  it('stays where the workload is changed, and is copied (NET-41)', async () => {
    for (const [name, mode] of [
      ['floating', 'FLOATING_IP'],
      ['nat', 'NAT'],
      ['host', 'HOST'],
    ] as const) {
      const id = await idOf('Deployment', name, 'apps/v1', 'modes');
      const template = { containers: [{ name: 'web', image: 'registry.local/web:2' }] };
      expect(await mutate('updateWorkload', { id, template, dryRun: true }, made)).toMatchObject({
        workload: { networkMode: mode },
      });
      expect(await mutate('copyWorkload', { id, name: `${name}-copy`, dryRun: true }, made)).toMatchObject({
        workload: { networkMode: mode },
      });
    }
    const id = await idOf('Deployment', 'host', 'apps/v1', 'modes');
    expect(await mutate('updateWorkload', { id, template: { network: { mode: 'OVERLAY' } } }, made)).toMatchObject({
      workload: { networkMode: 'OVERLAY' },
    });
  });

  it.each([
    ['HOST', form('mine', { mode: 'HOST' }), 'hostNetwork'],
    ['NAT', form('mine', { mode: 'NAT' }, { hostPort: 18_081 }), 'hostPort'],
  ])('%s is not for developers (refused, NET-41)', async (_mode, input, word) => {
    expect(await mutate('createWorkload', input, made, danToken)).toMatchObject({
      __typename: 'ForbiddenError',
      message: expect.stringContaining(word),
    });
  });

  it('FLOATING_IP is, with a pool of the namespace (NET-41, NET-42)', async () => {
    const network = { mode: 'FLOATING_IP', floatingIp: { pool: 'outside' } };
    expect(await mutate('createWorkload', { ...form('mine', network), dryRun: true }, made, danToken)).toMatchObject({
      workload: { networkMode: 'FLOATING_IP' },
    });
  });

  it.each([
    ['a pool that is not there', { pool: 'none' }, 'template.network.floatingIp unknown'],
    ['an address of another subnet', { addresses: ['10.72.0.5'] }, 'template.network.floatingIp outside_subnet'],
    [
      "a subnet that is not the namespace's",
      { addresses: ['10.72.0.5'], subnet: 'elsewhere' },
      'template.network.floatingIp unknown',
    ],
    ['one that a pod has', { addresses: ['10.71.0.100'] }, 'template.network.floatingIp address_taken'],
  ])('FLOATING_IP is not with %s (refused, NET-42)', async (_what, floatingIp, issue) => {
    const answer = await mutate('createWorkload', form('mine', { mode: 'FLOATING_IP', floatingIp }), made, danToken);
    expect(
      ((answer.issues ?? [answer]) as { path: string[]; code: string }[]).map(
        ({ path, code }) => `${path?.join('.')} ${code}`,
      ),
    ).toEqual([issue]);
  });

  it('brings no pod into the network of others as text either (refused, NET-42)', async () => {
    const manifest = `apiVersion: v1
kind: Pod
metadata: { name: spy, namespace: modes, annotations: { ovn.kubernetes.io/logical_switch: elsewhere } }
spec: { containers: [{ name: main, image: 'registry.local/web:1' }] }`;
    expect(await mutate('applyManifest', { cluster: 'embedded', manifest }, '__typename', danToken)).toMatchObject({
      code: 'VALIDATION',
      issues: [{ code: 'unknown', message: "There is no subnet 'elsewhere' for the namespace 'modes'" }],
    });
  });
});

describe('too few addresses', () => {
  it('are told when the workload is made, and by the pod that stays pending, until more are imported (NET-42)', async () => {
    const network = { mode: 'FLOATING_IP', floatingIp: { pool: 'outside' } };
    const answer = await mutate('createWorkload', form('many', network, { replicas: 2 }), made);
    const told = "1 of 2 pods will stay pending without an address: the address pool 'outside' has 1 free";
    expect(answer).toMatchObject({ warnings: [told] });
    const pending = async () => (await podsOf('many')).filter(({ podIP }) => !podIP);
    await expect
      .poll(pending, { timeout: 20_000 })
      .toMatchObject([{ findings: [{ code: 'NO_ADDRESS', message: 'NoAvailableAddress' }] }]);
    const subnetId = await idOf('Subnet', 'modes-a');
    const input = { subnetId, name: 'outside' };
    const more = { ...input, addresses: ['10.71.0.100..10.71.0.101', '10.71.0.110'] };
    expect(await mutate('setAddressPool', more, 'addressPool { total }')).toMatchObject({
      addressPool: { total: '3' },
    });
    await expect
      .poll(async () => (await podsOf('many')).map(({ podIP }) => podIP).sort(), { timeout: 20_000 })
      .toEqual(['10.71.0.101', '10.71.0.110']);
    const query = '{ addressPools { nodes { used available } } }';
    await expect
      .poll(() => ask(query), { timeout: 10_000 })
      .toEqual({ addressPools: { nodes: [{ used: '3', available: '0' }] } });
  });

  it('are not made fewer while pods hold them, on any road (refused, NET-42, Appendix A)', async () => {
    const subnetId = await idOf('Subnet', 'modes-a');
    const input = { subnetId, name: 'outside', addresses: ['10.71.0.101', '10.71.0.110'] };
    const refusal = {
      __typename: 'InUseError',
      references: [{ __typename: 'Pod', name: expect.stringMatching(/^floating-/) }],
    };
    expect(await mutate('setAddressPool', input)).toMatchObject(refusal);
    const id = await idOf('IPPool', 'outside');
    const { references } = (await mutate('deleteObject', { id })) as { references: readonly Json[] };
    expect(references).toHaveLength(3);
    expect(await mutate('deleteSubnet', { id: subnetId })).toMatchObject({ __typename: 'InUseError' });
  });
});
