import { describe, expect, it, vi } from 'vitest';
import { makePod } from '../../testing/make-objects.ts';
import { diagnosePod, type PodWarning } from './diagnose-pod.ts';

const noWarnings = () => [] as readonly PodWarning[];
const codes = (draft: object, warnings = noWarnings) => {
  const found = diagnosePod(makePod(draft as never), warnings);
  if (found instanceof Promise) throw new Error('it asked for events');
  return found.map(({ code, container }) => (container === undefined ? code : `${code} ${container}`));
};

const unscheduled = (message: string, reason = 'Unschedulable') => ({
  status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason, message }] },
});
const state = (more: object, spec: object = {}) => ({
  spec: { containers: [{ name: 'web', ...spec }] },
  status: { phase: 'Running', containerStatuses: [{ name: 'web', restartCount: 0, ready: false, ...more }] },
});
const waiting = (reason: string, message = '') => state({ state: { waiting: { reason, message } } });

describe('why a pod is not scheduled (CMP-108)', () => {
  it.each([
    ['0/3 nodes are available: 3 Insufficient cpu.', ['INSUFFICIENT_RESOURCES']],
    [
      '0/3 nodes are available: 1 Insufficient memory, 2 node(s) had untolerated taint {a: b}. preemption: 0/3 nodes are available: 3 Insufficient cpu.',
      ['INSUFFICIENT_RESOURCES', 'TAINT_NOT_TOLERATED'],
    ],
    ["0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.", ['NODE_SELECTOR_MISMATCH']],
    ['0/2 nodes are available: 2 MatchNodeSelector', ['NODE_SELECTOR_MISMATCH']],
    ["0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.", ['POD_AFFINITY_MISMATCH']],
    ["0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints.", ['POD_AFFINITY_MISMATCH']],
    ["0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.", ['PORT_TAKEN']],
    ['0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.', ['VOLUME_NOT_BOUND']],
    ['0/1 nodes are available: persistentvolumeclaim "data" not found.', ['VOLUME_NOT_BOUND']],
    ['0/1 nodes are available: 1 node(s) had volume node affinity conflict.', ['VOLUME_ELSEWHERE']],
    ['0/1 nodes are available: 1 node(s) were unschedulable.', ['NODE_UNSCHEDULABLE']],
    ['0/1 nodes are available: 1 Too many pods.', ['TOO_MANY_PODS']],
    ['no nodes available to schedule pods', ['NO_NODES']],
    ['running "Odd" filter plugin: odd', ['NOT_SCHEDULED']],
  ])('is read from "%s"', (message, expected) => {
    expect(codes(unscheduled(message))).toEqual(expected);
  });

  it('tells how many nodes gave each reason, in the words of the scheduler', () => {
    const message = '0/5 nodes are available: 2 Insufficient cpu, 2 Insufficient memory, 3 node(s) were unschedulable.';
    expect(diagnosePod(makePod(unscheduled(message)), noWarnings)).toEqual([
      { code: 'INSUFFICIENT_RESOURCES', container: undefined, message: '2 Insufficient cpu, 2 Insufficient memory' },
      { code: 'NODE_UNSCHEDULABLE', container: undefined, message: '3 node(s) were unschedulable' },
    ]);
  });

  it.each([
    '',
    'nodes are available: , .',
    'a'.repeat(100_000),
  ])('is no guess where the words of the scheduler are no words of it (bad input)', (message) => {
    expect(codes(unscheduled(message))).toEqual(['NOT_SCHEDULED']);
  });

  it('is its gates where it has some', () => {
    expect(codes(unscheduled('Scheduling is blocked', 'SchedulingGated'))).toEqual(['SCHEDULING_GATED']);
  });
});

