import type { PodObject, PodResources } from '../api.ts';
import { millicoresOf, unitsOf } from './amounts.ts';
import type { ContainerSpec } from './containers.ts';

type Amounts = Readonly<Record<string, string>>;

/**
 * As the scheduler counts (`PodRequests` in k8s.io/component-helpers): main containers and sidecars run together, init
 * containers one after another beside the sidecars before them, and the larger of both counts. What the pod sets for
 * itself (`spec.resources`) goes before what its containers add up to; the runtime's overhead comes on top.
 */
export function podResources(pod: PodObject): PodResources {
  const { spec } = pod;
  const measure = (
    kind: 'requests' | 'limits',
    resource: string,
    toNumber: (quantity?: string) => number | undefined,
  ) => {
    const own = toNumber(spec?.resources?.[kind]?.[resource]);
    const peak = own ?? peakOf(pod, (container) => toNumber(effective(container, kind)?.[resource]));
    if (peak === undefined) return undefined;
    return peak + (toNumber(spec?.overhead?.[resource]) ?? 0);
  };
  return {
    cpuRequestMillicores: measure('requests', 'cpu', millicoresOf) ?? 0,
    memoryRequestBytes: measure('requests', 'memory', unitsOf) ?? 0,
    cpuLimitMillicores: measure('limits', 'cpu', millicoresOf),
    memoryLimitBytes: measure('limits', 'memory', unitsOf),
  };
}

/** A limit without a request is the request: the API server fills it in, but templates may be read before it did. */
function effective(container: ContainerSpec, kind: 'requests' | 'limits'): Amounts | undefined {
  const { requests, limits } = container.resources ?? {};
  return kind === 'limits' ? limits : { ...limits, ...requests };
}

function peakOf(pod: PodObject, amountOf: (container: ContainerSpec) => number | undefined): number | undefined {
  let known = false;
  const read = (container: ContainerSpec): number => {
    const amount = amountOf(container);
    if (amount !== undefined) known = true;
    return amount ?? 0;
  };
  let sidecars = 0;
  let startPeak = 0;
  for (const container of pod.spec?.initContainers ?? []) {
    const amount = read(container);
    if (container.restartPolicy === 'Always') sidecars += amount;
    startPeak = Math.max(startPeak, container.restartPolicy === 'Always' ? sidecars : sidecars + amount);
  }
  let running = sidecars;
  for (const container of pod.spec?.containers ?? []) running += read(container);
  return known ? Math.max(startPeak, running) : undefined;
}
