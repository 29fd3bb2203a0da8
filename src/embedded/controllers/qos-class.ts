import { unitsOf } from '../machinery/quantity.ts';
import type { Pod } from './kubernetes-shapes.ts';

/** The pod's quality of service class by the rules of Kubernetes over cpu and memory. */
export function qosClass(pod: Pod): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const measured = ['cpu', 'memory'];
  let hasAny = false;
  let isGuaranteed = true;
  for (const { resources } of containers) {
    for (const resource of measured) {
      const limit = resources?.limits?.[resource];
      const request = resources?.requests?.[resource] ?? limit;
      if (unitsOf(limit) > 0 || unitsOf(request) > 0) hasAny = true;
      if (limit === undefined || unitsOf(limit) !== unitsOf(request)) isGuaranteed = false;
    }
  }
  if (!hasAny) return 'BestEffort';
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}