describe('what is wrong with a container (CMP-108)', () => {
  it.each([
    ['ErrImagePull', 'rpc error: code = NotFound desc = manifest unknown', 'IMAGE_NOT_FOUND'],
    ['ImagePullBackOff', 'Back-off pulling image "a": pull access denied', 'IMAGE_PULL_DENIED'],
    ['ImagePullBackOff', 'dial tcp 10.0.0.1:443: i/o timeout', 'IMAGE_PULL_FAILED'],
    ['ErrImageNeverPull', '', 'IMAGE_NOT_PRESENT'],
    ['InvalidImageName', '', 'IMAGE_NAME_INVALID'],
    ['CreateContainerConfigError', 'configmap "web" not found', 'CONFIGURATION_MISSING'],
    ['RunContainerError', 'exec: "run": not found', 'START_FAILED'],
    ['CrashLoopBackOff', 'back-off 10s', 'CRASHED'],
  ])('is read from %s "%s"', (reason, message, code) => {
    expect(codes(waiting(reason, message))).toEqual([`${code} web`]);
  });

  it.each([
    'ContainerCreating',
    'PodInitializing',
    'constructor',
    'SomethingNew',
  ])('is nothing while it is %s, known or not (bad input)', (reason) => {
    expect(codes(waiting(reason))).toEqual([]);
  });

  it('is how its last run ended, while it waits to be started again', () => {
    const lastState = { terminated: { reason: 'OOMKilled', exitCode: 137 } };
    expect(codes(state({ state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState }))).toEqual([
      'OUT_OF_MEMORY web',
    ]);
    const [finding] = diagnosePod(
      makePod(state({ state: { terminated: { reason: 'Error', exitCode: 3, message: 'no database\n' } } })),
      noWarnings,
    ) as readonly { message: string }[];
    expect(finding?.message).toBe('Error: exit code 3; no database');
  });

  it('is a probe that does not succeed', () => {
    const running = { state: { running: {} }, started: true };
    expect(codes(state(running, { readinessProbe: {} }))).toEqual(['NOT_READY web']);
    expect(codes(state({ ...running, started: false }, { startupProbe: {} }))).toEqual(['NOT_STARTED web']);
    expect(codes(state({ ...running, ready: true }, { readinessProbe: {} }))).toEqual([]);
  });
});

describe('diagnosePod', () => {
  it.each([
    ['Evicted', 'EVICTED'],
    ['NodeLost', 'NODE_LOST'],
    ['DeadlineExceeded', 'DEADLINE_EXCEEDED'],
  ])('knows a pod that is %s', (reason, code) => {
    expect(codes({ status: { phase: 'Failed', reason, message: 'why' } })).toEqual([code]);
  });

  it('finds nothing in a pod that is well, or has done its work', () => {
    expect(codes(state({ state: { running: {} }, ready: true }))).toEqual([]);
    const status = { phase: 'Succeeded', containerStatuses: [{ name: 'web', state: { terminated: { exitCode: 0 } } }] };
    expect(codes({ spec: { containers: [{ name: 'web' }] }, status })).toEqual([]);
  });

  it('says who holds back its deletion', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['acme.example/hold'] };
    expect(codes({ metadata, status: { phase: 'Running' } })).toEqual(['HELD_BY_FINALIZERS']);
  });

  it.each([
    ['FailedMount', ['VOLUME_NOT_MOUNTED']],
    ['FailedCreatePodSandBox', ['SANDBOX_FAILED']],
    ['AcquireAddressFailed', ['NO_ADDRESS']],
    ['BackOff', []],
  ])('asks the events of a pod that only waits: %s', (reason, expected) => {
    const pod = {
      ...waiting('ContainerCreating'),
      status: { ...waiting('ContainerCreating').status, phase: 'Pending' },
    };
    expect(codes(pod, () => [{ type: 'Warning', reason, message: 'no' }])).toEqual(expected);
  });

  it('is the missing address rather than the sandbox that could not be made without one (NET-42)', () => {
    const pod = {
      ...waiting('ContainerCreating'),
      status: { ...waiting('ContainerCreating').status, phase: 'Pending' },
    };
    const warnings = ['FailedCreatePodSandBox', 'AcquireAddressFailed'].map((reason) => ({
      type: 'Warning',
      reason,
      message: 'no',
    }));
    expect(codes(pod, () => warnings)).toEqual(['NO_ADDRESS']);
  });

  it('asks for no events where the pod itself says what it waits for', () => {
    const ask = vi.fn(noWarnings);
    codes(unscheduled('0/3 nodes are available: 3 Insufficient cpu.'), ask);
    codes(waiting('ErrImagePull'), ask);
    expect(ask).not.toHaveBeenCalled();
  });
});
