import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  type FleetWorld,
  fleetKeeperToken,
  nodeAndFleetToken,
  nodeKeeperToken,
  startFleetWorld,
} from './testing/fleet-world.ts';

let world: FleetWorld;
let id: string;
beforeAll(async () => {
  world = await startFleetWorld();
});
afterAll(() => world?.stop());

const acknowledge = ['LOCAL_DATA_LOST', 'PODS_NOT_REMADE', 'NO_ROOM_ELSEWHERE'];
const nodeOf = async (name: string): Promise<Answer> =>
  (await world.ask('query ($name: String!) { clusterNode(cluster: "east", name: $name) { id name } }', { name }))
    .clusterNode;
async function remove(name: string, more: object, token?: string): Promise<Answer> {
  const node = await nodeOf(name);
  return world.call('deleteNode', { id: node.id, confirm: name, acknowledge, ...more }, 'operation { id }', token);
}
const nameOf = ({ metadata }: Answer): string => metadata.name;

describe('a node whose machine Cluster API made elsewhere', () => {
  it('is one of a managed cluster (CMP-23)', async () => {
    id = await world.provide('east', { nodes: [{ count: 2, namePrefix: 'web' }] });
  });

  it('is destroyed with its machine, and its group gets smaller by one, though the process dies (CMP-26)', async () => {
    const [leaving, staying] = world.machinesOf('east', 'web').map(nameOf) as [string, string];
    await world.soon(() => nodeOf(leaving)).not.toBeNull();
    const died = world.killAt(['nodeDrains.before-remove', 'nodeDrains.after-remove']);
    const begun = await remove(leaving, { mode: 'DELETE_MACHINE' });
    expect(begun).toMatchObject({ __typename: 'DeleteNodeSuccess' });
    await world.soon(() => world.status(begun.operation.id)).toBe('SUCCEEDED');
    expect(died).toHaveLength(2);
    expect(world.groupsOf('east')).toEqual([['web', 1]]);
    expect(world.machinesOf('east', 'web').map(nameOf)).toEqual([staying]);
    expect(await nodeOf(leaving)).toBeNull();
    expect(Object.keys(world.find('clusters', 'east').metadata.annotations).join()).not.toContain('removal');
  });

  it('keeps its machine where its provider cannot keep it, and is not the control plane’s (CMP-26) (refused)', async () => {
    const [worker] = world.machinesOf('east', 'web').map(nameOf) as [string];
    const [master] = world.machinesOf('east').map(nameOf) as [string];
    expect(await remove(worker, { mode: 'CLEAR_MACHINE', rootPasswordSecret: 'new' })).toMatchObject({
      code: 'CAPABILITY_MISSING',
      message: expect.stringContaining('destroys machines, and keeps none'),
    });
    expect(await remove(worker, { mode: 'DELETE_MACHINE', rootPasswordSecret: 'new' })).toMatchObject({
      issues: [{ path: ['rootPasswordSecret'], code: 'not_offered' }],
    });
    expect(await remove(master, { mode: 'DELETE_MACHINE' })).toMatchObject({ code: 'CAPABILITY_MISSING' });
    world.annotate('machines', worker, { 'longshore.dev/machine-billing': 'subscription' });
    await world.soon(async () => (await remove(worker, { mode: 'DELETE_MACHINE' })).reason).toBe('SUBSCRIPTION_BILLED');
    expect(world.groupsOf('east')).toEqual([['web', 1]]);
    world.annotate('machines', worker, { 'longshore.dev/machine-billing': 'hourly' });
  });
});

describe('who may remove nodes', () => {
  it.each([
    [nodeKeeperToken, { __typename: 'CapabilityMissingError' }],
    [nodeAndFleetToken, { __typename: 'ForbiddenError' }],
  ])('does not make their managed cluster smaller without the right to change that (CMP-26) (refused)', async (token, expected) => {
    const [worker] = world.machinesOf('east', 'web').map(nameOf) as [string];
    const node = await nodeOf(worker);
    const input = { id: node.id, confirm: worker, acknowledge, mode: 'DELETE_MACHINE', dryRun: true };
    expect(await world.call('deleteNode', input, 'clusterNodeId', token)).toMatchObject(expected);
  });
});

