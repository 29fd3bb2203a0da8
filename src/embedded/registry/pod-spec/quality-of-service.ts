import { asObject, asObjectList, type JsonObject } from '../../machinery/json.ts';
import { compareQuantities } from '../../machinery/quantity.ts';

/**
 * Guaranteed when every container's cpu and memory requests equal its limits, BestEffort without any, else Burstable. To
 * ask for nothing, in figures, is to ask for none.
 */
export function qualityOfService(spec: JsonObject): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  let hasAny = false;
  let isGuaranteed = true;
  for (const container of [...asObjectList(spec.containers), ...asObjectList(spec.initContainers)]) {
    const resources = asObject(container.resources) ?? {};
    const requests = asObject(resources.requests) ?? {};
    const limits = asObject(resources.limits) ?? {};
    for (const name of ['cpu', 'memory']) {
      const limit = limits[name];
      const request = requests[name] ?? limit;
      const isLimited = compareQuantities(limit, '0') > 0;
      if (isLimited || compareQuantities(request, '0') > 0) hasAny = true;
      if (!isLimited || compareQuantities(limit, request) !== 0) isGuaranteed = false;
    }
  }
  if (!hasAny) return 'BestEffort';
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}
