import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterObject } from '../store/types.ts';
import type {
  DaemonSet,
  Deployment,
  Job,
  Namespace,
  Node,
  PersistentVolumeClaim,
  Pod,
  Service,
  StatefulSet,
} from './kubernetes-shapes.ts';
import { isReady } from './pod-state.ts';
import { startTestCluster, type TestCluster, testDeployment, testTemplate } from './testing/start-test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = startTestCluster();
});
afterEach(async () => {
  await cluster.stop();
  expect(cluster.complaints).toEqual([]);
});

const never = { podSpec: { restartPolicy: 'Never' } };

describe('a fresh cluster', () => {
  it('has three ready nodes in two zones, with heartbeats in leases', () => {
    const nodes = cluster.list<Node>('', 'nodes');
    expect(nodes.map(({ metadata }) => [metadata.name, metadata.labels?.['topology.kubernetes.io/zone']])).toEqual([
      ['embedded-a1', 'embedded-a'],
      ['embedded-a2', 'embedded-a'],
      ['embedded-b1', 'embedded-b'],
    ]);
    for (const { status, spec } of nodes) {
      expect(status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
      expect(spec.podCIDR).toMatch(/^10\.244\.\d\.0\/24$/);
    }
    const renewal = (): unknown => cluster.get('coordination.k8s.io', 'leases', 'embedded-a1', 'kube-node-lease').spec;
    const before = renewal();
    const version = cluster.get<Node>('', 'nodes', 'embedded-a1').metadata.resourceVersion;
    cluster.clock.advance(60_000);
    expect(renewal()).not.toEqual(before);
    expect(cluster.get<Node>('', 'nodes', 'embedded-a1').metadata.resourceVersion).toBe(version);
  });

  it('has the namespaces of every cluster, each with its account and root certificate', () => {
    const names = cluster.list<Namespace>('', 'namespaces').map(({ metadata }) => metadata.name);
    expect(names.sort()).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
    for (const name of names) {
      expect(cluster.find('', 'serviceaccounts', 'default', name)).toBeDefined();
      expect(cluster.find('', 'configmaps', 'kube-root-ca.crt', name)).toBeDefined();
    }
  });

  it('writes nothing but heartbeats', () => {
    let writes = 0;
    const stop = cluster.store.onChange((_, { plural }) => {
      if (plural !== 'leases') writes += 1;
    });
    cluster.clock.advance(30 * 60_000);
    stop();
    expect(writes).toBe(0);
  });

  it('writes nothing any more once it was stopped', async () => {
    await cluster.stop();
    const version = cluster.store.resourceVersion;
    cluster.clock.advance(60_000);
    expect(cluster.store.resourceVersion).toBe(version);
  });
});

describe('nodes', () => {
  it('come alive when they are created over the API', () => {
    cluster.create('', 'nodes', { metadata: { name: 'extra' } });
    cluster.create('', 'pods', {
      metadata: { name: 'web' },
      spec: { ...(testTemplate('web') as Pod).spec, nodeSelector: { zone: 'x' } },
    });
    cluster.clock.advance(10_000);
    expect(isReady(cluster.get<Pod>('', 'pods', 'web'))).toBe(false);
    cluster.change('', 'nodes', 'extra', (draft) => {
      draft.metadata.labels = { zone: 'x' };
    });
    cluster.clock.advance(10_000);
    expect(cluster.get<Pod>('', 'pods', 'web').spec.nodeName).toBe('extra');
    expect(isReady(cluster.get<Pod>('', 'pods', 'web'))).toBe(true);
  });

  it('take no new pods while they are cordoned (refused)', () => {
    for (const name of ['embedded-a1', 'embedded-a2']) {
      cluster.change('', 'nodes', name, (draft) => {
        draft.spec.unschedulable = true;
      });
    }
    cluster.create('apps', 'deployments', testDeployment('web', 3));
    cluster.clock.advance(20_000);
    expect(new Set(cluster.pods().map(({ spec }) => spec.nodeName))).toEqual(new Set(['embedded-b1']));
    expect(cluster.get<Node>('', 'nodes', 'embedded-a1').spec.taints).toEqual([
      expect.objectContaining({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }),
    ]);
    cluster.change('', 'nodes', 'embedded-a1', (draft) => {
      draft.spec.unschedulable = false;
    });
    cluster.clock.advance(10);
    expect(cluster.get<Node>('', 'nodes', 'embedded-a1').spec.taints ?? []).toEqual([]);
  });

  it('take their pods with them when they are deleted', () => {
    cluster.create('apps', 'deployments', testDeployment('web', 6));
    cluster.clock.advance(20_000);
    cluster.store.delete(cluster.store.resource('', 'nodes'), undefined, 'embedded-b1');
    cluster.clock.advance(70_000);
    expect(cluster.pods().filter(isReady)).toHaveLength(6);
    expect(cluster.pods().map(({ spec }) => spec.nodeName)).not.toContain('embedded-b1');
    expect(cluster.find('coordination.k8s.io', 'leases', 'embedded-b1', 'kube-node-lease')).toBeUndefined();
  });
});

describe('stateful sets', () => {
  const template = testTemplate('db');
  const create = (changes: object = {}): void => {
    cluster.create('apps', 'statefulsets', {
      metadata: { name: 'db' },
      spec: {
        replicas: 3,
        serviceName: 'db',
        selector: { matchLabels: { app: 'db' } },
        template,
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
        ...changes,
      },
    });
  };
  const set = (): StatefulSet => cluster.get<StatefulSet>('apps', 'statefulsets', 'db');
  const images = (): (string | undefined)[] => cluster.pods().map(({ spec }) => spec.containers[0]?.image);

  it('bring up their pods one after the other, each with its bound claim', () => {
    create();
    cluster.clock.advance(4_000);
    expect(cluster.pods().map(({ metadata }) => metadata.name)).toEqual(['db-0', 'db-1']);
    cluster.clock.advance(20_000);
    expect(cluster.pods().map(({ metadata }) => metadata.name)).toEqual(['db-0', 'db-1', 'db-2']);
    expect(set().status).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 3, updatedReplicas: 3 });
    const claims = cluster.list<PersistentVolumeClaim>('', 'persistentvolumeclaims', 'default');
    expect(claims.map(({ metadata, status }) => [metadata.name, status?.phase])).toEqual([
      ['data-db-0', 'Bound'],
      ['data-db-1', 'Bound'],
      ['data-db-2', 'Bound'],
    ]);
    expect(cluster.pods()[0]?.metadata.labels?.['controller-revision-hash']).toBe(set().status?.updateRevision);
    expect(cluster.events('FailedScheduling')).toEqual([]);
  });

  it('update down to the partition, and the rest when it is lowered', () => {
    create();
    cluster.clock.advance(30_000);
    cluster.change('apps', 'statefulsets', 'db', (draft) => {
      draft.spec.updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 2 } };
      draft.spec.template.spec.containers[0].image = 'registry.local/db:v2';
    });
    cluster.clock.advance(30_000);
    expect(images()).toEqual(['registry.local/db:v1', 'registry.local/db:v1', 'registry.local/db:v2']);
    expect(set().status?.currentRevision).not.toBe(set().status?.updateRevision);
    expect(set().status).toMatchObject({ updatedReplicas: 1, currentReplicas: 2 });
    cluster.remove('', 'pods', 'db-0');
    cluster.clock.advance(20_000);
    expect(images()[0]).toBe('registry.local/db:v1');
    cluster.change('apps', 'statefulsets', 'db', (draft) => {
      draft.spec.updateStrategy.rollingUpdate.partition = 0;
    });
    cluster.clock.advance(60_000);
    expect(new Set(images())).toEqual(new Set(['registry.local/db:v2']));
    expect(set().status?.currentRevision).toBe(set().status?.updateRevision);
    expect(cluster.list('apps', 'controllerrevisions', 'default')).toHaveLength(2);
  });

  it('keep the claims of pods that were scaled away', () => {
    create();
    cluster.clock.advance(30_000);
    cluster.change('apps', 'statefulsets', 'db', (draft) => {
      draft.spec.replicas = 1;
    });
    cluster.clock.advance(30_000);
    expect(cluster.pods().map(({ metadata }) => metadata.name)).toEqual(['db-0']);
    expect(cluster.list('', 'persistentvolumeclaims', 'default')).toHaveLength(3);
  });
});

