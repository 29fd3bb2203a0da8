import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../testing/start-test-api.ts';
import { condition, type Fleet, startFleet } from './testing/start-fleet.ts';

let fleet: Fleet;
beforeEach(async () => {
  fleet = await startFleet();
});
afterEach(() => fleet.stop());

const workersOf = async (name: string): Promise<Json[]> =>
  (await fleet.machinesOf(name)).filter(
    ({ metadata }) => metadata.labels['cluster.x-k8s.io/control-plane'] === undefined,
  );
const resizeWorkers = async (name: string, change: object): Promise<void> => {
  const { spec } = await fleet.read('clusters', 'fleet', name);
  const [group] = spec.topology.workers.machineDeployments;
  const workers = { machineDeployments: [{ ...group, ...change }] };
  const { code, body } = await fleet.patch('clusters', 'fleet', name, { spec: { topology: { workers } } });
  expect(code, body.message).toBe(200);
};

describe('a cluster of the class base', () => {
  it('is provisioned with its control plane and its workers, which become nodes of it', async () => {
    await fleet.makeCluster('one', {
      masters: 3,
      workers: 2,
      group: { failureDomain: 'zone-b', metadata: { labels: { 'longshore.dev/unit': 'du-1' } } },
    });
    await fleet.untilRunning('one', 5);
    await fleet.until(
      async () => condition(await fleet.read('clusters', 'fleet', 'one'), 'Available')?.status === 'True',
    );
    const cluster = await fleet.read('clusters', 'fleet', 'one');
    expect(cluster.status).toMatchObject({
      phase: 'Provisioned',
      initialization: { infrastructureProvisioned: true, controlPlaneInitialized: true },
      controlPlane: { desiredReplicas: 3, replicas: 3, readyReplicas: 3, availableReplicas: 3, upToDateReplicas: 3 },
      workers: { desiredReplicas: 2, replicas: 2, readyReplicas: 2, versions: [{ version: 'v1.35.2', replicas: 2 }] },
    });
    expect(cluster.spec.controlPlaneEndpoint.host).toBe('127.0.0.1');
    expect(condition(cluster, 'TopologyReconciled')).toMatchObject({ status: 'True', reason: 'ReconcileSucceeded' });
    expect(condition(cluster, 'WorkersAvailable').status).toBe('True');
    expect(condition(cluster, 'RemoteConnectionProbe').reason).toBe('ProbeSucceeded');

    const [worker] = await workersOf('one');
    expect(worker.status).toMatchObject({
      phase: 'Running',
      failureDomain: 'zone-b',
      nodeRef: { name: worker.metadata.name },
      nodeInfo: { kubeletVersion: 'v1.35.2' },
    });
    expect(worker.spec.providerID).toBe(`in-memory:///${worker.metadata.name}`);
    const { body } = await fleet.ask('one', '/api/v1/nodes');
    const machines = await fleet.machinesOf('one');
    expect(body.items.map(({ metadata }: Json) => metadata.name).sort()).toEqual(
      machines.map(({ metadata }) => metadata.name).sort(),
    );
    const node = body.items.find(({ metadata }: Json) => metadata.name === worker.metadata.name);
    expect(node.metadata.labels).toMatchObject({
      'topology.kubernetes.io/zone': 'zone-b',
      'longshore.dev/unit': 'du-1',
      'node.kubernetes.io/instance-type': '4C-8GiB',
    });
    expect(node.metadata.annotations).toMatchObject({
      'cluster.x-k8s.io/machine': worker.metadata.name,
      'cluster.x-k8s.io/cluster-namespace': 'fleet',
    });
    expect(node.status).toMatchObject({
      capacity: { cpu: '4', memory: '8Gi' },
      nodeInfo: { kubeletVersion: 'v1.35.2', osImage: 'Longshore embedded node' },
    });
  });

  it('goes through its phases, and its machines wait for the control plane', async () => {
    await fleet.makeCluster('one');
    expect((await fleet.read('clusters', 'fleet', 'one')).status.phase).toBe('Provisioning');
    const [waiting] = await workersOf('one');
    expect(waiting.status.phase).toBe('Pending');
    expect(condition(waiting, 'NodeReady').reason).toBe('InspectionFailed');
    expect(await fleet.list('secrets', 'fleet')).toEqual([]);
    await fleet.untilPhase('one', 'Provisioned');
    const phases = new Set<string>();
    await fleet.until(async () => {
      const [worker] = await workersOf('one');
      phases.add(worker.status.phase);
      return worker.status.phase === 'Running';
    });
    expect([...phases]).toEqual(['Pending', 'Provisioning', 'Provisioned', 'Running']);
  });

  it('hands out a kubeconfig that works, and only for itself', async () => {
    await fleet.makeCluster('one', { workers: 0 });
    await fleet.makeCluster('two', { workers: 0 });
    await fleet.untilRunning('one', 1);
    await fleet.untilRunning('two', 1);
    const secret = await fleet.read('secrets', 'fleet', 'one-kubeconfig');
    expect(secret).toMatchObject({
      type: 'cluster.x-k8s.io/secret',
      metadata: { labels: { 'cluster.x-k8s.io/cluster-name': 'one' } },
    });
    const made = await Promise.all(['one', 'two'].map((name) => fleet.ask(name, '/api/v1/nodes')));
    const names = made.map(({ body }) => body.items.map(({ metadata }: Json) => metadata.name));
    expect(names[0]).toEqual([expect.stringMatching(/^one-/)]);
    expect(names[1]).toEqual([expect.stringMatching(/^two-/)]);
  });

  it('takes its variables to its machines, those of a group before those of the cluster', async () => {
    await fleet.makeCluster('one', {
      variables: [
        { name: 'nodeFlavor', value: '2C-4GiB' },
        { name: 'sshKeys', value: ['ssh-ed25519 AAAA me'] },
        { name: 'masterPublicIp', value: true },
        { name: 'availabilityZones', value: ['zone-a', 'zone-b'] },
      ],
      group: {
        variables: {
          overrides: [
            { name: 'nodeFlavor', value: '16C-64GiB' },
            { name: 'dataDisk', value: { type: 'ssd', sizeGiB: 500 } },
          ],
        },
      },
      masters: 3,
    });
    await fleet.untilRunning('one', 4);
    const hosts = await fleet.list('devmachines', 'fleet');
    const [worker] = await workersOf('one');
    const isWorker = ({ metadata }: Json): boolean => metadata.name === worker.metadata.name;
    expect(hosts.find(isWorker)?.spec.backend.inMemory.vm).toMatchObject({
      flavor: '16C-64GiB',
      dataDisk: { type: 'ssd', sizeGiB: 500 },
      systemDisk: { type: 'hdd', sizeGiB: 40 },
    });
    const planes = hosts.filter((host) => !isWorker(host));
    expect(planes.map(({ spec }) => spec.backend.inMemory.vm)).toEqual(
      planes.map(() => expect.objectContaining({ flavor: '2C-4GiB', etcdDisk: { type: 'hdd', sizeGiB: 5 } })),
    );
    expect(planes[0]?.status.addresses.map(({ type }: Json) => type)).toEqual(['InternalIP', 'ExternalIP', 'Hostname']);
    expect(planes.map(({ status }) => status.failureDomain).sort()).toEqual(['zone-a', 'zone-a', 'zone-b']);
    const configs = await fleet.list('kubeadmconfigs', 'fleet');
    expect(configs.map(({ spec }) => spec.users[0].sshAuthorizedKeys)).toEqual(
      configs.map(() => ['ssh-ed25519 AAAA me']),
    );
  });

  it('says why it cannot be made of a class that is not there (refused)', async () => {
    await fleet.create('clusters', 'fleet', {
      metadata: { name: 'lost' },
      spec: { topology: { classRef: { name: 'nothing' }, version: 'v1.35.2' } },
    });
    const cluster = await fleet.read('clusters', 'fleet', 'lost');
    expect(cluster.status.phase).toBe('Pending');
    expect(condition(cluster, 'TopologyReconciled')).toMatchObject({ status: 'False', reason: 'ReconcileFailed' });
  });

  it('has no room beside eight others, and gets it when one goes (refused)', async () => {
    for (let number = 1; number <= 9; number += 1) await fleet.makeCluster(`c${number}`, { workers: 0 });
    await fleet.until(async () => {
      const all = await fleet.list('clusters', 'fleet');
      return all.filter(({ status }) => status.initialization?.infrastructureProvisioned === true).length === 8;
    });
    const last = await fleet.read('clusters', 'fleet', 'c9');
    expect(condition(last, 'InfrastructureReady')).toMatchObject({ status: 'False', reason: 'TooManyClusters' });
    await fleet.remove('clusters', 'fleet', 'c1');
    await fleet.untilPhase('c9', 'Provisioned');
  });
});

