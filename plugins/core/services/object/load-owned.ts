import {
  AnswerError,
  allMaybe,
  type ClusterProblem,
  type ClusterReader,
  type KindRef,
  type KubeObject,
  type MaybePromise,
  mapMaybe,
} from 'longshore/sdk';

interface Owned {
  readonly items: readonly KubeObject[];
  readonly problems: readonly ClusterProblem[];
}

/**
 * What names this uid among its owners, over these kinds, as the caller may see it. A kind that cannot be read is a
 * problem of the list and hides nothing of the others.
 */
export function loadOwned(
  uid: string,
  kinds: readonly KindRef[],
  reader: Pick<ClusterReader, 'byOwner' | 'cluster'>,
): MaybePromise<Owned> {
  const answers = kinds.map((kind): MaybePromise<Owned> => {
    const failed = (error: unknown): Owned => ({ items: [], problems: problemsOf(error, reader.cluster) });
    try {
      const found = mapMaybe(reader.byOwner(kind, uid), (items): Owned => ({ items, problems: [] }));
      return found instanceof Promise ? found.catch(failed) : found;
    } catch (error) {
      return failed(error);
    }
  });
  return mapMaybe(allMaybe(answers), (all) => ({
    items: all.flatMap((owned) => owned.items),
    problems: all.flatMap((owned) => owned.problems),
  }));
}

function problemsOf(error: unknown, cluster: string): ClusterProblem[] {
  if (!(error instanceof AnswerError)) throw error;
  // A kind this cluster does not serve has no objects here: that is an answer and not a problem.
  if (error.code === 'CAPABILITY_MISSING') return [];
  const code = error.code === 'FORBIDDEN' ? 'FORBIDDEN' : 'UPSTREAM_UNAVAILABLE';
  return [{ cluster, code, message: error.message, staleSince: undefined }];
}
