import { StatusError } from '../api/status-error.ts';

/** Whether a creation was refused because its namespace is being deleted: nothing to complain of, nothing to retry. */
export function isNamespaceEnding(cause: unknown): boolean {
  if (!(cause instanceof StatusError)) return false;
  return (cause.status.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating');
}
