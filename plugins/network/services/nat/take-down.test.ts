import { type KubeObject, type OperationHandle, origin } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { createFailingCluster, Killed, namesOf, type Trouble } from '../../testing/failing-cluster.ts';
import { eip, gateway, make, snat, viewOf } from '../../testing/make-nat.ts';
import { type SubnetObject, subnetKind, type VpcObject, vpcKind } from '../vpc/kube-ovn-kinds.ts';
import { takeDownVpc } from '../vpc/take-down-vpc.ts';
import { makeNatGateway } from './make-nat-gateway.ts';
import { natUsersOfSubnet, natUsersOfVpc } from './nat-uses.ts';
import { eipsOfGateway, rulesOfEip } from './nat-view.ts';
import { planNatGateway } from './plan-nat-gateway.ts';
import { takeDownBefore } from './take-down-gateway.ts';

const ticket = { isDryRun: false } as OperationHandle;
const net = (): VpcObject => make(vpcKind, 'net', { spec: { staticRoutes: [] } });
const subnet = (name: string, third: number): SubnetObject =>
  make(subnetKind, name, {
    spec: { vpc: 'net', cidrBlock: `10.0.${third}.0/24` },
    status: { v4availableIPrange: `10.0.${third}.2-10.0.${third}.254` },
  });
const bare = () => [net(), subnet('net-a', 0), subnet('net-b', 1)] as readonly KubeObject[];

/** What Kube-OVN lets go although something hangs on it, which it strands for good (kube-ovn#6717). */
function refuseStranding(gone: KubeObject, left: readonly KubeObject[]): void {
  const view = viewOf(left);
  const { name } = gone.metadata;
  const stranded: readonly KubeObject[] =
    gone.kind === 'Vpc'
      ? [
          ...natUsersOfVpc(view, name),
          ...left.filter((one) => one.kind === 'Subnet' && (one as unknown as SubnetObject).spec?.vpc === name),
        ]
      : gone.kind === 'Subnet'
        ? natUsersOfSubnet(view, gone as unknown as SubnetObject)
        : gone.kind === 'VpcNatGateway'
          ? eipsOfGateway(view, name)
          : gone.kind === 'IptablesEIP'
            ? Object.values(rulesOfEip(view, name)).flat()
            : [];
  if (stranded.length > 0) throw new Error(`${gone.kind} '${name}' leaves ${namesOf(stranded).join(', ')} stranded`);
}

const wanted = (objects: readonly KubeObject[]) => {
  const [vpc, a, b] = ['net', 'net-a', 'net-b'].map((name) => objects.find(({ metadata }) => metadata.name === name));
  return {
    name: 'gw',
    cluster: 'c1',
    vpc: vpc as unknown as VpcObject,
    subnet: undefined,
    snatRules: [a, b].map((of) => ({ subnet: of as unknown as SubnetObject, description: 'Out' })),
  };
};

async function makeGateway(world: ReturnType<typeof createFailingCluster>, trouble?: Trouble): Promise<void> {
  const context = world.begin(trouble);
  const plan = await planNatGateway(wanted(world.objects), context);
  await makeNatGateway({ ...plan, description: 'Way out', bandwidthMbps: 5 }, ticket, context);
}

/** As `deleteSnatRule` of each rule and then `deleteNatGateway` do it, each as far as it is there. */
async function deleteAll(world: ReturnType<typeof createFailingCluster>, trouble?: Trouble): Promise<void> {
  const context = world.begin(trouble);
  const { writer } = context.cluster('c1') as unknown as { writer: () => ReturnType<never> };
  const gone = (object: KubeObject) =>
    (writer() as { delete: (...args: unknown[]) => Promise<void> }).delete(
      ticket,
      object[origin],
      undefined,
      object.metadata.name,
    );
  for (const rule of world.objects.filter(({ kind }) => kind === 'IptablesSnatRule')) await gone(rule);
  const found = world.objects.find(({ kind }) => kind === 'VpcNatGateway');
  if (!found) return;
  await takeDownBefore(found as never, ticket, context);
  await gone(found);
}

const whole = [
  'IptablesEIP gw-eip',
  'IptablesSnatRule gw-snat-net-a',
  'IptablesSnatRule gw-snat-net-b',
  'QoSPolicy gw-eip-bandwidth',
  'Subnet net-a',
  'Subnet net-b',
  'Vpc net',
  'VpcNatGateway gw',
];
const routesOf = (objects: readonly KubeObject[]) =>
  (objects.find(({ kind }) => kind === 'Vpc') as unknown as VpcObject).spec?.staticRoutes;

