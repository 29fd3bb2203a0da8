import { type LongshoreBuilder, registerEnum, typeRef } from 'longshore/sdk';
import type { ServiceObject } from '../api.ts';

type Port = NonNullable<NonNullable<ServiceObject['spec']>['ports']>[number];
type Ingress = NonNullable<NonNullable<NonNullable<ServiceObject['status']>['loadBalancer']>['ingress']>[number];

export const servicePortRef = typeRef<Port>('ServicePort');
export const loadBalancerIngressRef = typeRef<Ingress>('LoadBalancerIngress');

export const serviceTypes = {
  ClusterIP: 'CLUSTER_IP',
  NodePort: 'NODE_PORT',
  LoadBalancer: 'LOAD_BALANCER',
  ExternalName: 'EXTERNAL_NAME',
} as const;
export type ServiceType = (typeof serviceTypes)[keyof typeof serviceTypes] | 'UNKNOWN';

export const sessionAffinities = { None: 'NONE', ClientIP: 'CLIENT_IP' } as const;

/** What a Service is made of. */
export function registerServiceParts(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ServiceType', 'From where a Service can be reached.', {
    CLUSTER_IP: 'From inside the cluster; headless where it has no address.',
    NODE_PORT: 'Also by a port of every node.',
    LOAD_BALANCER: 'Also by a load balancer outside the cluster.',
    EXTERNAL_NAME: 'It is only another name for a host elsewhere.',
    UNKNOWN: 'One that this version does not know.',
  });
  registerEnum(builder, 'SessionAffinity', 'Whether one caller always meets the same pod.', {
    NONE: 'Any pod.',
    CLIENT_IP: "The same pod for the same caller's address.",
    UNKNOWN: 'One that this version does not know.',
  });
  builder.objectType(servicePortRef, {
    description: 'A port of a Service.',
    fields: (t) => ({
      name: t.string({
        nullable: true,
        description: 'Its name; null only where it is the only one.',
        resolve: (port) => port.name ?? null,
      }),
      protocol: t.string({ description: '`TCP`, `UDP` or `SCTP`.', resolve: (port) => port.protocol ?? 'TCP' }),
      appProtocol: t.string({
        nullable: true,
        description: 'What is spoken there, e.g. `https` or `kubernetes.io/h2c`.',
        resolve: (port) => port.appProtocol ?? null,
      }),
      port: t.exposeInt('port', { description: 'Port of the Service, 1 to 65535.' }),
      targetPort: t.field({
        type: 'IntOrString',
        description: "Port of the pods, by number or by a container port's name.",
        resolve: (port) => port.targetPort ?? port.port,
      }),
      nodePort: t.int({
        nullable: true,
        description: 'Port of every node, where it has one.',
        resolve: (port) => port.nodePort || null,
      }),
    }),
  });
  builder.objectType(loadBalancerIngressRef, {
    description: 'Where a load balancer takes traffic for a Service.',
    fields: (t) => ({
      ip: t.string({ nullable: true, description: 'Its address.', resolve: (ingress) => ingress.ip ?? null }),
      hostname: t.string({
        nullable: true,
        description: 'Its name in DNS.',
        resolve: (ingress) => ingress.hostname ?? null,
      }),
    }),
  });
}
