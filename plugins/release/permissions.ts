import type { PermissionRule } from 'longshore/sdk';
import { appServiceSubject, orchestrationTemplateSubject, releaseOrderSubject, stackSubject } from './api.ts';

const ofWorkspace = { member: 'DEVELOPER', tenantKind: 'workspace' } as const;
const manageServices = ['READ', 'CREATE', 'UPDATE', 'DELETE'] as const;
const manageOrders = [
  'READ',
  'CREATE',
  'UPDATE',
  'START',
  'CANCEL',
  'CONFIRM',
  'RETRY',
  'ROLL_BACK',
  'DELETE',
] as const;

/** The matrix of roles (CORE-17) for releases. ADMIN may do everything and needs no rule. */
export const releasePermissions: readonly PermissionRule[] = [
  { roles: ['DEVELOPER'], actions: manageServices, subjects: [appServiceSubject], where: 'namespaces' },
  { roles: ['DEVELOPER'], actions: manageServices, subjects: [appServiceSubject], where: ofWorkspace },
  // Who may confirm is narrowed further by the profile's `release.confirmBy`.
  { roles: ['DEVELOPER'], actions: manageOrders, subjects: [releaseOrderSubject], where: 'namespaces' },
  { roles: ['DEVELOPER'], actions: manageOrders, subjects: [releaseOrderSubject], where: ofWorkspace },
  // Who is of a project sees, uses and edits its templates and stacks (REL-40); what these make is asked about object by object.
  {
    roles: ['DEVELOPER'],
    actions: manageServices,
    subjects: [orchestrationTemplateSubject, stackSubject],
    where: { member: 'DEVELOPER' },
  },
];
