import { type KubeObject, kindRef } from 'longshore/sdk';
import type { OvnCondition } from '../vpc/kube-ovn-kinds.ts';

/** `kubeovn.io/v1` as of 1.16; nearly everything may be missing, since its schemas require nothing. */
interface OvnObject {
  readonly apiVersion?: string;
  readonly kind?: string;
}

export interface OvnNatGateway extends OvnObject {
  readonly spec?: {
    readonly vpc?: string;
    readonly subnet?: string;
    /** Its address inside the VPC, to which the VPC's default route leads. */
    readonly lanIp?: string;
    readonly externalSubnets?: readonly string[];
    readonly selector?: readonly string[];
    readonly noDefaultEIP?: boolean;
    readonly qosPolicy?: string;
  };
  /** 1.16 repeats parts of `spec` here and tells nothing of readiness. */
  readonly status?: { readonly externalSubnets?: readonly string[] };
}

export interface OvnEip extends OvnObject {
  readonly spec?: {
    /** The gateway's name. */
    readonly natGwDp?: string;
    /** Empty until one is allocated. */
    readonly v4ip?: string;
    readonly v6ip?: string;
    readonly macAddress?: string;
    readonly qosPolicy?: string;
    readonly externalSubnet?: string;
  };
  readonly status?: {
    readonly ready?: boolean;
    readonly ip?: string;
    readonly nat?: string;
    readonly conditions?: readonly OvnCondition[];
  };
}

interface RuleStatus {
  readonly ready?: boolean;
  readonly v4ip?: string;
  readonly natGwDp?: string;
  readonly conditions?: readonly OvnCondition[];
}

export interface OvnSnatRule extends OvnObject {
  readonly spec?: { readonly eip?: string; readonly internalCIDR?: string };
  readonly status?: RuleStatus;
}

export interface OvnDnatRule extends OvnObject {
  readonly spec?: {
    readonly eip?: string;
    /** Ports are texts. */
    readonly externalPort?: string;
    readonly internalPort?: string;
    readonly internalIp?: string;
    /** `tcp` or `udp`. */
    readonly protocol?: string;
  };
  readonly status?: RuleStatus;
}

/** All ports of an EIP to one address inside, and that address out by the EIP. */
export interface OvnFipRule extends OvnObject {
  readonly spec?: { readonly eip?: string; readonly internalIp?: string };
  readonly status?: RuleStatus;
}

export interface OvnQosPolicy extends OvnObject {
  readonly spec?: {
    readonly shared?: boolean;
    /** `EIP` or `NATGW`. */
    readonly bindingType?: string;
    /** Rates are texts, in Mbit/s. */
    readonly bandwidthLimitRules?: readonly {
      readonly name?: string;
      readonly rateMax?: string;
      readonly burstMax?: string;
      readonly priority?: number;
      readonly direction?: string;
    }[];
  };
}

export type NatGatewayObject = KubeObject<OvnNatGateway>;
export type EipObject = KubeObject<OvnEip>;
export type SnatRuleObject = KubeObject<OvnSnatRule>;
export type DnatRuleObject = KubeObject<OvnDnatRule>;
export type FipRuleObject = KubeObject<OvnFipRule>;
export type NatRuleObject = SnatRuleObject | DnatRuleObject | FipRuleObject;

const ovn = { group: 'kubeovn.io', version: 'v1', isNamespaced: false } as const;

export const natGatewayKind = kindRef<OvnNatGateway>({ ...ovn, kind: 'VpcNatGateway', plural: 'vpc-nat-gateways' });
export const eipKind = kindRef<OvnEip>({ ...ovn, kind: 'IptablesEIP', plural: 'iptables-eips' });
export const snatRuleKind = kindRef<OvnSnatRule>({ ...ovn, kind: 'IptablesSnatRule', plural: 'iptables-snat-rules' });
export const dnatRuleKind = kindRef<OvnDnatRule>({ ...ovn, kind: 'IptablesDnatRule', plural: 'iptables-dnat-rules' });
export const fipRuleKind = kindRef<OvnFipRule>({ ...ovn, kind: 'IptablesFIPRule', plural: 'iptables-fip-rules' });
export const qosPolicyKind = kindRef<OvnQosPolicy>({ ...ovn, kind: 'QoSPolicy', plural: 'qos-policies' });

export const natKinds = [natGatewayKind, eipKind, snatRuleKind, dnatRuleKind, fipRuleKind, qosPolicyKind];
