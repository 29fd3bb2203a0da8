import { CapabilityMissingError, ForbiddenError } from '../../kernel/answer-error.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { ClusterProblem } from '../cluster-reader.ts';
import { isExpected, reasonOf } from '../transport/reason-of.ts';

/** Why rows are missing, from the error that kept them away. */
export function problemOf(cluster: string, error: unknown, logger: Logger): ClusterProblem {
  if (!isExpected(error)) logger.error({ err: error, cluster }, 'kube.read: a read met an unexpected error');
  const code =
    error instanceof ForbiddenError
      ? 'FORBIDDEN'
      : error instanceof CapabilityMissingError
        ? 'CAPABILITY_MISSING'
        : 'UPSTREAM_UNAVAILABLE';
  return { cluster, code, message: reasonOf(error), staleSince: undefined };
}
