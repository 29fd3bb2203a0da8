import { type PermissionRule, subjectOf } from 'longshore/sdk';
import { endpointSliceKind, networkPolicyKind } from './api.ts';
import { lbCreateBy } from './profile-keys/balancers.ts';
import { vpcManagedBy } from './profile-keys/vpc.ts';
import { ipPoolKind } from './services/addresses/address-pools.ts';
import { gatewayClassKind, gatewayKind, routeKinds } from './services/balancers/gateway-kinds.ts';
import { securityGroupKind } from './services/groups/group-kinds.ts';
import { natKinds } from './services/nat/nat-kinds.ts';
import { managedByMembers, ofWorkspace } from './services/ownership/managed-by-members.ts';
import { vpcKinds } from './services/vpc/vpc-workspace-kinds.ts';

const manage = ['READ', 'CREATE', 'UPDATE', 'APPLY', 'DELETE'] as const;

/** The matrix of roles (CORE-17) for the network. ADMIN may do everything and needs no rule. */
export const networkPermissions: readonly PermissionRule[] = [
  { roles: ['DEVELOPER'], actions: manage, subjects: [subjectOf(networkPolicyKind)], where: 'namespaces' },
  // Where Services lead; only the cluster writes them.
  { roles: ['DEVELOPER'], actions: ['READ'], subjects: [subjectOf(endpointSliceKind)], where: 'namespaces' },
  // VPCs and subnets.
  ...managedByMembers(vpcKinds, vpcManagedBy.name),
  // Security groups.
  ...managedByMembers([securityGroupKind], vpcManagedBy.name),
  // NAT gateways, elastic IPs and their rules.
  ...managedByMembers(natKinds, vpcManagedBy.name),
  // Pools of addresses: administrators import them, members of the subnet's workspace use them.
  { roles: ['DEVELOPER'], actions: ['READ'], subjects: [subjectOf(ipPoolKind)], where: ofWorkspace },
  // Load balancers: who works in their namespace binds to them, and makes them where the profile says so (0.4).
  { roles: ['GUEST'], actions: ['READ'], subjects: [subjectOf(gatewayClassKind)] },
  { roles: ['DEVELOPER'], actions: ['READ'], subjects: [subjectOf(gatewayKind)], where: 'namespaces' },
  {
    roles: ['DEVELOPER'],
    actions: ['CREATE', 'UPDATE', 'APPLY', 'DELETE'],
    subjects: [subjectOf(gatewayKind)],
    where: { namespaces: true, profile: { [lbCreateBy.name]: 'MEMBERS' } },
  },
  { roles: ['DEVELOPER'], actions: manage, subjects: routeKinds.map(subjectOf), where: 'namespaces' },
];
