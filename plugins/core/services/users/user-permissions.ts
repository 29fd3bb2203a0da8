import type { PermissionRule } from 'longshore/sdk';
import { serviceTokenSubject, sessionSubject } from './users-service.ts';

/** Everybody looks after their own tokens and sessions; administrators after all, and after who may come at all. */
export const userPermissions: readonly PermissionRule[] = [
  { roles: ['GUEST'], actions: ['READ', 'CREATE', 'DELETE'], subjects: [serviceTokenSubject], where: 'own' },
  { roles: ['GUEST'], actions: ['READ', 'DELETE'], subjects: [sessionSubject], where: 'own' },
];
