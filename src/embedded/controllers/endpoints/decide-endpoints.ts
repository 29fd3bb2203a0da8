import { canonicalJson } from '../canonical-json.ts';
import type { Node, Pod, Service } from '../kubernetes-shapes.ts';
import { isFinished, isReady } from '../pod-state.ts';

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions: { readonly ready: boolean; readonly serving?: boolean; readonly terminating?: boolean };
  readonly hostname?: string;
  readonly targetRef?: object;
  readonly nodeName?: string;
  readonly zone?: string;
  readonly hints?: object;
}

export interface EndpointPort {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly appProtocol?: string;
}

/** Endpoints that listen on the same ports, in the order of their pods' names. */
export interface EndpointGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

export interface ServiceEndpoints {
  readonly groups: readonly EndpointGroup[];
  /** Pods that cannot be reached because nobody knows their node. */
  readonly strays: readonly Pod[];
}

/** The pods a Service sends to, ready or not, grouped by the ports they listen on (discovery.k8s.io/v1). */
export function decideEndpoints(
  service: Service,
  pods: readonly Pod[],
  nodeOf: (name: string) => Node | undefined,
): ServiceEndpoints {
  const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
  const portsOfPod = portFinder(service);
  const strays: Pod[] = [];
  const isPatient = service.spec.publishNotReadyAddresses === true;
  for (const pod of byName(pods).filter((each) => isBackend(each))) {
    const node = nodeOf(pod.spec.nodeName ?? '');
    if (node === undefined && !isPatient) {
      strays.push(pod);
      continue;
    }
    const { ports, key } = portsOfPod(pod);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    groups.set(key, group);
    group.endpoints.push(endpointOf(service, pod, node));
  }
  return { groups: [...groups.values()], strays };
}

/** Whether a Service may send to the pod at all: it has an address and has not ended. */
export function isBackend(pod: Pod): boolean {
  return !isFinished(pod) && addressOf(pod) !== undefined;
}

export function byName(pods: readonly Pod[]): readonly Pod[] {
  return [...pods].sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
}

export function addressOf(pod: Pod): string | undefined {
  return pod.status?.podIP ?? pod.status?.podIPs?.[0]?.ip;
}

/** Finds the ports of a Service's pods, with a key that says which are the same. Only named ports differ between pods. */
export function portFinder(service: Service): (pod: Pod) => {
  readonly ports: readonly EndpointPort[];
  readonly key: string;
} {
  const find = (pod: Pod) => {
    const ports = portsOf(service, pod);
    return { ports, key: canonicalJson(ports) };
  };
  const isNamed = (service.spec.ports ?? []).some(({ targetPort }) => typeof targetPort === 'string');
  if (isNamed) return find;
  let found: ReturnType<typeof find> | undefined;
  return (pod) => {
    found ??= find(pod);
    return found;
  };
}

/** The ports of one pod; one that it has not under the name that the Service asks for is left out. */
function portsOf(service: Service, pod: Pod): EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const protocol = port.protocol ?? 'TCP';
    const target = port.targetPort ?? port.port;
    const number = typeof target === 'number' ? target : namedPort(target, protocol, pod);
    if (number === undefined) return [];
    const { appProtocol } = port;
    return [{ name: port.name ?? '', protocol, port: number, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

export function podReference({ metadata: { namespace, name, uid } }: Pod): object {
  return {
    kind: 'Pod',
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(uid === undefined ? {} : { uid }),
  };
}

/** A pod that names the Service as its subdomain is found by its own name, too. */
export function hostnameOf(service: Service, pod: Pod): string | undefined {
  const { hostname, subdomain } = pod.spec;
  return hostname !== undefined && hostname !== '' && subdomain === service.metadata.name ? hostname : undefined;
}

function endpointOf(service: Service, pod: Pod, node: Node | undefined): Endpoint {
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const serving = isReady(pod);
  const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'];
  const hostname = hostnameOf(service, pod);
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const hints = ready ? hintsFor(service.spec.trafficDistribution, zone, pod.spec.nodeName) : undefined;
  return {
    addresses: [addressOf(pod) ?? ''],
    conditions: { ready, serving, terminating },
    ...(hostname === undefined ? {} : { hostname }),
    targetRef: podReference(pod),
    ...((pod.spec.nodeName ?? '') === '' ? {} : { nodeName: pod.spec.nodeName ?? '' }),
    ...(zone === undefined ? {} : { zone }),
    ...(hints === undefined ? {} : { hints }),
  };
}

/** Whom an endpoint is meant for, where the Service wants traffic to stay close (KEP-4444, KEP-3015). */
function hintsFor(
  distribution: string | undefined,
  zone: string | undefined,
  node: string | undefined,
): object | undefined {
  const zones = zone === undefined ? {} : { forZones: [{ name: zone }] };
  switch (distribution) {
    case 'PreferClose':
    case 'PreferSameZone':
      return zone === undefined ? undefined : zones;
    case 'PreferSameNode':
      return node === undefined ? undefined : { ...zones, forNodes: [{ name: node }] };
    default:
      return undefined;
  }
}

function namedPort(name: string, protocol: string, pod: Pod): number | undefined {
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...pod.spec.containers, ...sidecars]
    .flatMap(({ ports }) => ports ?? [])
    .find((port) => port.name === name && (port.protocol ?? 'TCP') === protocol)?.containerPort;
}
