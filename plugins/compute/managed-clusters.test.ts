import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { developerToken, type FleetWorld, patient, startFleetWorld } from './testing/fleet-world.ts';

let world: FleetWorld;
beforeAll(async () => {
  world = await startFleetWorld();
});
afterAll(() => world?.stop());

/** What Cluster API does until a cluster of one control-plane node and one worker is there. */
async function provide(name: string, operation: string): Promise<void> {
  await expect.poll(() => world.find('clusters', name), patient).toBeDefined();
  world.addMachine(name, `${name}-cp`, undefined, world.made);
  world.addMachine(name, `${name}-web`, 'web', world.made);
  await expect.poll(async () => (await world.stepsOf(operation)).CREATE_NODES, patient).toBe('SUCCESS');
  world.setMachine(`${name}-cp`, world.joined(`${name}-cp`));
  world.setMachine(`${name}-web`, world.joined('east-a1'));
}
const status = async (id: string) => (await world.record(id))?.status;

describe('a cluster that is made through Cluster API', () => {
  it('comes in its stages, a killed process notwithstanding, is served, and takes pods until it is deleted (CMP-04, CMP-07, CMP-11, CMP-13, CMP-25)', async () => {
    const died = world.killAt([
      'clusterCreations.before-create',
      'clusterCreations.after-create',
      'clusterCreations.before-register',
      'clusterCreations.after-register',
    ]);
    const id = await world.begin('east', { description: 'the second one' });
    await expect
      .poll(() => world.managed('east', 'state operation { id }'), patient)
      .toMatchObject({ state: 'CREATING', operation: { id } });
    await provide('east', id);
    await expect.poll(async () => (await world.stepsOf(id)).INSTALL_KUBERNETES, patient).toBe('SUCCESS');
    world.addKubeconfig('east');
    await expect.poll(() => status(id), patient).toBe('SUCCEEDED');
    expect(died).toHaveLength(4);
    expect(Object.keys(await world.stepsOf(id))).toEqual([
      'PREPARE_WORKSPACE',
      'CREATE_NODES',
      'INSTALL_KUBERNETES',
      'REGISTER_CLUSTER',
      'FINISH',
    ]);

    const shown = await world.managed(
      'east',
      'kubernetesVersion desiredControlPlaneCount machineGroups { name desiredCount } machines { name isControlPlane tasks { name status } } registeredCluster { name registration { description } }',
    );
    expect(shown).toMatchObject({
      kubernetesVersion: 'v1.35.2',
      desiredControlPlaneCount: 1,
      machineGroups: [{ name: 'web', desiredCount: 1 }],
      machines: [
        { name: 'east-cp', isControlPlane: true },
        { name: 'east-web', isControlPlane: false },
      ],
      registeredCluster: { name: 'east', registration: { description: 'the second one' } },
    });
    expect(shown.machines[0].tasks.slice(0, 3).map((task: { status: string }) => task.status)).toEqual([
      'SUCCESS',
      'SUCCESS',
      'SUCCESS',
    ]);
    const made = await world.ask(
      'mutation { applyManifest(input: { cluster: "east", manifest: "{apiVersion: v1, kind: Pod, metadata: {name: first, namespace: default}, spec: {containers: [{name: web, image: nginx}]}}" }) { __typename } }',
    );
    expect(made.applyManifest?.__typename ?? made).toBe('ApplyManifestSuccess');
    expect(JSON.stringify(await world.record(id))).not.toContain(world.east.token);

    const gone = await world.call('deleteManagedCluster', { id: shown.id, confirm: 'west' });
    expect(gone).toMatchObject({ __typename: 'ValidationError', issues: [{ path: ['confirm'] }] });
    const deletion = await world.call('deleteManagedCluster', { id: shown.id, confirm: 'east' });
    expect(deletion).toMatchObject({ __typename: 'DeleteManagedClusterSuccess' });
    await expect.poll(() => status(deletion.operation.id), patient).toBe('SUCCEEDED');
    expect(world.find('clusters', 'east')).toBeUndefined();
    expect((await world.ask('{ cluster(name: "east") { name } }')).cluster).toBeNull();
    for (const machine of ['east-cp', 'east-web']) world.removeMachine(machine);
  });

  it('has machines that failed made anew by a retry, and goes on without them by ignoring (CMP-08)', async () => {
    const id = await world.begin('north');
    await expect.poll(() => world.find('clusters', 'north'), patient).toBeDefined();
    world.addMachine('north', 'north-cp', undefined, world.made);
    world.addMachine('north', 'north-web', 'web', world.broken('out of stock'));
    await expect.poll(async () => (await world.stepsOf(id)).CREATE_NODES, patient).toBe('ERROR');
    expect((await world.record(id)).failure.message).toContain('north-web (out of stock)');
    expect(await world.retry(id, 'CREATE_NODES')).toMatchObject({ __typename: 'RetryOperationStepSuccess' });
    await expect.poll(() => world.find('machines', 'north-web'), patient).toBeUndefined();
    world.addMachine('north', 'north-web-2', 'web', world.broken('again out of stock'));
    await expect.poll(async () => (await world.stepsOf(id)).CREATE_NODES, patient).toBe('ERROR');
    await world.ignore(id, 'CREATE_NODES');
    world.setMachine('north-cp', world.joined('n'));
    await expect.poll(async () => (await world.stepsOf(id)).INSTALL_KUBERNETES, patient).toBe('SUCCESS');
    const { id: cluster } = await world.managed('north');
    const deletion = await world.call('deleteManagedCluster', { id: cluster, confirm: 'north' });
    await expect.poll(() => status(deletion.operation.id), patient).toBe('SUCCEEDED');
    expect(await status(id)).toBe('FAILED');
  });

  it.each([
    ['2 masters', { controlPlane: { count: 2 } }, 'controlPlane.count not_offered'],
    ['networks that overlap', { podCidr: '10.0.0.0/16', serviceCidr: '10.0.1.0/24' }, 'serviceCidr overlaps'],
    ['a class that is not there', { clusterClass: 'none' }, 'clusterClass unknown_class'],
    ['what its class cannot be told', { serviceMesh: true }, 'serviceMesh capability_missing'],
    ['the name of a cluster that is served', { name: 'embedded' }, 'name taken'],
    ['a profile that is none', { profile: 'none' }, 'profile unknown_profile'],
    ['nodes in a profile without', { profile: 'csk', acknowledge: ['SERVICE_AGREEMENT'] }, 'controlPlane not_offered'],
  ])('is refused with %s (CMP-02, CMP-03)', async (_what, fields, expected) => {
    const answer = await world.call('createManagedCluster', world.input('west', { dryRun: true, ...fields }));
    expect(answer.__typename).toBe('ValidationError');
    expect(
      answer.issues.map(({ path, code }: { path: string[]; code: string }) => `${path.join('.')} ${code}`),
    ).toContain(expected);
  });

  it('asks for the agreement in csk, and for a workspace in aks (CMP-01, CMP-02, CMP-10)', async () => {
    const plain = { cluster: 'fleet', namespace: 'fleet', clusterClass: 'base', name: 'west' };
    const csk = { ...plain, profile: 'csk', vpc: 'v', subnet: 's', eip: { mode: 'SET_LATER' } };
    expect(await world.call('createManagedCluster', csk)).toMatchObject({
      __typename: 'PreconditionError',
      unacknowledged: [{ code: 'SERVICE_AGREEMENT' }],
    });
    const dry = await world.call('createManagedCluster', { ...csk, dryRun: true }, 'publicIpCount warnings');
    expect(dry).toMatchObject({ __typename: 'CreateManagedClusterSuccess', publicIpCount: 2 });
    expect(await world.call('createManagedCluster', { ...plain, profile: 'aks-private' })).toMatchObject({
      __typename: 'ValidationError',
    });
    expect(world.find('clusters', 'west')).toBeUndefined();
  });

  it('tells its public addresses and its effect on quotas, and is refused where one is short (CMP-05, CMP-06)', async () => {
    world.put('', 'resourcequotas', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'fleet', namespace: 'fleet' },
      spec: { hard: { 'longshore.dev/vcpus': '13', 'longshore.dev/volumes': '2' } },
    });
    const flavor = { cores: 4, memoryGiB: 8 };
    const form = (count: number) => ({
      dryRun: true,
      controlPlane: { count: 1, flavor, hasPublicIp: true },
      nodes: [{ count, flavor, dataDisk: { sizeGiB: 100 } }],
    });
    const fields = 'publicIpCount quota { item requested remaining }';
    await expect
      .poll(() => world.call('createManagedCluster', world.input('west', form(2)), fields), patient)
      .toMatchObject({
        publicIpCount: 3,
        quota: [
          { item: 'VCPUS', requested: 12, remaining: 13 },
          { item: 'VOLUMES', requested: 2, remaining: 2 },
        ],
      });
    const short = await world.call('createManagedCluster', world.input('west', form(3)), fields);
    expect(short).toMatchObject({ __typename: 'QuotaExceededError', code: 'QUOTA_EXCEEDED' });
    expect(short.message).toContain('vCPU available 13, asked for 16; volumes available 2, asked for 3');
    world.store.delete(world.store.resource('', 'resourcequotas'), 'fleet', 'fleet');
  });

  it('is no business of developers', async () => {
    const answer = await world.call('createManagedCluster', world.input('west'), '__typename', developerToken);
    expect(answer.failures?.[0]?.extensions.code ?? answer.__typename).toMatch(/FORBIDDEN|NotFoundError/);
  });
});

