import { workspaceNetworksServiceRef } from 'longshore/plugins/core';
import { declareKind, definePlugin } from 'longshore/sdk';
import { endpointSliceKind, networkPolicyKind } from './api.ts';
import { networkPermissions } from './permissions.ts';
import { networkProfileKeys } from './profile-keys/network-profile-keys.ts';
import { ingressWarnings } from './schema/ingresses/create-ingress.ts';
import { registerIngresses } from './schema/ingresses/register-ingresses.ts';
import { registerNat } from './schema/nat/register-nat.ts';
import { registerServices } from './schema/services/register-services.ts';
import { registerTopology } from './schema/topology/register-topology.ts';
import { registerVpc } from './schema/vpc/register-vpc.ts';
import { ingressManifestCheck } from './services/ingresses/ingress-manifest-check.ts';
import { natDeclaredKinds } from './services/nat/nat-declared-kinds.ts';
import { natDeletionCheck } from './services/nat/nat-deletion-check.ts';
import { natManifestCheck } from './services/nat/nat-manifest-check.ts';
import { natReasons, natWarnings } from './services/nat/nat-words.ts';
import { natWorkspaceKinds } from './services/nat/nat-workspace-kinds.ts';
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
    declareKind({ kind: networkPolicyKind }),
    declareKind({ kind: endpointSliceKind, indexes: endpointSliceIndexes }),
    // VPCs
    declareKind({ kind: vpcKind }),
    declareKind({ kind: subnetKind, indexes: { vpc: ({ spec }) => (spec?.vpc ? [spec.vpc] : []) } }),
    // NAT
    ...natDeclaredKinds,
  ],
  permissions: networkPermissions,
  workspaceKinds: [...vpcWorkspaceKinds, ...natWorkspaceKinds],
  manifestChecks: [
    // Services
    serviceManifestCheck,
    ingressManifestCheck,
    // VPCs
    networkManifestCheck,
    // NAT
    natManifestCheck,
  ],
  deletionChecks: [
    // Services
    serviceDeletionCheck,
    // VPCs
    networkDeletionCheck,
    // NAT
    natDeletionCheck,
  ],
  schema: [
    // Services
    registerServices,
    registerIngresses,
    // VPCs
    registerVpc,
    // Topology
    registerTopology,
    // NAT
    registerNat,
  ],
  warnings: {
    ...ingressWarnings,
    ...natWarnings,
  },
  reasons: {
    ...vpcReasons,
    ...natReasons,
  },
  services: [
    // VPCs
    workspaceNetworksServiceRef,
  ],
  setup(env) {
    env.provide(workspaceNetworksServiceRef, createWorkspaceNetworks());
  },
  profileKeys: networkProfileKeys,
  profiles: new URL('./profiles', import.meta.url).href,
});
