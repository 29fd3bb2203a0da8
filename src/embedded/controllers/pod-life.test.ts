import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pod } from './kubernetes-shapes.ts';
import { isReady } from './pod-state.ts';
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

const pod = (name = 'web'): Pod => cluster.get<Pod>('', 'pods', name);
const main = () => pod().status?.containerStatuses?.[0];
const messages = (reason: string): (string | undefined)[] => cluster.events(reason).map(({ message }) => message);
const counted = (reason: string): number => cluster.events(reason).reduce((sum, { count }) => sum + (count ?? 1), 0);
const steer = (words: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(words).map(([key, value]) => [`embedded.longshore.dev/${key}`, value]));
const http = { httpGet: { path: '/', port: 80 } };

function create(changes: { container?: object; spec?: object; annotations?: Record<string, string> } = {}): void {
  cluster.create('', 'pods', {
    metadata: { name: 'web', annotations: steer(changes.annotations ?? {}) },
    spec: { containers: [{ name: 'main', image: 'web:1', ...changes.container }], ...changes.spec },
  });
}

describe('probes', () => {
  it('hold back readiness for their delay, their period and their successes', () => {
    create({
      container: { readinessProbe: { ...http, initialDelaySeconds: 5, periodSeconds: 10, successThreshold: 3 } },
    });
    // Started after 1.8 s, first probe at 6.8 s, third success at 26.8 s.
    cluster.clock.advance(26_000);
    expect(isReady(pod())).toBe(false);
    cluster.clock.advance(1_000);
    expect(isReady(pod())).toBe(true);
    expect(cluster.events('Unhealthy')).toEqual([]);
  });

  it('tell of every failure until the container is ready', () => {
    create({ annotations: { 'ready-seconds': '25' }, container: { readinessProbe: { ...http, periodSeconds: 10 } } });
    cluster.clock.advance(60_000);
    expect(isReady(pod())).toBe(true);
    expect(messages('Unhealthy')).toEqual(['Readiness probe failed: HTTP probe failed with statuscode: 503']);
    expect(counted('Unhealthy')).toBe(3);
  });

  it('restart a container that fails its liveness probe too often', () => {
    create({
      annotations: { simulate: 'unhealthy', 'after-seconds': '20' },
      container: { livenessProbe: { ...http, periodSeconds: 10, failureThreshold: 3 } },
    });
    cluster.clock.advance(41_000);
    expect(main()?.restartCount).toBe(0);
    cluster.clock.advance(10_000);
    expect(main()).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 143, reason: 'Error' } } });
    expect(messages('Killing')).toEqual(['Container main failed liveness probe, will be restarted']);
    expect(messages('Unhealthy')).toEqual(['Liveness probe failed: HTTP probe failed with statuscode: 503']);
    expect(counted('Unhealthy')).toBe(3);
  });

  it('wait for the startup probe, and restart what never starts up', () => {
    create({
      annotations: { simulate: 'never-started' },
      container: { startupProbe: { ...http, periodSeconds: 5, failureThreshold: 2 }, readinessProbe: http },
    });
    cluster.clock.advance(4_000);
    expect(main()).toMatchObject({ started: false, ready: false, state: { running: {} } });
    cluster.clock.advance(20_000);
    expect(messages('Killing')).toEqual(['Container main failed startup probe, will be restarted']);
    expect(main()?.restartCount).toBeGreaterThanOrEqual(1);
  });

  it('let a sidecar start up before the next init container begins', () => {
    create({
      annotations: { 'ready-seconds': '10' },
      spec: {
        initContainers: [
          {
            name: 'proxy',
            image: 'proxy:1',
            restartPolicy: 'Always',
            startupProbe: { ...http, periodSeconds: 2, failureThreshold: 30 },
          },
          { name: 'setup', image: 'setup:1' },
        ],
      },
    });
    cluster.clock.advance(8_000);
    expect(pod().status?.initContainerStatuses).toMatchObject([
      { name: 'proxy', started: false, state: { running: {} } },
      { name: 'setup', state: { waiting: { reason: 'PodInitializing' } } },
    ]);
    cluster.clock.advance(12_000);
    expect(pod().status).toMatchObject({
      phase: 'Running',
      initContainerStatuses: [{ started: true }, { ready: true }],
    });
  });
});

