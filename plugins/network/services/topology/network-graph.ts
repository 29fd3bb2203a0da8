import type { IngressObject, PodObject, ServiceObject } from 'longshore/plugins/compute';
import { idOfObject, type KubeObject, origin } from 'longshore/sdk';
import type { SubnetObject, VpcObject } from '../../api.ts';
import { ingressBackends } from '../ingresses/ingress-backends.ts';

export const graphNodeKinds = {
  VPC: 'A virtual private cloud.',
  SUBNET: 'A subnet: pods get their addresses from it.',
  POD: 'A pod.',
  SERVICE: 'A Service, which leads to pods.',
  INGRESS: 'An Ingress, which leads to Services by host and path.',
} as const;
export type GraphNodeKind = keyof typeof graphNodeKinds;

/** One thing of a network. */
export interface GraphNode {
  readonly id: string;
  readonly kind: GraphNodeKind;
  /** What it is known by besides its name: addresses, ranges, hosts. */
  readonly detail: string | undefined;
  /** Undefined where nothing tells. */
  readonly isReady: boolean | undefined;
  readonly object: KubeObject;
}

/** From the inside, the VPC, to the outside. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** By which ports. */
  readonly detail: string | undefined;
}

export interface NetworkGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What a graph is made of, as far as the caller sees it. */
export interface NetworkObjects {
  readonly vpcs: Iterable<VpcObject>;
  readonly subnets: Iterable<SubnetObject>;
  readonly pods: Iterable<PodObject>;
  readonly services: Iterable<ServiceObject>;
  readonly ingresses: Iterable<IngressObject>;
}

/** The VPC of subnets that name none (Kube-OVN 1.16). */
const defaultVpc = 'ovn-cluster';
/** Of each of its interfaces a pod says in an annotation which subnet that is in. */
const subnetAnnotation = /\.kubernetes\.io\/logical_switch$/;

/** How things of networks hang together: VPC, subnet, pod, Service, Ingress. Pure. */
export function networkGraph(objects: NetworkObjects): NetworkGraph {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const connect = (from: KubeObject | undefined, to: KubeObject, detail?: string): void => {
    if (from !== undefined) edges.push({ from: idOfObject(from), to: idOfObject(to), detail });
  };
  const add = (kind: GraphNodeKind, object: object, detail?: string, isReady?: boolean): void => {
    const thing = object as KubeObject;
    nodes.push({ id: idOfObject(thing), kind, detail: detail || undefined, isReady, object: thing });
  };

  const vpcs = byName(objects.vpcs);
  for (const vpc of vpcs.values()) add('VPC', vpc, undefined, vpc.status?.standby);

  const subnets = byName(objects.subnets);
  for (const subnet of subnets.values()) {
    const ready = subnet.status?.conditions?.find(({ type }) => type === 'Ready');
    add('SUBNET', subnet, subnet.spec?.cidrBlock, ready && ready.status === 'True');
    connect(vpcs.get(keyOf(subnet, undefined, subnet.spec?.vpc || defaultVpc)), subnet);
  }

  const services = byName(objects.services);
  const servicesOf = selectors(services.values());
  const hasReadyPod = new Set<ServiceObject>();
  for (const pod of objects.pods) {
    const isReady = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
    add('POD', pod, pod.status?.podIP, isReady);
    for (const name of subnetsOf(pod)) connect(subnets.get(keyOf(pod, undefined, name)), pod);
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') continue;
    for (const service of servicesOf(pod)) {
      connect(pod, service, portsOf(service));
      if (isReady) hasReadyPod.add(service);
    }
  }
  for (const service of services.values()) {
    add(
      'SERVICE',
      service,
      addressesOf(service),
      selectorOf(service).length > 0 ? hasReadyPod.has(service) : undefined,
    );
  }

  for (const ingress of objects.ingresses) {
    const hosts = new Set((ingress.spec?.rules ?? []).flatMap(({ host }) => host ?? []));
    add('INGRESS', ingress, [...hosts].join(', '));
    for (const [name, backends] of Map.groupBy(ingressBackends(ingress), ({ service }) => service)) {
      const ports = new Set(backends.flatMap(({ port }) => port ?? []));
      connect(services.get(keyOf(ingress, ingress.metadata.namespace, name)), ingress, [...ports].join(', '));
    }
  }
  return { nodes, edges };
}

/** Names are of one cluster, and of what lies in a namespace, of that. */
function keyOf(
  { [origin]: { cluster } }: Pick<KubeObject, typeof origin>,
  namespace: string | undefined,
  name: string,
): string {
  return JSON.stringify([cluster, namespace, name]);
}

function byName<T extends KubeObject>(objects: Iterable<T>): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const object of objects) found.set(keyOf(object, object.metadata.namespace, object.metadata.name), object);
  return found;
}

function subnetsOf({ metadata: { annotations = {} } }: PodObject): readonly string[] {
  const names = Object.entries(annotations).flatMap(([key, name]) => (subnetAnnotation.test(key) ? name : []));
  return [...new Set(names)];
}

const selectorOf = ({ spec }: ServiceObject): readonly (readonly [string, string])[] =>
  spec?.type === 'ExternalName' ? [] : Object.entries(spec?.selector ?? {});

/** Which Services select a pod; costs the pod's labels, not the Services there are. */
function selectors(services: Iterable<ServiceObject>): (pod: PodObject) => readonly ServiceObject[] {
  const byPair = new Map<string, ServiceObject[]>();
  for (const service of services) {
    const [first] = selectorOf(service);
    if (!first) continue;
    const key = keyOf(service, service.metadata.namespace, first.join('='));
    byPair.set(key, [...(byPair.get(key) ?? []), service]);
  }
  return (pod) => {
    const { labels = {}, namespace } = pod.metadata;
    const maybe = Object.entries(labels).flatMap((pair) => byPair.get(keyOf(pod, namespace, pair.join('='))) ?? []);
    return maybe.filter((service) => selectorOf(service).every(([key, value]) => labels[key] === value));
  };
}

function portsOf({ spec }: ServiceObject): string {
  return (spec?.ports ?? []).map(({ port, targetPort }) => `${port}:${targetPort ?? port}`).join(', ');
}

function addressesOf({ spec, status }: ServiceObject): string {
  const outside = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => hostname ?? ip ?? []);
  return [spec?.clusterIP, ...(spec?.externalIPs ?? []), ...outside, spec?.externalName].filter(Boolean).join(', ');
}
