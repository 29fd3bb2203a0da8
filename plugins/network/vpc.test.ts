import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestGateway, type TestGateway, type TestStream } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadEngines } from '../../src/embedded/engines/load-engines.ts';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { kubeconfigFile } from '../../test/support/kubeconfig-file.ts';
import { staticToken } from '../../test/support/static-token.ts';

const tokens = { vera: 'the-token-of-vera-who-belongs-somewhere', otto: 'the-token-of-otto-who-belongs-elsewhere' };
const adminToken = 'the-token-of-an-administrator-of-everything';
const asAdmin = { token: adminToken };
const asVera = { token: tokens.vera };
const asOtto = { token: tokens.otto };

const stack = new AsyncDisposableStack();
let gateway: TestGateway;
let workspaceId: string;
let strictId: string;

beforeAll(async () => {
  const engines = await loadEngines(['kube-ovn']);
  const second = stack.use(await startEmbeddedCluster({ name: 'second', engines }));
  const bare = stack.use(await startEmbeddedCluster({ name: 'bare', controllers: false }));
  const files = [stack.use(await kubeconfigFile(second)), stack.use(await kubeconfigFile(bare))];
  const folder = await mkdtemp(join(tmpdir(), 'longshore-vpc-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const profile = join(folder, 'one-vpc.yaml');
  await writeFile(
    profile,
    'name: one-vpc\ntitle: One\nextends: default\nvalues:\n  network:\n    vpc.maxPerCluster: 1\n',
  );
  gateway = stack.use(
    await startTestGateway({
      clusterSpeed: 40,
      settings: {
        profiles: [profile],
        embedded: { enabled: true, engines: ['kube-ovn'] },
        clusters: ['second', 'bare'].map((name, index) => ({ name, kubeconfig: files[index]?.path })),
        tokens: [
          staticToken('admin', adminToken, { roles: ['ADMIN'] }),
          ...Object.entries(tokens).map(([name, token]) =>
            staticToken(name, token, { roles: ['DEVELOPER'], namespaces: [] }),
          ),
        ],
      },
    }),
  );
  workspaceId = await makeWorkspace('veras', 'vera', 'esk');
  strictId = await makeWorkspace('ottos', 'otto', 'aks-public');
}, 60_000);
afterAll(() => stack.disposeAsync());

type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };

const failures = `... on Error { code message } ... on ValidationError { issues { path code } } ... on CapabilityMissingError { hint }
  ... on PreconditionError { reason } ... on InUseError { references { ... on KubernetesObject { kind name } } }`;

async function call(name: string, input: object, fields = 'warnings', as = asAdmin): Promise<Answer> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const { data, errors } = await gateway.query<Record<string, Answer>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${failures} } }`,
    { input },
    as,
  );
  const answer = data?.[name];
  if (!answer) throw new Error(JSON.stringify(errors));
  return answer;
}

async function ask<T = Record<string, never>>(source: string, as = asAdmin): Promise<T> {
  const { data, errors } = await gateway.query(source, {}, as);
  if (errors) throw new Error(JSON.stringify(errors));
  return data as T;
}

async function makeWorkspace(identifier: string, member: string, profile: string): Promise<string> {
  const input = {
    identifier,
    displayName: identifier,
    region: 'embedded',
    networkType: 'VPC',
    zones: ['embedded-a'],
    profile,
  };
  const made = await call('createWorkspace', input, 'workspace { id }');
  const { id } = made.workspace as { id: string };
  await call('addMembers', { id, members: [{ kind: 'PRINCIPAL', name: `token:${member}`, role: 'DEVELOPER' }] });
  return id;
}

interface Made {
  readonly cluster: string;
  readonly ok: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly vpc: { readonly id: string; readonly name: string } | null;
  readonly subnets: readonly { readonly id: string; readonly name: string; readonly cidr: string }[];
}

const made = 'results { cluster ok error { code message } vpc { id name } subnets { id name cidr } }';
const refusalOf = (answer: Answer) => ({
  ...answer,
  issues: (answer.issues as { path: string[]; code: string }[] | undefined)?.map(
    ({ path, code }) => `${path.join('.')} ${code}`,
  ),
});

async function makeVpc(name: string, more: object = {}, as = asVera): Promise<readonly Made[]> {
  const input = { clusters: ['embedded'], workspaceId, name, cidr: '10.0.0.0/16', ...more };
  const answer = await call('createVpc', input, made, as);
  expect(answer).toMatchObject({ __typename: 'CreateVpcSuccess' });
  return answer.results as readonly Made[];
}

async function untilEnabled(id: string): Promise<void> {
  await vi.waitFor(
    async () =>
      expect(await ask(`{ node(id: "${id}") { ... on Subnet { state } ... on Vpc { state } } }`)).toEqual({
        node: { state: 'ENABLED' },
      }),
    { timeout: 10_000, interval: 50 },
  );
}

const nodeOf = (id: string, fields: string, as = asAdmin) =>
  ask<{ node: Record<string, unknown> | null }>(`{ node(id: "${id}") { ${fields} } }`, as).then(({ node }) => node);

describe('a VPC', () => {
  it('is made with its default subnet by a member of its workspace, and becomes ENABLED (NET-24, VND-04)', async () => {
    const [result] = await makeVpc('Shop', { cidr: '10.0.0.0/24', description: 'For the shop' });
    expect(result).toMatchObject({ cluster: 'embedded', ok: true, error: null });
    await untilEnabled(result?.vpc?.id ?? '');
    await untilEnabled(result?.subnets[0]?.id ?? '');
    const fields = `... on Vpc { displayName description cidr isPlanned workspace { identifier } defaultSubnet { displayName }
      subnets { nodes { displayName cidr state vpc { displayName } addresses { family gateway usable used available } } } }`;
    expect(await nodeOf(result?.vpc?.id ?? '', fields, asVera)).toEqual({
      displayName: 'Shop',
      description: 'For the shop',
      cidr: '10.0.0.0/24',
      isPlanned: false,
      workspace: { identifier: 'veras' },
      defaultSubnet: { displayName: 'default' },
      subnets: {
        nodes: [
          {
            displayName: 'default',
            cidr: '10.0.0.0/24',
            state: 'ENABLED',
            vpc: { displayName: 'Shop' },
            addresses: [{ family: 'IPV4', gateway: '10.0.0.1', usable: '253', used: '0', available: '253' }],
          },
        ],
      },
    });
  });

  it('is made the same in several clusters, each answered for itself (NET-24)', async () => {
    const clusters = ['embedded', 'second'];
    const subnets = [
      { name: 'front', mask: 24 },
      { name: 'back', cidr: '10.0.9.0/24' },
    ];
    const results = await makeVpc('Both', { clusters, subnets });
    expect(results.map(({ cluster, ok, subnets: all }) => [cluster, ok, all.map(({ cidr }) => cidr)])).toEqual(
      clusters.map((cluster) => [cluster, true, ['10.0.0.0/24', '10.0.9.0/24']]),
    );
    // In one cluster it is there already: the other one gets its own all the same.
    await makeVpc('Half', { clusters: ['second'] });
    const half = await makeVpc('Half', { clusters });
    expect(half.map(({ cluster, ok, error }) => [cluster, ok, error?.code ?? null])).toEqual([
      ['embedded', true, null],
      ['second', false, 'CONFLICT'],
    ]);
    const everywhere = await call(
      'createVpc',
      { clusters, workspaceId, name: 'Half', cidr: '10.0.0.0/16' },
      made,
      asVera,
    );
    expect(everywhere).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining("'Half'") });
  });

  it('leaves nothing where a preview was asked for (CORE-31, NET-24)', async () => {
    const [result] = await makeVpc('Previewed', { dryRun: true });
    expect(result).toMatchObject({ ok: true, subnets: [{ cidr: '10.0.0.0/24' }] });
    expect(await nodeOf(result?.vpc?.id ?? '', 'id', asVera)).toBeNull();
  });

  it.each([
    ['a range that the platform does not have', { cidr: '10.1.0.0/16' }, ['cidr cidr_not_allowed']],
    ['what is no range', { cidr: '10.0.0.0' }, ['cidr invalid_cidr']],
    ['an empty name', { name: '' }, ['name too_short']],
    ['no cluster', { clusters: [] }, ['clusters too_small']],
    ['one cluster twice', { clusters: ['embedded', 'embedded'] }, ['clusters duplicate']],
    ['a subnet outside', { subnets: [{ name: 'a', cidr: '11.0.0.0/24' }] }, ['subnets.0.cidr outside_vpc']],
    ['two subnets of one name', { subnets: [{ name: 'a' }, { name: 'a' }] }, ['subnets.1.name duplicate']],
    [
      'subnets on each other',
      {
        subnets: [
          { name: 'a', cidr: '10.0.0.0/23' },
          { name: 'b', cidr: '10.0.1.0/24' },
        ],
      },
      ['subnets.1.cidr overlaps'],
    ],
  ])('is not made with %s (refused, NET-24, NET-25, CON-23)', async (_what, more, issues) => {
    const input = { clusters: ['embedded'], workspaceId, name: 'Never', cidr: '10.0.0.0/16', ...more };
    expect(refusalOf(await call('createVpc', input, made, asVera))).toMatchObject({ code: 'VALIDATION', issues });
  });

  it('is not made where a cluster has no Kube-OVN, which is named, and nowhere else then (refused, VND-04)', async () => {
    const input = { clusters: ['embedded', 'bare'], workspaceId, name: 'Nowhere', cidr: '10.0.0.0/16' };
    expect(await call('createVpc', input, made, asVera)).toMatchObject({
      code: 'CAPABILITY_MISSING',
      message: expect.stringContaining('Kube-OVN'),
      hint: expect.stringContaining('Install Kube-OVN'),
    });
    const { vpcs } = await ask<{ vpcs: { totalCount: number; problems: { cluster: string; code: string }[] } }>(
      '{ vpcs(filter: { displayName: { equals: "Nowhere" } }) { totalCount problems { cluster code } } }',
    );
    expect(vpcs).toEqual({ totalCount: 0, problems: [{ cluster: 'bare', code: 'CAPABILITY_MISSING' }] });
  });

  it('is for its own workspace: others neither see it nor make one there (refused, CORE-17, NET-24)', async () => {
    const [result] = await makeVpc('Hidden');
    const id = result?.vpc?.id ?? '';
    expect(await nodeOf(id, 'id', asVera)).toEqual({ id });
    expect(await nodeOf(id, 'id', asOtto)).toBeNull();
    const { vpcs } = await ask<{ vpcs: { totalCount: number } }>(
      '{ vpcs { totalCount } subnets { totalCount } }',
      asOtto,
    );
    expect(vpcs.totalCount).toBe(0);
    const input = { clusters: ['embedded'], workspaceId, name: 'Foreign', cidr: '10.0.0.0/16' };
    expect(await call('createVpc', input, made, asOtto)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await call('deleteVpc', { id, confirm: '确认删除' }, 'id', asOtto)).toMatchObject({ code: 'NOT_FOUND' });
    // Without a workspace it would be the platform's.
    const { workspaceId: _none, ...unowned } = input;
    expect(await call('createVpc', unowned, made, asVera)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is made by administrators alone where the profile says so, by its rules (NET-30, NET-31; refused, CORE-17)', async () => {
    const input = { clusters: ['embedded'], workspaceId: strictId, name: '商店_1', cidr: '192.168.0.0/16' };
    const subnets = [{ name: '前端', zone: 'embedded-a', mask: 29 }];
    expect(await call('createVpc', { ...input, subnets }, made, asOtto)).toMatchObject({ code: 'FORBIDDEN' });
    const wrong = { ...input, name: '1st', cidr: '192.168.0.0/24', subnets: [{ name: 'ab', mask: 30 }] };
    expect(refusalOf(await call('createVpc', wrong, made))).toMatchObject({
      issues: ['name invalid_text', 'cidr cidr_not_allowed', 'subnets.0.zone required'],
    });
    const done = await call('createVpc', { ...input, subnets }, made);
    const [result] = done.results as readonly Made[];
    expect(
      await nodeOf(result?.subnets[0]?.id ?? '', '... on Subnet { zone cidr addresses { usable } }', asOtto),
    ).toEqual({
      zone: 'embedded-a',
      cidr: '192.168.0.0/29',
      addresses: [{ usable: '4' }],
    });
  });
});

describe('subnets', () => {
  it('are added to a VPC, and the same ones to several (NET-25, NET-26)', async () => {
    const [one] = await makeVpc('One', { subnets: [{ name: 'first', cidr: '10.0.0.0/25' }] });
    const [two] = await makeVpc('Two', { subnets: [{ name: 'first', cidr: '10.0.3.0/24' }] });
    const fields = 'subnets { displayName cidr }';
    expect(
      await call('addSubnets', { id: one?.vpc?.id, subnets: [{ name: 'more', mask: 25 }] }, fields, asVera),
    ).toMatchObject({ subnets: [{ displayName: 'more', cidr: '10.0.0.128/25' }] });
    const ids = [one?.vpc?.id, two?.vpc?.id];
    const subnets = [{ name: 'wide', mask: 23 }];
    expect(
      await call('addSubnetsToVpcs', { ids, subnets }, `results { ok success { ${fields} } }`, asVera),
    ).toMatchObject({
      results: [
        { ok: true, success: { subnets: [{ cidr: '10.0.2.0/23' }] } },
        { ok: true, success: { subnets: [{ cidr: '10.0.0.0/23' }] } },
      ],
    });
  });

  it.each([
    ['on another one', { cidr: '10.0.0.64/26' }, 'subnets.0.cidr overlaps'],
    ['outside of the VPC', { cidr: '10.9.0.0/24' }, 'subnets.0.cidr outside_vpc'],
    ['with the mask of what is no subnet', { mask: 99 }, 'subnets.0.mask mask_out_of_range'],
  ])('are not added %s (refused, NET-25)', async (_where, more, issue) => {
    const name = `Full ${issue} ${JSON.stringify(more)}`;
    const [vpc] = await makeVpc(name, { subnets: [{ name: 'first', cidr: '10.0.0.0/24' }] });
    const input = { id: vpc?.vpc?.id, subnets: [{ name: 'second', ...more }] };
    expect(refusalOf(await call('addSubnets', input, 'subnets { cidr }', asVera))).toMatchObject({ issues: [issue] });
  });

  it('get a place of their own each, though many are asked for at the same moment, and what does not fit is refused (NET-25, NET-26)', async () => {
    const [made] = await makeVpc('Rush', { cidr: '10.0.0.0/24', subnets: [{ name: 'first', mask: 26 }] });
    const id = made?.vpc?.id;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        call('addSubnets', { id, subnets: [{ name: `rush ${index}`, mask: 26 }] }, 'subnets { cidr }', asVera),
      ),
    );
    const given = answers.flatMap(({ subnets }) => (subnets ?? []) as { cidr: string }[]);
    expect(given.map(({ cidr }) => cidr).sort()).toEqual(['10.0.0.128/26', '10.0.0.192/26', '10.0.0.64/26']);
    const refused = answers.filter(({ subnets }) => !subnets).map(refusalOf);
    for (const each of refused) expect(each).toMatchObject({ code: 'VALIDATION', issues: ['subnets.0.mask no_room'] });
    // What is deleted is free at once, for the same name too.
    const [first] = made?.subnets ?? [];
    await untilEnabled(first?.id ?? '');
    await call('deleteSubnet', { id: first?.id, confirm: '确认删除' }, 'id', asVera);
    await vi.waitFor(
      async () =>
        expect(
          await call(
            'addSubnets',
            { id, subnets: [{ name: 'first', cidr: '10.0.0.0/26' }] },
            'subnets { cidr }',
            asVera,
          ),
        ).toMatchObject({ subnets: [{ cidr: '10.0.0.0/26' }] }),
      { timeout: 10_000, interval: 100 },
    );
    const again = { id, subnets: [{ name: 'first', mask: 26 }] };
    expect(refusalOf(await call('addSubnets', again, 'subnets { cidr }', asVera))).toMatchObject({
      issues: expect.arrayContaining(['subnets.0.name name_taken']),
    });
  });

  it('are not brought in by YAML where a form would refuse them (refused, NET-25, NET-30, CORE-27)', async () => {
    const [{ vpc, subnets: [subnet] = [] } = { vpc: null, subnets: [] }] = await makeVpc('Yaml');
    const manifest = (spec: object) =>
      JSON.stringify({ apiVersion: 'kubeovn.io/v1', kind: 'Subnet', metadata: { name: 'by-hand' }, spec });
    const apply = async (text: string) =>
      refusalOf(await call('applyManifest', { cluster: 'embedded', manifest: text }));
    expect(await apply(manifest({ vpc: vpc?.name, cidrBlock: '10.0.0.0/26' }))).toMatchObject({
      issues: [expect.stringMatching(/cidrBlock overlaps$/)],
    });
    expect(await apply(manifest({ vpc: vpc?.name, cidrBlock: '11.0.0.0/26' }))).toMatchObject({
      issues: [expect.stringMatching(/cidrBlock outside_vpc$/)],
    });
    const moved = { apiVersion: 'kubeovn.io/v1', kind: 'Vpc', metadata: { name: vpc?.name } };
    const annotations = { 'longshore.dev/cidr': '10.0.0.0/8' };
    expect(await apply(JSON.stringify({ ...moved, metadata: { ...moved.metadata, annotations } }))).toMatchObject({
      issues: [expect.stringMatching(/immutable$/)],
    });
    const other = { apiVersion: 'kubeovn.io/v1', kind: 'Subnet', metadata: { name: subnet?.name } };
    expect(await apply(JSON.stringify({ ...other, spec: { vpc: 'ovn-cluster' } }))).toMatchObject({
      issues: [expect.stringMatching(/vpc immutable$/)],
    });
    // Developers have no road by text at all.
    expect(
      await call(
        'applyManifest',
        { cluster: 'embedded', manifest: manifest({ cidrBlock: '10.8.0.0/24' }) },
        'warnings',
        asVera,
      ),
    ).toMatchObject({ code: expect.stringMatching(/FORBIDDEN|NOT_FOUND/) });
  });
});

describe('what is in use', () => {
  const confirm = '确认删除';

  it('stays: a subnet with a pod, and the VPC around it, by every road (refused, NET-27, NET-28, P41)', async () => {
    const [{ vpc, subnets: [subnet] = [] } = { vpc: null, subnets: [] }] = await makeVpc('Busy');
    await untilEnabled(subnet?.id ?? '');
    const metadata = {
      name: 'tenant',
      namespace: 'shop',
      annotations: { 'ovn.kubernetes.io/logical_switch': subnet?.name },
    };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'web', image: 'nginx' }] } };
    await call('applyManifest', { cluster: 'embedded', manifest: JSON.stringify(pod) });
    const inUse = { code: 'IN_USE' };
    await vi.waitFor(
      async () => expect(await call('deleteSubnet', { id: subnet?.id, dryRun: true }, 'id')).toMatchObject(inUse),
      { timeout: 10_000, interval: 100 },
    );
    const references = [{ kind: 'Pod', name: 'tenant' }];
    expect(await call('deleteSubnet', { id: subnet?.id, confirm }, 'id')).toMatchObject({ ...inUse, references });
    expect(await call('deleteVpc', { id: vpc?.id, confirm }, 'id')).toMatchObject({ ...inUse, references });
    expect(await call('deleteObject', { id: subnet?.id, confirm }, 'id')).toMatchObject({ ...inUse, references });
    // What she may not see is not named.
    expect(await call('deleteVpc', { id: vpc?.id, confirm }, 'id', asVera)).toMatchObject({ ...inUse, references: [] });
    // The VPC alone is not taken away from above its subnets.
    expect(await call('deleteObject', { id: vpc?.id, confirm }, 'id')).toMatchObject({
      ...inUse,
      references: expect.arrayContaining([{ kind: 'Subnet', name: subnet?.name }]),
    });
    const { used } =
      ((await nodeOf(subnet?.id ?? '', '... on Subnet { addresses { used } }'))?.addresses as { used: string }[])[0] ??
      {};
    expect(used).toBe('1');
  });

  it('stays: a VPC with a NAT gateway, which would be stranded (refused, NET-27, P41)', async () => {
    const [{ vpc, subnets: [subnet] = [] } = { vpc: null, subnets: [] }] = await makeVpc('Gated');
    await untilEnabled(subnet?.id ?? '');
    const spec = {
      vpc: vpc?.name,
      subnet: subnet?.name,
      lanIp: '10.0.0.254',
      externalSubnets: ['ovn-vpc-external-network'],
    };
    const gate = { apiVersion: 'kubeovn.io/v1', kind: 'VpcNatGateway', metadata: { name: 'gate' }, spec };
    await call('applyManifest', { cluster: 'embedded', manifest: JSON.stringify(gate) });
    for (const [name, id] of [
      ['deleteVpc', vpc?.id],
      ['deleteSubnet', subnet?.id],
    ] as const) {
      expect(await call(name, { id, confirm }, 'id')).toMatchObject({
        code: 'IN_USE',
        references: expect.arrayContaining([{ kind: 'VpcNatGateway', name: 'gate' }]),
      });
    }
  });

  it('stays: what the platform has planned (refused, NET-27, NET-28)', async () => {
    const { vpc, subnet } = await ask<Record<'vpc' | 'subnet', { id: string; isPlanned: boolean }>>(
      '{ vpc(cluster: "embedded", name: "ovn-cluster") { id isPlanned } subnet(cluster: "embedded", name: "ovn-default") { id isPlanned } }',
    );
    expect([vpc.isPlanned, subnet.isPlanned]).toEqual([true, true]);
    const refused = { code: 'PRECONDITION_FAILED', reason: 'NETWORK_OF_PLATFORM' };
    expect(await call('deleteVpc', { id: vpc.id }, 'id')).toMatchObject(refused);
    expect(await call('deleteSubnet', { id: subnet.id }, 'id')).toMatchObject(refused);
    expect(await call('deleteObject', { id: subnet.id }, 'id')).toMatchObject(refused);
  });
});

describe('what is not in use', () => {
  it('goes: a subnet alone, a VPC with its subnets, and several at once, confirmed by the phrase (NET-27, NET-28, CORE-24)', async () => {
    const confirm = '确认删除';
    const subnets = [
      { name: 'a', mask: 24 },
      { name: 'b', mask: 24 },
    ];
    const [one] = await makeVpc('Gone 1', { subnets });
    const [two] = await makeVpc('Gone 2', { subnets });
    const [three] = await makeVpc('Gone 3', { subnets });
    for (const { subnets: all } of [one, two, three].flatMap((each) => each ?? [])) {
      for (const { id } of all) await untilEnabled(id);
    }
    const subnet = one?.subnets[1]?.id ?? '';
    expect(await call('deleteSubnet', { id: subnet }, 'id', asVera)).toMatchObject({ code: 'VALIDATION' });
    expect(await call('deleteVpc', { id: one?.vpc?.id, confirm: 'Gone 1' }, 'id', asVera)).toMatchObject({
      code: 'VALIDATION',
    });
    expect(await call('deleteSubnet', { id: subnet, confirm }, 'id', asVera)).toMatchObject({ id: subnet });
    expect(await call('deleteVpc', { id: one?.vpc?.id, confirm }, 'id', asVera)).toMatchObject({ id: one?.vpc?.id });
    const ids = [two?.vpc?.id, three?.vpc?.id];
    expect(await call('deleteVpcs', { ids, confirm }, 'results { ok error { message } }', asVera)).toMatchObject({
      results: [{ ok: true }, { ok: true }],
    });
    await vi.waitFor(
      async () => {
        const { vpcs, subnets: left } = await ask<Record<'vpcs' | 'subnets', { totalCount: number }>>(
          `{ vpcs(filter: { displayName: { contains: "Gone" } }) { totalCount }
             subnets(filter: { displayName: { equals: "b" } }) { totalCount } }`,
        );
        expect([vpcs.totalCount, left.totalCount]).toEqual([0, 0]);
      },
      { timeout: 10_000, interval: 100 },
    );
  });
});

describe('the namespaces of a subnet', () => {
  it('are set by its members, as long as they are of its workspace and of no other VPC (VND-04; refused, CORE-07)', async () => {
    await call('createNamespace', { cluster: 'embedded', name: 'veras-own' });
    await call('bindNamespaces', { id: workspaceId, namespaces: [{ cluster: 'embedded', namespace: 'veras-own' }] });
    const [{ subnets: [subnet] = [] } = { subnets: [] }] = await makeVpc('Home');
    const [{ subnets: [other] = [] } = { subnets: [] }] = await makeVpc('Elsewhere');
    for (const { id } of [subnet, other].flatMap((each) => each ?? [])) await untilEnabled(id);
    const set = (id: unknown, namespaces: readonly string[]) =>
      call('setSubnetNamespaces', { id, namespaces }, 'subnet { namespaces vpc { namespaces } }', asVera);
    const home = { namespaces: ['veras-own'], vpc: { namespaces: ['veras-own'] } };
    expect(await set(subnet?.id, ['veras-own'])).toMatchObject({ subnet: home });
    expect(refusalOf(await set(other?.id, ['veras-own']))).toMatchObject({ issues: ['namespaces.0 bound_elsewhere'] });
    expect(refusalOf(await set(subnet?.id, ['shop', 'veras-own', 'veras-own']))).toMatchObject({
      issues: ['namespaces duplicate'],
    });
    // For her there is no such namespace.
    expect(refusalOf(await set(subnet?.id, ['shop']))).toMatchObject({ issues: ['namespaces.0 unknown_namespace'] });
    const byAdmin = { id: subnet?.id, namespaces: ['shop'] };
    expect(refusalOf(await call('setSubnetNamespaces', byAdmin, 'warnings'))).toMatchObject({
      issues: ['namespaces.0 other_workspace'],
    });
    expect(await set(subnet?.id, [])).toMatchObject({ subnet: { namespaces: [], vpc: { namespaces: [] } } });
  });
});

describe('what VPCs and subnets are called', () => {
  it('is changed by who manages them, each name once, and nothing else (NET-30, NET-31; refused, CORE-17)', async () => {
    const [{ vpc, subnets = [] } = { vpc: null, subnets: [] }] = await makeVpc('Named', {
      subnets: [{ name: 'a' }, { name: 'b' }],
    });
    const id = vpc?.id;
    const fields = 'vpc { displayName description cidr }';
    const words = { id, name: 'Renamed', description: 'By hand' };
    expect(await call('updateVpc', words, fields, asVera)).toMatchObject({
      vpc: { displayName: 'Renamed', description: 'By hand', cidr: '10.0.0.0/16' },
    });
    expect(await call('updateVpc', { id, description: null }, fields, asVera)).toMatchObject({
      vpc: { displayName: 'Renamed', description: null },
    });
    expect(await call('updateVpc', words, fields, asOtto)).toMatchObject({ code: 'NOT_FOUND' });
    expect(refusalOf(await call('updateVpc', { id, name: '' }, fields, asVera))).toMatchObject({
      issues: ['name too_short'],
    });
    // The name that it has now is taken, and so is the one that its object was made by.
    for (const name of ['Renamed', 'Named']) {
      const input = { clusters: ['embedded'], workspaceId, name, cidr: '10.0.0.0/16' };
      expect(await call('createVpc', input, made, asVera)).toMatchObject({ code: 'CONFLICT' });
    }
    const [a, b] = subnets;
    expect(await call('updateSubnet', { id: a?.id, name: 'c' }, 'subnet { displayName }', asVera)).toMatchObject({
      subnet: { displayName: 'c' },
    });
    expect(
      refusalOf(await call('updateSubnet', { id: b?.id, name: 'c' }, 'subnet { displayName }', asVera)),
    ).toMatchObject({ issues: ['name name_taken'] });
    const again = { id, subnets: [{ name: 'a', mask: 26 }] };
    expect(refusalOf(await call('addSubnets', again, 'subnets { cidr }', asVera))).toMatchObject({
      issues: ['subnets.0.name name_taken'],
    });
  });
});

describe('a security group', () => {
  const rule = { protocol: 'TCP', address: '0.0.0.0/0', portMin: 80 };
  const makeGroup = async (vpcId: unknown, name: string, more: object = {}) => {
    const answer = await call('createSecurityGroup', { vpcId, name, ...more }, 'securityGroup { id name }', asVera);
    expect(answer).toMatchObject({ __typename: 'CreateSecurityGroupSuccess' });
    return answer.securityGroup as { id: string; name: string };
  };
  it('is made for a VPC with rules in and out, put in force, changed, and hidden from others (NET-32, VND-04; refused, CORE-17)', async () => {
    const [{ vpc } = { vpc: null }] = await makeVpc('Guarded');
    const front = await makeGroup(vpc?.id, 'Front', {
      ingress: [rule],
      egress: [{ protocol: 'ALL', address: '0.0.0.0/0' }],
    });
    const back = await makeGroup(vpc?.id, 'Back', {
      description: 'Behind it',
      ingress: [{ protocol: 'TCP', securityGroupId: front.id, portMin: 5432 }],
    });
    const fields = `... on SecurityGroup { displayName description state vpc { displayName } workspace { identifier }
      ingress { priority action protocol family address portMin portMax securityGroup { displayName } } egress { protocol } }`;
    await vi.waitFor(
      async () =>
        expect(await nodeOf(back.id, fields, asVera)).toEqual({
          displayName: 'Back',
          description: 'Behind it',
          state: 'ENABLED',
          vpc: { displayName: 'Guarded' },
          workspace: { identifier: 'veras' },
          ingress: [
            {
              priority: 1,
              action: 'ALLOW',
              protocol: 'TCP',
              family: 'IPV4',
              address: null,
              portMin: 5432,
              portMax: 5432,
              securityGroup: { displayName: 'Front' },
            },
          ],
          egress: [],
        }),
      { timeout: 10_000, interval: 50 },
    );
    const changed = {
      id: front.id,
      ingress: [
        { ...rule, portMax: 90 },
        { protocol: 'ICMP', address: '10.0.0.0/8' },
      ],
    };
    expect(
      await call(
        'updateSecurityGroup',
        changed,
        'securityGroup { ingress { portMin portMax } egress { protocol } }',
        asVera,
      ),
    ).toMatchObject({
      securityGroup: { ingress: [{ portMin: 80, portMax: 90 }, { portMin: null }], egress: [{ protocol: 'ALL' }] },
    });
    const wrong = { vpcId: vpc?.id, name: 'Front', ingress: [{ ...rule, portMax: 79 }] };
    expect(refusalOf(await call('createSecurityGroup', wrong, 'warnings', asVera))).toMatchObject({
      issues: ['ingress.0.portMax invalid', 'name name_taken'],
    });
    // What a rule of another group names stays, and so does the VPC around them.
    const inUse = { code: 'IN_USE', references: [{ kind: 'SecurityGroup', name: back.name }] };
    expect(await call('deleteSecurityGroup', { id: front.id, confirm: '确认删除' }, 'id', asVera)).toMatchObject(inUse);
    expect(await call('deleteVpc', { id: vpc?.id, confirm: '确认删除' }, 'id', asVera)).toMatchObject({
      code: 'IN_USE',
      references: expect.arrayContaining([{ kind: 'SecurityGroup', name: front.name }]),
    });
    expect(await nodeOf(front.id, 'id', asOtto)).toBeNull();
    for (const name of ['updateSecurityGroup', 'deleteSecurityGroup']) {
      expect(await call(name, { id: front.id }, 'warnings', asOtto)).toMatchObject({ code: 'NOT_FOUND' });
    }
    const { securityGroups } = await ask<{ securityGroups: { nodes: object[]; problems: object[] } }>(
      `{ securityGroups(filter: { vpcId: "${vpc?.id}" }, orderBy: { field: DISPLAY_NAME, direction: ASC }) { nodes { displayName } problems { cluster code } } }`,
    );
    expect(securityGroups).toEqual({
      nodes: [{ displayName: 'Back' }, { displayName: 'Front' }],
      problems: [{ cluster: 'bare', code: 'CAPABILITY_MISSING' }],
    });
    for (const { id } of [back, front]) {
      expect(await call('deleteSecurityGroup', { id, confirm: '确认删除' }, 'id', asVera)).toMatchObject({ id });
    }
  });

  it('holds the pods of workloads whose pods lie in its VPC, where they have addresses of its subnet, and stays while they are in it (NET-32, VND-04; refused, CORE-07)', async () => {
    await call('createNamespace', { cluster: 'embedded', name: 'veras-grouped' });
    const binding = { id: workspaceId, namespaces: [{ cluster: 'embedded', namespace: 'veras-grouped' }] };
    await call('bindNamespaces', binding);
    const [{ vpc, subnets: [subnet] = [] } = { vpc: null, subnets: [] }] = await makeVpc('Holding', {
      cidr: '10.0.0.0/16',
      subnets: [{ name: 'only', cidr: '10.0.77.0/24' }],
    });
    const [{ vpc: other } = { vpc: null }] = await makeVpc('Beside');
    await untilEnabled(subnet?.id ?? '');
    await call('setSubnetNamespaces', { id: subnet?.id, namespaces: ['veras-grouped'] }, 'warnings', asVera);
    const group = await makeGroup(vpc?.id, 'Held', { ingress: [rule] });
    const elsewhere = await makeGroup(other?.id, 'Elsewhere');
    const labels = { app: 'held' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'held', namespace: 'veras-grouped' },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
    };
    await call('applyManifest', { cluster: 'embedded', manifest: JSON.stringify(deployment) });
    const { workloads } = await ask<{ workloads: { nodes: { id: string }[] } }>(
      '{ workloads(filter: { namespaces: ["veras-grouped"] }) { nodes { id } } }',
    );
    const id = workloads.nodes[0]?.id ?? '';
    const set = (securityGroupIds: readonly unknown[], as = asVera) =>
      call('setSecurityGroups', { id, securityGroupIds }, 'workload { securityGroups { nodes { displayName } } }', as);
    expect(refusalOf(await set([elsewhere.id]))).toMatchObject({ issues: ['securityGroupIds.0 other_vpc'] });
    expect(refusalOf(await set(['x', group.id, group.id]))).toMatchObject({ issues: ['securityGroupIds duplicate'] });
    expect(refusalOf(await set([vpc?.id]))).toMatchObject({ issues: ['securityGroupIds.0 unknown_group'] });
    await expect(set([group.id], asOtto)).rejects.toThrow('FORBIDDEN');
    expect(await set([group.id])).toMatchObject({ workload: { securityGroups: { nodes: [{ displayName: 'Held' }] } } });
    // The pods that are made anew are in it, and have addresses of the subnet that their namespace is bound to.
    await vi.waitFor(
      async () => {
        const { securityGroup } = await ask<{
          securityGroup: { workloads: object; pods: { nodes: { podIP: string }[] } };
        }>(
          `{ securityGroup(cluster: "embedded", name: "${group.name}") { workloads { nodes { name } } pods { nodes { podIP } } } }`,
          asVera,
        );
        expect(securityGroup.workloads).toEqual({ nodes: [{ name: 'held' }] });
        expect(securityGroup.pods.nodes).toEqual([{ podIP: expect.stringMatching(/^10\.0\.77\.\d+$/) }]);
      },
      { timeout: 15_000, interval: 100 },
    );
    const references = [{ kind: 'Deployment', name: 'held' }];
    for (const road of ['deleteSecurityGroup', 'deleteObject']) {
      expect(await call(road, { id: group.id, confirm: '确认删除' }, 'id')).toMatchObject({
        code: 'IN_USE',
        references,
      });
    }
    // Whoever may not see a group puts no pods into it by text.
    const annotations = { 'ovn.kubernetes.io/security_groups': 'sg-of-nobody' };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'sly', namespace: 'veras-grouped', annotations } };
    const manifest = JSON.stringify({ ...pod, spec: { containers: [{ name: 'web', image: 'nginx' }] } });
    expect(refusalOf(await call('applyManifest', { cluster: 'embedded', manifest }, 'warnings', asVera))).toMatchObject(
      {
        issues: expect.arrayContaining([expect.stringMatching(/security_groups unknown_group$/)]),
      },
    );
    expect(await set([])).toMatchObject({ workload: { securityGroups: { nodes: [] } } });
    await vi.waitFor(
      async () =>
        expect(await call('deleteSecurityGroup', { id: group.id, confirm: '确认删除' }, 'id', asVera)).toMatchObject({
          id: group.id,
        }),
      { timeout: 15_000, interval: 100 },
    );
  });

  it('needs a VPC with a subnet, and a cluster with Kube-OVN (refused, NET-32)', async () => {
    const [{ vpc, subnets: [subnet] = [] } = { vpc: null, subnets: [] }] = await makeVpc('Empty');
    await untilEnabled(subnet?.id ?? '');
    await call('deleteSubnet', { id: subnet?.id, confirm: '确认删除' }, 'id', asVera);
    await vi.waitFor(async () => expect(await nodeOf(subnet?.id ?? '', 'id')).toBeNull(), { timeout: 10_000 });
    const input = { vpcId: vpc?.id, name: 'Idle' };
    expect(await call('createSecurityGroup', input, 'warnings', asVera)).toMatchObject({
      reason: 'VPC_WITHOUT_SUBNET',
    });
    await call('createNamespace', { cluster: 'bare', name: 'plain' });
    const { workload: plain } = await call(
      'createWorkload',
      {
        cluster: 'bare',
        namespace: 'plain',
        name: 'plain',
        kind: { deployment: { replicas: 1 } },
        template: { containers: [{ name: 'web', image: 'nginx' }] },
      },
      'workload { id }',
    );
    const { id } = plain as { id: string };
    expect(await call('setSecurityGroups', { id, securityGroupIds: [] }, 'warnings')).toMatchObject({
      code: 'CAPABILITY_MISSING',
      message: expect.stringContaining('Kube-OVN'),
    });
  });
});

describe('the network of a workspace', () => {
  it('keeps it from being deleted as long as it is there, bound or not (refused, CORE-02, NET-27)', async () => {
    const id = await makeWorkspace('owning', 'vera', 'default');
    const [{ vpc } = { vpc: null }] = await makeVpc('Owned', { workspaceId: id });
    const remove = () => call('deleteWorkspace', { id, confirm: 'owning' }, 'id');
    expect(await remove()).toMatchObject({ code: 'IN_USE', references: [{ kind: 'Vpc', name: vpc?.name }] });
    expect(await call('deleteVpc', { id: vpc?.id }, 'id', asVera)).toMatchObject({ id: vpc?.id });
    await vi.waitFor(async () => expect(await remove()).toMatchObject({ id }), { timeout: 10_000, interval: 100 });
  });

  it('is one of its own VPCs, and keeps the workspace as long as it is there (CORE-02)', async () => {
    const id = await makeWorkspace('bound', 'vera', 'default');
    const [{ vpc } = { vpc: null }] = await makeVpc('Bound', { workspaceId: id });
    const [foreign] = await makeVpc('Not bound');
    const choices = await ask<{ workspace: { networkChoices: unknown } }>(
      `{ workspace(id: "${id}") { networkChoices { id name } } }`,
    );
    expect(choices.workspace.networkChoices).toEqual([{ id: vpc?.id, name: 'Bound' }]);
    const bind = (networkId: unknown) =>
      call('bindWorkspaceNetwork', { id, version: 1, networkId }, 'workspace { networkId }');
    expect(refusalOf(await bind(foreign?.vpc?.id))).toMatchObject({ issues: ['networkId network_taken'] });
    expect(refusalOf(await bind('vpc-1'))).toMatchObject({ issues: ['networkId unknown_network'] });
    expect(await bind(vpc?.id)).toMatchObject({ workspace: { networkId: vpc?.id } });
    const remove = () => call('deleteWorkspace', { id, confirm: 'bound' }, 'id');
    expect(await remove()).toMatchObject({ code: 'IN_USE', references: [{ kind: 'Vpc', name: vpc?.name }] });
    expect(await call('deleteVpc', { id: vpc?.id }, 'id', asVera)).toMatchObject({ id: vpc?.id });
    await vi.waitFor(async () => expect(await remove()).toMatchObject({ id }), { timeout: 10_000, interval: 100 });
  });
});

describe('the quota of VPCs', () => {
  it('is what the profile says, of each workspace and cluster: one more is refused (refused, NET-29)', async () => {
    const id = await makeWorkspace('tight', 'vera', 'one-vpc');
    await makeVpc('Only', { workspaceId: id });
    const input = { clusters: ['embedded', 'second'], workspaceId: id, name: 'Second', cidr: '10.0.0.0/16' };
    expect(await call('createVpc', input, made, asVera)).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      message: expect.stringContaining("'embedded'"),
    });
    await makeVpc('Second', { workspaceId: id, clusters: ['second'] });
    const { workspace } = await ask<{ workspace: { networkQuotas: object[] } }>(
      `{ workspace(id: "${id}") { networkQuotas { cluster resource used limit } } }`,
    );
    expect(workspace.networkQuotas).toEqual(
      expect.arrayContaining(
        ['embedded', 'second'].map((cluster) => ({ cluster, resource: 'VPC', used: 1, limit: 1 })),
      ),
    );
  });
});

describe('what there is', () => {
  it('is listed by cluster, workspace and VPC, and counted against its quota (NET-29)', async () => {
    const [vpc] = await makeVpc('Listed', { clusters: ['second'], subnets: [{ name: 'x' }, { name: 'y' }] });
    const { vpcs, subnets } = await ask<
      Record<'vpcs' | 'subnets', { nodes: { displayName: string }[]; problems: unknown[] }>
    >(
      `{ vpcs(filter: { cluster: "second", workspaceId: "${workspaceId}", displayName: { equals: "Listed" } }) { nodes { displayName } problems { code } }
         subnets(filter: { vpcId: "${vpc?.vpc?.id}" }, orderBy: { field: DISPLAY_NAME, direction: DESC }) { nodes { displayName } problems { code } } }`,
      asVera,
    );
    expect(vpcs).toEqual({ nodes: [{ displayName: 'Listed' }], problems: [] });
    expect(subnets.nodes).toEqual([{ displayName: 'y' }, { displayName: 'x' }]);
    const { workspace } = await ask<{
      workspace: { networkQuotas: { cluster: string; resource: string; used: number; limit: null }[] };
    }>(`{ workspace(id: "${workspaceId}") { networkQuotas { cluster resource used limit } } }`, asVera);
    const vpcQuotas = workspace.networkQuotas.filter(({ resource }) => resource === 'VPC');
    expect(vpcQuotas.map(({ cluster }) => cluster).sort()).toEqual(['embedded', 'second']);
    for (const { used, limit } of vpcQuotas) expect([used > 0, limit]).toEqual([true, null]);
  });

  it('is told as it comes, to who may see it (NET-24, CORE-09)', async () => {
    interface Message {
      readonly vpcChanges: { readonly type: string; readonly vpc: { readonly displayName: string } | null };
    }
    const source = 'subscription { vpcChanges { type vpc { displayName } } }';
    await using veras: TestStream<Message> = gateway.subscribe(source, {}, asVera);
    await using ottos: TestStream<Message> = gateway.subscribe(source, {}, asOtto);
    for (const stream of [veras, ottos]) await stream.next(({ data }) => data?.vpcChanges.type === 'SNAPSHOT');
    await makeVpc('Hers');
    await makeVpc(
      'His',
      { workspaceId: strictId, cidr: '192.168.0.0/16', subnets: [{ name: 'xy', zone: 'embedded-a' }] },
      asAdmin,
    );
    const added = async (stream: TestStream<Message>) =>
      (await stream.next(({ data }) => data?.vpcChanges.type === 'ADDED')).data?.vpcChanges.vpc?.displayName;
    expect([await added(veras), await added(ottos)]).toEqual(['Hers', 'His']);
  });
});
