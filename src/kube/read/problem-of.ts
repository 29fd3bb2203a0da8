import { CapabilityMissingError, ForbiddenError } from '../../kernel/answer-error.ts';
import type { ClusterProblem } from '../cluster-reader.ts';

/** Why rows are missing, from the error that kept them away. */
export function problemOf(cluster: string, error: unknown): ClusterProblem {
  const message = error instanceof Error ? error.message : String(error);
  const code =
    error instanceof ForbiddenError
      ? 'FORBIDDEN'
      : error instanceof CapabilityMissingError
        ? 'CAPABILITY_MISSING'
        : 'UPSTREAM_UNAVAILABLE';
  return { cluster, code, message, staleSince: undefined };
}
