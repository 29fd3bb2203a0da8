import type { LoadBalancerForm, Maybe, ServicePortForm } from '../services/service-form.ts';

/** From where a workload is reached by one of its access settings (NET-06, NET-09). */
export const accessWays = {
  IN_CLUSTER: 'From inside the cluster: a Service of type ClusterIP.',
  NODE_PORT: 'Also at a port of every node: a Service of type NodePort.',
  VPC: 'From inside the network (VPC), through an internal load balancer: a Service of type LoadBalancer.',
  PUBLIC: 'From everywhere, through a public load balancer: a Service of type LoadBalancer.',
} as const;
export type AccessWay = keyof typeof accessWays;

export const isBalancedWay = (way: AccessWay): boolean => way === 'VPC' || way === 'PUBLIC';

export interface AccessPortForm extends ServicePortForm {
  /** Of a load balancer alone: whether it checks what is behind this port. */
  readonly hasHealthCheck?: Maybe<boolean>;
}

/** One way in: one Service. What it does not say stays as it is, or is as the profile has it. */
export interface AccessEntryForm {
  /** Of its Service, and so what tells it from the others. */
  readonly name: string;
  readonly way: AccessWay;
  readonly ports: readonly AccessPortForm[];
  readonly loadBalancer?: Maybe<Omit<LoadBalancerForm, 'hasHealthCheck' | 'healthCheckPorts' | 'addressType'>>;
}