describe('scaling', () => {
  it('adds machines and takes those that are marked for it first', async () => {
    await fleet.makeCluster('one', { workers: 3 });
    await fleet.untilRunning('one', 4);
    const [first, second] = await workersOf('one');
    await resizeWorkers('one', { replicas: 4 });
    await fleet.untilRunning('one', 5);
    await fleet.patch('machines', 'fleet', second.metadata.name, {
      metadata: { annotations: { 'cluster.x-k8s.io/delete-machine': 'yes' } },
    });
    await resizeWorkers('one', { replicas: 3 });
    await fleet.until(async () => (await workersOf('one')).length === 3);
    const left = (await workersOf('one')).map(({ metadata }) => metadata.name);
    expect(left).toContain(first.metadata.name);
    expect(left).not.toContain(second.metadata.name);
    const { code } = await fleet.ask('one', `/api/v1/nodes/${second.metadata.name}`);
    expect(code).toBe(404);
    const [deployment] = await fleet.list('machinedeployments', 'fleet');
    expect(deployment.status).toMatchObject({ phase: 'Running', replicas: 3 });
  });

  it('of the control plane goes one machine at a time', async () => {
    await fleet.makeCluster('one', { workers: 0 });
    await fleet.untilRunning('one', 1);
    await fleet.patch('clusters', 'fleet', 'one', { spec: { topology: { controlPlane: { replicas: 3 } } } });
    let most = 1;
    await fleet.until(async () => {
      const machines = await fleet.machinesOf('one');
      const coming = machines.filter((each) => condition(each, 'Ready')?.status !== 'True').length;
      most = Math.max(most, coming);
      return machines.length === 3 && coming === 0;
    });
    expect(most).toBe(1);
    await fleet.patch('clusters', 'fleet', 'one', { spec: { topology: { controlPlane: { replicas: 1 } } } });
    await fleet.untilRunning('one', 1);
  });

  it('to a number that etcd cannot have is told by the topology (refused)', async () => {
    await fleet.makeCluster('one', { workers: 0 });
    await fleet.untilRunning('one', 1);
    await fleet.patch('clusters', 'fleet', 'one', { spec: { topology: { controlPlane: { replicas: 2 } } } });
    await fleet.until(
      async () => condition(await fleet.read('clusters', 'fleet', 'one'), 'TopologyReconciled')?.status === 'False',
    );
    const { message } = condition(await fleet.read('clusters', 'fleet', 'one'), 'TopologyReconciled');
    expect(message).toContain('cannot be an even number when etcd is stacked');
  });
});

