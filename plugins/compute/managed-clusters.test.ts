import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, developerToken, type FleetWorld, startFleetWorld } from './testing/fleet-world.ts';

let world: FleetWorld;
beforeAll(async () => {
  world = await startFleetWorld();
});
afterAll(() => world?.stop());

const follow = (id: string) =>
  world.gateway.subscribe<Answer>(
    `subscription ($id: ID!) { operationRecordChanges(filter: { ids: [$id] }) { type record { status steps { name status } } } }`,
    { id },
    { token: world.token },
  );

describe('a cluster that is made through Cluster API', () => {
  /** Operation of one whose machines cannot be made. */
  let scarce: string;

  it('comes in its stages, a killed process notwithstanding, is served, and takes workloads until it is deleted (CMP-04, CMP-07, CMP-11, CMP-13, CMP-25)', async () => {
    const died = world.killAt([
      'clusterCreations.before-create',
      'clusterCreations.after-create',
      'clusterCreations.before-register',
      'clusterCreations.after-register',
    ]);
    const id = await world.begin('east', { description: 'the second one' });
    await world
      .soon(() => world.managed('east', 'state operation { id }'))
      .toMatchObject({ state: 'CREATING', operation: { id } });
    await world.soon(() => world.status(id)).toBe('SUCCEEDED');
    expect(died).toHaveLength(4);
    expect(Object.keys(await world.stepsOf(id))).toEqual([
      'PREPARE_WORKSPACE',
      'CREATE_NODES',
      'INSTALL_KUBERNETES',
      'REGISTER_CLUSTER',
      'FINISH',
    ]);
    await world.soon(async () => (await world.managed('east')).state).toBe('HEALTHY');
    const shown = await world.managed(
      'east',
      'kubernetesVersion desiredControlPlaneCount machineGroups { name desiredCount readyCount } machines { name isControlPlane phase nodeName tasks { name status } } registeredCluster { name state registration { description } }',
    );
    expect(shown).toMatchObject({
      kubernetesVersion: 'v1.35.2',
      desiredControlPlaneCount: 1,
      machineGroups: [{ name: 'web', desiredCount: 1, readyCount: 1 }],
      machines: [
        { isControlPlane: true, phase: 'RUNNING' },
        { isControlPlane: false, phase: 'RUNNING' },
      ],
      registeredCluster: { name: 'east', state: 'READY', registration: { description: 'the second one' } },
    });
    for (const { tasks } of shown.machines) {
      expect(tasks.map((task: Answer) => task.status)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS', 'SUCCESS']);
    }
    const secret: Answer = world.store.get(world.store.resource('', 'secrets'), 'fleet', 'east-kubeconfig');
    const kubeconfig = Buffer.from(secret.data.value, 'base64').toString();
    const bearer = /token: (\S+)/.exec(kubeconfig)?.[1];
    expect(bearer).toBeDefined();
    expect(JSON.stringify(await world.record(id))).not.toContain(bearer);
  });

  it('runs a workload like any other cluster, on the nodes that its machines became (CMP-11)', async () => {
    const answer = await world.call(
      'createWorkload',
      {
        cluster: 'east',
        namespace: 'default',
        name: 'shop',
        kind: { deployment: { replicas: 2 } },
        template: { containers: [{ name: 'web', image: 'registry.local/web:v1' }] },
      },
      'workload { name }',
    );
    expect(answer).toMatchObject({ __typename: 'CreateWorkloadSuccess' });
    const [machine] = world.machinesOf('east', 'web');
    await world
      .soon(async () => {
        const { pods } = await world.ask(
          '{ pods(filter: { cluster: "east", namespaces: ["default"] }) { nodes { phase node { name } } } }',
        );
        return pods.nodes;
      })
      .toEqual([1, 2].map(() => ({ phase: 'RUNNING', node: { name: machine.metadata.name } })));
  });

  it('is unregistered and gone with its machines when it is deleted, after its name was confirmed (CMP-13)', async () => {
    const { id } = await world.managed('east');
    const refused = await world.call('deleteManagedCluster', { id, confirm: 'west' });
    expect(refused).toMatchObject({ __typename: 'ValidationError', issues: [{ path: ['confirm'] }] });
    const deletion = await world.call('deleteManagedCluster', { id, confirm: 'east' });
    expect(deletion).toMatchObject({ __typename: 'DeleteManagedClusterSuccess' });
    await world.soon(() => world.status(deletion.operation.id)).toBe('SUCCEEDED');
    expect([world.find('clusters', 'east'), world.machinesOf('east'), world.machinesOf('east', 'web')]).toEqual([
      undefined,
      [],
      [],
    ]);
    expect((await world.ask('{ cluster(name: "east") { name } }')).cluster).toBeNull();
  });

  it('stops where a machine fails: what has not failed is neither retried nor ignored, nor by anybody (CMP-07, CMP-25) (refused)', async () => {
    world.putClass('scarce', {
      'embedded.longshore.dev/fail-provisioning': 'out of stock',
      'embedded.longshore.dev/first-machines': '2',
    });
    scarce = await world.begin('north', { clusterClass: 'scarce' });
    await world.soon(async () => (await world.stepsOf(scarce)).CREATE_NODES).toBe('ERROR');
    const [first] = world.machinesOf('north', 'web');
    expect((await world.record(scarce)).failure.message).toContain(`${first.metadata.name} (out of stock)`);
    const { machines } = await world.managed('north', 'machines { name tasks { name status message } }');
    expect(machines.find(({ name }: Answer) => name === first.metadata.name).tasks).toMatchObject([
      { name: 'CONFIGURE_NODE_INFORMATION', status: 'SUCCESS' },
      { name: 'PREPARE_INSTALLATION', status: 'ERROR', message: 'out of stock' },
      { name: 'INSTALL_NODE_COMPONENTS', status: 'NOT_EXECUTED' },
      { name: 'POST_INSTALL', status: 'NOT_EXECUTED' },
    ]);
    for (const step of ['PREPARE_WORKSPACE', 'INSTALL_KUBERNETES']) {
      expect(await world.retry(scarce, step)).toMatchObject({ reason: 'STEP_NOT_FAILED' });
      expect(await world.ignore(scarce, step)).toMatchObject({ reason: 'STEP_NOT_FAILED' });
    }
    const step = { id: scarce, step: 'CREATE_NODES' };
    const byDeveloper = await world.call('ignoreOperationStep', step, 'record { status }', developerToken);
    expect(byDeveloper.failures?.[0]?.extensions.code ?? byDeveloper.code).toMatch(/FORBIDDEN|NOT_FOUND/);
    expect((await world.stepsOf(scarce)).CREATE_NODES).toBe('ERROR');
  });

  it.each([
    ['a step that it has not', 'POLISH'],
    ['no step', ''],
  ])('has no retry of %s (CMP-07, CMP-25) (bad input)', async (_what, step) => {
    expect((await world.retry(scarce, step)).code).toMatch(/NOT_FOUND|VALIDATION/);
  });

  it('has machines that failed made anew by a retry, and goes on without them by ignoring (CMP-08)', async () => {
    const id = scarce;
    const failed = async () => (await world.stepsOf(id)).CREATE_NODES;
    const [first] = world.machinesOf('north', 'web');
    expect(await world.retry(id, 'CREATE_NODES')).toMatchObject({ __typename: 'RetryOperationStepSuccess' });
    await world.soon(() => world.find('machines', first.metadata.name)).toBeUndefined();
    await world.soon(failed).toBe('ERROR');
    await world.ignore(id, 'CREATE_NODES');
    await world.soon(async () => (await world.stepsOf(id)).INSTALL_KUBERNETES).toBe('SUCCESS');
    await world.soon(async () => (await world.stepsOf(id)).REGISTER_CLUSTER).toBe('SUCCESS');
    const { id: cluster } = await world.managed('north');
    const deletion = await world.call('deleteManagedCluster', { id: cluster, confirm: 'north' });
    await world.soon(() => world.status(deletion.operation.id)).toBe('SUCCEEDED');
  });

  it('makes nothing where the first stage fails, and is begun anew (CMP-07, CMP-08) (refused)', async () => {
    const held = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const disarm = world.gateway.gateway.failpoints.arm('operation.steps.before-begin', () => {
      disarm();
      reached.resolve();
      return held.promise;
    });
    const id = await world.begin('late');
    await reached.promise;
    // Somebody is faster, in the management cluster itself.
    world.put('cluster.x-k8s.io', 'clusters', {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Cluster',
      metadata: { name: 'late', namespace: 'fleet' },
      spec: {
        paused: true,
        infrastructureRef: { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'DevCluster', name: 'late' },
      },
    });
    held.resolve();
    await world.soon(async () => (await world.stepsOf(id)).PREPARE_WORKSPACE).toBe('ERROR');
    expect(await world.record(id)).toMatchObject({ failure: { code: 'CONFLICT' } });
    expect((await world.stepsOf(id)).CREATE_NODES).toBe('NOT_EXECUTED');
    expect([world.machinesOf('late'), world.machinesOf('late', 'web')]).toEqual([[], []]);
    expect((await world.call('createManagedCluster', world.input('late'))).issues).toMatchObject([
      { path: ['name'], code: 'taken' },
    ]);
    world.store.delete(world.store.resource('cluster.x-k8s.io', 'clusters'), 'fleet', 'late');
    const again = { value: '' };
    await world
      .soon(async () => {
        const answer = await world.call('createManagedCluster', world.input('late'));
        again.value = answer.operation?.id ?? '';
        return answer.__typename;
      })
      .toBe('CreateManagedClusterSuccess');
    await world.soon(async () => (await world.stepsOf(again.value)).PREPARE_WORKSPACE).toBe('SUCCESS');
    expect((await world.stepsOf(id)).CREATE_NODES).toBe('NOT_EXECUTED');
    await world.soon(() => world.managed('late')).toBeDefined();
    const { id: cluster } = await world.managed('late');
    const deletion = await world.call('deleteManagedCluster', { id: cluster, confirm: 'late' });
    await world.soon(() => world.status(deletion.operation.id)).toBe('SUCCEEDED');
  });

  it('is told live, stage by stage, and ends where it is deleted on its way (CMP-07, CMP-13)', async () => {
    const id = await world.begin('west');
    const stream = follow(id);
    const seen = () =>
      new Set(
        stream.received
          .flatMap(({ data }) => data?.operationRecordChanges.record?.steps ?? [])
          .map(({ name, status }: Answer) => `${name} ${status}`),
      );
    await world.soon(() => seen().has('CREATE_NODES RUNNING')).toBe(true);
    await world.soon(() => world.managed('west')).toBeDefined();
    const { id: cluster } = await world.managed('west');
    const deletion = await world.call('deleteManagedCluster', { id: cluster, confirm: 'west' });
    await world.soon(() => world.status(deletion.operation.id)).toBe('SUCCEEDED');
    await world.soon(() => seen().has('CREATE_NODES ERROR')).toBe(true);
    expect(await world.status(id)).toBe('FAILED');
    expect(world.find('clusters', 'west')).toBeUndefined();
    await stream.stop();
  });
});

describe('the form of a new cluster', () => {
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

  it('asks for the agreement in csk, and begins nothing by a dry run (CMP-01)', async () => {
    const plain = { cluster: 'embedded', namespace: 'fleet', clusterClass: 'base', name: 'west' };
    const csk = { ...plain, profile: 'csk', vpc: 'v', subnet: 's', eip: { mode: 'SET_LATER' } };
    expect(await world.call('createManagedCluster', csk)).toMatchObject({
      __typename: 'PreconditionError',
      unacknowledged: [{ code: 'SERVICE_AGREEMENT' }],
    });
    const dry = await world.call('createManagedCluster', { ...csk, dryRun: true }, 'publicIpCount warnings');
    expect(dry).toMatchObject({ __typename: 'CreateManagedClusterSuccess', publicIpCount: 2 });
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
    await world
      .soon(() => world.call('createManagedCluster', world.input('west', form(2)), fields))
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

  it('is refused in tcs where the tenant has too few machines left, and nothing is begun (CMP-04) (refused)', async () => {
    world.put('', 'resourcequotas', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'tenant', namespace: 'fleet' },
      spec: { hard: { 'count/machines.cluster.x-k8s.io': '3' } },
    });
    const tcs = (count: number) => world.input('west', { profile: 'tcs', nodes: [{ count, namePrefix: 'web' }] });
    await world
      .soon(() => world.call('createManagedCluster', { ...tcs(2), dryRun: true }, 'quota { item remaining }'))
      .toMatchObject({ quota: [{ item: 'MACHINES', remaining: 3 }] });
    const short = await world.call('createManagedCluster', tcs(3));
    expect(short).toMatchObject({ __typename: 'QuotaExceededError' });
    expect(short.message).toContain('machines available 3, asked for 4');
    expect([world.find('clusters', 'west'), await world.managed('west')]).toEqual([undefined, undefined]);
    world.store.delete(world.store.resource('', 'resourcequotas'), 'fleet', 'tenant');
  });

  it('makes none in aks-private, which takes clusters that are there (CMP-10) (refused)', async () => {
    const ours = world.input('west', { profile: 'aks-private' });
    for (const dryRun of [true, false]) {
      expect(await world.call('createManagedCluster', { ...ours, dryRun })).toMatchObject({
        __typename: 'PreconditionError',
        reason: 'CLUSTER_NOT_CREATABLE',
      });
    }
    // Whatever else is wrong with the form: nobody shall fill it in for nothing.
    const bad = await world.call('createManagedCluster', { ...ours, controlPlane: { count: 2 } });
    expect(bad).toMatchObject({ reason: 'CLUSTER_NOT_CREATABLE' });
    expect(world.find('clusters', 'west')).toBeUndefined();
  });

  it('is no business of developers', async () => {
    const answer = await world.call('createManagedCluster', world.input('west'), '__typename', developerToken);
    expect(answer.failures?.[0]?.extensions.code ?? answer.__typename).toMatch(/FORBIDDEN|NotFoundError/);
  });
});
