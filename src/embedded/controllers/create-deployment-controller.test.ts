import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Deployment, Pod, ReplicaSet } from './kubernetes-shapes.ts';
import { isReady } from './pod-state.ts';
import { isRolledOut, startTestCluster, type TestCluster, testDeployment } from './testing/start-test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = startTestCluster();
});
afterEach(async () => {
  await cluster.stop();
  expect(cluster.complaints).toEqual([]);
});

const deployment = (): Deployment => cluster.get<Deployment>('apps', 'deployments', 'web');
const sets = (): ReplicaSet[] =>
  cluster.list<ReplicaSet>('apps', 'replicasets', 'default').sort((left, right) => revision(left) - revision(right));
const revision = (set: ReplicaSet): number => Number(set.metadata.annotations?.['deployment.kubernetes.io/revision']);
const readyPods = (): Pod[] =>
  cluster.pods().filter((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined);
const probe = { container: { readinessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 1 } } };

function roll(): void {
  cluster.create('apps', 'deployments', testDeployment('web', 4, probe));
  cluster.clock.advance(30_000);
  expect(isRolledOut(deployment())).toBe(true);
}

describe('the deployment controller', () => {
  it('brings up all replicas and says so', () => {
    roll();
    expect(readyPods()).toHaveLength(4);
    expect(deployment().status).toMatchObject({
      replicas: 4,
      updatedReplicas: 4,
      readyReplicas: 4,
      availableReplicas: 4,
      conditions: [
        { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
      ],
    });
    const [set] = sets();
    expect(set?.metadata.name).toBe(`web-${set?.metadata.labels?.['pod-template-hash']}`);
    expect(set?.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '1',
      'deployment.kubernetes.io/desired-replicas': '4',
      'deployment.kubernetes.io/max-replicas': '5',
    });
    expect(cluster.events('ScalingReplicaSet').map(({ message }) => message)).toEqual([
      `Scaled up replica set ${set?.metadata.name} from 0 to 4`,
    ]);
  });

  it('rolls to a new image within maxSurge and maxUnavailable at every moment', () => {
    roll();
    let fewest = 4;
    let most = 4;
    const stop = cluster.store.onChange(({ object }) => {
      if (object.kind !== 'Pod') return;
      fewest = Math.min(fewest, readyPods().length);
      most = Math.max(most, cluster.pods().filter(({ metadata }) => metadata.deletionTimestamp === undefined).length);
    });
    cluster.change('apps', 'deployments', 'web', (draft) => {
      draft.spec.template.spec.containers[0].image = 'registry.local/web:v2';
    });
    cluster.clock.advance(60_000);
    stop();
    expect(isRolledOut(deployment())).toBe(true);
    expect(cluster.pods().map(({ spec }) => spec.containers[0]?.image)).toEqual(Array(4).fill('registry.local/web:v2'));
    expect({ fewest, most }).toEqual({ fewest: 3, most: 5 });
    expect(sets().map((set) => [revision(set), set.spec.replicas])).toEqual([
      [1, 0],
      [2, 4],
    ]);
    expect(deployment().metadata.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '2' });
  });

  it('rolls on a restart annotation', () => {
    roll();
    const before = new Set(cluster.pods().map(({ metadata }) => metadata.uid));
    cluster.change('apps', 'deployments', 'web', (draft) => {
      draft.spec.template.metadata.annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:30Z' };
    });
    cluster.clock.advance(60_000);
    expect(isRolledOut(deployment())).toBe(true);
    expect(cluster.pods().filter(({ metadata }) => before.has(metadata.uid))).toEqual([]);
  });

  it('stops at an image that cannot be pulled and keeps the minimum (refused)', () => {
    roll();
    cluster.change('apps', 'deployments', 'web', (draft) => {
      draft.spec.progressDeadlineSeconds = 60;
      draft.spec.template.spec.containers[0].image = 'registry.local/web:missing';
    });
    cluster.clock.advance(59_000);
    expect(readyPods()).toHaveLength(3);
    const broken = cluster.pods().filter(({ spec }) => spec.containers[0]?.image === 'registry.local/web:missing');
    expect(broken.map(({ status }) => status?.phase)).toEqual(['Pending', 'Pending']);
    cluster.clock.advance(10_000);
    expect(deployment().status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }),
    );
  });

  it('goes back to an earlier template by its old replica set, under a new revision', () => {
    roll();
    const image = (tag: string) =>
      cluster.change('apps', 'deployments', 'web', (draft) => {
        draft.spec.template.spec.containers[0].image = `registry.local/web:${tag}`;
      });
    image('v2');
    cluster.clock.advance(60_000);
    image('v1');
    cluster.clock.advance(60_000);
    expect(isRolledOut(deployment())).toBe(true);
    expect(sets().map((set) => [revision(set), set.spec.replicas])).toEqual([
      [2, 0],
      [3, 4],
    ]);
    expect(sets()[1]?.metadata.annotations).toMatchObject({ 'deployment.kubernetes.io/revision-history': '1' });
  });

  it('follows its scale in both directions', () => {
    roll();
    const scale = (replicas: number) => {
      cluster.change('apps', 'deployments', 'web', (draft) => {
        draft.spec.replicas = replicas;
      });
      cluster.clock.advance(30_000);
    };
    scale(7);
    expect(readyPods()).toHaveLength(7);
    scale(2);
    expect(cluster.pods()).toHaveLength(2);
    scale(0);
    expect(cluster.pods()).toEqual([]);
    expect(deployment().status).toMatchObject({ observedGeneration: deployment().metadata.generation });
  });

  it('holds a rollout while it is paused, but still scales', () => {
    roll();
    cluster.change('apps', 'deployments', 'web', (draft) => {
      draft.spec.paused = true;
      draft.spec.replicas = 5;
      draft.spec.template.spec.containers[0].image = 'registry.local/web:v2';
    });
    cluster.clock.advance(60_000);
    expect(sets().map(({ spec }) => spec.replicas)).toEqual([5]);
    expect(deployment().status?.conditions).toContainEqual(expect.objectContaining({ reason: 'DeploymentPaused' }));
    cluster.change('apps', 'deployments', 'web', (draft) => {
      draft.spec.paused = false;
    });
    cluster.clock.advance(60_000);
    expect(isRolledOut(deployment())).toBe(true);
    expect(sets().map(({ spec }) => spec.replicas)).toEqual([0, 5]);
  });

  it('scales in proportion in the middle of a rollout', () => {
    roll();
    cluster.change('apps', 'deployments', 'web', (draft) => {
      draft.spec.template.spec.containers[0].image = 'registry.local/web:missing';
    });
    cluster.clock.advance(10_000);
    expect(sets().map(({ spec }) => spec.replicas)).toEqual([3, 2]);
    cluster.change('apps', 'deployments', 'web', (draft) => {
      draft.spec.replicas = 8;
    });
    cluster.clock.advance(10_000);
    expect(sets().map(({ spec }) => spec.replicas)).toEqual([6, 4]);
  });

  it('ends all old pods before new ones begin with Recreate', () => {
    const recreate = { strategy: { type: 'Recreate' } };
    cluster.create('apps', 'deployments', testDeployment('web', 3, {}, recreate));
    cluster.clock.advance(20_000);
    let overlaps = 0;
    const stop = cluster.store.onChange(({ object }) => {
      if (object.kind === 'Pod')
        overlaps += new Set(cluster.pods().map(({ spec }) => spec.containers[0]?.image)).size - 1 > 0 ? 1 : 0;
    });
    cluster.change('apps', 'deployments', 'web', (draft) => {
      draft.spec.template.spec.containers[0].image = 'registry.local/web:v2';
    });
    cluster.clock.advance(30_000);
    stop();
    expect(overlaps).toBe(0);
    expect(isRolledOut(deployment())).toBe(true);
  });

  it('keeps as many old replica sets as the history limit says', () => {
    cluster.create('apps', 'deployments', testDeployment('web', 1, {}, { revisionHistoryLimit: 2 }));
    for (const tag of ['v2', 'v3', 'v4', 'v5']) {
      cluster.clock.advance(30_000);
      cluster.change('apps', 'deployments', 'web', (draft) => {
        draft.spec.template.spec.containers[0].image = `registry.local/web:${tag}`;
      });
    }
    cluster.clock.advance(30_000);
    expect(sets().map(revision)).toEqual([3, 4, 5]);
  });

  it('waits for minReadySeconds before a pod counts as available', () => {
    cluster.create('apps', 'deployments', testDeployment('web', 1, {}, { minReadySeconds: 20 }));
    cluster.clock.advance(10_000);
    expect(deployment().status).toMatchObject({ readyReplicas: 1, unavailableReplicas: 1 });
    cluster.clock.advance(20_000);
    expect(deployment().status).toMatchObject({ readyReplicas: 1, availableReplicas: 1 });
  });

  it('replaces a pod that was deleted', () => {
    roll();
    const [victim] = cluster.pods();
    cluster.remove('', 'pods', victim?.metadata.name ?? '');
    cluster.clock.advance(30_000);
    expect(readyPods()).toHaveLength(4);
    expect(cluster.pods().map(({ metadata }) => metadata.uid)).not.toContain(victim?.metadata.uid);
  });
});
