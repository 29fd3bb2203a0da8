import { asList, asObjectList, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import { hasSameNodePorts, isExternallyAccessible, needsHealthCheck, needsNodePorts } from './service-kinds.ts';

/** Clients that know only `clusterIP` change `clusterIPs` with it. */
export function followClusterAddress(spec: JsonObject, before: JsonObject): void {
  const isSameList = isEqualJson(spec.clusterIPs, before.clusterIPs);
  if (asList(before.clusterIPs).length > 0 && asList(spec.clusterIPs).length === 0) {
    if (spec.clusterIP === before.clusterIP) spec.clusterIPs = before.clusterIPs;
  }
  if ((spec.clusterIP ?? '') === (before.clusterIP ?? '') || !isSameList) return;
  if ((before.clusterIP ?? '') !== '' && (spec.clusterIP ?? '') === '') delete spec.clusterIPs;
  else spec.clusterIPs = [spec.clusterIP];
}

/** What was given out before and left out now stays. */
export function keepAllocated(spec: JsonObject, before: JsonObject): void {
  if (spec.type !== 'ExternalName' && before.type !== 'ExternalName') {
    if ((spec.clusterIP ?? '') === '' && before.clusterIP !== undefined) spec.clusterIP = before.clusterIP;
    if (asList(spec.clusterIPs).length === 0 && before.clusterIPs !== undefined) spec.clusterIPs = before.clusterIPs;
    for (const key of ['ipFamilies', 'ipFamilyPolicy']) {
      if (spec[key] === undefined && before[key] !== undefined) spec[key] = before[key];
    }
  }
  if (needsNodePorts(spec) && needsNodePorts(before)) {
    const used = new Set(asObjectList(spec.ports).map(({ nodePort }) => nodePort));
    const byName = new Map(asObjectList(before.ports).map(({ name, nodePort }) => [name ?? '', nodePort]));
    for (const port of asObjectList(spec.ports)) {
      const kept = byName.get(port.name ?? '');
      if ((port.nodePort ?? 0) === 0 && kept !== undefined && !used.has(kept)) port.nodePort = kept;
    }
  }
  if (needsHealthCheck(spec) && needsHealthCheck(before)) spec.healthCheckNodePort ??= before.healthCheckNodePort;
}

/** A change of type takes away what the new type does not have, unless the request changed that too. */
export function dropOfOtherType(spec: JsonObject, before: JsonObject): void {
  const dropSame = (key: string): void => {
    if (isEqualJson(spec[key], before[key])) delete spec[key];
  };
  if (before.type !== 'ExternalName' && spec.type === 'ExternalName') {
    if (isEqualJson(spec.clusterIPs, before.clusterIPs)) delete spec.clusterIP;
    for (const key of ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy']) dropSame(key);
  }
  if (needsNodePorts(before) && !needsNodePorts(spec) && hasSameNodePorts(spec, before)) {
    for (const port of asObjectList(spec.ports)) delete port.nodePort;
  }
  if (needsHealthCheck(before) && !needsHealthCheck(spec)) dropSame('healthCheckNodePort');
  if (before.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    for (const key of ['allocateLoadBalancerNodePorts', 'loadBalancerClass']) dropSame(key);
  }
  if (isExternallyAccessible(before) && !isExternallyAccessible(spec)) dropSame('externalTrafficPolicy');
}
