import { isIPv6 } from 'node:net';
import { asList, asObject, asObjectList, asString, ensureObject, type JsonObject } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Draft, StrategyEnvironment } from '../resource-strategy.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { isHeadless, needsHealthCheck, needsNodePorts } from './service-kinds.ts';

const firstNodePort = 30_000;
const lastNodePort = 32_767;
const clusterRange = /^10\.96\.\d+\.\d+$/;

/**
 * Gives out the cluster address and node ports, after validation has let the service through. What the service asks
 * for must be free; a cluster has one address family, IPv4, and the range 10.96.0.0/16.
 */
export function allocateService(
  draft: Draft,
  current: ClusterObject | undefined,
  environment: StrategyEnvironment,
  errors: FieldErrors,
): void {
  const spec = ensureObject(draft, 'spec');
  const others = environment
    .list('', 'services')
    .filter(({ metadata }) => metadata.uid !== draft.metadata.uid)
    .map((service) => asObject(service.spec) ?? {});
  const before = asObject(current?.spec);
  if (spec.type !== 'ExternalName') {
    chooseFamilies(spec, errors);
    if (errors.causes.length > 0) return;
    allocateAddress(spec, before, others, errors);
    if (errors.causes.length > 0) return;
  }
  allocateNodePorts(spec, before, others, errors);
}

function chooseFamilies(spec: JsonObject, errors: FieldErrors): void {
  const isWithoutPods = isHeadless(spec) && Object.keys(asObject(spec.selector) ?? {}).length === 0;
  spec.ipFamilyPolicy ??= isWithoutPods ? 'RequireDualStack' : 'SingleStack';
  const families = asList(spec.ipFamilies);
  if (isWithoutPods) {
    // Nobody but the author of its endpoints knows which addresses such a service has.
    const [first = 'IPv4'] = families;
    const isDual = spec.ipFamilyPolicy !== 'SingleStack' && families.length < 2;
    spec.ipFamilies = isDual ? [first, first === 'IPv4' ? 'IPv6' : 'IPv4'] : families.length === 0 ? [first] : families;
    return;
  }
  if (spec.ipFamilyPolicy === 'RequireDualStack') {
    errors.invalid('spec.ipFamilyPolicy', 'RequireDualStack', 'this cluster is not configured for dual-stack services');
  }
  families.forEach((family, at) => {
    if (family !== 'IPv4') errors.invalid(`spec.ipFamilies[${at}]`, family, 'not configured on this cluster');
  });
  asList(spec.clusterIPs).forEach((address, at) => {
    if (typeof address === 'string' && isIPv6(address)) {
      errors.invalid(`spec.clusterIPs[${at}]`, spec.clusterIPs, 'IPv6 is not configured on this cluster');
    }
  });
  if (families.length === 0) spec.ipFamilies = ['IPv4'];
}

function allocateAddress(
  spec: JsonObject,
  before: JsonObject | undefined,
  others: readonly JsonObject[],
  errors: FieldErrors,
): void {
  if (isHeadless(spec)) {
    spec.clusterIPs = ['None'];
    return;
  }
  const asked = asString(spec.clusterIP) ?? '';
  const refuse = (why: string): void =>
    errors.invalid('spec.clusterIPs', [asked], `failed to allocate IP ${asked}: ${why}`);
  if (asked === '') spec.clusterIP = freeAddress(others);
  else if (asked !== before?.clusterIP) {
    if (!clusterRange.test(asked)) refuse('the provided network does not match the current range');
    else if (others.some((other) => other.clusterIP === asked)) refuse('provided IP is already allocated');
  }
  spec.clusterIPs = [spec.clusterIP];
}

function allocateNodePorts(
  spec: JsonObject,
  before: JsonObject | undefined,
  others: readonly JsonObject[],
  errors: FieldErrors,
): void {
  const taken = new Set<unknown>(
    others.flatMap((other) => [
      other.healthCheckNodePort,
      ...asObjectList(other.ports).map(({ nodePort }) => nodePort),
    ]),
  );
  const own = new Set(asObjectList(before?.ports).map(({ nodePort }) => nodePort));
  const ports = asObjectList(spec.ports);
  ports.forEach(({ nodePort }, at) => {
    if (typeof nodePort !== 'number' || nodePort === 0) return;
    const field = `spec.ports[${at}].nodePort`;
    if (nodePort < firstNodePort || nodePort > lastNodePort) {
      errors.invalid(
        field,
        nodePort,
        `provided port is not in the valid range. The range of valid ports is ${firstNodePort}-${lastNodePort}`,
      );
    } else if (taken.has(nodePort) && !own.has(nodePort)) {
      errors.invalid(field, nodePort, 'provided port is already allocated');
    }
  });
  if (errors.causes.length > 0) return;
  for (const { nodePort } of ports) taken.add(nodePort);
  if (needsNodePorts(spec)) {
    for (const port of ports) {
      if ((port.nodePort ?? 0) !== 0) continue;
      // One number serves both protocols of a port, as for DNS.
      const sibling = ports.find((each) => each.port === port.port && (each.nodePort ?? 0) !== 0);
      port.nodePort =
        sibling !== undefined && sibling.protocol !== port.protocol ? sibling.nodePort : freeNodePort(taken);
      taken.add(port.nodePort);
    }
  }
  if (needsHealthCheck(spec)) spec.healthCheckNodePort ??= freeNodePort(taken);
}

// Addresses are handed out upwards from 10.96.0.10; those below stay free for the cluster's own services.
function freeAddress(others: readonly JsonObject[]): string {
  const taken = new Set(others.map((other) => other.clusterIP));
  for (let number = 10; number < 65_535; number += 1) {
    const address = `10.96.${number >> 8}.${number & 255}`;
    if ((number & 255) !== 0 && (number & 255) !== 255 && !taken.has(address)) return address;
  }
  return '';
}

function freeNodePort(taken: ReadonlySet<unknown>): number {
  for (let port = firstNodePort; port <= lastNodePort; port += 1) if (!taken.has(port)) return port;
  return 0;
}
