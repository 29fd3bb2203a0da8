import { asList, asObjectList, isEqualJson, type JsonObject } from '../../machinery/json.ts';

/** A service without an address of its own: DNS answers with its pods. */
export function isHeadless(spec: JsonObject): boolean {
  return spec.clusterIP === 'None';
}

export function needsNodePorts(spec: JsonObject): boolean {
  return spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
}

/** Reached from outside the cluster: through nodes, a load balancer or addresses of its own. */
export function isExternallyAccessible(spec: JsonObject): boolean {
  return (
    spec.type === 'LoadBalancer' ||
    spec.type === 'NodePort' ||
    (spec.type === 'ClusterIP' && asList(spec.externalIPs).length > 0)
  );
}

/** A load balancer that sends to local pods only asks every node whether it has some. */
export function needsHealthCheck(spec: JsonObject): boolean {
  return spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
}

export function hasSameNodePorts(spec: JsonObject, before: JsonObject): boolean {
  const numbers = (each: JsonObject): unknown[] =>
    asObjectList(each.ports)
      .map(({ nodePort }) => nodePort ?? 0)
      .filter((port) => port !== 0)
      .sort();
  return isEqualJson(numbers(spec), numbers(before));
}
