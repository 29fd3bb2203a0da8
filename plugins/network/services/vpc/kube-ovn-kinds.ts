import { type KubeObject, kindRef } from 'longshore/sdk';

/** `kubeovn.io/v1` as of 1.16; nearly everything may be missing, since its schemas require nothing. */
interface OvnObject {
  readonly apiVersion?: string;
  readonly kind?: string;
}

export interface StaticRoute {
  readonly policy?: string;
  readonly cidr?: string;
  readonly nextHopIP?: string;
  readonly routeTable?: string;
}

export interface OvnVpc extends OvnObject {
  readonly spec?: {
    /** Namespaces that may use it. */
    readonly namespaces?: readonly string[];
    readonly defaultSubnet?: string;
    readonly staticRoutes?: readonly StaticRoute[];
  };
  readonly status?: {
    /** Its router is there. */
    readonly standby?: boolean;
    readonly default?: boolean;
    readonly defaultLogicalSwitch?: string;
    readonly subnets?: readonly string[];
  };
}

export interface OvnCondition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface OvnSubnet extends OvnObject {
  readonly spec?: {
    readonly vpc?: string;
    readonly protocol?: string;
    /** `10.0.0.0/24`, or two of both families with a comma. */
    readonly cidrBlock?: string;
    readonly gateway?: string;
    /** Addresses, and ranges as `10.0.0.1..10.0.0.5`. */
    readonly excludeIps?: readonly string[];
    readonly namespaces?: readonly string[];
    readonly provider?: string;
    readonly natOutgoing?: boolean;
    readonly private?: boolean;
    readonly default?: boolean;
    readonly vlan?: string;
  };
  readonly status?: {
    readonly v4usingIPs?: number;
    readonly v6usingIPs?: number;
    readonly conditions?: readonly OvnCondition[];
  };
}

export type VpcObject = KubeObject<OvnVpc>;
export type SubnetObject = KubeObject<OvnSubnet>;

const ovn = { group: 'kubeovn.io', version: 'v1', isNamespaced: false } as const;

export const vpcKind = kindRef<OvnVpc>({ ...ovn, kind: 'Vpc', plural: 'vpcs' });
export const subnetKind = kindRef<OvnSubnet>({ ...ovn, kind: 'Subnet', plural: 'subnets' });