describe('making a NAT gateway', () => {
  it('is seven writes, of which the route comes last (NET-34)', async () => {
    const world = createFailingCluster(bare());
    await makeGateway(world);
    expect(world.writes).toEqual([
      'create VpcNatGateway gw',
      'create QoSPolicy gw-eip-bandwidth',
      'create IptablesEIP gw-eip',
      'patch QoSPolicy gw-eip-bandwidth',
      'create IptablesSnatRule gw-snat-net-a',
      'create IptablesSnatRule gw-snat-net-b',
      'patch Vpc net',
    ]);
    expect(namesOf(world.objects)).toEqual(whole);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('leaves nothing behind where write %i of it is refused (NET-34)', async (at) => {
    const world = createFailingCluster(bare(), refuseStranding);
    await expect(makeGateway(world, { at, how: 'REFUSED' })).rejects.toThrow('refused');
    expect(namesOf(world.objects)).toEqual(namesOf(bare()));
    expect(routesOf(world.objects)).toEqual([]);
    await makeGateway(world);
    expect(namesOf(world.objects)).toEqual(whole);
  });

  it('says what could not be taken away again (NET-34)', async () => {
    const world = createFailingCluster(bare(), (gone) => {
      if (gone.kind === 'IptablesEIP') throw new Error('it stays');
    });
    await expect(makeGateway(world, { at: 5, how: 'REFUSED' })).rejects.toThrow(
      "Not taken away again: IptablesEIP 'gw-eip'.",
    );
  });

  it.each(
    (['KILLED', 'KILLED_AFTER'] as const).flatMap((how) => [1, 2, 3, 4, 5, 6, 7].map((at) => ({ at, how }))),
  )('can be deleted and made again after the process was gone: $how at write $at (NET-34, NET-38, P41)', async (trouble) => {
    const world = createFailingCluster(bare(), refuseStranding);
    await expect(makeGateway(world, trouble)).rejects.toThrow(Killed);
    await deleteAll(world);
    expect(namesOf(world.objects)).toEqual(namesOf(bare()));
    expect(routesOf(world.objects)).toEqual([]);
    await makeGateway(world);
    expect(namesOf(world.objects)).toEqual(whole);
  });
});

describe('taking NAT down', () => {
  const troubles = (['REFUSED', 'KILLED', 'KILLED_AFTER'] as const).flatMap((how) =>
    [1, 2, 3, 4, 5, 6].map((at) => ({ at, how })),
  );

  it('goes from the rules to the gateway (NET-38, P41)', async () => {
    const world = createFailingCluster(bare(), refuseStranding);
    await makeGateway(world);
    await deleteAll(world);
    expect(world.writes).toEqual([
      'delete IptablesSnatRule gw-snat-net-a',
      'delete IptablesSnatRule gw-snat-net-b',
      'patch Vpc net',
      'delete IptablesEIP gw-eip',
      'delete QoSPolicy gw-eip-bandwidth',
      'delete VpcNatGateway gw',
    ]);
    expect(namesOf(world.objects)).toEqual(namesOf(bare()));
  });

  it.each(
    troubles,
  )('strands nothing, and goes on where it stopped: $how at write $at (NET-38, P41)', async (trouble) => {
    const world = createFailingCluster(bare(), refuseStranding);
    await makeGateway(world);
    await expect(deleteAll(world, trouble)).rejects.toThrow();
    // Whatever is left: its VPC does not go before it.
    const vpc = world.objects.find(({ kind }) => kind === 'Vpc') as unknown as VpcObject;
    const isLeft = world.objects.some(({ kind }) => kind === 'VpcNatGateway');
    if (isLeft) {
      await expect(takeDownVpc(vpc, ticket, world.begin())).rejects.toMatchObject({ code: 'IN_USE' });
      expect(world.writes).toEqual([]);
    }
    await deleteAll(world);
    expect(namesOf(world.objects)).toEqual(namesOf(bare()));
    expect(routesOf(world.objects)).toEqual([]);
  });

  it.each([
    ['a rule', [gateway('gw'), eip('gw-eip'), snat('out', 'gw-eip', '10.0.0.0/24')]],
    ['its gateway alone', [gateway('gw')]],
  ])('comes before its VPC, which stays under %s with all its subnets (NET-27, P41) (refused)', async (_what, nat) => {
    const world = createFailingCluster([...bare(), ...(nat as readonly KubeObject[])], refuseStranding);
    const refused = takeDownVpc(net(), ticket, world.begin());
    await expect(refused).rejects.toMatchObject({
      code: 'IN_USE',
      references: expect.arrayContaining([expect.any(String)]),
    });
    expect(world.writes).toEqual([]);
  });
});

describe('taking a VPC down', () => {
  const troubles = (['REFUSED', 'KILLED', 'KILLED_AFTER'] as const).flatMap((how) =>
    [1, 2, 3].map((at) => ({ at, how })),
  );

  it.each(
    troubles,
  )('takes subnets first, and goes on where it stopped: $how at write $at (NET-27, P41)', async (trouble) => {
    const world = createFailingCluster(bare(), refuseStranding);
    await expect(takeDownVpc(net(), ticket, world.begin(trouble))).rejects.toThrow();
    if (!(trouble.how === 'KILLED_AFTER' && trouble.at === 3)) {
      expect(namesOf(world.objects)).toContain('Vpc net');
      await takeDownVpc(net(), ticket, world.begin());
    }
    expect(world.objects).toEqual([]);
  });
});