describe('daemon sets', () => {
  it('run on every node and update one at a time', () => {
    cluster.create('apps', 'daemonsets', {
      metadata: { name: 'agent' },
      spec: { selector: { matchLabels: { app: 'agent' } }, template: testTemplate('agent') },
    });
    cluster.clock.advance(20_000);
    const set = (): DaemonSet => cluster.get<DaemonSet>('apps', 'daemonsets', 'agent');
    expect(
      cluster
        .pods()
        .map(({ spec }) => spec.nodeName)
        .sort(),
    ).toEqual(['embedded-a1', 'embedded-a2', 'embedded-b1']);
    expect(set().status).toMatchObject({ desiredNumberScheduled: 3, numberReady: 3, numberAvailable: 3 });
    let fewest = 3;
    const stop = cluster.store.onChange(() => {
      fewest = Math.min(fewest, cluster.pods().filter(isReady).length);
    });
    cluster.change('apps', 'daemonsets', 'agent', (draft) => {
      draft.spec.template.spec.containers[0].image = 'registry.local/agent:v2';
    });
    cluster.clock.advance(60_000);
    stop();
    expect(fewest).toBe(2);
    expect(set().status).toMatchObject({ updatedNumberScheduled: 3, numberAvailable: 3 });
    expect(new Set(cluster.pods().map(({ spec }) => spec.containers[0]?.image))).toEqual(
      new Set(['registry.local/agent:v2']),
    );
  });
});

