import type { PodObject, ServiceObject } from '../api.ts';

type ServicePort = NonNullable<NonNullable<ServiceObject['spec']>['ports']>[number];

/** From where an address can be reached. */
export const addressScopes = {
  CLUSTER: 'From inside the cluster.',
  NODE: 'From wherever the node can be reached.',
  EXTERNAL: 'From outside, through a load balancer or an address that somebody routes there.',
} as const;
export type AddressScope = keyof typeof addressScopes;

export interface PortAddress {
  readonly scope: AddressScope;
  /** An IP address or a DNS name. */
  readonly host: string;
  readonly port: number;
  /** Where it is known what is spoken there. */
  readonly url: string | undefined;
}

/** A port of a pod and one way by which it is reached (CMP-88). */
export interface PortMapping {
  readonly name: string | undefined;
  /** The container that announces it; undefined where only a Service knows of it. */
  readonly container: string | undefined;
  readonly containerPort: number;
  readonly protocol: string;
  readonly hostPort: number | undefined;
  readonly service: ServiceObject | undefined;
  readonly servicePort: number | undefined;
  readonly nodePort: number | undefined;
  readonly addresses: readonly PortAddress[];
}

interface Announced {
  readonly name: string | undefined;
  readonly container: string | undefined;
  readonly containerPort: number;
  readonly protocol: string;
  readonly hostPort: number | undefined;
  readonly hostIP: string | undefined;
}

/** Ports that containers announce, and those that Services send traffic to: once by itself and once for each Service. */
export function portMappingsOf(pod: PodObject, services: readonly ServiceObject[]): readonly PortMapping[] {
  const announced = announcedBy(pod);
  const own = announced.map((port) => ({
    ...withoutHost(port),
    service: undefined,
    servicePort: undefined,
    nodePort: undefined,
    addresses: ownAddresses(pod, port),
  }));
  return [...own, ...services.flatMap((service) => byService(pod, announced, service))];
}

function announcedBy({ spec }: PodObject): readonly Announced[] {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec?.containers ?? []), ...sidecars].flatMap(({ name: container, ports = [] }) =>
    ports.map(({ name, containerPort, protocol = 'TCP', hostPort, hostIP }) => ({
      name,
      container,
      containerPort,
      protocol,
      hostPort: hostPort || (spec?.hostNetwork ? containerPort : undefined),
      hostIP: hostIP || undefined,
    })),
  );
}

function byService(pod: PodObject, announced: readonly Announced[], service: ServiceObject): readonly PortMapping[] {
  return (service.spec?.ports ?? []).flatMap((port) => {
    const target = targetOf(port, announced);
    if (!target) return [];
    return [
      {
        ...withoutHost(target),
        name: port.name ?? target.name,
        service,
        servicePort: port.port,
        nodePort: port.nodePort || undefined,
        addresses: serviceAddresses(pod, service, port),
      },
    ];
  });
}

/** A Service finds a port by its number, announced or not, or by the name that a container gives it. */
function targetOf({ targetPort, port, protocol = 'TCP' }: ServicePort, announced: readonly Announced[]) {
  const target = targetPort || port;
  const found = announced.find(
    (own) => own.protocol === protocol && (typeof target === 'string' ? own.name : own.containerPort) === target,
  );
  if (found || typeof target === 'string') return found;
  return {
    name: undefined,
    container: undefined,
    containerPort: target,
    protocol,
    hostPort: undefined,
    hostIP: undefined,
  };
}

function ownAddresses({ status }: PodObject, port: Announced): readonly PortAddress[] {
  const scheme = schemeOf(port.name, port.containerPort);
  const host = port.hostIP && port.hostIP !== '0.0.0.0' ? port.hostIP : status?.hostIP;
  return [
    ...(status?.podIP ? [address('CLUSTER', status.podIP, port.containerPort, scheme)] : []),
    ...(port.hostPort && host ? [address('NODE', host, port.hostPort, scheme)] : []),
  ];
}

function serviceAddresses({ status }: PodObject, { metadata, spec, status: of }: ServiceObject, port: ServicePort) {
  const scheme = schemeOf(port.appProtocol ?? port.name, port.port);
  const outside = [
    ...(of?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => hostname || ip || []),
    ...(spec?.externalIPs ?? []),
  ];
  return [
    address('CLUSTER', dnsNameOf(metadata), port.port, scheme),
    ...(port.nodePort && status?.hostIP ? [address('NODE', status.hostIP, port.nodePort, scheme)] : []),
    ...outside.map((host) => address('EXTERNAL', host, port.port, scheme)),
  ];
}

/** Without the cluster's own domain, which pods add by themselves and nobody outside knows. */
const dnsNameOf = ({ name, namespace }: ServiceObject['metadata']): string => `${name}.${namespace ?? ''}.svc`;

/** Names by which other pods find this one (KEP-2681, DNS for Services and Pods). */
export function dnsNamesOf(
  { metadata, spec, status }: PodObject,
  services: readonly ServiceObject[],
): readonly string[] {
  const namespace = metadata.namespace ?? '';
  const { subdomain } = spec ?? {};
  const headless = services.find(({ metadata: of, spec: its }) => of.name === subdomain && its?.clusterIP === 'None');
  // A pod that names no host has no record of its own, only its part of the Service's.
  const host = spec?.hostname;
  return [
    ...(host && headless ? [`${host}.${subdomain}.${namespace}.svc`] : []),
    ...(status?.podIP && !spec?.hostNetwork ? [`${status.podIP.replaceAll(/[.:]/g, '-')}.${namespace}.pod`] : []),
  ];
}

function address(scope: AddressScope, host: string, port: number, scheme: string | undefined): PortAddress {
  const isDefault = port === (scheme === 'https' ? 443 : 80);
  const name = host.includes(':') ? `[${host}]` : host;
  return { scope, host, port, url: scheme && `${scheme}://${name}${isDefault ? '' : `:${port}`}/` };
}

/** By what is said of it, or by the port that everybody knows. */
function schemeOf(word: string | undefined, port: number): 'http' | 'https' | undefined {
  const said = /^(https?)\b/.exec(word?.toLowerCase() ?? '')?.[1];
  if (said === 'http' || said === 'https') return said;
  return port === 443 ? 'https' : port === 80 ? 'http' : undefined;
}

function withoutHost({ hostIP: _hostIP, ...port }: Announced): Omit<Announced, 'hostIP'> {
  return port;
}
