import { asObject } from '../machinery/json.ts';
import { qualityOfService } from '../registry/pod-spec/quality-of-service.ts';
import type { PodFailure } from './container-runtime.ts';
import type { Pod } from './kubernetes-shapes.ts';

/** Pods of this priority and above are not evicted by pressure. */
const criticalPriority = 2_000_000_000;
const qosRank = { BestEffort: 0, Burstable: 1, Guaranteed: 2 } as const;

const pressures = {
  'memory-pressure': { resource: 'memory', threshold: '100Mi', available: '64Mi' },
  'disk-pressure': { resource: 'ephemeral-storage', threshold: '9435Mi', available: '8Gi' },
} as const;

export type EvictingPressure = keyof typeof pressures;

/** The pod a kubelet under pressure ends next: the least important, and of equals the one with the weakest promise. */
export function decideEviction(pods: readonly Pod[]): Pod | undefined {
  return pods
    .filter((pod) => pod.metadata.deletionTimestamp === undefined && (pod.spec.priority ?? 0) < criticalPriority)
    .sort(
      (left, right) =>
        (left.spec.priority ?? 0) - (right.spec.priority ?? 0) ||
        rankOf(left) - rankOf(right) ||
        (left.metadata.name < right.metadata.name ? -1 : 1),
    )[0];
}

function rankOf({ spec }: Pod): number {
  return qosRank[qualityOfService(asObject(spec) ?? {})];
}

/** How the kubelet says that it has evicted the pod. */
export function evictionFailure(pod: Pod, pressure: EvictingPressure): PodFailure {
  const { resource, threshold, available } = pressures[pressure];
  const blamed = pod.spec.containers
    .filter(({ resources }) => resources?.requests?.[resource] === undefined)
    .map(({ name }) => `Container ${name} was using 32Mi, request is 0, has larger consumption of ${resource}. `);
  const low = `The node was low on resource: ${resource}. Threshold quantity: ${threshold}, available: ${available}. `;
  return { reason: 'Evicted', message: `${low}${blamed.join('')}` };
}
