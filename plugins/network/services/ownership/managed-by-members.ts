import { type KindRef, type PermissionRule, subjectOf } from 'longshore/sdk';

/** Members of the workspace that such an object is of. */
export const ofWorkspace = { member: 'DEVELOPER', tenantKind: 'workspace' } as const;

/**
 * Who may do what to objects that lie in no namespace and are of a workspace (CORE-17): its members read them, and manage them where the
 * profile says that members do. What is of no workspace is for administrators.
 */
export function managedByMembers(kinds: readonly KindRef[], key: string): readonly PermissionRule[] {
  const subjects = kinds.map(subjectOf);
  return [
    { roles: ['DEVELOPER'], actions: ['READ'], subjects, where: ofWorkspace },
    {
      roles: ['DEVELOPER'],
      actions: ['CREATE', 'UPDATE', 'DELETE'],
      subjects,
      where: { ...ofWorkspace, profile: { [key]: 'MEMBERS' } },
    },
  ];
}