describe('an upgrade', () => {
  it('replaces the control plane and then the workers, and keeps as many as are wanted', async () => {
    await fleet.makeCluster('one', { masters: 1, workers: 2 });
    await fleet.untilRunning('one', 3);
    const before = new Set((await fleet.machinesOf('one')).map(({ metadata }) => metadata.name));
    const { code, body } = await fleet.patch('clusters', 'fleet', 'one', {
      spec: { topology: { version: 'v1.36.0' } },
    });
    expect(code, body.message).toBe(200);
    let fewest = 2;
    const order: string[] = [];
    await fleet.until(async () => {
      const workers = await workersOf('one');
      fewest = Math.min(fewest, workers.filter((each) => condition(each, 'Ready')?.status === 'True').length);
      const [plane] = await fleet.list('kubeadmcontrolplanes', 'fleet');
      const versions = `${plane.status.version} ${workers.some(({ spec }) => spec.version === 'v1.36.0')}`;
      if (order.at(-1) !== versions) order.push(versions);
      const machines = await fleet.machinesOf('one');
      return (
        machines.length === 3 &&
        machines.every(({ spec, status }) => spec.version === 'v1.36.0' && status.phase === 'Running')
      );
    });
    expect(fewest).toBe(2);
    expect(order).not.toContain('v1.35.2 true');
    expect((await fleet.machinesOf('one')).filter(({ metadata }) => before.has(metadata.name))).toEqual([]);
    await fleet.until(
      async () => condition(await fleet.read('clusters', 'fleet', 'one'), 'TopologyReconciled')?.status === 'True',
    );
  });
});

