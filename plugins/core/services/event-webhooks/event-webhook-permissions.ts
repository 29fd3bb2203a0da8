import type { PermissionRule } from 'longshore/sdk';
import { eventWebhookSubject } from './event-webhooks.ts';

/** Everybody looks after their own event webhooks, which are told no more than they may see; administrators after all. */
export const eventWebhookPermissions: readonly PermissionRule[] = [
  { roles: ['GUEST'], actions: ['READ', 'CREATE', 'UPDATE', 'DELETE'], subjects: [eventWebhookSubject], where: 'own' },
];
