/** What a version is: all that somebody said of it, and what was made of that when it was submitted. Plain data. */
export interface VersionSpec {
  /** The pod template that the form made (core/v1); its configuration is named by its snapshots once it is submitted. */
  readonly podTemplate: Readonly<Record<string, unknown>>;
  /** Claims that each pod of a stateful service gets of its own. */
  readonly volumeClaimTemplates: readonly Readonly<Record<string, unknown>>[];
  readonly scaling: ScalingSpec;
  /** Services by which it is reached. */
  readonly access: readonly AccessSpec[];
  readonly deployment: DeploymentSpec;
  /** ConfigMaps and Secrets that its pods name, with the immutable copies that stand for them; empty in a draft. */
  readonly configuration: readonly ConfigurationSnapshot[];
}

export interface ScalingSpec {
  readonly strategy: 'FIXED' | 'SCHEDULED';
  /** Pods in all units together. */
  readonly replicas: number;
  readonly elasticNodes: boolean;
  /** Of SCHEDULED: the timetable as it was given; its provider reads it. */
  readonly schedule?: Readonly<Record<string, unknown>> | undefined;
}

export interface AccessSpec {
  readonly name: string;
  readonly type: 'CLUSTER_IP' | 'HEADLESS' | 'NODE_PORT' | 'LOAD_BALANCER';
  readonly ports: readonly {
    readonly name: string;
    readonly protocol: 'TCP' | 'UDP';
    readonly port: number;
    readonly targetPort: number;
    readonly nodePort: number | null;
  }[];
}

export type Grouping = 'FAST' | 'ONE_PER_POD' | 'ALL_IN_ONE';

/** REL-07. */
export interface DeploymentSpec {
  readonly upgradeMode: 'IN_PLACE' | 'REPLACE';
  /** Deployment units; empty for all that there are. */
  readonly units: readonly string[];
  readonly grouping: Grouping;
  readonly minGroups: number;
  readonly betaGroup: boolean;
  readonly pauseAfterGroup: boolean;
  /** Whether pods are spread evenly over the units, or wherever there is room. */
  readonly isSpread: boolean;
  /** App services whose nodes its pods share, or keep away from: for pods that are made anew. */
  readonly affinity: ServiceAffinity;
  /** Share of the traffic that each release shifts to the new version, in percent, with the HTTPRoute that does; null for none (REL-37). */
  readonly traffic: TrafficSpec | null;
  /** Whether pods are taken off their Services before they are updated, and put back when they are ready (REL-38). */
  readonly isLossless: boolean;
  /** Whether the sidecar of the cluster's mesh is put into its pods; off where it is not said. */
  readonly isMeshed?: boolean;
}

export interface ServiceAffinity {
  readonly sameNode: readonly ServiceName[];
  readonly differentNode: readonly ServiceName[];
}

/** An app service of the same cluster. */
export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

export interface TrafficSpec {
  readonly route: string;
  /** Percent for the new version, 1 to 100. */
  readonly percent: number;
}

export interface ConfigurationSnapshot {
  readonly kind: 'ConfigMap' | 'Secret';
  /** As the form names it. */
  readonly name: string;
  /** The immutable copy. */
  readonly snapshot: string;
}