describe('a machine that is told to fail', () => {
  const failing = (annotations: Record<string, string>) => ({ group: { metadata: { annotations } } });

  it('says so by its conditions, and never becomes a node', async () => {
    await fleet.makeCluster('one', failing({ 'embedded.longshore.dev/fail-provisioning': 'no 4C-8GiB is left' }));
    await fleet.until(async () =>
      condition((await workersOf('one'))[0], 'InfrastructureReady')?.message.includes('no 4C'),
    );
    const [worker] = await workersOf('one');
    expect(worker.status).toMatchObject({
      phase: 'Provisioning',
      deprecated: { v1beta1: { failureReason: 'CreateError', failureMessage: 'no 4C-8GiB is left' } },
    });
    expect(condition(worker, 'InfrastructureReady')).toMatchObject({ status: 'False', reason: 'NotReady' });
    fleet.pass(600_000);
    expect((await workersOf('one'))[0].status.nodeRef).toBeUndefined();
    const cluster = await fleet.read('clusters', 'fleet', 'one');
    expect(condition(cluster, 'WorkersAvailable')).toMatchObject({ status: 'False', reason: 'NotAvailable' });
  });

  it('may be one of the first only, so that another try succeeds', async () => {
    const annotations = {
      'embedded.longshore.dev/fail-provisioning': 'out of stock',
      'embedded.longshore.dev/first-machines': '2',
    };
    await fleet.makeCluster('one', { ...failing(annotations), workers: 3 });
    await fleet.until(
      async () => (await workersOf('one')).filter(({ status }) => status.phase === 'Running').length === 1,
    );
    const failed = (await workersOf('one')).filter(({ status }) => status.phase !== 'Running');
    expect(failed).toHaveLength(2);
    for (const { metadata } of failed) await fleet.remove('machines', 'fleet', metadata.name);
    await fleet.untilRunning('one', 4);
  });

  it('hangs without a word, and goes on when it is let go', async () => {
    await fleet.makeCluster('one', failing({ 'embedded.longshore.dev/hang-provisioning': 'true' }));
    await fleet.until(async () => (await workersOf('one'))[0].status.phase === 'Provisioning');
    fleet.pass(300_000);
    const [worker] = await workersOf('one');
    expect(worker.status.deprecated).toBeUndefined();
    expect(worker.status.phase).toBe('Provisioning');
    await resizeWorkers('one', { metadata: { annotations: { 'embedded.longshore.dev/hang-provisioning': 'false' } } });
    await fleet.untilRunning('one', 2);
  });

  it('holds its deletion up, and with it that of the cluster', async () => {
    await fleet.makeCluster('one', failing({ 'embedded.longshore.dev/fail-deletion': 'the host is locked' }));
    await fleet.untilRunning('one', 2);
    await fleet.remove('clusters', 'fleet', 'one');
    fleet.pass(60_000);
    const [worker] = await workersOf('one');
    expect(condition(worker, 'Deleting')).toMatchObject({
      reason: 'WaitingForInfrastructureDeletion',
      message: '* DevMachine: the host is locked',
    });
    const cluster = await fleet.read('clusters', 'fleet', 'one');
    expect([cluster.status.phase, condition(cluster, 'Deleting').reason]).toEqual([
      'Deleting',
      'WaitingForWorkersDeletion',
    ]);
  });
});

describe('a deletion', () => {
  it('takes workers, control plane and infrastructure in this order, and leaves nothing', async () => {
    await fleet.makeCluster('one', { workers: 2 });
    await fleet.untilRunning('one', 3);
    const { server } = { server: (await fleet.read('clusters', 'fleet', 'one')).spec.controlPlaneEndpoint };
    await fleet.remove('clusters', 'fleet', 'one');
    const reasons: string[] = [];
    await fleet.until(async () => {
      const cluster = await fleet.read('clusters', 'fleet', 'one');
      if (cluster.code === 404) return true;
      const { reason } = condition(cluster, 'Deleting');
      if (reasons.at(-1) !== reason) reasons.push(reason);
      return false;
    });
    expect(reasons.slice(0, 2)).toEqual(['WaitingForWorkersDeletion', 'WaitingForControlPlaneDeletion']);
    fleet.pass(10_000);
    for (const plural of [
      'machines',
      'machinesets',
      'machinedeployments',
      'devmachines',
      'kubeadmconfigs',
      'devclusters',
      'secrets',
    ]) {
      expect(await fleet.list(plural, 'fleet'), plural).toEqual([]);
    }
    await expect
      .poll(() => fetch(`https://127.0.0.1:${server.port}/version`).catch((error) => error.cause?.code))
      .toBe('ECONNREFUSED');
  });
});
