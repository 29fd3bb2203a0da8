import { describe, expect, it } from 'vitest';
import { makePod } from '../../testing/make-objects.ts';
import { componentsOf } from './cluster-components.ts';

const etcd = { component: 'etcd', tier: 'control-plane' };
const dns = { 'k8s-app': 'kube-dns' };

function pod(labels: Record<string, string>, isReady: boolean, phase = 'Running') {
  const conditions = [{ type: 'Ready', status: isReady ? 'True' : 'False' }];
  return makePod({ metadata: { name: 'p', labels }, status: { phase, conditions } });
}

describe('components of a cluster (CMP-17)', () => {
  it.each([
    ['that all do well', [pod(etcd, true), pod(etcd, true)], ['etcd HEALTHY 2']],
    ['of which one member is away', [pod(etcd, true), pod(etcd, false)], ['etcd DEGRADED 1']],
    ['that are down', [pod(dns, false)], ['kube-dns DOWN 0']],
    ['of the control plane first', [pod(dns, true), pod(etcd, true)], ['etcd HEALTHY 1', 'kube-dns HEALTHY 1']],
    ['that say nothing of themselves: none', [pod({}, true), pod({ component: 'etcd' }, true)], []],
    ['whose job is done: none', [pod(dns, false, 'Succeeded')], []],
    ['of nothing: none', [], []],
  ])('are told, %s', (_what, pods, expected) => {
    expect(componentsOf(pods).map(({ name, state, ready }) => `${name} ${state} ${ready}`)).toEqual(expected);
  });
});
