import { ForbiddenError } from '../../kernel/answer-error.ts';
import type { Principal } from '../../kernel/principal.ts';
import { clusterUserOf } from '../cluster-user.ts';

/**
 * Headers that make a cluster act as the caller. They are built from the verified principal alone; a caller's own
 * headers are never copied. Throws `ForbiddenError` for names that a cluster reserves for itself: with them a token's
 * claim would become the cluster's own power.
 */
export function impersonationHeaders(principal: Principal): Record<string, string | string[]> {
  const user = clusterUserOf(principal);
  refuseReserved(user, 'user');
  for (const group of principal.groups) refuseReserved(group, 'group');
  return {
    'Impersonate-User': headerValue(user),
    ...(principal.groups.length === 0 ? {} : { 'Impersonate-Group': principal.groups.map(headerValue) }),
  };
}

function refuseReserved(name: string, what: 'user' | 'group'): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (name.trim() === '' || /[\u0000-\u001f\u007f]/.test(name)) {
    throw new ForbiddenError(`The ${what} name of this identity cannot be used towards a cluster.`);
  }
  if (/^\s*system:/i.test(name)) {
    throw new ForbiddenError(`The ${what} '${name}' is reserved by Kubernetes and cannot be used towards a cluster.`);
  }
}

/** HTTP header values travel as bytes; this keeps UTF-8 names whole. */
function headerValue(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1');
}
