import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pod } from './kubernetes-shapes.ts';
import { findCondition } from './set-condition.ts';
import { startTestCluster, type TestCluster } from './testing/start-test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = startTestCluster({ nodes: 1 });
});
afterEach(async () => {
  await cluster.stop();
  expect(cluster.complaints).toEqual([]);
});

const pod = (name: string): Pod => cluster.get<Pod>('', 'pods', name);
const scheduled = (name: string) => findCondition(pod(name).status?.conditions, 'PodScheduled');

function create(name: string, cpu: string, spec: object = {}): void {
  cluster.create('', 'pods', {
    metadata: { name },
    spec: { containers: [{ name: 'main', image: 'x:1', resources: { requests: { cpu } } }], ...spec },
  });
}

function priority(name: string, value: number): void {
  const resource = cluster.store.resource('scheduling.k8s.io', 'priorityclasses');
  cluster.store.create(resource, { metadata: { name }, value });
}

describe('the scheduler', () => {
  it('binds without a new generation, with the event of a binding', () => {
    create('web', '1');
    cluster.clock.advance(10);
    expect(pod('web')).toMatchObject({
      metadata: { generation: 1, labels: { 'topology.kubernetes.io/zone': 'embedded-a' } },
      spec: { nodeName: 'embedded-a1' },
    });
    expect(cluster.events('Scheduled')[0]).toMatchObject({
      action: 'Binding',
      message: 'Successfully assigned default/web to embedded-a1',
      reportingComponent: 'default-scheduler',
    });
  });

  it('leaves a pod alone until its last gate is open', () => {
    create('web', '1', { schedulingGates: [{ name: 'example.com/gate' }] });
    cluster.clock.advance(60_000);
    expect(scheduled('web')).toMatchObject({
      status: 'False',
      reason: 'SchedulingGated',
      message: 'Scheduling is blocked due to non-empty scheduling gates',
    });
    expect(cluster.events('FailedScheduling')).toEqual([]);
    cluster.change('', 'pods', 'web', (draft) => {
      draft.spec.schedulingGates = [];
    });
    cluster.clock.advance(10);
    expect(scheduled('web')?.status).toBe('True');
  });

  it('leaves the pods of another scheduler to it (refused)', () => {
    create('web', '1', { schedulerName: 'other' });
    cluster.clock.advance(600_000);
    expect(pod('web').spec.nodeName).toBeUndefined();
    expect(pod('web').status?.conditions ?? []).toEqual([]);
  });

  it('makes room for a more important pod', () => {
    priority('high', 1000);
    create('low', '6');
    cluster.clock.advance(10_000);
    create('urgent', '6', { priorityClassName: 'high' });
    cluster.clock.advance(10);
    expect(pod('urgent').status?.nominatedNodeName).toBe('embedded-a1');
    expect(scheduled('urgent')?.message).toBe('0/1 nodes are available: 1 Insufficient cpu.');
    expect(findCondition(pod('low').status?.conditions, 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    });
    expect(pod('low').metadata.deletionTimestamp).toBeDefined();
    expect(cluster.events('Preempted')[0]?.message).toBe(
      `Preempted by pod ${pod('urgent').metadata.uid} on node embedded-a1`,
    );
    cluster.clock.advance(60_000);
    expect(pod('urgent').spec.nodeName).toBe('embedded-a1');
    expect(pod('urgent').status?.nominatedNodeName).toBeUndefined();
    expect(cluster.find('', 'pods', 'low')).toBeUndefined();
  });

  it('lets the important ones choose first', () => {
    priority('high', 1000);
    create('low', '6');
    create('urgent', '6', { priorityClassName: 'high' });
    cluster.clock.advance(10);
    expect(pod('urgent').spec.nodeName).toBe('embedded-a1');
    expect(pod('low').spec.nodeName).toBeUndefined();
    expect(cluster.events('Preempted')).toEqual([]);
  });

  it('tries again after a change that may help, and not before (refused)', () => {
    create('big', '20');
    cluster.clock.advance(290_000);
    const failures = (): number =>
      (cluster.events('FailedScheduling')[0]?.series as { count: number } | undefined)?.count ?? 1;
    expect(failures()).toBe(1);
    cluster.change('', 'nodes', 'embedded-a1', (draft) => {
      draft.metadata.labels.disk = 'ssd';
    });
    cluster.clock.advance(2_000);
    expect(failures()).toBe(2);
  });

  it('tells the claims of a pod its node when they wait for it, and binds the pod after them', () => {
    cluster.store.create(cluster.store.resource('storage.k8s.io', 'storageclasses'), {
      metadata: { name: 'late' },
      provisioner: 'example.com/disk',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    cluster.create('', 'persistentvolumeclaims', {
      metadata: { name: 'data' },
      spec: { storageClassName: 'late', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    create('web', '1', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] });
    cluster.clock.advance(10);
    expect(cluster.get('', 'persistentvolumeclaims', 'data').metadata.annotations).toMatchObject({
      'volume.kubernetes.io/selected-node': 'embedded-a1',
    });
    expect(pod('web').spec.nodeName).toBeUndefined();
    cluster.store.create(cluster.store.resource('', 'persistentvolumes'), {
      metadata: { name: 'disk' },
      spec: {
        storageClassName: 'late',
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/disk' },
      },
    });
    cluster.change('', 'persistentvolumeclaims', 'data', (draft) => {
      draft.metadata.labels = { touched: 'yes' };
    });
    cluster.clock.advance(5_000);
    expect(pod('web').spec.nodeName).toBe('embedded-a1');
  });
});
