import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContainerStatus } from '../../../controllers/kubernetes-shapes.ts';
import { group } from '../kinds.ts';
import { conditionOf } from '../testing/clone-set-bench.ts';
import { cloneSetOf, type KruiseCluster, startKruise } from '../testing/start-kruise.ts';
import { decideRecreation } from './decide-recreation.ts';
import type { ContainerRecreateRequest, RecreateState } from './kinds.ts';

describe('ContainerRecreateRequests', () => {
  let kruise: KruiseCluster;
  let pod = '';
  const container = (): ContainerStatus | undefined => kruise.pod(pod)?.status?.containerStatuses?.[0];
  const request = (name = 'again'): ContainerRecreateRequest | undefined =>
    kruise
      .list<ContainerRecreateRequest>(group, 'containerrecreaterequests')
      .find(({ metadata }) => metadata.name === name);
  const ask = (spec: object = {}, name = 'again'): void => {
    kruise.create(group, 'containerrecreaterequests', {
      metadata: { name, namespace: 'default' },
      spec: { podName: pod, containers: [{ name: 'main' }], ...spec },
    });
  };

  beforeEach(async () => {
    kruise = await startKruise();
    kruise.create(group, 'clonesets', cloneSetOf());
    kruise.clock.advance(5_000);
    pod = kruise.pods()[0]?.metadata.name ?? '';
  });
  afterEach(async () => {
    await kruise.stop();
  });

  it('restart a container of a pod that stays', () => {
    const before = kruise.pod(pod);
    const was = container();
    ask();
    kruise.clock.advance(10);
    expect(request()).toMatchObject({
      metadata: {
        labels: {
          'crr.apps.kruise.io/pod-uid': before?.metadata.uid,
          'crr.apps.kruise.io/node-name': before?.spec.nodeName,
          'crr.apps.kruise.io/active': 'true',
        },
      },
      spec: {
        strategy: { failurePolicy: 'Fail', terminationGracePeriodSeconds: 30 },
        containers: [{ name: 'main', statusContext: { containerID: was?.containerID, restartCount: 0 } }],
      },
      status: {
        phase: 'Recreating',
        containerRecreateStates: [{ name: 'main', phase: 'Recreating', isKilled: true }],
      },
    });
    kruise.clock.advance(10_000);
    expect(container()).toMatchObject({ restartCount: 1, ready: true });
    expect(container()?.containerID).not.toBe(was?.containerID);
    expect(kruise.pod(pod)?.metadata.uid).toBe(before?.metadata.uid);
    expect(kruise.pod(pod)?.status?.podIP).toBe(before?.status?.podIP);
    expect(request()?.status).toMatchObject({
      phase: 'Completed',
      completionTime: expect.any(String),
      containerRecreateStates: [{ name: 'main', phase: 'Succeeded', isKilled: true }],
    });
    expect(request()?.metadata.labels).not.toHaveProperty(['crr.apps.kruise.io/active']);
    expect(kruise.events('Killing').map(({ message }) => message)).toEqual([
      'Stopping container main by ContainerRecreateRequest again',
    ]);
  });

  it('keep the pod unready for a while first, and give it back', () => {
    ask({ strategy: { unreadyGracePeriodSeconds: 20 } });
    kruise.clock.advance(15_000);
    expect(conditionOf(kruise.pod(pod), 'KruisePodReady')).toBe('False');
    expect(container()?.restartCount).toBe(0);
    kruise.clock.advance(20_000);
    expect(container()?.restartCount).toBe(1);
    expect(conditionOf(kruise.pod(pod), 'KruisePodReady')).toBe('True');
    expect(conditionOf(kruise.pod(pod), 'Ready')).toBe('True');
    expect(request()?.metadata.finalizers ?? []).toEqual([]);
  });

  it('take their turn, and go when their time has come', () => {
    ask({ ttlSecondsAfterFinished: 60 }, 'first');
    kruise.clock.advance(1_000);
    ask({}, 'second');
    kruise.clock.advance(0);
    expect(request('second')?.status).toEqual({ phase: 'Pending' });
    kruise.clock.advance(30_000);
    expect(request('second')?.status).toMatchObject({ phase: 'Completed' });
    kruise.clock.advance(60_000);
    expect(request('first')).toBeUndefined();
  });

  it('complete without success when the deadline passes', () => {
    ask({ activeDeadlineSeconds: 5, strategy: { minStartedSeconds: 600 } });
    kruise.clock.advance(10_000);
    expect(request()?.status).toMatchObject({
      phase: 'Completed',
      message: 'recreating has exceeded the activeDeadlineSeconds',
      containerRecreateStates: [{ phase: 'Recreating' }],
    });
  });

  it('complete without success when the pod goes', () => {
    ask({ strategy: { minStartedSeconds: 600 } });
    kruise.clock.advance(10);
    kruise.cluster.store.delete(kruise.cluster.store.resource('', 'pods'), 'default', pod);
    kruise.clock.advance(10);
    expect(request()?.status).toMatchObject({ phase: 'Completed', message: 'pod has gone' });
  });

  it('complete without success when nobody on the node answers', () => {
    kruise.cluster.store.update(kruise.cluster.store.resource('', 'nodes'), {
      ...kruise.cluster.store.list(kruise.cluster.store.resource('', 'nodes'))[0],
      metadata: {
        ...kruise.cluster.store.list(kruise.cluster.store.resource('', 'nodes'))[0]?.metadata,
        annotations: { 'embedded.longshore.dev/simulate': 'lost' },
      },
    });
    ask();
    kruise.clock.advance(70_000);
    expect(request()?.status).toMatchObject({
      phase: 'Completed',
      message: 'daemon has not responded for a long time',
    });
  });

  it.each<[string, object, string]>([
    ['a pod that is not there', { podName: 'gone' }, 'no found Pod named gone'],
    ['no container', { containers: [] }, 'containers list can not be null'],
    ['a container that the pod has not got', { containers: [{ name: 'other' }] }, 'container other not found in Pod'],
    ['a container twice', { containers: [{ name: 'main' }, { name: 'main' }] }, 'can not recreate main multi times'],
    [
      'what the server writes',
      { containers: [{ name: 'main', statusContext: { containerID: 'containerd://1', restartCount: 0 } }] },
      'preStop, ports, statusContext in container are ready-only fields',
    ],
    ['a deadline below three seconds', { activeDeadlineSeconds: 2 }, 'activeDeadlineSeconds can not be less than 3s'],
    ['an unknown policy', { strategy: { failurePolicy: 'Retry' } }, 'unknown failurePolicy Retry'],
  ])('are refused with %s', (_what, spec, words) => {
    expect(() => ask(spec)).toThrow(
      expect.objectContaining({
        code: 400,
        message: `admission webhook "mcontainerrecreaterequest.kb.io" denied the request: ${words}`,
      }),
    );
  });

  it('are never changed (refused)', () => {
    ask();
    expect(() =>
      kruise.change(group, 'containerrecreaterequests', 'again', (draft) => {
        draft.spec.strategy.orderedRecreate = true;
      }),
    ).toThrow(expect.objectContaining({ code: 403, message: expect.stringContaining('is immutable') }));
  });
});

