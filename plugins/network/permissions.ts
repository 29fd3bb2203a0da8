import { type PermissionRule, subjectOf } from 'longshore/sdk';
import { endpointSliceKind, networkPolicyKind } from './api.ts';
import { vpcManagedBy } from './profile-keys/vpc.ts';
import { natKinds } from './services/nat/nat-kinds.ts';
import { managedByMembers } from './services/ownership/managed-by-members.ts';
import { vpcKinds } from './services/vpc/vpc-workspace-kinds.ts';

const manage = ['READ', 'CREATE', 'UPDATE', 'APPLY', 'DELETE'] as const;

/** The matrix of roles (CORE-17) for the network. ADMIN may do everything and needs no rule. */
export const networkPermissions: readonly PermissionRule[] = [
  { roles: ['DEVELOPER'], actions: manage, subjects: [subjectOf(networkPolicyKind)], where: 'namespaces' },
  // Where Services lead; only the cluster writes them.
  { roles: ['DEVELOPER'], actions: ['READ'], subjects: [subjectOf(endpointSliceKind)], where: 'namespaces' },
  // VPCs and subnets.
  ...managedByMembers(vpcKinds, vpcManagedBy.name),
  // NAT gateways, elastic IPs and their rules.
  ...managedByMembers(natKinds, vpcManagedBy.name),
];
