import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, developerToken, type FleetWorld, startFleetWorld } from './testing/fleet-world.ts';

let world: FleetWorld;
let id: string;
/** Operation of an expansion that could not be rolled back. */
let failed: string;
beforeAll(async () => {
  world = await startFleetWorld();
  world.putClass('moody', {});
});
afterAll(() => world?.stop());

const expand = (nodes: readonly object[], more: object = {}) =>
  world.call('expandManagedCluster', { id, nodes, ...more });
/** What the hosts of workers are told from now on. */
function tell(annotations: object): void {
  const object = world.find('clusterclasses', 'moody');
  const [workers] = object.spec.workers.machineDeployments;
  const machineDeployments = [{ ...workers, metadata: { annotations } }];
  world.store.update(world.store.resource('cluster.x-k8s.io', 'clusterclasses'), {
    ...object,
    spec: { ...object.spec, workers: { machineDeployments } },
  });
}
const state = async (): Promise<string> => (await world.managed('south')).state;

describe('a managed cluster that is expanded', () => {
  it('is served first (CMP-07)', async () => {
    id = await world.provide('south', { clusterClass: 'moody' });
  });

  it('gets more nodes of a group, and a new group, which take pods in their zone (CMP-14, CMP-23)', async () => {
    const begun = await expand([
      { count: 1, namePrefix: 'web' },
      { count: 1, namePrefix: 'db', dataDisk: { sizeGiB: 50 }, zone: 'embedded-a' },
    ]);
    expect(begun).toMatchObject({ __typename: 'ExpandManagedClusterSuccess' });
    expect(await expand([{ count: 1 }])).toMatchObject({ __typename: 'PreconditionError', reason: 'CLUSTER_CHANGING' });
    await world.soon(state).toBe('EXPANDING');
    await world.soon(() => world.status(begun.operation.id)).toBe('SUCCEEDED');
    expect(world.groupsOf('south')).toEqual([
      ['web', 2],
      ['db', 1],
    ]);
    await world.soon(state).toBe('HEALTHY');
    const { clusterNodes } = await world.ask(
      '{ clusterNodes(filter: { cluster: "south" }) { nodes { name labels { key value } } } }',
    );
    expect(clusterNodes.nodes).toHaveLength(4);
    const [db] = world.machinesOf('south', 'db');
    expect(clusterNodes.nodes.find(({ name }: { name: string }) => name === db.metadata.name).labels).toContainEqual({
      key: 'topology.kubernetes.io/zone',
      value: 'embedded-a',
    });
  });

  it('has hosts of the instance options of their group, told with it and of each machine (CMP-30)', async () => {
    const options = {
      flavor: { cores: 8, memoryGiB: 16 },
      systemDisk: { sizeGiB: 80, type: 'ssd' },
      dataDisk: { sizeGiB: 200 },
    };
    const begun = await expand([{ count: 1, namePrefix: 'fast', ...options }]);
    await world.soon(() => world.status(begun.operation.id)).toBe('SUCCEEDED');
    const disks = 'systemDisk { sizeGiB type } dataDisk { sizeGiB type }';
    const { machineGroups, machines } = await world.managed(
      'south',
      `machineGroups { name flavor ${disks} } machines { name group nodeName }`,
    );
    expect(machineGroups).toContainEqual({
      ...{ name: 'fast', flavor: '8C-16GiB', systemDisk: { sizeGiB: 80, type: 'ssd' } },
      dataDisk: { sizeGiB: 200, type: 'hdd' },
    });
    expect(machineGroups).toContainEqual({ name: 'web', flavor: null, systemDisk: null, dataDisk: null });
    const [machine] = machines.filter(({ group }: Answer) => group === 'fast');
    await world
      .soon(() => world.ask(`{ clusterNode(cluster: "south", name: "${machine.nodeName}") { name } }`))
      .toEqual({ clusterNode: { name: machine.nodeName } });
    const made: Answer = world.store.get(
      world.store.resource('infrastructure.cluster.x-k8s.io', 'devmachines'),
      'fleet',
      machine.name,
    );
    expect(made.spec.backend.inMemory.vm).toMatchObject({ flavor: '8C-16GiB', dataDisk: { sizeGiB: 200 } });
  });

  it.each([
    ['a flavour without cores', { flavor: { cores: 0, memoryGiB: 8 } }, 'nodes.0.flavor.cores'],
    ['a data disk of 0 GiB', { dataDisk: { sizeGiB: 0 } }, 'nodes.0.dataDisk.sizeGiB'],
  ])('has no hosts of %s (CMP-30) (refused, bad input)', async (_what, options, path) => {
    const { issues } = await expand([{ count: 1, namePrefix: 'odd', ...options }]);
    expect(issues.map((each: Answer) => each.path.join('.'))).toContain(path);
    const code = await world.call('expandManagedCluster', { id, nodes: [{ count: 1 }] }, '__typename', developerToken);
    expect(code.failures?.[0]?.extensions.code ?? code.code).toMatch(/FORBIDDEN|NOT_FOUND/);
  });

  it('is not expanded where its profile says so (CMP-14) (refused)', async () => {
    world.annotate('clusters', 'south', { 'longshore.dev/profile': 'aks-private' });
    await world
      .soon(async () => (await expand([{ count: 1, namePrefix: 'web' }])).reason)
      .toBe('CLUSTER_NOT_EXPANDABLE');
    world.annotate('clusters', 'south', { 'longshore.dev/profile': 'default' });
    await world
      .soon(async () => (await expand([{ count: 1 }], { dryRun: true })).__typename)
      .toBe('ExpandManagedClusterSuccess');
  });

  it('has what failed taken back by itself, over a killed process (CMP-14)', async () => {
    const before = world.groupsOf('south');
    const kept = world.machinesOf('south', 'web').map(({ metadata }) => metadata.name);
    tell({
      'embedded.longshore.dev/fail-provisioning': 'out of stock',
      'embedded.longshore.dev/first-machines': '1',
    });
    const died = world.killAt([
      'clusterExpansions.before-expand',
      'clusterExpansions.after-expand',
      'clusterExpansions.before-roll-back',
      'clusterExpansions.after-roll-back',
    ]);
    const begun = await expand([
      { count: 2, namePrefix: 'web' },
      { count: 1, namePrefix: 'cache', zone: 'embedded-a', dataDisk: { sizeGiB: 60 } },
    ]);
    expect(begun).toMatchObject({ __typename: 'ExpandManagedClusterSuccess' });
    await world.soon(() => world.status(begun.operation.id)).toBe('FAILED');
    const { failure } = await world.record(begun.operation.id);
    expect(failure.message).toMatch(/out of stock.*rolled back/);
    expect(died).toHaveLength(4);
    expect(world.groupsOf('south')).toEqual(before);
    expect(world.machinesOf('south', 'web').map(({ metadata }) => metadata.name)).toEqual(kept);
    expect(world.machinesOf('south', 'cache')).toEqual([]);
    await world.soon(state).toBe('HEALTHY');
  });

  it('is EXPAND_ROLLBACK_FAILED where that fails too (CMP-14)', async () => {
    tell({
      'embedded.longshore.dev/fail-provisioning': 'out of stock again',
      'embedded.longshore.dev/fail-deletion': 'its host is locked',
    });
    const begun = await expand([{ count: 1, namePrefix: 'late', zone: 'embedded-a', systemDisk: { sizeGiB: 70 } }]);
    failed = begun.operation.id;
    await world.soon(() => world.machinesOf('south', 'late').length).toBe(1);
    const [stuck] = world.machinesOf('south', 'late');
    await world.soon(() => world.groupsOf('south').map(([name]) => name)).not.toContain('late');
    world.clock.advance(31 * 60_000);
    await world.soon(state).toBe('EXPAND_ROLLBACK_FAILED');
    expect((await world.record(begun.operation.id)).failure.message).toContain(stuck.metadata.name);
  });

  it('takes no more nodes before that (CMP-14) (refused)', async () => {
    for (const nodes of [[{ count: 1, namePrefix: 'web' }], [{ count: 1, namePrefix: 'other' }]]) {
      expect(await expand(nodes)).toMatchObject({ __typename: 'PreconditionError', reason: 'CLUSTER_CHANGING' });
    }
    expect(await world.ignore(failed, 'FINISH')).toMatchObject({ reason: 'STEP_NOT_FAILED' });
    expect(await state()).toBe('EXPAND_ROLLBACK_FAILED');
  });

  it('is healthy once somebody has repaired it and says so (CMP-14)', async () => {
    const [stuck] = world.machinesOf('south', 'late');
    // Somebody frees the host by hand.
    tell({});
    world.annotate('machines', stuck.metadata.name, { 'embedded.longshore.dev/fail-deletion': '' });
    await world.soon(() => world.machinesOf('south', 'late')).toEqual([]);
    await world.ignore(failed, 'EXPAND');
    await world.soon(() => world.status(failed)).toBe('SUCCEEDED');
    await world.soon(state).toBe('HEALTHY');
  });

  it.each([
    ['no rows', [], {}, 'ValidationError'],
    ['a disk of 0 GiB', [{ count: 1, systemDisk: { sizeGiB: 0 } }], {}, 'ValidationError'],
  ])('is refused with %s (CMP-14, CMP-23) (bad input)', async (_what, nodes, more, type) => {
    expect((await expand(nodes, more)).__typename).toBe(type);
  });
});