describe('jobs', () => {
  const job = (): Job => cluster.get<Job>('batch', 'jobs', 'work');
  const create = (spec: object, template: Parameters<typeof testTemplate>[1] = never): void => {
    cluster.create('batch', 'jobs', {
      metadata: { name: 'work' },
      spec: { template: testTemplate('work', template), ...spec },
    });
  };

  it('run to completion, as many at once as they may', () => {
    create({ completions: 3, parallelism: 2 });
    cluster.clock.advance(5_000);
    expect(job().status).toMatchObject({ active: 2 });
    cluster.clock.advance(30_000);
    expect(job().status).toMatchObject({ succeeded: 3, completionTime: expect.any(String) });
    expect(job().status?.conditions).toContainEqual(expect.objectContaining({ type: 'Complete', status: 'True' }));
    expect(cluster.pods().map(({ status }) => status?.phase)).toEqual(['Succeeded', 'Succeeded', 'Succeeded']);
    expect(cluster.pods().flatMap(({ metadata }) => metadata.finalizers ?? [])).toEqual([]);
  });

  it('give up after too many failures (refused)', () => {
    const failing = { ...never, container: { command: ['sh', '-c', 'exit 3'] } };
    create({ backoffLimit: 1 }, failing);
    cluster.clock.advance(120_000);
    expect(job().status).toMatchObject({ failed: 2 });
    expect(job().status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }),
    );
    expect(cluster.pods().map(({ status }) => status?.containerStatuses?.[0]?.state.terminated?.exitCode)).toEqual([
      3, 3,
    ]);
  });

  it('run each index of an indexed job once', () => {
    create({ completions: 3, parallelism: 3, completionMode: 'Indexed' });
    cluster.clock.advance(30_000);
    expect(job().status).toMatchObject({ succeeded: 3, completedIndexes: '0-2' });
  });

  it('end their pods while they are suspended and go on afterwards', () => {
    create({});
    cluster.clock.advance(3_000);
    cluster.change('batch', 'jobs', 'work', (draft) => {
      draft.spec.suspend = true;
    });
    cluster.clock.advance(5_000);
    expect(cluster.pods()).toEqual([]);
    expect(job().status?.conditions).toContainEqual(expect.objectContaining({ type: 'Suspended', status: 'True' }));
    cluster.change('batch', 'jobs', 'work', (draft) => {
      draft.spec.suspend = false;
    });
    cluster.clock.advance(30_000);
    expect(job().status).toMatchObject({ succeeded: 1 });
  });

  it('are deleted with their pods after their time to live', () => {
    create({ ttlSecondsAfterFinished: 10 });
    cluster.clock.advance(60_000);
    expect(cluster.list('batch', 'jobs', 'default')).toEqual([]);
    expect(cluster.pods()).toEqual([]);
  });

  it('are made by cron jobs on time, and cleared away beyond the history limit', () => {
    cluster.create('batch', 'cronjobs', {
      metadata: { name: 'tick' },
      spec: {
        schedule: '*/5 * * * *',
        successfulJobsHistoryLimit: 2,
        jobTemplate: { spec: { template: testTemplate('tick', never) } },
      },
    });
    cluster.clock.advance(5 * 60_000 + 1_000);
    expect(cluster.get('batch', 'cronjobs', 'tick').status).toMatchObject({
      lastScheduleTime: '2026-01-01T00:05:00Z',
      active: [{ kind: 'Job' }],
    });
    cluster.clock.advance(30 * 60_000);
    expect(cluster.list('batch', 'jobs', 'default')).toHaveLength(3);
    cluster.clock.advance(60_000);
    expect(cluster.list('batch', 'jobs', 'default')).toHaveLength(2);
    expect(cluster.pods()).toHaveLength(2);
    expect(cluster.get('batch', 'cronjobs', 'tick').status).not.toHaveProperty('active');
  });
});

