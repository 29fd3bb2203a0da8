import type { KindClient } from '../../controllers/kind-client.ts';
import type { LabelSelector, NodeSelectorTerm, Toleration } from '../../controllers/kubernetes-shapes.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { EngineContext } from '../engine.ts';

export const group = 'kubeovn.io';
export const fieldManager = 'kube-ovn-controller';
export const finalizer = 'kubeovn.io/kube-ovn-controller';
export const ovnProvider = 'ovn';
export const names = {
  defaultVpc: 'ovn-cluster',
  defaultSubnet: 'ovn-default',
  nodeSubnet: 'join',
  /** Of VpcNatGateways and IptablesEIPs that name none. */
  natSubnet: 'ovn-vpc-external-network',
  /** Of OvnEips that name none. */
  externalSubnet: 'external',
  system: 'kube-system',
} as const;

/** Annotations and labels under `ovn.kubernetes.io/`. */
export const marks = {
  logicalSwitch: 'ovn.kubernetes.io/logical_switch',
  cidr: 'ovn.kubernetes.io/cidr',
  excludeIps: 'ovn.kubernetes.io/exclude_ips',
  subnet: 'ovn.kubernetes.io/subnet',
  nodeName: 'ovn.kubernetes.io/node-name',
  ipReserved: 'ovn.kubernetes.io/ip_reserved',
  natGateway: 'ovn.kubernetes.io/vpc_nat_gw',
  natGatewayInit: 'ovn.kubernetes.io/vpc_nat_gw_init',
  natGatewayActivated: 'ovn.kubernetes.io/vpc_nat_gw_activated',
  natGatewayPod: 'ovn.kubernetes.io/vpc-nat-gw',
  natGatewayName: 'ovn.kubernetes.io/vpc-nat-gw-name',
  eipV4: 'ovn.kubernetes.io/eip_v4_ip',
  eip: 'ovn.kubernetes.io/vpc_eip',
  dnatPort: 'ovn.kubernetes.io/vpc_dnat_eport',
  switchLbVip: 'ovn.kubernetes.io/switch_lb_vip',
} as const;

export interface OvnCondition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  readonly lastUpdateTime: string;
  readonly lastTransitionTime: string;
}

export interface Vpc extends ClusterObject {
  readonly spec?: {
    readonly namespaces?: readonly string[];
    readonly defaultSubnet?: string;
    readonly staticRoutes?: readonly {
      readonly policy?: string;
      readonly cidr?: string;
      readonly nextHopIP?: string;
    }[];
    readonly vpcPeerings?: readonly { readonly remoteVpc?: string; readonly localConnectIP?: string }[];
    readonly enableExternal?: boolean;
    readonly enableBfd?: boolean;
    readonly extraExternalSubnets?: readonly string[];
  };
  readonly status?: {
    readonly standby?: boolean;
    readonly default?: boolean;
    readonly subnets?: readonly string[];
    readonly defaultLogicalSwitch?: string;
  };
}

export interface SubnetSpec {
  readonly vpc?: string;
  readonly protocol?: string;
  readonly cidrBlock?: string;
  readonly gateway?: string;
  readonly excludeIps?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly namespaceSelectors?: readonly LabelSelector[];
  readonly provider?: string;
  readonly gatewayType?: string;
  readonly natOutgoing?: boolean;
  readonly externalEgressGateway?: string;
  readonly private?: boolean;
  readonly allowSubnets?: readonly string[];
  readonly vips?: readonly string[];
  readonly vlan?: string;
  readonly logicalGateway?: boolean;
  readonly u2oInterconnection?: boolean;
  readonly enableLb?: boolean;
  readonly default?: boolean;
}

export interface Subnet extends ClusterObject {
  readonly spec?: SubnetSpec;
  readonly status?: { readonly conditions?: readonly OvnCondition[]; readonly [field: string]: unknown };
}

