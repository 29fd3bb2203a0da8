import type { PodObject } from '../../api.ts';
import { isPodReady, phaseOf } from '../pod-facts.ts';

export const systemNamespace = 'kube-system';

export const componentStates = {
  HEALTHY: 'All its pods are ready.',
  DEGRADED: 'Some of its pods are not ready.',
  DOWN: 'None of its pods is ready.',
} as const;

/** A part of a cluster that runs as pods in it (CMP-17). */
export interface ClusterComponent {
  readonly name: string;
  readonly isControlPlane: boolean;
  readonly state: keyof typeof componentStates;
  readonly ready: number;
  readonly pods: readonly PodObject[];
}

/**
 * Components by the labels that they have wherever clusters are made: `component` with `tier: control-plane` (kubeadm), else `k8s-app`.
 * Those of the control plane first, then by name. Pods that have ended with success are none of them. Pure.
 */
export function componentsOf(pods: readonly PodObject[]): readonly ClusterComponent[] {
  const running = pods.filter((pod) => phaseOf(pod) !== 'SUCCEEDED');
  const groups = Map.groupBy(running, (pod) => {
    const labels = pod.metadata.labels ?? {};
    return labels.tier === 'control-plane' && labels.component ? `0${labels.component}` : `1${labels['k8s-app'] ?? ''}`;
  });
  groups.delete('1');
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, members]) => {
      const ready = members.filter(isPodReady).length;
      const state = ready === members.length ? 'HEALTHY' : ready > 0 ? 'DEGRADED' : 'DOWN';
      return { name: key.slice(1), isControlPlane: key.startsWith('0'), state, ready, pods: members };
    });
}
