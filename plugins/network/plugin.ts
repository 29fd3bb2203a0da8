import { podAddressingRef } from 'longshore/plugins/compute';
import { workspaceNetworksServiceRef } from 'longshore/plugins/core';
import { declareKind, definePlugin } from 'longshore/sdk';
import { endpointSliceKind, networkPolicyKind } from './api.ts';
import { networkPermissions } from './permissions.ts';
import { networkProfileKeys } from './profile-keys/network-profile-keys.ts';
import { registerAccess } from './schema/access/register-access.ts';
import { registerAddresses } from './schema/addresses/register-addresses.ts';
import { registerBalancers } from './schema/balancers/register-balancers.ts';
import { registerGroups } from './schema/groups/register-groups.ts';
import { ingressWarnings } from './schema/ingresses/create-ingress.ts';
import { registerIngresses } from './schema/ingresses/register-ingresses.ts';
import { registerNat } from './schema/nat/register-nat.ts';
import { registerNetworkQuotas } from './schema/network-quotas.ts';
import { registerPolicies } from './schema/policies/register-policies.ts';
import { registerServices } from './schema/services/register-services.ts';
import { registerTopology } from './schema/topology/register-topology.ts';
import { registerVpc } from './schema/vpc/register-vpc.ts';
import { balancerWarnings } from './services/access/linked-balancer.ts';
import { ipPoolKind } from './services/addresses/address-pools.ts';
import { podAddressing } from './services/addresses/pod-addressing.ts';
import { podNetworkCheck } from './services/addresses/pod-network-check.ts';
import { poolDeletionCheck, poolManifestCheck } from './services/addresses/pool-checks.ts';
import {
  balancerDeletionCheck,
  certificateDeletionCheck,
  classDeletionCheck,
} from './services/balancers/balancer-deletion-checks.ts';
import { balancerManifestCheck, groupManifestCheck } from './services/balancers/balancer-manifest-checks.ts';
import { customResourceCheck, importedBalancerCheck } from './services/balancers/custom-resource-check.ts';
import { gatewayIndexes, routeIndexes } from './services/balancers/find-groups.ts';
import { gatewayClassKind, gatewayKind, otherRouteKinds, routeKinds } from './services/balancers/gateway-kinds.ts';
import {
  podGroupsCheck,
  securityGroupDeletionCheck,
  securityGroupManifestCheck,
} from './services/groups/group-checks.ts';
import { groupDeclaredKinds, groupWorkspaceKinds } from './services/groups/group-kinds.ts';
import { ingressManifestCheck } from './services/ingresses/ingress-manifest-check.ts';
import { natDeclaredKinds } from './services/nat/nat-declared-kinds.ts';
import { natDeletionCheck } from './services/nat/nat-deletion-check.ts';
import { natManifestCheck } from './services/nat/nat-manifest-check.ts';
import { natReasons, natWarnings } from './services/nat/nat-words.ts';
import { natWorkspaceKinds } from './services/nat/nat-workspace-kinds.ts';
import { policyIndexes } from './services/policies/policies-of-pods.ts';
import { endpointSliceIndexes } from './services/services/endpoints-of-service.ts';
import { serviceDeletionCheck } from './services/services/service-deletion-check.ts';
import { serviceManifestCheck } from './services/services/service-manifest-check.ts';
import { subnetKind, vpcKind } from './services/vpc/kube-ovn-kinds.ts';
import { networkDeletionCheck } from './services/vpc/network-deletion-check.ts';
import { networkManifestCheck } from './services/vpc/network-manifest-check.ts';
import { vpcReasons } from './services/vpc/vpc-reasons.ts';
import { vpcWorkspaceKinds } from './services/vpc/vpc-workspace-kinds.ts';
import { createWorkspaceNetworks } from './services/vpc/workspace-networks.ts';

