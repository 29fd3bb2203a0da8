import type { Profile } from 'longshore/sdk';
import { readLbOption } from '../services/lb-annotations.ts';
import { type SeenService, wordOfService } from '../services/seen-service.ts';
import type { AccessWay } from './access-form.ts';

/** On a Service: the workload whose access setting it is, as `apps/Deployment/vote`. */
export const accessOfAnnotation = 'longshore.dev/access-of';
/** On such a Service: its `AccessWay`, for platforms that have no annotation for it. */
export const accessWayAnnotation = 'longshore.dev/access-way';

/** A Service as it is or shall be; of text it may lack anything. */
export interface AnnotatedService extends SeenService {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> | undefined } | undefined;
}

/** The load balancer that a Service is linked to. */
export interface LinkedBalancer {
  readonly way: 'VPC' | 'PUBLIC';
  /** Of one that was there already; undefined for one that was made for the Service. */
  readonly id: string | undefined;
  readonly className: string | undefined;
}

/** From where a Service is reached; undefined for another name for a host elsewhere. */
export function wayOfService(service: AnnotatedService, profile: Profile): AccessWay | undefined {
  const word = wordOfService(service);
  if (word === 'CLUSTER_IP') return 'IN_CLUSTER';
  if (word === 'NODE_PORT') return 'NODE_PORT';
  return linkedBalancer(service, profile)?.way;
}

export function linkedBalancer(service: AnnotatedService, profile: Profile): LinkedBalancer | undefined {
  if (service.spec?.type !== 'LoadBalancer') return undefined;
  const annotations = service.metadata?.annotations;
  const said = readLbOption(annotations, 'ADDRESS_TYPE', profile) ?? annotations?.[accessWayAnnotation];
  return {
    way: said === 'VPC' ? 'VPC' : 'PUBLIC',
    id: readLbOption(annotations, 'LOAD_BALANCER_ID', profile) || undefined,
    className: service.spec.loadBalancerClass || undefined,
  };
}

/** Whether what comes through the load balancer of a Service ends, because it gets another one or none (NET-08). */
export function losesBalancer(before: LinkedBalancer | undefined, after: LinkedBalancer | undefined): boolean {
  if (!before) return false;
  return !after || before.id !== after.id || before.way !== after.way || before.className !== after.className;
}

/** Whether a load balancer has to be made for it (0.4). */
export function makesBalancer(before: LinkedBalancer | undefined, after: LinkedBalancer | undefined): boolean {
  return after !== undefined && after.id === undefined && (!before || losesBalancer(before, after));
}

export const balancerWarnings = {
  LOAD_BALANCER_CHANGES:
    'A Service gets another load balancer or none: what comes through the one that it has is interrupted (NET-08).',
} as const;

export const toldOfLostBalancer = (name: string): string =>
  `Service '${name}' loses the load balancer that it has: requests through it are interrupted, and its address changes`;
