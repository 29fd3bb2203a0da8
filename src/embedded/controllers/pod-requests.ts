import type { Container, Pod } from './kubernetes-shapes.ts';
import { parseQuantity } from './parse-quantity.ts';

/** What the scheduler must set aside for the pod: the sum of its containers, or its hungriest init container. */
export function podRequests(pod: Pod): Readonly<Record<string, number>> {
  const total: Record<string, number> = {};
  for (const container of pod.spec.containers) addRequests(total, container);
  for (const init of pod.spec.initContainers ?? []) {
    if (init.restartPolicy === 'Always') addRequests(total, init);
  }
  for (const init of pod.spec.initContainers ?? []) {
    for (const [resource, quantity] of Object.entries(init.resources?.requests ?? {})) {
      total[resource] = Math.max(total[resource] ?? 0, parseQuantity(quantity));
    }
  }
  return total;
}

function addRequests(total: Record<string, number>, container: Container): void {
  for (const [resource, quantity] of Object.entries(container.resources?.requests ?? {})) {
    total[resource] = (total[resource] ?? 0) + parseQuantity(quantity);
  }
}

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