/** How pods are reached, and what they reach. Without it Services are shown, but not made. */
export const networkPlugin = definePlugin({
  name: 'network',
  version: '1.0.0',
  description: 'How pods are reached, and what they reach.',
  requires: { core: '^1', compute: '^1' },
  kinds: [
    declareKind({ kind: networkPolicyKind, indexes: policyIndexes }),
    declareKind({ kind: endpointSliceKind, indexes: endpointSliceIndexes }),
    // Load balancers
    declareKind({ kind: gatewayKind, indexes: gatewayIndexes }),
    declareKind({ kind: gatewayClassKind }),
    ...[...routeKinds, ...otherRouteKinds].map((kind) => declareKind({ kind, indexes: routeIndexes })),
    // VPCs
    declareKind({ kind: vpcKind }),
    declareKind({ kind: subnetKind, indexes: { vpc: ({ spec }) => (spec?.vpc ? [spec.vpc] : []) } }),
    // Addresses of pods
    declareKind({ kind: ipPoolKind }),
    // Security groups
    ...groupDeclaredKinds,
    // NAT
    ...natDeclaredKinds,
  ],
  permissions: networkPermissions,
  workspaceKinds: [
    ...vpcWorkspaceKinds,
    ...groupWorkspaceKinds,
    ...natWorkspaceKinds,
    { kind: ipPoolKind, fields: {} },
  ],
  manifestChecks: [
    // Services
    serviceManifestCheck,
    ingressManifestCheck,
    // Load balancers
    balancerManifestCheck,
    groupManifestCheck,
    customResourceCheck,
    importedBalancerCheck,
    // VPCs
    networkManifestCheck,
    // Security groups
    securityGroupManifestCheck,
    podGroupsCheck,
    // NAT
    natManifestCheck,
    // Addresses of pods
    podNetworkCheck,
    poolManifestCheck,
  ],
  deletionChecks: [
    // Services
    serviceDeletionCheck,
    // Load balancers
    balancerDeletionCheck,
    certificateDeletionCheck,
    classDeletionCheck,
    // VPCs
    networkDeletionCheck,
    // Addresses of pods
    poolDeletionCheck,
    // Security groups
    securityGroupDeletionCheck,
    // NAT
    natDeletionCheck,
  ],
  schema: [
    // Services
    registerServices,
    registerIngresses,
    registerAccess,
    // NetworkPolicies
    registerPolicies,
    // Load balancers
    registerBalancers,
    // VPCs
    registerVpc,
    // Security groups
    registerGroups,
    // Topology
    registerTopology,
    // Addresses of pods
    registerAddresses,
    // NAT
    registerNat,
    registerNetworkQuotas,
  ],
  warnings: {
    ...ingressWarnings,
    ...balancerWarnings,
    ...natWarnings,
    // Services
    SERVICE_LOSES_LAST_INSTANCE: 'The Service has no other instance that is ready (NET-22).',
    // Load balancers
    LISTENER_LOSES_BACKEND: 'Listeners lead nowhere once the backend group is gone (CON-25).',
  },
  reasons: {
    // Services
    ACCESS_NOT_WRITTEN:
      'An access setting was left as it is, because another one could not be written, or it has changed meanwhile.',
    ...vpcReasons,
    ...natReasons,
    // Services
    INSTANCES_BOUND_TOGETHER: 'The Service sends traffic to all its instances, and not to single ones.',
    INSTANCE_HELD_BY_LABEL: 'What made the pod finds it by the very label that would change.',
    // Load balancers
    NO_LOAD_BALANCER_CLASS: 'The cluster has no class of load balancers that is asked for.',
    LISTENER_NAME_TAKEN: 'The load balancer has a listener of this name.',
    LISTENER_PORT_TAKEN: 'Another listener of the load balancer has the port.',
    LISTENER_BOUND: 'The listener leads to another backend group already.',
    SENSITIVE_PORT:
      'The port needs to be filed with the authorities, and the profile does not say that it was approved.',
    PROTOCOL_IMMUTABLE: 'The protocol of a backend group never changes.',
    ROUTE_HAS_SEVERAL_RULES: 'The route has several rules: it is edited as YAML.',
  },
  services: [
    // VPCs
    workspaceNetworksServiceRef,
    // Addresses of pods
    podAddressingRef,
  ],
  setup(env) {
    env.provide(workspaceNetworksServiceRef, createWorkspaceNetworks());
    env.provide(podAddressingRef, podAddressing);
  },
  profileKeys: networkProfileKeys,
  profiles: new URL('./profiles', import.meta.url).href,
});