describe('a managed cluster that is expanded', () => {
  let id: string;
  const groups = () =>
    world
      .find('clusters', 'south')
      .spec.topology.workers.machineDeployments.map(({ name, replicas }: { name: string; replicas: number }) => [
        name,
        replicas,
      ]);
  it('is served first (CMP-07)', async () => {
    const made = await world.begin('south');
    await provide('south', made);
    await expect.poll(async () => (await world.stepsOf(made)).INSTALL_KUBERNETES, patient).toBe('SUCCESS');
    world.addKubeconfig('south');
    await expect.poll(() => status(made), patient).toBe('SUCCEEDED');
    ({ id } = await world.managed('south'));
  });
  const expand = async (nodes: readonly object[], more: object = {}) =>
    world.call('expandManagedCluster', { id, nodes, ...more });

  it('gets more nodes of a group, and a new group (CMP-14, CMP-23)', async () => {
    const begun = await expand([
      { count: 1, namePrefix: 'web' },
      { count: 1, namePrefix: 'db', dataDisk: { sizeGiB: 50 }, zone: 'embedded-a' },
    ]);
    expect(begun).toMatchObject({ __typename: 'ExpandManagedClusterSuccess' });
    expect(await expand([{ count: 1 }])).toMatchObject({ __typename: 'PreconditionError', reason: 'CLUSTER_CHANGING' });
    await expect.poll(groups, patient).toEqual([
      ['web', 2],
      ['db', 1],
    ]);
    expect((await world.managed('south')).state).toBe('EXPANDING');
    world.addMachine('south', 'south-web-2', 'web', world.joined('x'));
    world.addMachine('south', 'south-db', 'db', world.joined('y'));
    await expect.poll(() => status(begun.operation.id), patient).toBe('SUCCEEDED');
  });

  it('has what failed taken back by itself, over a killed process (CMP-14)', async () => {
    const before = groups();
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
    await expect.poll(() => groups().length, patient).toBe(3);
    world.addMachine('south', 'south-web-3', 'web', world.joined('z'));
    world.addMachine('south', 'south-web-4', 'web', world.broken('out of stock'));
    await expect.poll(groups, patient).toEqual(before);
    expect(world.find('machines', 'south-web-3').metadata.annotations).toMatchObject({
      'cluster.x-k8s.io/delete-machine': 'true',
    });
    expect(world.find('machines', 'south-web').metadata.annotations ?? {}).not.toHaveProperty(
      'cluster.x-k8s.io/delete-machine',
    );
    for (const machine of ['south-web-3', 'south-web-4']) world.removeMachine(machine);
    await expect.poll(() => status(begun.operation.id), patient).toBe('FAILED');
    const { failure } = await world.record(begun.operation.id);
    expect(failure.message).toMatch(/out of stock.*rolled back/);
    expect(died).toHaveLength(4);
    expect((await world.managed('south')).state).not.toBe('EXPANDING');
  });

  it('is EXPAND_ROLLBACK_FAILED where that fails too, until it is marked as repaired (CMP-14)', async () => {
    const begun = await expand([{ count: 1, namePrefix: 'web' }]);
    await expect.poll(() => groups()[0], patient).toEqual(['web', 3]);
    world.addMachine('south', 'south-stuck', 'web', world.broken('out of stock'));
    await expect.poll(() => groups()[0], patient).toEqual(['web', 2]);
    world.later(31 * 60_000);
    await expect.poll(async () => (await world.managed('south')).state, patient).toBe('EXPAND_ROLLBACK_FAILED');
    expect((await world.record(begun.operation.id)).failure.message).toContain('south-stuck');
    world.removeMachine('south-stuck');
    await world.ignore(begun.operation.id, 'EXPAND');
    await expect.poll(() => status(begun.operation.id), patient).toBe('SUCCEEDED');
    expect((await world.managed('south')).state).not.toBe('EXPAND_ROLLBACK_FAILED');
  });

  it.each([
    ['no rows', [], {}, 'ValidationError'],
    ['a disk of 0 GiB', [{ count: 1, systemDisk: { sizeGiB: 0 } }], {}, 'ValidationError'],
    ['machines that are there', [{ count: 1 }], { existingMachines: ['old-1'] }, 'CapabilityMissingError'],
  ])('is refused with %s (CMP-23, CMP-24)', async (_what, nodes, more, type) => {
    expect((await expand(nodes, more)).__typename).toBe(type);
  });
});
