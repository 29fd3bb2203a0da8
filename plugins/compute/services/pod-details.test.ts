import { describe, expect, it } from 'vitest';
import { makePod } from '../testing/make-objects.ts';
import { describeEnvironment } from './container-environment.ts';
import { describeContainerState } from './container-state.ts';
import { containerNamesOf, containersOf, defaultContainerOf, initContainersOf } from './containers.ts';
import { isPodReady, messageOf, phaseOf, podStateOf, scheduledAtOf } from './pod-facts.ts';
import { describeProbe } from './probe-facts.ts';
import { describeVolume } from './volume-facts.ts';

describe('phaseOf', () => {
  it.each([
    ['Pending', 'PENDING'],
    ['Running', 'RUNNING'],
    ['Succeeded', 'SUCCEEDED'],
    ['Failed', 'FAILED'],
    ['Unknown', 'UNKNOWN'],
    ['Hibernating', 'UNKNOWN'],
    ['constructor', 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
  ])('shows %s as %s', (phase, expected) => {
    expect(phaseOf(makePod({ status: { phase } }))).toBe(expected);
  });
});

describe('isPodReady', () => {
  it.each([
    ['True', true],
    ['False', false],
    ['Unknown', false],
  ])('takes a condition Ready that is %s as %s', (status, expected) => {
    expect(isPodReady(makePod({ status: { conditions: [{ type: 'Ready', status }] } }))).toBe(expected);
  });
  it('takes a pod without status as not ready', () => {
    expect(isPodReady(makePod({}))).toBe(false);
  });
});

describe('podStateOf (CMP-83)', () => {
  const ready = (status: string) => [{ type: 'Ready', status }];
  it.each([
    ['PENDING', { phase: 'Pending' }],
    ['RUNNING', { phase: 'Running', conditions: ready('True') }],
    ['NOT_READY', { phase: 'Running', conditions: ready('False') }],
    ['NOT_READY', { phase: 'Running' }],
    ['SUCCEEDED', { phase: 'Succeeded', conditions: ready('False') }],
    ['FAILED', { phase: 'Failed' }],
    ['UNKNOWN', { phase: 'Hibernating' }],
    ['UNKNOWN', undefined],
  ])('is %s by %j', (state, status) => {
    expect(podStateOf(makePod({ status }))).toBe(state);
  });

  it.each([
    ['TERMINATING', { phase: 'Running', conditions: ready('True') }],
    ['TERMINATING', { phase: 'Pending' }],
    ['SUCCEEDED', { phase: 'Succeeded' }],
  ])('is %s by %j once it is deleted', (state, status) => {
    const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z' };
    expect(podStateOf(makePod({ metadata, status }))).toBe(state);
  });
});

describe('scheduledAtOf', () => {
  const condition = (status: string) => ({ type: 'PodScheduled', status, lastTransitionTime: '2026-01-01T00:00:05Z' });
  it('is the time at which the pod was bound', () => {
    expect(scheduledAtOf(makePod({ status: { conditions: [condition('True')] } }))).toBe('2026-01-01T00:00:05Z');
  });
  it('is unknown while the pod waits (refused)', () => {
    expect(scheduledAtOf(makePod({ status: { conditions: [condition('False')] } }))).toBeUndefined();
  });
});

describe('messageOf', () => {
  const waiting = { name: 'a', state: { waiting: { reason: 'ErrImagePull', message: 'not found' } } };
  const unscheduled = { type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' };
  it.each([
    ["the pod's own message first", { message: 'evicted', containerStatuses: [waiting] }, 'evicted'],
    ["a waiting container's message", { containerStatuses: [waiting] }, 'not found'],
    ['what the scheduler says', { conditions: [unscheduled] }, '0/3 nodes are available'],
    [
      'the message of a failed container',
      { containerStatuses: [{ name: 'a', state: { terminated: { exitCode: 1, message: 'no config' } } }] },
      'no config',
    ],
    [
      'nothing of a container that has ended well (refused)',
      { containerStatuses: [{ name: 'a', state: { terminated: { exitCode: 0, message: 'bye' } } }] },
      undefined,
    ],
  ])('tells %s', (_name, status, expected) => {
    expect(messageOf(makePod({ status }))).toBe(expected);
  });
});

describe('containersOf', () => {
  const pod = makePod({
    metadata: { annotations: { 'kubectl.kubernetes.io/default-container': 'b' } },
    spec: {
      containers: [{ name: 'a' }, { name: 'b' }],
      initContainers: [{ name: 'i' }, { name: 's', restartPolicy: 'Always' }],
      ephemeralContainers: [{ name: 'debug' }],
    },
    status: { containerStatuses: [{ name: 'b', restartCount: 2 }] },
  });
  it('joins what should be with what is, by name', () => {
    expect(containersOf(pod).map(({ spec, status }) => [spec.name, status?.restartCount])).toEqual([
      ['a', undefined],
      ['b', 2],
    ]);
  });
  it('marks sidecars among the init containers', () => {
    expect(initContainersOf(pod).map(({ spec, isSidecar }) => [spec.name, isSidecar])).toEqual([
      ['i', false],
      ['s', true],
    ]);
  });
  it('names all that may have logs', () => {
    expect(containerNamesOf(pod)).toEqual(['a', 'b', 'i', 's', 'debug']);
  });
  it.each([
    ['the annotated one', pod, 'b'],
    ['the first where none is annotated', makePod({ spec: { containers: [{ name: 'a' }, { name: 'b' }] } }), 'a'],
    [
      'the first where the annotation names none that is there (refused)',
      makePod({
        metadata: { annotations: { 'kubectl.kubernetes.io/default-container': 'gone' } },
        spec: { containers: [{ name: 'a' }] },
      }),
      'a',
    ],
  ])('takes %s by default', (_name, from, expected) => {
    expect(defaultContainerOf(from)).toBe(expected);
  });
});

describe('describeContainerState', () => {
  it.each([
    [
      'running',
      { running: { startedAt: '2026-01-01T00:00:00Z' } },
      { state: 'RUNNING', startedAt: '2026-01-01T00:00:00Z' },
    ],
    ['waiting', { waiting: { reason: 'ContainerCreating' } }, { state: 'WAITING', reason: 'ContainerCreating' }],
    ['waiting, where nothing is said', {}, { state: 'WAITING', reason: undefined }],
    [
      'terminated',
      { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      { state: 'TERMINATED', exitCode: 137, reason: 'OOMKilled' },
    ],
    ['unknown before the kubelet spoke', undefined, { state: 'UNKNOWN' }],
  ])('tells %s', (_name, state, expected) => {
    expect(describeContainerState(state as never)).toMatchObject(expected);
  });
});

describe('describeEnvironment', () => {
  it.each([
    ['a literal with its value', { name: 'A', value: 'x' }, { source: 'LITERAL', value: 'x' }],
    ['a literal without value as empty', { name: 'A' }, { source: 'LITERAL', value: '' }],
    [
      'a key of a ConfigMap',
      { name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } },
      { source: 'CONFIG_MAP_KEY', value: undefined, sourceName: 'settings', sourceKey: 'mode' },
    ],
    [
      'a key of a Secret, never its value',
      { name: 'A', value: 'leak', valueFrom: { secretKeyRef: { name: 'login', key: 'password' } } },
      { source: 'SECRET_KEY', value: undefined, sourceName: 'login', sourceKey: 'password' },
    ],
    [
      'a field of the pod',
      { name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { source: 'POD_FIELD', sourceKey: 'status.podIP' },
    ],
    [
      'a limit',
      { name: 'A', valueFrom: { resourceFieldRef: { containerName: 'a', resource: 'limits.cpu' } } },
      { source: 'RESOURCE_FIELD', sourceName: 'a', sourceKey: 'limits.cpu' },
    ],
    ['what it does not know', { name: 'A', valueFrom: { oracleRef: {} } }, { source: 'UNKNOWN', value: undefined }],
  ])('tells %s', (_name, variable, expected) => {
    expect(describeEnvironment(variable as never)).toMatchObject(expected);
  });
});

describe('describeProbe', () => {
  const defaults = {
    initialDelaySeconds: 0,
    periodSeconds: 10,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
  };
  it.each([
    ['HTTP', { httpGet: { port: 80 } }, { action: 'HTTP_GET', path: '/', port: 80, ...defaults }],
    [
      'HTTPS',
      { httpGet: { port: 'web', path: '/up', scheme: 'HTTPS' } },
      { action: 'HTTPS_GET', path: '/up', port: 'web' },
    ],
    ['TCP', { tcpSocket: { port: 5432 }, periodSeconds: 2 }, { action: 'TCP_SOCKET', port: 5432, periodSeconds: 2 }],
    ['gRPC', { grpc: { port: 9 } }, { action: 'GRPC', port: 9 }],
    ['a command', { exec: { command: ['true'] } }, { action: 'EXEC', command: ['true'] }],
    ['what it does not know', {}, { action: 'UNKNOWN', command: [] }],
  ])('tells %s', (_name, probe, expected) => {
    expect(describeProbe(probe as never)).toMatchObject(expected);
  });
});

describe('describeVolume', () => {
  it.each([
    [{ name: 'v', emptyDir: {} }, 'EMPTY_DIR', 'emptyDir', undefined],
    [
      { name: 'v', persistentVolumeClaim: { claimName: 'data' } },
      'PERSISTENT_VOLUME_CLAIM',
      'persistentVolumeClaim',
      'data',
    ],
    [{ name: 'v', configMap: { name: 'settings' } }, 'CONFIG_MAP', 'configMap', 'settings'],
    [{ name: 'v', secret: { secretName: 'login' } }, 'SECRET', 'secret', 'login'],
    [{ name: 'v', hostPath: { path: '/var' } }, 'HOST_PATH', 'hostPath', '/var'],
    [{ name: 'v', nfs: { server: 'nas', path: '/x' } }, 'NFS', 'nfs', 'nas:/x'],
    [{ name: 'v', csi: { driver: 'csi.example.com' } }, 'CSI', 'csi', 'csi.example.com'],
    [{ name: 'v', glusterfs: {} }, 'UNKNOWN', 'glusterfs', undefined],
  ])('tells %j', (volume, type, rawType, sourceName) => {
    expect(describeVolume(volume as never)).toEqual({ name: 'v', type, rawType, sourceName });
  });
});
