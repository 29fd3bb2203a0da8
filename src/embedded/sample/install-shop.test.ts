import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Deployment, Pod } from '../controllers/kubernetes-shapes.ts';
import { isReady } from '../controllers/pod-state.ts';
import { startTestCluster, type TestCluster } from '../controllers/testing/start-test-cluster.ts';
import { installShop } from './install-shop.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = startTestCluster();
  installShop(cluster.store);
});
afterEach(async () => {
  await cluster.stop();
  expect(cluster.complaints).toEqual([]);
});

describe('installShop', () => {
  it('brings up the vote application and leaves its worker crashing', () => {
    cluster.clock.advance(60_000);
    const available = cluster
      .list<Deployment>('apps', 'deployments', 'shop')
      .map(({ metadata, status }) => [metadata.name, status?.availableReplicas ?? 0]);
    expect(available).toEqual([
      ['vote-back', 1],
      ['vote-front', 3],
      ['vote-worker', 0],
    ]);
    const worker = cluster
      .list<Pod>('', 'pods', 'shop')
      .find(({ metadata }) => metadata.name.startsWith('vote-worker'));
    expect(worker?.status?.containerStatuses?.[0]?.state.waiting?.reason).toBe('CrashLoopBackOff');
    const fronts = cluster
      .list<Pod>('', 'pods', 'shop')
      .filter(({ metadata }) => metadata.name.startsWith('vote-front'));
    expect(fronts.every(isReady)).toBe(true);
    expect(new Set(fronts.map(({ spec }) => spec.nodeName)).size).toBe(3);
  });

  it('shows every kind of workload', () => {
    cluster.clock.advance(60_000);
    expect(cluster.list('apps', 'daemonsets', 'platform')).toHaveLength(1);
    expect(cluster.list('apps', 'statefulsets', 'platform')).toHaveLength(1);
    expect(cluster.list('batch', 'cronjobs', 'platform')).toHaveLength(1);
    expect(cluster.list('batch', 'jobs', 'platform')[0]?.status).toMatchObject({ succeeded: 1 });
    expect(cluster.list<Pod>('', 'pods', 'platform').filter(isReady)).toHaveLength(5);
  });

  it('changes nothing where it is installed already', () => {
    cluster.clock.advance(60_000);
    const version = cluster.store.resourceVersion;
    installShop(cluster.store);
    expect(cluster.store.resourceVersion).toBe(version);
  });

  it('gives every cluster a password of its own', () => {
    const other = startTestCluster();
    installShop(other.store);
    const password = (of: TestCluster): unknown => of.get('', 'secrets', 'vote-redis', 'shop').data;
    expect(password(other)).not.toEqual(password(cluster));
  });

  it('is quiet when idle: below one write in five seconds, heartbeats aside', () => {
    cluster.clock.advance(10 * 60_000);
    let writes = 0;
    const stop = cluster.store.onChange((_, { plural }) => {
      if (plural !== 'leases') writes += 1;
    });
    cluster.clock.advance(60 * 60_000);
    stop();
    expect(writes).toBeLessThan(60 * 12);
  });
});
