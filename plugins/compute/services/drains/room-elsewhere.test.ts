import { describe, expect, it } from 'vitest';
import { makeNode, makePod } from '../../testing/make-objects.ts';
import { podsWithoutRoom } from './room-elsewhere.ts';

const pod = (name: string, cpu: string, spec: object = {}) =>
  makePod({
    metadata: { name },
    spec: { containers: [{ name: 'web', resources: { requests: { cpu, memory: '1Gi' } } }], ...spec },
    status: { phase: 'Running' },
  });
const other = (draft: { spec?: object; labels?: object; ready?: string; pods?: string } = {}) =>
  makeNode({
    metadata: { name: 'other', labels: { disk: 'ssd', ...draft.labels } },
    spec: draft.spec ?? {},
    status: {
      allocatable: { cpu: '2', memory: '4Gi', pods: draft.pods ?? '10' },
      conditions: [{ type: 'Ready', status: draft.ready ?? 'True' }],
    },
  });
const names = (pods: readonly { metadata: { name: string } }[]) => pods.map(({ metadata }) => metadata.name);

describe('podsWithoutRoom', () => {
  it('is nobody where the other nodes have room (CMP-26)', () => {
    expect(
      podsWithoutRoom([pod('a', '1'), pod('b', '500m')], [{ node: other(), pods: [pod('there', '500m')] }]),
    ).toEqual([]);
  });
  it('tells those that are left when the largest are placed first (CMP-26) (refused)', () => {
    const node = { node: other(), pods: [pod('there', '500m')] };
    expect(names(podsWithoutRoom([pod('small', '600m'), pod('large', '1')], [node]))).toEqual(['small']);
  });
  it.each([
    ['is cordoned', other({ spec: { unschedulable: true } }), {}],
    ['is not ready', other({ ready: 'Unknown' }), {}],
    [
      'has a taint that the pod does not put up with',
      other({ spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } }),
      {},
    ],
    ['lacks a label that the pod wants', other(), { nodeSelector: { disk: 'hdd' } }],
    ['is in none of the places that the pod names', other(), affinity('NotIn', ['ssd'])],
    ['has no pods left', other({ pods: '0' }), {}],
  ])('counts no node that %s (CMP-26)', (_name, node, spec) => {
    expect(names(podsWithoutRoom([pod('a', '1', spec)], [{ node, pods: [] }]))).toEqual(['a']);
  });
  it.each([
    [
      'tolerates its taint',
      other({ spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } }),
      { tolerations: [{ operator: 'Exists' }] },
    ],
    ['only had better be elsewhere', other({ spec: { taints: [{ key: 'gpu', effect: 'PreferNoSchedule' }] } }), {}],
    ['wants a label that it has', other(), affinity('In', ['ssd', 'nvme'])],
  ])('counts a node where the pod %s (CMP-26)', (_name, node, spec) => {
    expect(podsWithoutRoom([pod('a', '1', spec)], [{ node, pods: [] }])).toEqual([]);
  });
});

function affinity(operator: string, values: string[]): object {
  const nodeSelectorTerms = [{ matchExpressions: [{ key: 'disk', operator, values }] }];
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } };
}
