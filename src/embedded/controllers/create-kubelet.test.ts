import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pod } from './kubernetes-shapes.ts';
import { isReady } from './pod-state.ts';
import { startTestCluster, type TestCluster, testTemplate } from './testing/start-test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = startTestCluster();
});
afterEach(async () => {
  await cluster.stop();
  expect(cluster.complaints).toEqual([]);
});

const pod = (): Pod => cluster.get<Pod>('', 'pods', 'web');
const reasons = (): string[] =>
  cluster
    .events()
    .filter(({ involvedObject }) => involvedObject.kind === 'Pod')
    .map(({ reason }) => reason);

function run(changes: Parameters<typeof testTemplate>[1] = {}, advanceMs = 20_000): void {
  const { metadata, spec } = testTemplate('web', changes) as { metadata: object; spec: object };
  cluster.create('', 'pods', { metadata: { name: 'web', ...metadata }, spec });
  cluster.clock.advance(advanceMs);
}

describe('the kubelet', () => {
  it('brings a pod from Pending through ContainerCreating to Running', () => {
    run({}, 10);
    expect(pod().status).toMatchObject({
      phase: 'Pending',
      containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } }, ready: false, restartCount: 0 }],
    });
    cluster.clock.advance(5_000);
    expect(pod().status).toMatchObject({
      phase: 'Running',
      podIP: '10.244.0.2',
      podIPs: [{ ip: '10.244.0.2' }],
      hostIP: '10.89.0.10',
      qosClass: 'BestEffort',
      startTime: '2026-01-01T00:00:00Z',
      containerStatuses: [
        {
          name: 'main',
          ready: true,
          started: true,
          containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
          imageID: expect.stringMatching(/^registry\.local\/web@sha256:[0-9a-f]{64}$/),
          state: { running: { startedAt: '2026-01-01T00:00:01Z' } },
        },
      ],
    });
    const conditions = pod().status?.conditions?.map(({ type, status }) => `${type} ${status}`);
    expect(new Set(conditions)).toEqual(
      new Set([
        'PodScheduled True',
        'PodReadyToStartContainers True',
        'Initialized True',
        'ContainersReady True',
        'Ready True',
      ]),
    );
    expect(reasons().sort()).toEqual(['Created', 'Pulled', 'Pulling', 'Scheduled', 'Started']);
  });

  it('ends a container that somebody on its node wants to end, and starts it again', () => {
    run();
    cluster.context.containerKills.request(pod(), { container: 'main', graceMs: 0, message: 'by hand' });
    cluster.clock.advance(10_000);
    expect(pod().status?.containerStatuses).toMatchObject([{ restartCount: 1, ready: true }]);
    expect(cluster.events('Killing').map(({ message }) => message)).toEqual(['by hand']);
  });

  it('forgets with a pod what was asked of its containers', () => {
    run();
    const { uid = '' } = pod().metadata;
    const { containerKills } = cluster.context;
    containerKills.request(pod(), { container: 'main', graceMs: 0, message: 'by hand' });
    cluster.remove('', 'pods', 'web', { gracePeriodSeconds: 0 });
    cluster.clock.advance(1_000);
    expect(containerKills.take(uid)).toEqual([]);
  });

  it('runs init containers in order before the others', () => {
    run(
      {
        podSpec: {
          initContainers: [
            { name: 'first', image: 'a:1' },
            { name: 'second', image: 'b:1' },
          ],
        },
      },
      2_100,
    );
    expect(pod().status).toMatchObject({
      phase: 'Pending',
      initContainerStatuses: [
        { name: 'first', state: { running: {} } },
        { name: 'second', state: { waiting: { reason: 'PodInitializing' } } },
      ],
      containerStatuses: [{ state: { waiting: { reason: 'PodInitializing' } } }],
    });
    expect(pod().status?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'Initialized',
        status: 'False',
        message: 'containers with incomplete status: [first second]',
      }),
    );
    cluster.clock.advance(10_000);
    expect(pod().status).toMatchObject({
      phase: 'Running',
      initContainerStatuses: [
        { ready: true, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
        { ready: true, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
      ],
    });
  });

  it('keeps a sidecar running beside the others', () => {
    run({ podSpec: { initContainers: [{ name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' }] } });
    expect(pod().status).toMatchObject({
      phase: 'Running',
      initContainerStatuses: [{ ready: true, state: { running: {} } }],
    });
  });

  it('backs off from an image that is not there (refused)', () => {
    run({ container: { image: 'registry.local/does-not-exist:v1' } });
    expect(pod().status?.phase).toBe('Pending');
    expect(pod().status?.containerStatuses?.[0]?.state.waiting?.reason).toBe('ImagePullBackOff');
    expect(
      cluster
        .events('Failed')
        .map(({ message }) => message)
        .sort(),
    ).toEqual([
      'Error: ErrImagePull',
      'Error: ImagePullBackOff',
      expect.stringMatching(/^Failed to pull image "registry.local\/does-not-exist:v1": .* not found$/),
    ]);
  });

  it('shows a crash loop with the exit code, and counts its events up', () => {
    const annotations = {
      'embedded.longshore.dev/simulate': 'crash',
      'embedded.longshore.dev/exit-code': '42',
      'embedded.longshore.dev/after-seconds': '2',
    };
    run({ annotations }, 60_000);
    const status = pod().status?.containerStatuses?.[0];
    expect(pod().status?.phase).toBe('Running');
    expect(status).toMatchObject({
      ready: false,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: expect.stringContaining('back-off 40s restarting failed container=main'),
        },
      },
      lastState: { terminated: { exitCode: 42, reason: 'Error' } },
    });
    expect(status?.restartCount).toBeGreaterThanOrEqual(3);
    expect(cluster.events('Started')).toHaveLength(1);
    expect(cluster.events('Started')[0]).toMatchObject({ count: (status?.restartCount ?? 0) + 1 });
    expect(cluster.events('BackOff')[0]?.count).toBeGreaterThanOrEqual(2);
  });

  it('shows a container killed for its memory', () => {
    run({ annotations: { 'embedded.longshore.dev/simulate': 'oom', 'embedded.longshore.dev/after-seconds': '1' } });
    expect(pod().status?.containerStatuses?.[0]?.lastState.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    });
  });

  it('keeps a pod unready whose probe fails, and tells of it (refused)', () => {
    const readinessProbe = { httpGet: { path: '/', port: 80 } };
    run({ annotations: { 'embedded.longshore.dev/simulate': 'unready' }, container: { readinessProbe } });
    expect(pod().status?.phase).toBe('Running');
    expect(isReady(pod())).toBe(false);
    expect(reasons()).toContain('Unhealthy');
  });

  it('starts a pod when the configuration it waits for arrives', () => {
    run({ container: { envFrom: [{ configMapRef: { name: 'settings' } }] } });
    expect(pod().status?.containerStatuses?.[0]?.state.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'configmap "settings" not found',
    });
    cluster.create('', 'configmaps', { metadata: { name: 'settings' }, data: { A: '1' } });
    cluster.clock.advance(15_000);
    expect(isReady(pod())).toBe(true);
  });

  it('waits with the sandbox for a volume that is missing (refused)', () => {
    run({ podSpec: { volumes: [{ name: 'keys', secret: { secretName: 'keys' } }] } });
    expect(pod().status?.containerStatuses?.[0]?.state.waiting?.reason).toBe('ContainerCreating');
    expect(cluster.events('FailedMount')[0]?.message).toBe(
      'MountVolume.SetUp failed for volume "keys" : secret "keys" not found',
    );
  });

  it('ends a pod gracefully and gives its address to the next', () => {
    run();
    cluster.remove('', 'pods', 'web');
    expect(pod().metadata.deletionTimestamp).toBeDefined();
    cluster.clock.advance(500);
    expect(pod().status?.phase).toBe('Running');
    expect(reasons()).toContain('Killing');
    cluster.clock.advance(600);
    expect(cluster.pods()).toEqual([]);
    run();
    expect(pod().status?.podIP).toBe('10.244.0.2');
  });

  it('ends a pod at once without grace', () => {
    run();
    cluster.remove('', 'pods', 'web', { gracePeriodSeconds: 0 });
    cluster.clock.advance(0);
    expect(cluster.pods()).toEqual([]);
  });

  it('holds a pod with a finalizer after its processes have ended', () => {
    run();
    cluster.change('', 'pods', 'web', (draft) => {
      draft.metadata.finalizers = ['example.com/hold'];
    });
    cluster.remove('', 'pods', 'web');
    cluster.clock.advance(10_000);
    expect(pod().status?.containerStatuses?.[0]?.state.terminated).toBeDefined();
    cluster.change('', 'pods', 'web', (draft) => {
      draft.metadata.finalizers = [];
    });
    cluster.clock.advance(10);
    expect(cluster.pods()).toEqual([]);
  });

  it('completes a pod that is not to be restarted', () => {
    run({ podSpec: { restartPolicy: 'Never' }, annotations: { 'embedded.longshore.dev/run-seconds': '7' } }, 8_000);
    expect(pod().status?.phase).toBe('Running');
    cluster.clock.advance(2_000);
    expect(pod().status).toMatchObject({
      phase: 'Succeeded',
      containerStatuses: [{ ready: false, state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
    });
    expect(pod().status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'False', reason: 'PodCompleted' }),
    );
  });

  it('restarts a container whose image was changed in place, and keeps a readiness gate of others', () => {
    run({ podSpec: { readinessGates: [{ conditionType: 'example.com/Gate' }] } });
    expect(isReady(pod())).toBe(false);
    const current = pod();
    cluster.store.updateStatus(cluster.store.resource('', 'pods'), {
      ...current,
      status: {
        ...current.status,
        conditions: [...(current.status?.conditions ?? []), { type: 'example.com/Gate', status: 'True' }],
      },
    });
    cluster.clock.advance(10);
    expect(isReady(pod())).toBe(true);
    cluster.change('', 'pods', 'web', (draft) => {
      draft.spec.containers[0].image = 'registry.local/web:v2';
    });
    cluster.clock.advance(10_000);
    expect(isReady(pod())).toBe(true);
    expect(pod().status?.containerStatuses?.[0]).toMatchObject({ image: 'registry.local/web:v2', restartCount: 1 });
  });

  it('leaves a pod without room unscheduled until there is some (refused)', () => {
    run({ container: { resources: { requests: { cpu: '6' } } } });
    expect(isReady(pod())).toBe(true);
    for (const name of ['b', 'c', 'd']) {
      cluster.create('', 'pods', {
        metadata: { name },
        spec: { containers: [{ name: 'main', image: 'big:1', resources: { requests: { cpu: '6' } } }] },
      });
    }
    cluster.clock.advance(20_000);
    const message =
      '0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.';
    const waiting = cluster.get<Pod>('', 'pods', 'd');
    expect(waiting.status?.phase).toBe('Pending');
    expect(waiting.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }),
    );
    expect(cluster.events('FailedScheduling').map((event) => event.message)).toEqual([message]);
    cluster.remove('', 'pods', 'web');
    cluster.clock.advance(20_000);
    expect(isReady(cluster.get<Pod>('', 'pods', 'd'))).toBe(true);
  });
});

