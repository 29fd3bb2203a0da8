import type { ServiceObject, WorkloadObject } from 'longshore/plugins/compute';
import type { Profile } from 'longshore/sdk';
import { hostPort } from '../services/instance-addresses.ts';
import { accessProtocolOf, type SeenServicePort } from '../services/seen-service.ts';
import { dnsNameOf } from '../services/service-columns.ts';
import type { AccessWay } from './access-form.ts';
import { readHealthCheck } from './health-checks.ts';
import { accessOfAnnotation, wayOfService } from './linked-balancer.ts';
import { accessOf } from './plan-access.ts';

/** One way in as it is: a Service that leads to the pods of a workload. */
export interface AccessEntry {
  readonly service: ServiceObject;
  readonly way: AccessWay;
  /** Whether it is a setting of this workload, which `setWorkloadAccess` may take away. */
  readonly isSetting: boolean;
  readonly ports: readonly AccessPort[];
}

export interface AccessPort {
  readonly name: string | undefined;
  readonly protocol: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly nodePort: number | undefined;
  /** Undefined without a load balancer, and where the platform does not tell. */
  readonly hasHealthCheck: boolean | undefined;
  /** `address:port`, empty while there is none. */
  readonly addresses: readonly string[];
}

/** From where a workload is reached by which Services, by their names. Pure. */
export function readAccess(
  workload: WorkloadObject,
  services: readonly ServiceObject[],
  profile: Profile,
): readonly AccessEntry[] {
  const of = accessOf(workload);
  return [...services]
    .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
    .flatMap((service) => {
      const way = wayOfService(service, profile);
      if (!way) return [];
      const isSetting = service.metadata.annotations?.[accessOfAnnotation] === of;
      return [{ service, way, isSetting, ports: portsOf(service, profile) }];
    });
}

function portsOf(service: ServiceObject, profile: Profile): readonly AccessPort[] {
  return (service.spec?.ports ?? []).map((entry) => ({
    name: entry.name || undefined,
    protocol: accessProtocolOf(entry),
    port: entry.port,
    targetPort: (entry.targetPort as number | string | undefined) || entry.port,
    nodePort: entry.nodePort || undefined,
    hasHealthCheck: readHealthCheck(service, entry.port, profile),
    addresses: addressesOfPort(service, entry),
  }));
}

/** That of its load balancer, else its name in the cluster (NET-06, NET-09). */
export function addressesOfPort(service: ServiceObject, { port }: Pick<SeenServicePort, 'port'>): readonly string[] {
  if (service.spec?.type !== 'LoadBalancer') return [hostPort(dnsNameOf(service, 'cluster.local'), port)];
  const outside = (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  return outside.map((host) => hostPort(host, port));
}
