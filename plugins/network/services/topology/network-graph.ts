import type { IngressObject, PodObject, ServiceObject } from 'longshore/plugins/compute';
import { idOfObject, type KubeObject, origin } from 'longshore/sdk';
import type { SubnetObject, VpcObject } from '../../api.ts';
import type { GatewayObject, RouteObject } from '../balancers/gateway-kinds.ts';
import { ingressBackends } from '../ingresses/ingress-backends.ts';
import type { NatView } from '../nat/nat-view.ts';
import { addBalancers } from './graph-balancers.ts';
import { createGraph, type GraphEdge, type GraphNode } from './graph-builder.ts';
import { addNat } from './graph-nat.ts';

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
  readonly balancers: Iterable<GatewayObject>;
  readonly groups: Iterable<RouteObject>;
  readonly nat: NatView;
}

/** The VPC of subnets that name none (Kube-OVN 1.16). */
const defaultVpc = 'ovn-cluster';
/** Of each of its interfaces a pod says in an annotation which subnet that is in. */
const subnetAnnotation = /\.kubernetes\.io\/logical_switch$/;

/**
 * How things of networks hang together: VPC, subnet, pod, Service, and from there Ingresses, or backend groups, listeners and load
 * balancers; beside that by NAT rules to elastic IPs and their gateways. Both ends of each edge are among the nodes. Pure.
 */
export function networkGraph(objects: NetworkObjects): NetworkGraph {
  const graph = createGraph();
  const { add, connect, find } = graph;

  for (const vpc of objects.vpcs) add('VPC', vpc, { isReady: vpc.status?.standby });
  const subnets = [...objects.subnets];
  for (const subnet of subnets) {
    const ready = subnet.status?.conditions?.find(({ type }) => type === 'Ready');
    add('SUBNET', subnet, { detail: subnet.spec?.cidrBlock, isReady: ready && ready.status === 'True' });
    connect(find('VPC', subnet, undefined, subnet.spec?.vpc || defaultVpc), idOfObject(subnet));
  }

  const services = [...objects.services];
  const servicesOf = selectors(services);
  const hasReadyPod = new Set<ServiceObject>();
  const pods = [...objects.pods];
  for (const pod of pods) {
    const isReady = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
    add('POD', pod, { detail: pod.status?.podIP, isReady });
    for (const name of subnetsOf(pod)) connect(find('SUBNET', pod, undefined, name), idOfObject(pod));
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') continue;
    for (const service of servicesOf(pod)) {
      connect(idOfObject(pod), idOfObject(service), portsOf(service));
      if (isReady) hasReadyPod.add(service);
    }
  }
  for (const service of services) {
    const isReady = selectorOf(service).length > 0 ? hasReadyPod.has(service) : undefined;
    add('SERVICE', service, { detail: addressesOf(service), isReady });
  }

  for (const ingress of objects.ingresses) {
    const hosts = new Set((ingress.spec?.rules ?? []).flatMap(({ host }) => host ?? []));
    add('INGRESS', ingress, { detail: [...hosts].join(', ') });
    for (const [name, backends] of Map.groupBy(ingressBackends(ingress), ({ service }) => service)) {
      const ports = new Set(backends.flatMap(({ port }) => port ?? []));
      connect(find('SERVICE', ingress, ingress.metadata.namespace, name), idOfObject(ingress), [...ports].join(', '));
    }
  }
  addBalancers(graph, objects.balancers, objects.groups);
  addNat(graph, objects.nat, { subnets, pods });
  return graph.finish();
}

function subnetsOf({ metadata: { annotations = {} } }: PodObject): readonly string[] {
  const names = Object.entries(annotations).flatMap(([key, name]) => (subnetAnnotation.test(key) ? name : []));
  return [...new Set(names)];
}

const selectorOf = ({ spec }: ServiceObject): readonly (readonly [string, string])[] =>
  spec?.type === 'ExternalName' ? [] : Object.entries(spec?.selector ?? {});

/** Which Services select a pod; costs the pod's labels, not the Services there are. */
function selectors(services: Iterable<ServiceObject>): (pod: PodObject) => readonly ServiceObject[] {
  const keyOf = ({ metadata, [origin]: { cluster } }: KubeObject, pair: string): string =>
    JSON.stringify([cluster, metadata.namespace, pair]);
  const byPair = new Map<string, ServiceObject[]>();
  for (const service of services) {
    const [first] = selectorOf(service);
    if (!first) continue;
    const key = keyOf(service, first.join('='));
    const known = byPair.get(key);
    if (known) known.push(service);
    else byPair.set(key, [service]);
  }
  return (pod) => {
    const { labels = {} } = pod.metadata;
    const maybe = Object.entries(labels).flatMap((pair) => byPair.get(keyOf(pod, pair.join('='))) ?? []);
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
