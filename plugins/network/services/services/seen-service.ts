import type { V1Service } from '@kubernetes/client-node';
import type { Raw } from 'longshore/sdk';
import type { ServiceWord } from './service-form.ts';

/** What is read of a Service; of text it may lack anything. */
export type SeenService = Pick<Partial<Raw<V1Service>>, 'spec'>;
export type SeenServicePort = NonNullable<NonNullable<SeenService['spec']>['ports']>[number];

/** The word of a form for what a Service is (NET-01); undefined for a type that no form knows. */
export function wordOfService({ spec }: SeenService): Exclude<ServiceWord, 'CUSTOM'> | undefined {
  switch (spec?.type ?? 'ClusterIP') {
    case 'ClusterIP':
      return 'CLUSTER_IP';
    case 'NodePort':
      return 'NODE_PORT';
    case 'ExternalName':
      return 'EXTERNAL_NAME';
    case 'LoadBalancer':
      return spec?.allocateLoadBalancerNodePorts === false ? 'CONTAINER_NATIVE_LB' : 'LOAD_BALANCER';
    default:
      return undefined;
  }
}

/** How a load balancer is reached at a port: what is spoken there counts, where it is HTTP or HTTPS (CON-44). */
export function accessProtocolOf({ protocol = 'TCP', appProtocol }: SeenServicePort): string {
  const spoken = appProtocol?.toUpperCase();
  return protocol === 'TCP' && (spoken === 'HTTP' || spoken === 'HTTPS') ? spoken : protocol;
}
