import type { WorkspaceKind } from 'longshore/sdk';
import { subnetKind, vpcKind } from './kube-ovn-kinds.ts';

export const vpcKinds = [vpcKind, subnetKind];

/**
 * What members may say of their VPCs and subnets. Peerings, routes by policy, ways out of the cluster and VLANs reach into networks
 * that are not theirs, and are for administrators (Kube-OVN 1.16).
 */
export const vpcWorkspaceKinds: readonly WorkspaceKind[] = [
  {
    kind: vpcKind,
    fields: { namespaces: 'any', defaultSubnet: 'any', staticRoutes: 'any' },
    namespaceFields: ['namespaces'],
  },
  {
    kind: subnetKind,
    fields: {
      vpc: 'any',
      protocol: 'any',
      cidrBlock: 'any',
      gateway: 'any',
      excludeIps: 'any',
      namespaces: 'any',
      private: 'any',
      enableLb: 'any',
      provider: ['ovn'],
      gatewayType: ['distributed'],
    },
    namespaceFields: ['namespaces'],
  },
];