export interface Ip extends ClusterObject {
  readonly spec: {
    readonly podName?: string;
    readonly namespace?: string;
    readonly nodeName?: string;
    readonly subnet?: string;
    readonly ipAddress?: string;
    readonly v4IpAddress?: string;
    readonly v6IpAddress?: string;
    readonly macAddress?: string;
    readonly podType?: string;
  };
}

export interface Vip extends ClusterObject {
  readonly spec?: {
    readonly namespace?: string;
    readonly subnet?: string;
    readonly type?: string;
    readonly v4ip?: string;
    readonly v6ip?: string;
    readonly macAddress?: string;
  };
  readonly status?: { readonly v4ip?: string; readonly v6ip?: string; readonly mac?: string; readonly type?: string };
}

export interface IpPool extends ClusterObject {
  readonly spec?: {
    readonly subnet?: string;
    readonly namespaces?: readonly string[];
    readonly ips?: readonly string[];
  };
  readonly status?: { readonly [field: string]: unknown };
}

export interface VpcNatGateway extends ClusterObject {
  readonly spec?: {
    readonly vpc?: string;
    readonly subnet?: string;
    readonly lanIp?: string;
    readonly externalSubnets?: readonly string[];
    readonly selector?: readonly string[];
    readonly tolerations?: readonly Toleration[];
    readonly affinity?: { readonly nodeAffinity?: { readonly required?: NodeSelectorTerm } };
    readonly qosPolicy?: string;
    readonly noDefaultEIP?: boolean;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly status?: { readonly [field: string]: unknown };
}

export interface IptablesEip extends ClusterObject {
  readonly spec?: {
    readonly natGwDp?: string;
    readonly externalSubnet?: string;
    readonly v4ip?: string;
    readonly v6ip?: string;
    readonly macAddress?: string;
    readonly qosPolicy?: string;
  };
  readonly status?: { readonly ready?: boolean; readonly ip?: string; readonly nat?: string };
}

/** IptablesSnatRule, IptablesDnatRule and IptablesFIPRule. */
export interface IptablesRule extends ClusterObject {
  readonly spec?: {
    readonly eip?: string;
    readonly internalCIDR?: string;
    readonly internalIp?: string;
    readonly internalPort?: string;
    readonly externalPort?: string;
    readonly protocol?: string;
  };
  readonly status?: { readonly ready?: boolean; readonly v4ip?: string; readonly natGwDp?: string };
}

export interface OvnEip extends ClusterObject {
  readonly spec?: {
    readonly externalSubnet?: string;
    readonly type?: string;
    readonly v4Ip?: string;
    readonly v6Ip?: string;
    readonly macAddress?: string;
  };
  readonly status?: {
    readonly ready?: boolean;
    readonly v4Ip?: string;
    readonly v6Ip?: string;
    readonly macAddress?: string;
  };
}

/** OvnSnatRule, OvnDnatRule and OvnFip. */
export interface OvnRule extends ClusterObject {
  readonly spec?: {
    readonly ovnEip?: string;
    readonly vpc?: string;
    readonly vpcSubnet?: string;
    readonly ipType?: string;
    readonly ipName?: string;
    readonly v4Ip?: string;
    readonly v4IpCidr?: string;
    readonly internalPort?: string;
    readonly externalPort?: string;
    readonly protocol?: string;
  };
  readonly status?: { readonly ready?: boolean; readonly vpc?: string };
}

export interface SwitchLbRule extends ClusterObject {
  readonly spec?: {
    readonly vip?: string;
    readonly namespace?: string;
    readonly selector?: readonly string[];
    readonly endpoints?: readonly string[];
    readonly sessionAffinity?: string;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port?: number;
      readonly targetPort?: number;
      readonly protocol?: string;
    }[];
  };
}

export interface VpcDns extends ClusterObject {
  readonly spec?: { readonly vpc?: string; readonly subnet?: string; readonly replicas?: number };
}

