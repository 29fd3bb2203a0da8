import type { Pod } from './kubernetes-shapes.ts';
import { parseQuantity } from './parse-quantity.ts';

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
      if (parseQuantity(limit) > 0 || parseQuantity(request) > 0) hasAny = true;
      if (limit === undefined || parseQuantity(limit) !== parseQuantity(request)) isGuaranteed = false;
    }
  }
  if (!hasAny) return 'BestEffort';
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}
