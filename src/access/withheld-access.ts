import { ForbiddenError } from '../kernel/answer-error.ts';
import type { Access } from './access.ts';

/**
 * What an administrator may not do in the name of somebody else, whatever that somebody may: see secrets, and be inside what
 * runs. To look after a user's trouble neither is needed, and both would be done as the user.
 */
const withheld: ReadonlySet<string> = new Set(['READ_SECRET_VALUE', 'EXEC', 'ATTACH', 'PORT_FORWARD']);

/** The rights of an impersonated principal: as they are, without those that are withheld. Anybody else's as they are. */
export function withhold(access: Access): Access {
  if (!access.principal.impersonatedBy) return access;
  return {
    ...access,
    canonical: `${access.canonical} impersonated`,
    allowed: (action, instance, field) => !withheld.has(action) && access.allowed(action, instance, field),
    requireAllowed(action, instance, field) {
      access.requireAllowed(action, instance, field);
      if (withheld.has(action)) throw new ForbiddenError('Nobody may do this in the name of somebody else.');
    },
    readFilter: (subject, cluster, action) =>
      action !== undefined && withheld.has(action) ? 'none' : access.readFilter(subject, cluster, action),
    conditionsFor: (action, subject) => (withheld.has(action) ? [] : access.conditionsFor(action, subject)),
    mayEver: (action, subject) => !withheld.has(action) && access.mayEver(action, subject),
  };
}
