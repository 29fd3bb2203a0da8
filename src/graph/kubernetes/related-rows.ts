import { AnswerError } from '../../kernel/answer-error.ts';
import type { ClusterProblem, ClusterReader, MaybePromise } from '../../kube/cluster-reader.ts';
import type { ListRows } from '../lists/define-list.ts';
import { mapMaybe } from '../map-maybe.ts';
import type { RequestContext } from '../request-context.ts';

/**
 * Rows of a relation. What a cluster cannot say becomes a problem of the list: one failing relation must not blank the
 * object it hangs on.
 */
export function relatedRows<T>(
  context: RequestContext,
  cluster: string,
  read: (reader: ClusterReader) => MaybePromise<ListRows<T> | readonly T[]>,
): MaybePromise<ListRows<T>> {
  try {
    const rows = mapMaybe(
      read(context.kube(cluster)),
      (found): ListRows<T> => ('items' in found ? found : { items: found }),
    );
    return rows instanceof Promise ? rows.catch((error: unknown) => toProblem(error, cluster)) : rows;
  } catch (error) {
    return toProblem(error, cluster);
  }
}

const problemCodes: Readonly<Partial<Record<AnswerError['code'], ClusterProblem['code']>>> = {
  UPSTREAM: 'UPSTREAM_UNAVAILABLE',
  FORBIDDEN: 'FORBIDDEN',
  CAPABILITY_MISSING: 'CAPABILITY_MISSING',
  NOT_FOUND: 'CLUSTER_NOT_FOUND',
};

function toProblem<T>(error: unknown, cluster: string): ListRows<T> {
  const code = error instanceof AnswerError ? problemCodes[error.code] : undefined;
  if (!(error instanceof AnswerError) || code === undefined) throw error;
  return { items: [], problems: [{ cluster, code, message: error.message, staleSince: undefined }] };
}