export interface Vlan extends ClusterObject {
  readonly spec?: { readonly id?: number; readonly provider?: string };
  readonly status?: { readonly conflict?: boolean; readonly subnets?: readonly string[] };
}

export interface ProviderNetwork extends ClusterObject {
  readonly spec?: { readonly excludeNodes?: readonly string[] };
}

export interface SecurityGroup extends ClusterObject {
  readonly spec?: {
    readonly allowSameGroupTraffic?: boolean;
    readonly ingressRules?: readonly SecurityRule[];
    readonly egressRules?: readonly SecurityRule[];
  };
  readonly status?: { readonly [field: string]: unknown };
}

export interface SecurityRule {
  readonly ipVersion?: string;
  readonly protocol?: string;
  readonly priority?: number;
  readonly remoteType?: string;
  readonly remoteAddress?: string;
  readonly remoteSecurityGroup?: string;
  readonly portRangeMin?: number;
  readonly portRangeMax?: number;
  readonly policy?: string;
}

export const iptablesPlurals = ['iptables-snat-rules', 'iptables-dnat-rules', 'iptables-fip-rules'] as const;
export const ovnPlurals = ['ovn-snat-rules', 'ovn-dnat-rules', 'ovn-fips'] as const;
export type IptablesPlural = (typeof iptablesPlurals)[number];
export type OvnPlural = (typeof ovnPlurals)[number];

export interface OvnKinds {
  readonly vpcs: KindClient<Vpc>;
  readonly subnets: KindClient<Subnet>;
  readonly ips: KindClient<Ip>;
  readonly vips: KindClient<Vip>;
  readonly pools: KindClient<IpPool>;
  readonly gateways: KindClient<VpcNatGateway>;
  readonly eips: KindClient<IptablesEip>;
  readonly iptablesRules: Readonly<Record<IptablesPlural, KindClient<IptablesRule>>>;
  readonly ovnEips: KindClient<OvnEip>;
  readonly ovnRules: Readonly<Record<OvnPlural, KindClient<OvnRule>>>;
  readonly vlans: KindClient<Vlan>;
}

export function ovnKinds(context: EngineContext): OvnKinds {
  const of = <T extends ClusterObject>(plural: string): KindClient<T> => context.kind<T>(group, plural, fieldManager);
  return {
    vpcs: of('vpcs'),
    subnets: of('subnets'),
    ips: of('ips'),
    vips: of('vips'),
    pools: of('ippools'),
    gateways: of('vpc-nat-gateways'),
    eips: of('iptables-eips'),
    iptablesRules: {
      'iptables-snat-rules': of('iptables-snat-rules'),
      'iptables-dnat-rules': of('iptables-dnat-rules'),
      'iptables-fip-rules': of('iptables-fip-rules'),
    },
    ovnEips: of('ovn-eips'),
    ovnRules: {
      'ovn-snat-rules': of('ovn-snat-rules'),
      'ovn-dnat-rules': of('ovn-dnat-rules'),
      'ovn-fips': of('ovn-fips'),
    },
    vlans: of('vlans'),
  };
}

/** The object with the controller's finalizer, or without; the same object where nothing changes. */
export function withFinalizer<T extends ClusterObject>(object: T, isWanted: boolean): T {
  const present = object.metadata.finalizers ?? [];
  if (present.includes(finalizer) === isWanted) return object;
  const finalizers = isWanted ? [...present, finalizer] : present.filter((each) => each !== finalizer);
  return { ...object, metadata: { ...object.metadata, finalizers } };
}

export function isDeleting({ metadata }: ClusterObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Whether Kube-OVN itself carries the traffic, and does not only hand out addresses for another plugin. */
export function isOvnSubnet({ spec }: Subnet): boolean {
  const provider = spec?.provider ?? ovnProvider;
  return provider === '' || provider === ovnProvider || provider.endsWith(`.${ovnProvider}`);
}
