/** What a form says of a field: nothing (it stays as it is), null (it goes away), or a value. */
export type Maybe<T> = T | null | undefined;

export interface LabelForm {
  readonly key: string;
  readonly value: string;
}

/** Types as the form has them (NET-01). */
export const serviceWords = {
  CONTAINER_NATIVE_LB: 'A load balancer that leads straight to the pods: a LoadBalancer without ports of nodes.',
  EXTERNAL_NAME: 'Another name for a host elsewhere.',
  CLUSTER_IP: 'An address inside the cluster; headless with `clusterIP: "None"`.',
  NODE_PORT: 'Also a port of every node.',
  LOAD_BALANCER: 'Also a load balancer, which leads to ports of nodes.',
  CUSTOM: 'Whatever `spec` says, as Kubernetes has it.',
} as const;
export type ServiceWord = keyof typeof serviceWords;

export const lbAlgorithms = {
  ROUND_ROBIN: 'One after the other.',
  LEAST_CONN: 'To whoever has the fewest connections.',
  WEIGHTED: 'One after the other, by their weights.',
  WEIGHTED_LEAST_CONN: 'To whoever has the fewest connections for its weight.',
} as const;

/** A port of the Service and the one of its pods (NET-07, CON-19, CON-40). */
export interface ServicePortForm {
  readonly name?: Maybe<string>;
  /** `TCP`, `UDP` or `SCTP`, or what is spoken over TCP: `HTTP`, `HTTPS`. */
  readonly protocol?: Maybe<string>;
  readonly port: number;
  readonly targetPort?: Maybe<number | string>;
  readonly nodePort?: Maybe<number>;
}

/** What a load balancer is told, beyond its ports (NET-02, NET-06). */
export interface LoadBalancerForm {
  readonly className?: Maybe<string>;
  readonly existingId?: Maybe<string>;
  readonly algorithm?: Maybe<string>;
  readonly bandwidthMbps?: Maybe<number>;
  readonly forwardsClientIP?: Maybe<boolean>;
  readonly sessionPersistenceSeconds?: Maybe<number>;
  readonly hasHealthCheck?: Maybe<boolean>;
  /** Of access settings: the ports that it checks, where these are not all of them. */
  readonly healthCheckPorts?: Maybe<readonly number[]>;
  readonly sourceRanges?: Maybe<readonly string[]>;
  /** `VPC` or `PUBLIC`, of access settings. */
  readonly addressType?: Maybe<string>;
}

export interface ServiceForm {
  readonly type?: Maybe<string>;
  readonly ports?: Maybe<readonly ServicePortForm[]>;
  readonly clusterIP?: Maybe<string>;
  readonly externalName?: Maybe<string>;
  /** Already resolved to labels. */
  readonly selector?: Maybe<readonly LabelForm[]>;
  readonly loadBalancer?: Maybe<LoadBalancerForm>;
  readonly sessionAffinity?: Maybe<string>;
  readonly sessionAffinitySeconds?: Maybe<number>;
  readonly externalTrafficPolicy?: Maybe<string>;
  readonly spec?: unknown;
  readonly description?: Maybe<string>;
  readonly application?: Maybe<string>;
  readonly labels?: Maybe<readonly LabelForm[]>;
  readonly removeLabels?: Maybe<readonly string[]>;
  readonly annotations?: Maybe<readonly LabelForm[]>;
  readonly removeAnnotations?: Maybe<readonly string[]>;
}