describe('termination', () => {
  it('takes the whole grace period of a program that does not obey, and kills it', () => {
    create({ annotations: { 'stop-seconds': '600' } });
    cluster.clock.advance(5_000);
    cluster.change('', 'pods', 'web', (draft) => {
      draft.metadata.finalizers = ['example.com/hold'];
    });
    cluster.remove('', 'pods', 'web', { gracePeriodSeconds: 20 });
    cluster.clock.advance(19_000);
    expect(main()?.state.running).toBeDefined();
    cluster.clock.advance(2_000);
    expect(main()?.state.terminated).toMatchObject({ exitCode: 137, reason: 'Error' });
    expect(messages('Killing')).toEqual(['Stopping container main']);
  });

  it('gives a preStop hook its time', () => {
    create({ container: { lifecycle: { preStop: { sleep: { seconds: 8 } } } } });
    cluster.clock.advance(5_000);
    cluster.remove('', 'pods', 'web');
    cluster.clock.advance(8_500);
    expect(cluster.find('', 'pods', 'web')).toBeDefined();
    cluster.clock.advance(1_000);
    expect(cluster.find('', 'pods', 'web')).toBeUndefined();
  });

  it('is cut short by a second deletion with less grace', () => {
    create({ annotations: { 'stop-seconds': '600' } });
    cluster.clock.advance(5_000);
    cluster.remove('', 'pods', 'web');
    cluster.clock.advance(2_000);
    cluster.remove('', 'pods', 'web', { gracePeriodSeconds: 3 });
    cluster.clock.advance(2_000);
    expect(cluster.find('', 'pods', 'web')).toBeUndefined();
  });

  it('ends sidecars after the containers', () => {
    create({
      annotations: { 'stop-seconds': '3' },
      spec: { initContainers: [{ name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' }] },
    });
    cluster.clock.advance(10_000);
    cluster.remove('', 'pods', 'web');
    cluster.clock.advance(4_000);
    expect(pod().status).toMatchObject({
      containerStatuses: [{ state: { terminated: {} } }],
      initContainerStatuses: [{ state: { running: {} } }],
    });
    cluster.clock.advance(3_000);
    expect(cluster.find('', 'pods', 'web')).toBeUndefined();
    expect(messages('Killing')).toEqual(['Stopping container main', 'Stopping container proxy']);
  });

  it('fails a pod that is active for too long', () => {
    create({ spec: { activeDeadlineSeconds: 30 } });
    cluster.clock.advance(31_000);
    expect(pod().status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
      containerStatuses: [{ state: { terminated: { exitCode: 137 } } }],
    });
    expect(cluster.events('DeadlineExceeded')).toHaveLength(1);
  });
});

describe('a resize in place', () => {
  const cpu = (requests: string, limits = requests): object => ({
    requests: { cpu: requests },
    limits: { cpu: limits },
  });
  const resize = (resources: object): void => {
    const current = structuredClone(pod()) as { spec: { containers: { resources: object }[] } } & Pod;
    const [container] = current.spec.containers;
    if (container !== undefined) container.resources = resources;
    cluster.store.update(cluster.store.resource('', 'pods'), current);
  };

  it('gives a container more without a restart', () => {
    create({ container: { resources: cpu('1') } });
    cluster.clock.advance(5_000);
    resize(cpu('2'));
    cluster.clock.advance(10);
    expect(findCondition(pod().status?.conditions, 'PodResizeInProgress')).toMatchObject({
      status: 'True',
      observedGeneration: 2,
    });
    expect(main()).toMatchObject({ allocatedResources: { cpu: '2' }, resources: cpu('1') });
    cluster.clock.advance(1_000);
    expect(findCondition(pod().status?.conditions, 'PodResizeInProgress')).toBeUndefined();
    expect(main()).toMatchObject({ restartCount: 0, allocatedResources: { cpu: '2' }, resources: cpu('2') });
    expect(messages('ResizeCompleted')[0]).toContain('Pod resize completed: {"containers":[{"name":"main"');
  });

  it('restarts a container whose policy asks for it', () => {
    const resizePolicy = [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }];
    create({ container: { resources: cpu('1'), resizePolicy } });
    cluster.clock.advance(5_000);
    resize(cpu('2'));
    cluster.clock.advance(10_000);
    expect(main()).toMatchObject({ restartCount: 1, resources: cpu('2') });
    expect(messages('Killing')).toEqual(['Container main resize requires restart']);
  });

  it('waits until the node has room (refused)', () => {
    create({ container: { resources: cpu('1') } });
    cluster.create('', 'pods', {
      metadata: { name: 'other' },
      spec: { containers: [{ name: 'main', image: 'x:1', resources: cpu('4') }] },
    });
    cluster.clock.advance(5_000);
    resize(cpu('6'));
    cluster.clock.advance(1_000);
    expect(findCondition(pod().status?.conditions, 'PodResizePending')).toMatchObject({
      status: 'True',
      reason: 'Deferred',
      message: "Node didn't have enough resource: cpu, requested: 6000, used: 4000, capacity: 7800",
    });
    expect(cluster.events('ResizeDeferred')).toHaveLength(1);
    cluster.remove('', 'pods', 'other');
    cluster.clock.advance(20_000);
    expect(findCondition(pod().status?.conditions, 'PodResizePending')).toBeUndefined();
    expect(main()?.resources).toEqual(cpu('6'));
  });
});

describe('the kubelet', () => {
  it('turns a pod away that came past the scheduler and has no room (refused)', () => {
    create({ container: { resources: { requests: { cpu: '20' } } }, spec: { nodeName: 'embedded-a1' } });
    cluster.clock.advance(1_000);
    expect(pod().status).toMatchObject({
      phase: 'Failed',
      reason: 'OutOfcpu',
      message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 20000, used: 0, capacity: 7800",
    });
    expect(cluster.events('OutOfcpu')).toHaveLength(1);
  });

  it('runs ephemeral containers beside the others', () => {
    create();
    cluster.clock.advance(5_000);
    cluster.change('', 'pods', 'web', (draft) => {
      draft.spec.ephemeralContainers = [{ name: 'debugger', image: 'tools:1' }];
    });
    cluster.clock.advance(5_000);
    expect(pod().status?.ephemeralContainerStatuses).toMatchObject([{ name: 'debugger', state: { running: {} } }]);
    expect(isReady(pod())).toBe(true);
  });

  it('says that a program cannot be started (refused)', () => {
    create({ annotations: { simulate: 'start-error' }, container: { command: ['/no/such'] } });
    cluster.clock.advance(2_000);
    expect(main()).toMatchObject({
      state: { waiting: { reason: 'RunContainerError' } },
      lastState: { terminated: { exitCode: 128, reason: 'StartError' } },
    });
    cluster.clock.advance(10_000);
    expect(main()?.state.waiting?.reason).toBe('CrashLoopBackOff');
  });

  it('says that a sandbox cannot be made (refused)', () => {
    create({ annotations: { simulate: 'sandbox-error' } });
    cluster.clock.advance(60_000);
    expect(pod().status?.phase).toBe('Pending');
    expect(messages('FailedCreatePodSandBox')[0]).toMatch(/^Failed to create pod sandbox: rpc error/);
  });

  it('never pulls an image that it may not pull (refused)', () => {
    create({ container: { imagePullPolicy: 'Never' } });
    cluster.clock.advance(2_000);
    expect(main()?.state.waiting).toEqual({
      reason: 'ErrImageNeverPull',
      message: 'Container image "web:1" is not present with pull policy of Never',
    });
  });

  it('tells of steering that it does not understand (refused)', () => {
    create({ annotations: { simulate: 'crahs', 'after-seconds': 'soon', load: 'sometimes', container: 'mian' } });
    cluster.clock.advance(2_000);
    expect(messages('UnknownSimulation')).toEqual([
      'embedded.longshore.dev/simulate must be one of crash, oom, unready, unhealthy, never-started, start-error, sandbox-error, got "crahs"',
      'embedded.longshore.dev/after-seconds must be a number that is not negative, got "soon"',
      'embedded.longshore.dev/load must be a load such as "steady 60" or "sine 20..90 every 10m", got "sometimes"',
      'embedded.longshore.dev/container must name a container of the pod, got "mian"',
    ]);
  });

  it('lists the images that a node holds', () => {
    create();
    cluster.clock.advance(5_000);
    expect(cluster.get('', 'nodes', 'embedded-a1', '').status).toMatchObject({
      images: [{ names: [expect.stringMatching(/^web@sha256:[0-9a-f]{64}$/), 'web:1'] }],
    });
  });
});