describe('services', () => {
  it('have endpoints for their ready pods and follow them', () => {
    cluster.create('', 'services', {
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    });
    cluster.create(
      'apps',
      'deployments',
      testDeployment('web', 2, { container: { ports: [{ name: 'http', containerPort: 8080 }] } }),
    );
    cluster.clock.advance(20_000);
    const slices = (): ClusterObject[] => cluster.list('discovery.k8s.io', 'endpointslices', 'default');
    expect(slices()).toHaveLength(1);
    expect(slices()[0]).toMatchObject({
      metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: [
        { conditions: { ready: true, serving: true, terminating: false }, targetRef: { kind: 'Pod' } },
        { conditions: { ready: true } },
      ],
    });
    expect(cluster.get('', 'endpoints', 'web')).toMatchObject({
      subsets: [{ addresses: [{}, {}], ports: [{ port: 8080 }] }],
    });
    cluster.change('apps', 'deployments', 'web', (draft) => {
      draft.spec.replicas = 1;
    });
    cluster.clock.advance(20_000);
    expect(slices()[0]?.endpoints).toHaveLength(1);
    cluster.remove('', 'services', 'web');
    cluster.clock.advance(1_000);
    expect(slices()).toEqual([]);
    expect(cluster.find('', 'endpoints', 'web')).toBeUndefined();
  });

  it('get an address of their own as load balancers', () => {
    for (const name of ['one', 'two']) {
      cluster.create('', 'services', { metadata: { name }, spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } });
    }
    cluster.clock.advance(5_000);
    const addresses = cluster
      .list<Service>('', 'services', 'default')
      .flatMap(({ status }) => status?.loadBalancer?.ingress ?? [])
      .map(({ ip }) => ip);
    expect(addresses.sort()).toEqual(['203.0.113.1', '203.0.113.2']);
  });
});

describe('volume claims', () => {
  it('grow with their request, are protected while in use, and take their volume with them', () => {
    cluster.create('', 'persistentvolumeclaims', {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    cluster.create('', 'pods', {
      metadata: { name: 'web' },
      spec: {
        ...(testTemplate('web') as Pod).spec,
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
      },
    });
    cluster.clock.advance(10_000);
    expect(isReady(cluster.get<Pod>('', 'pods', 'web'))).toBe(true);
    cluster.change('', 'persistentvolumeclaims', 'data', (draft) => {
      draft.spec.resources.requests.storage = '2Gi';
    });
    cluster.clock.advance(1_000);
    expect(cluster.get('', 'persistentvolumeclaims', 'data')).toMatchObject({
      status: { capacity: { storage: '2Gi' } },
    });
    cluster.remove('', 'persistentvolumeclaims', 'data');
    cluster.clock.advance(10_000);
    expect(cluster.find('', 'persistentvolumeclaims', 'data')).toBeDefined();
    cluster.remove('', 'pods', 'web');
    cluster.clock.advance(10_000);
    expect(cluster.find('', 'persistentvolumeclaims', 'data')).toBeUndefined();
    expect(cluster.list('', 'persistentvolumes')).toEqual([]);
  });
});

describe('garbage', () => {
  beforeEach(() => {
    cluster.create('apps', 'deployments', testDeployment('web', 2));
    cluster.clock.advance(20_000);
  });

  it('goes in the background when its owner has gone', () => {
    cluster.remove('apps', 'deployments', 'web', { propagationPolicy: 'Background' });
    expect(cluster.find('apps', 'deployments', 'web')).toBeUndefined();
    cluster.clock.advance(10_000);
    expect(cluster.list('apps', 'replicasets', 'default')).toEqual([]);
    expect(cluster.pods()).toEqual([]);
  });

  it('goes before its owner in the foreground', () => {
    cluster.remove('apps', 'deployments', 'web', { propagationPolicy: 'Foreground' });
    cluster.clock.advance(100);
    expect(cluster.find('apps', 'deployments', 'web')).toBeDefined();
    cluster.clock.advance(10_000);
    expect(cluster.find('apps', 'deployments', 'web')).toBeUndefined();
    expect(cluster.list('apps', 'replicasets', 'default')).toEqual([]);
    expect(cluster.pods()).toEqual([]);
  });

  it('stays when it is orphaned (refused)', () => {
    cluster.remove('apps', 'deployments', 'web', { propagationPolicy: 'Orphan' });
    cluster.clock.advance(10_000);
    expect(cluster.find('apps', 'deployments', 'web')).toBeUndefined();
    expect(
      cluster.list('apps', 'replicasets', 'default').map(({ metadata }) => metadata.ownerReferences ?? []),
    ).toEqual([[]]);
    expect(cluster.pods().filter(isReady)).toHaveLength(2);
  });

  it('is what names an owner that never was', () => {
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name: 'ghost', uid: 'ghost' }];
    cluster.create('', 'configmaps', { metadata: { name: 'left', ownerReferences } });
    cluster.clock.advance(100);
    expect(cluster.find('', 'configmaps', 'left')).toBeUndefined();
  });
});