describe('decideRecreation', () => {
  const nowMs = Date.UTC(2026, 0, 1, 0, 1);
  const running = (name: string, changes: Partial<ContainerStatus> = {}): ContainerStatus => ({
    name,
    image: 'web',
    imageID: 'web',
    containerID: `old-${name}`,
    ready: true,
    restartCount: 0,
    state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
    lastState: {},
    ...changes,
  });
  const asked = (name: string): { name: string; statusContext: { containerID: string; restartCount: number } } => ({
    name,
    statusContext: { containerID: `old-${name}`, restartCount: 0 },
  });
  const fresh = { containerID: 'new', restartCount: 1 };
  const killed = (name: string): RecreateState => ({ name, phase: 'Recreating', isKilled: true });
  const decide = (changes: object): { kill: string | undefined; phases: string; isOver: boolean } => {
    const { kill, states, isOver } = decideRecreation({
      containers: [asked('a'), asked('b')],
      strategy: {},
      before: [],
      statuses: [running('a'), running('b')],
      nowMs,
      ...changes,
    });
    return { kill, phases: states.map(({ phase }) => phase).join(' '), isOver };
  };

  it.each([
    { name: 'ends the first', seen: {}, kill: 'a', phases: 'Recreating Pending' },
    {
      name: 'ends the next right behind it',
      seen: { before: [killed('a')] },
      kill: 'b',
      phases: 'Recreating Recreating',
    },
    {
      name: 'waits for the first where they are ordered',
      seen: { before: [killed('a')], strategy: { orderedRecreate: true } },
      kill: undefined,
      phases: 'Recreating Pending',
    },
    {
      name: 'goes on when the first is back',
      seen: {
        before: [killed('a')],
        strategy: { orderedRecreate: true },
        statuses: [running('a', fresh), running('b')],
      },
      kill: 'b',
      phases: 'Succeeded Recreating',
    },
    {
      name: 'counts a restart that happened by itself',
      seen: { statuses: [running('a', fresh), running('b')] },
      kill: 'b',
      phases: 'Succeeded Recreating',
    },
    {
      name: 'ends such a container all the same by force',
      seen: { strategy: { forceRecreate: true }, statuses: [running('a', fresh), running('b')] },
      kill: 'a',
      phases: 'Recreating Pending',
    },
    {
      name: 'waits until it is ready',
      seen: { before: [killed('a'), killed('b')], statuses: [running('a', { ...fresh, ready: false }), running('b')] },
      kill: undefined,
      phases: 'Recreating Recreating',
    },
    {
      name: 'waits until it has run for long enough',
      seen: {
        strategy: { minStartedSeconds: 90 },
        before: [killed('a'), killed('b')],
        statuses: [running('a', fresh), running('b', fresh)],
      },
      kill: undefined,
      phases: 'Recreating Recreating',
    },
    {
      name: 'is over when one has failed',
      seen: { before: [{ name: 'a', phase: 'Failed' }] },
      kill: undefined,
      phases: 'Failed Pending',
      isOver: true,
    },
    {
      name: 'goes on after a failure that is ignored',
      seen: { before: [{ name: 'a', phase: 'Failed' }], strategy: { failurePolicy: 'Ignore' } },
      kill: 'b',
      phases: 'Failed Recreating',
    },
    {
      name: 'is over when all are back',
      seen: { before: [killed('a'), killed('b')], statuses: [running('a', fresh), running('b', fresh)] },
      kill: undefined,
      phases: 'Succeeded Succeeded',
      isOver: true,
    },
  ])('$name', ({ seen, kill, phases, isOver = false }) => {
    expect(decide(seen)).toEqual({ kill, phases, isOver });
  });
});
