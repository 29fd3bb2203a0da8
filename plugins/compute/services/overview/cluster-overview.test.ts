import { describe, expect, it } from 'vitest';
import type { NodeObject, PodObject, WorkloadObject } from '../../api.ts';
import { makeDeployment, makeNode, makePod, makeStatefulSet } from '../../testing/make-objects.ts';
import { overviewOf } from './cluster-overview.ts';
import { nodeAnomalies } from './node-anomalies.ts';

const ready = { type: 'Ready', status: 'True' };

function node(name: string, ...conditions: object[]): NodeObject {
  return makeNode({ metadata: { name }, status: { allocatable: { cpu: '4', memory: '8Gi' }, conditions } });
}

function pod(phase: string, isReady = false): PodObject {
  const resources = { requests: { cpu: '500m', memory: '1Gi' } };
  const conditions = [{ type: 'Ready', status: isReady ? 'True' : 'False' }];
  return makePod({
    metadata: { name: phase },
    spec: { containers: [{ name: 'a', resources }] },
    status: { phase, conditions },
  });
}

describe('the overview of a cluster (CMP-12, CMP-111)', () => {
  it('tells how much is promised, and how nodes, pods and stateless apps do', () => {
    const nodes = [node('a', ready), node('b', { type: 'Ready', status: 'False', message: 'gone' })];
    const pods = [pod('Running', true), pod('Running'), pod('Pending'), pod('Succeeded'), pod('Failed')];
    const counted = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1, observedGeneration: 1 };
    const workloads = [
      makeDeployment({ metadata: { name: 'up', generation: 1 }, spec: { replicas: 1 }, status: counted }),
      makeDeployment({
        metadata: { name: 'down', generation: 1 },
        spec: { replicas: 1 },
        status: {
          ...counted,
          conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
        },
      }),
      makeStatefulSet({ metadata: { name: 'db' }, spec: { replicas: 1 } }),
    ] as WorkloadObject[];
    expect(overviewOf(nodes, pods, workloads)).toMatchObject({
      nodes: { total: 2, healthy: 1 },
      pods: { total: 5, healthy: 2 },
      statelessApps: { total: 2, healthy: 1 },
      anomalies: [{ reason: 'NotReady', message: 'gone' }],
      // Pods that have ended hold nothing.
      cpuRequestedMillicores: 1_500,
      cpuAllocatableMillicores: 8_000,
      memoryRequestedBytes: 3 * 2 ** 30,
      memoryAllocatableBytes: 16 * 2 ** 30,
    });
  });

  it('is of nothing where there is nothing', () => {
    expect(overviewOf([], [], [])).toMatchObject({
      nodes: { total: 0, healthy: 0 },
      anomalies: [],
      cpuAllocatableMillicores: 0,
    });
  });
});

describe('anomalies of a node (CMP-12)', () => {
  it.each([
    ['that is ready', [ready], []],
    ['that was never heard', [], ['NotReady']],
    ['that is not heard any more', [{ type: 'Ready', status: 'Unknown' }], ['NotReady']],
    ['whose disk is full', [ready, { type: 'DiskPressure', status: 'True' }], ['DiskPressure']],
    ['that is not ready, and deadlocked', [{ type: 'KernelDeadlock', status: 'True' }], ['NotReady', 'KernelDeadlock']],
    ['of which something odd is true', [ready, { type: 'EtcdIsVoter', status: 'True' }], []],
    ['whose pressure is over', [ready, { type: 'MemoryPressure', status: 'False' }], []],
  ])('of one %s', (_what, conditions, reasons) => {
    expect(nodeAnomalies(node('n', ...conditions)).map(({ reason }) => reason)).toEqual(reasons);
  });
});