describe('namespaces', () => {
  it('empty themselves and go, and the rest stays', () => {
    cluster.create('', 'namespaces', { metadata: { name: 'team' } });
    cluster.clock.advance(10);
    const { metadata, ...rest } = testDeployment('web', 2) as { metadata: object };
    cluster.create('apps', 'deployments', { metadata: { ...metadata, namespace: 'team' }, ...rest });
    cluster.create('apps', 'deployments', { metadata, ...rest });
    cluster.clock.advance(20_000);
    cluster.store.delete(cluster.store.resource('', 'namespaces'), undefined, 'team');
    cluster.clock.advance(500);
    expect(cluster.get<Namespace>('', 'namespaces', 'team', undefined).status).toMatchObject({
      phase: 'Terminating',
      // Pods go first, and are not counted as content that remains.
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: 'NamespaceContentRemaining', status: 'False' }),
      ]),
    });
    expect(cluster.list('', 'pods', 'team')).not.toEqual([]);
    expect(cluster.get<Deployment>('apps', 'deployments', 'web', 'team').metadata.deletionTimestamp).toBeUndefined();
    cluster.clock.advance(20_000);
    expect(cluster.find('', 'namespaces', 'team')).toBeUndefined();
    expect(cluster.list('', 'pods', 'team')).toEqual([]);
    expect(cluster.get<Deployment>('apps', 'deployments', 'web').status).toMatchObject({ availableReplicas: 2 });
  });

  it('wait for a finalizer in them (refused)', () => {
    cluster.create('', 'namespaces', { metadata: { name: 'team' } });
    cluster.create('', 'configmaps', {
      metadata: { name: 'held', namespace: 'team', finalizers: ['example.com/hold'] },
    });
    cluster.clock.advance(10);
    cluster.store.delete(cluster.store.resource('', 'namespaces'), undefined, 'team');
    cluster.clock.advance(60_000);
    expect(cluster.get<Namespace>('', 'namespaces', 'team').status?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'NamespaceFinalizersRemaining',
        status: 'True',
        message: 'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
      }),
    );
  });
});

describe('disruption budgets', () => {
  it('allow what the ready pods can spare', () => {
    cluster.create('apps', 'deployments', testDeployment('web', 3));
    cluster.create('policy', 'poddisruptionbudgets', {
      metadata: { name: 'web' },
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
    });
    const status = (): unknown => cluster.get('policy', 'poddisruptionbudgets', 'web').status;
    cluster.clock.advance(10);
    expect(status()).toMatchObject({ expectedPods: 3, currentHealthy: 0, disruptionsAllowed: 0 });
    cluster.clock.advance(20_000);
    expect(status()).toMatchObject({ expectedPods: 3, desiredHealthy: 2, currentHealthy: 3, disruptionsAllowed: 1 });
  });
});

describe('events', () => {
  it('expire an hour after they were last counted', () => {
    cluster.create('', 'pods', { metadata: { name: 'web' }, spec: (testTemplate('web') as Pod).spec });
    cluster.clock.advance(59 * 60_000);
    expect(cluster.events('Started')).toHaveLength(1);
    cluster.clock.advance(2 * 60_000);
    expect(cluster.events()).toEqual([]);
  });
});