describe('the logs of a container', () => {
  const texts = (previous = false): string[] | undefined =>
    cluster.logs.read('default', 'web', 'main', previous)?.map(({ text }) => text);

  it('are not there before it has started (refused)', () => {
    run({}, 1_000);
    expect(texts()).toBeUndefined();
    expect(cluster.logs.read('default', 'other', 'main', false)).toBeUndefined();
  });

  it('show access lines of simulated traffic for a web front', () => {
    run({ container: { image: 'registry.local/vote-front:v1' } }, 120_000);
    const lines = texts()?.filter((text) => text.includes('HTTP/1.1')) ?? [];
    expect(lines.length).toBeGreaterThan(60);
    expect(lines.length).toBeLessThan(240);
  });

  it('keep the instance that crashed, with its stack trace, as the previous one', () => {
    run(
      { annotations: { 'embedded.longshore.dev/simulate': 'crash', 'embedded.longshore.dev/after-seconds': '3' } },
      30_000,
    );
    expect(texts(true)?.join('\n')).toContain('Traceback (most recent call last):');
    expect(texts(true)?.at(-1)).toContain('exit code 1');
  });

  it('end for a follower when the pod is deleted', () => {
    run({ container: { image: 'registry.local/vote-front:v1' } });
    const heard: string[] = [];
    let hasEnded = false;
    cluster.logs.follow(
      'default',
      'web',
      'main',
      ({ text }) => heard.push(text),
      () => {
        hasEnded = true;
      },
    );
    cluster.clock.advance(10_000);
    expect(heard.length).toBeGreaterThan(3);
    expect(hasEnded).toBe(false);
    cluster.remove('', 'pods', 'web');
    cluster.clock.advance(2_000);
    expect(hasEnded).toBe(true);
  });
});
