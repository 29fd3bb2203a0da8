import type { IngressObject, ServiceObject, WorkloadObject } from '../../api.ts';
import { pathsOf } from '../ingress-paths.ts';
import { instanceName, reservedOf } from '../instances/ordinals.ts';
import type { AddressScope } from '../port-mappings.ts';
import { tagWorkload } from '../workload-kinds.ts';

export const addressWays = {
  SERVICE: 'The name of a Service in the cluster.',
  NODE_PORT: 'A port of every node; `host` is null.',
  LOAD_BALANCER: 'The address of a load balancer, once it has one.',
  EXTERNAL_IP: 'An address that somebody routes to the nodes.',
  INGRESS: 'A host and path of an Ingress, by HTTP or HTTPS.',
  INSTANCE: 'The name of one instance, which keeps it.',
} as const;
export type AddressWay = keyof typeof addressWays;

/** A way by which a workload is reached (CMP-82). */
export interface WorkloadAddress {
  readonly way: AddressWay;
  readonly scope: AddressScope;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly protocol: string;
  readonly path: string | undefined;
  readonly isTls: boolean;
  readonly url: string | undefined;
  readonly service: ServiceObject;
  readonly ingress: IngressObject | undefined;
  /** Name of the instance's pod. */
  readonly instance: string | undefined;
}

/** Most that are told of one workload. */
const most = 1_000;

/** Of the Services that select its pods and the Ingresses that lead to these; what comes from outside first. Pure. */
export function addressesOf(
  workload: WorkloadObject,
  services: readonly ServiceObject[],
  ingresses: readonly IngressObject[],
): readonly WorkloadAddress[] {
  const byName = new Map(services.map((service) => [service.metadata.name, service]));
  return [
    ...ingresses.flatMap((ingress) => ingressAddresses(ingress, byName)),
    ...services.flatMap(outsideAddresses),
    ...services.flatMap(insideAddresses),
    ...instanceAddresses(workload, byName),
  ].slice(0, most);
}

function ingressAddresses(
  ingress: IngressObject,
  services: ReadonlyMap<string, ServiceObject>,
): readonly WorkloadAddress[] {
  const taken = (ingress.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => hostname ?? ip ?? []);
  return pathsOf(ingress).flatMap((row) => {
    const service = row.serviceName === null ? undefined : services.get(row.serviceName);
    if (!service) return [];
    const isTls = hasTls(ingress, row.host ?? undefined);
    const port = isTls ? 443 : 80;
    // Where any host will do, it is reached at the controller's own.
    const hosts = row.host === null ? (taken.length > 0 ? taken : [undefined]) : [row.host];
    return hosts.map((host) => ({
      ...from(service, 'INGRESS', 'EXTERNAL', host, port),
      path: row.path ?? '/',
      isTls,
      url: host && !host.startsWith('*') ? urlOf(isTls ? 'https' : 'http', host, port, row.path ?? '/') : undefined,
      ingress,
    }));
  });
}

/** A TLS entry without hosts holds for all of them; `*.shop.example` for one name below. */
function hasTls({ spec }: IngressObject, host: string | undefined): boolean {
  return (spec?.tls ?? []).some(
    ({ hosts = [] }) =>
      hosts.length === 0 ||
      (host !== undefined && hosts.some((name) => name === host || name === host.replace(/^[^.]+/, '*'))),
  );
}

function outsideAddresses(service: ServiceObject): readonly WorkloadAddress[] {
  const { spec, status } = service;
  const balancers = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => hostname ?? ip ?? []);
  return (spec?.ports ?? []).flatMap((port) => [
    ...balancers.map((host) => ofPort(service, port, 'LOAD_BALANCER', 'EXTERNAL', host, port.port)),
    ...(spec?.externalIPs ?? []).map((host) => ofPort(service, port, 'EXTERNAL_IP', 'EXTERNAL', host, port.port)),
    ...(port.nodePort ? [ofPort(service, port, 'NODE_PORT', 'NODE', undefined, port.nodePort)] : []),
  ]);
}

function insideAddresses(service: ServiceObject): readonly WorkloadAddress[] {
  const host = nameOf(service);
  return (service.spec?.ports ?? []).map((port) => ofPort(service, port, 'SERVICE', 'CLUSTER', host, port.port));
}

/** Instances have names of their own through the headless Service that their workload names (DNS for Services and Pods). */
function instanceAddresses(
  workload: WorkloadObject,
  services: ReadonlyMap<string, ServiceObject>,
): readonly WorkloadAddress[] {
  const { names, through } = stableNames(workload);
  const service = services.get(through ?? '');
  if (service?.spec?.clusterIP !== 'None') return [];
  return names.flatMap((instance) => {
    const host = `${instance}.${nameOf(service)}`;
    const ports = service.spec?.ports ?? [];
    if (ports.length === 0) return [{ ...from(service, 'INSTANCE', 'CLUSTER', host, undefined), instance }];
    return ports.map((port) => ({ ...ofPort(service, port, 'INSTANCE', 'CLUSTER', host, port.port), instance }));
  });
}

function stableNames(object: WorkloadObject): {
  readonly names: readonly string[];
  readonly through?: string | undefined;
} {
  const workload = tagWorkload(object);
  if (workload.kind === 'STATEFUL_SET') {
    const { spec, metadata } = workload.object;
    const start = spec?.ordinals?.start ?? 0;
    const count = Math.min(spec?.replicas ?? 1, most);
    return {
      names: Array.from({ length: count }, (_, index) => `${metadata.name}-${start + index}`),
      through: spec?.serviceName,
    };
  }
  if (workload.kind === 'ADVANCED_STATEFUL_SET') {
    const set = workload.object;
    const ordinals = reservedOf(set).ordinalsOf(Math.min(set.spec?.replicas ?? 1, most));
    return { names: ordinals.map((ordinal) => instanceName(set, ordinal)), through: set.spec?.serviceName };
  }
  return { names: [] };
}

type Port = NonNullable<NonNullable<ServiceObject['spec']>['ports']>[number];

function ofPort(
  service: ServiceObject,
  { protocol = 'TCP', name, appProtocol, port: known }: Port,
  way: AddressWay,
  scope: AddressScope,
  host: string | undefined,
  port: number,
): WorkloadAddress {
  const said = /^(https?)\b/.exec((appProtocol ?? name ?? '').toLowerCase())?.[1];
  const scheme = said ?? (known === 443 ? 'https' : known === 80 ? 'http' : undefined);
  const url = scheme && host && protocol === 'TCP' ? urlOf(scheme, host, port, '/') : undefined;
  return { ...from(service, way, scope, host, port), protocol, isTls: scheme === 'https', url };
}

function from(
  service: ServiceObject,
  way: AddressWay,
  scope: AddressScope,
  host: string | undefined,
  port: number | undefined,
): WorkloadAddress {
  const none = { path: undefined, url: undefined, ingress: undefined, instance: undefined };
  return { way, scope, host, port, protocol: 'TCP', isTls: false, service, ...none };
}

/** Without the cluster's own domain, which pods add by themselves and nobody outside knows. */
function nameOf({ metadata }: ServiceObject): string {
  return `${metadata.name}.${metadata.namespace}.svc`;
}

function urlOf(scheme: string, host: string, port: number, path: string): string {
  const isDefault = port === (scheme === 'https' ? 443 : 80);
  const name = host.includes(':') ? `[${host}]` : host;
  return `${scheme}://${name}${isDefault ? '' : `:${port}`}${path.startsWith('/') ? path : `/${path}`}`;
}