describe('a machine that is there already', () => {
  const another = '11111111-2222-4333-8444-555555555555';
  const machines = async (filter = '{}'): Promise<Answer[]> =>
    (
      await world.managed(
        'east',
        `existingMachines(filter: ${filter}, orderBy: [{ field: NAME, direction: ASC }]) { nodes { name state problem isCleared clearedFrom memoryMiB } }`,
      )
    ).existingMachines.nodes;
  const expand = (existingMachines: readonly string[], more: object = {}) =>
    world.call('expandManagedCluster', { id, existingMachines, ...more });
  const host = (name: string): Answer =>
    world.store.get(world.store.resource('metal3.io', 'baremetalhosts'), 'fleet', name);
  const codes = ({ issues }: Answer): string[] => issues.map(({ path, code }: Answer) => `${path.join('.')} ${code}`);

  it('is listed with how it stands, and of no other workspace (CMP-24)', async () => {
    world.putHost('metal-1');
    world.putHost('metal-2', { 'longshore.dev/workspace': another });
    world.putHost('metal-3', {}, { 'embedded.longshore.dev/fail-provisioning': 'its BMC does not answer' });
    await world.soon(machines).toMatchObject([
      { name: 'metal-1', state: 'AVAILABLE', problem: null, isCleared: false, memoryMiB: 16_384 },
      { name: 'metal-3', state: 'FAILED', problem: 'its BMC does not answer' },
    ]);
  });

  it.each([
    ['of another workspace', ['metal-2'], 'existingMachines.0 unknown_machine'],
    ['that is none', ['metal-1', 'metal-9'], 'existingMachines.1 unknown_machine'],
    ['that is not available', ['metal-3'], 'existingMachines.0 not_available'],
    ['twice', ['metal-1', 'metal-1'], 'existingMachines.1 duplicate'],
  ])('is no node where one is named %s (CMP-24) (refused)', async (_what, names, expected) => {
    const answer = await expand(names);
    expect(answer.__typename).toBe('ValidationError');
    expect(codes(answer)).toContain(expected);
  });

  it('becomes a node by expanding the cluster (CMP-24)', async () => {
    const begun = await expand(['metal-1']);
    expect(begun).toMatchObject({ __typename: 'ExpandManagedClusterSuccess' });
    await world.soon(() => world.status(begun.operation.id)).toBe('SUCCEEDED');
    const [machine] = world.machinesOf('east', 'machines').map(nameOf) as [string];
    expect(host('metal-1').spec.consumerRef).toMatchObject({ kind: 'DevMachine', name: machine });
    expect(await nodeOf(machine)).not.toBeNull();
    await world.soon(async () => (await machines())[0].state).toBe('IN_USE');
    expect(codes(await expand(['metal-1']))).toEqual(['existingMachines.0 not_available']);
  });

  it('is cleared and kept when its node goes, with a new password (CMP-24, CMP-26)', async () => {
    const [machine] = world.machinesOf('east', 'machines').map(nameOf) as [string];
    const clear = (more: object = {}) => remove(machine, { mode: 'CLEAR_MACHINE', ...more });
    expect(codes(await clear())).toEqual(['rootPasswordSecret required']);
    expect(codes(await clear({ rootPasswordSecret: 'none' }))).toEqual(['rootPasswordSecret unknown_secret']);
    world.put('', 'secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'new-root', namespace: 'fleet' },
      data: { password: 'c2VjcmV0' },
    });
    await world
      .soon(async () => (await clear({ rootPasswordSecret: 'new-root', dryRun: true })).__typename)
      .toBe('DeleteNodeSuccess');
    // Who sees no Secrets learns of none, and gives none of them to a machine.
    const unseen = { mode: 'CLEAR_MACHINE', rootPasswordSecret: 'new-root', dryRun: true };
    expect(codes(await remove(machine, unseen, fleetKeeperToken))).toEqual(['rootPasswordSecret unknown_secret']);
    world.annotate('machines', machine, { 'longshore.dev/machine-billing': 'subscription' });
    const begun = await clear({ rootPasswordSecret: 'new-root' });
    await world.soon(() => world.status(begun.operation.id)).toBe('SUCCEEDED');
    expect(world.groupsOf('east')).toContainEqual(['machines', 0]);
    await world
      .soon(() => machines('{ isCleared: true }'))
      .toMatchObject([{ name: 'metal-1', state: 'AVAILABLE', clearedFrom: `east/${machine}` }]);
  });

  it('is used again with its new password, and leaves the pool when it is destroyed (CMP-24, CMP-26)', async () => {
    const begun = await expand(['metal-1']);
    await world.soon(() => world.status(begun.operation.id)).toBe('SUCCEEDED');
    const [machine] = world.machinesOf('east', 'machines-2').map(nameOf) as [string];
    const infrastructure: Answer = world.store.get(
      world.store.resource('infrastructure.cluster.x-k8s.io', 'devmachines'),
      'fleet',
      machine,
    );
    expect(infrastructure.spec.backend.inMemory.vm.rootPasswordSecret).toBe('new-root');
    const same = { mode: 'CLEAR_MACHINE', rootPasswordSecret: 'new-root' };
    await world.soon(() => nodeOf(machine)).not.toBeNull();
    await world.soon(async () => codes(await remove(machine, same))).toEqual(['rootPasswordSecret not_new']);
    const removed = await remove(machine, { mode: 'DELETE_MACHINE' });
    await world.soon(() => world.status(removed.operation.id)).toBe('SUCCEEDED');
    expect(host('metal-1')).toBeUndefined();
  });

  it('is promised to one cluster alone where two ask at the same moment (CMP-24) (refused)', async () => {
    const other = await world.provide('west');
    world.putHost('metal-4');
    await world.soon(() => machines()).toMatchObject([{ state: 'FAILED' }, { name: 'metal-4', state: 'AVAILABLE' }]);
    const before = new Map(['east', 'west'].map((cluster) => [cluster, world.groupsOf(cluster)]));
    const answers = await Promise.all(
      [id, other].map((cluster) =>
        world.call(
          'expandManagedCluster',
          { id: cluster, existingMachines: ['metal-4'] },
          'operation { id } managedClusterId',
        ),
      ),
    );
    const types = answers.map(({ __typename }) => __typename);
    expect([...types].sort()).toEqual(['ConflictError', 'ExpandManagedClusterSuccess']);
    const [winner, loser] = types[0] === 'ConflictError' ? ['west', 'east'] : ['east', 'west'];
    expect(answers.find(({ message }) => message).message).toContain(
      `'metal-4' has just been promised to managed cluster '${winner}'`,
    );
    // The one that came too late has changed nothing, and may ask for something else at once.
    expect((await world.managed(loser)).state).toBe('HEALTHY');
    expect(world.groupsOf(loser)).toEqual(before.get(loser));
    const { operation } = answers.find(({ operation: begun }) => begun);
    await world.soon(() => world.status(operation.id)).toBe('SUCCEEDED');
    expect(host('metal-4').spec.consumerRef.name).toMatch(new RegExp(`^${winner}-machines-`));
  });
});
