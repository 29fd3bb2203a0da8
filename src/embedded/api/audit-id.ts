import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** As API servers do: the id that a client gives to its request, else a new one; answered in the header `Audit-Id`. */
export function auditIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['audit-id'];
  return typeof given === 'string' && /^[\x21-\x7e]{1,64}$/.test(given) ? given : randomUUID();
}
