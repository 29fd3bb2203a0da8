/** What other plugins may hold of network: its Kubernetes kinds. */

import type { V1EndpointSlice, V1NetworkPolicy } from '@kubernetes/client-node';
import { type InterfaceTypeRef, interfaceRef, type KubeObject, kindRef, type TypeRef, typeRef } from 'longshore/sdk';
import type { IpPoolObject } from './services/addresses/address-pools.ts';
import type { SecurityGroupObject } from './services/groups/group-kinds.ts';
import type {
  DnatRuleObject,
  EipObject,
  FipRuleObject,
  NatGatewayObject,
  SnatRuleObject,
} from './services/nat/nat-kinds.ts';
import type { SubnetObject, VpcObject } from './services/vpc/kube-ovn-kinds.ts';

export type NetworkPolicyObject = KubeObject<V1NetworkPolicy>;

export const networkPolicyKind = kindRef<V1NetworkPolicy>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  isNamespaced: true,
});

export const networkPolicyTypeRef: TypeRef<NetworkPolicyObject> = typeRef<NetworkPolicyObject>('NetworkPolicy');

// Routes of the Gateway API, and how a Service binds its instances one by one.
export type { BackendRef, RouteObject, RouteRule } from './services/balancers/gateway-kinds.ts';
export { httpRouteKind } from './services/balancers/gateway-kinds.ts';
export { bindingLabelOf, boundValue, unboundValue } from './services/services/instance-binding.ts';

// VPCs and subnets.
export type { SubnetObject, VpcObject } from './services/vpc/kube-ovn-kinds.ts';
export { subnetKind, vpcKind } from './services/vpc/kube-ovn-kinds.ts';

/** Declares the index `service`: the Service that it is of, as `namespace/name`. */
export const endpointSliceKind = kindRef<V1EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  isNamespaced: true,
});
export const vpcTypeRef: TypeRef<VpcObject> = typeRef<VpcObject>('Vpc');
export const securityGroupTypeRef: TypeRef<SecurityGroupObject> = typeRef<SecurityGroupObject>('SecurityGroup');
export const subnetTypeRef: TypeRef<SubnetObject> = typeRef<SubnetObject>('Subnet');

export const addressPoolTypeRef: TypeRef<IpPoolObject> = typeRef<IpPoolObject>('AddressPool');

// NAT gateways, elastic IPs and their rules.
export const natGatewayTypeRef: TypeRef<NatGatewayObject> = typeRef<NatGatewayObject>('NatGateway');
export const elasticIpTypeRef: TypeRef<EipObject> = typeRef<EipObject>('ElasticIp');
export const snatRuleTypeRef: TypeRef<SnatRuleObject> = typeRef<SnatRuleObject>('SnatRule');
/** Port mappings and mappings of all ports alike. */
export const dnatRuleTypeRef: InterfaceTypeRef<DnatRuleObject | FipRuleObject> = interfaceRef<
  DnatRuleObject | FipRuleObject
>('DnatRule');
