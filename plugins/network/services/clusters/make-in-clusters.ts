import {
  AnswerError,
  ConflictError,
  dryRunTicket,
  type KindRef,
  type KubeObject,
  type OperationHandle,
  type RequestContext,
  ValidationError,
} from 'longshore/sdk';

type Path = readonly (string | number)[];

/** An object that shall be made in one of several clusters. */
export interface ClusterPlan {
  readonly cluster: string;
  readonly manifest: object;
  /** Where the input has what stands at a place of the manifest. */
  readonly inputPathOf: (manifest: Path) => Path;
}

/** What became of it in one cluster: the object, or what stood against it. */
export interface ClusterResult<T> {
  readonly cluster: string;
  readonly object: KubeObject<T> | undefined;
  readonly error: AnswerError | undefined;
  /** What would be sent, in a preview. */
  readonly manifest: object | undefined;
  readonly warnings: readonly string[];
}

/**
 * Makes an object in several clusters (NET-11): all of them try it first, and where one refuses nothing is made. Then they make it, one after
 * the other; what fails leaves the others as they are. Throws where all fail.
 */
export async function makeInClusters<T>(
  kind: KindRef<T>,
  plans: readonly ClusterPlan[],
  ticket: OperationHandle,
  context: RequestContext,
): Promise<readonly ClusterResult<T>[]> {
  if (ticket.isDryRun || plans.length > 1) {
    const tried = await Promise.all(
      plans.map((plan) => makeIn(kind, plan, ticket.isDryRun ? ticket : dryRunTicket, context)),
    );
    throwFirst(tried);
    if (ticket.isDryRun) return tried;
  }
  const made: ClusterResult<T>[] = [];
  for (const plan of plans) made.push(await makeIn(kind, plan, ticket, context));
  if (made.every(({ error }) => error)) throwFirst(made);
  return made;
}

/** Throws what stands against any of them; what is wrong with the input by several is told together. */
export function throwFirst(results: readonly { readonly error: AnswerError | undefined }[]): void {
  const errors = results.flatMap(({ error }) => error ?? []);
  const issues = errors.flatMap((error) => (error instanceof ValidationError ? error.issues : []));
  // What is the same in several clusters is told once.
  const distinct = [...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values()];
  if (distinct.length > 0) throw new ValidationError(distinct, { cause: errors[0] });
  if (errors[0]) throw errors[0];
}

async function makeIn<T>(
  kind: KindRef<T>,
  { cluster, manifest, inputPathOf }: ClusterPlan,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<ClusterResult<T>> {
  try {
    const writer = context.cluster(cluster).writer(context.principal);
    const { object, warnings } = await writer.create(ticket, kind, manifest);
    return { cluster, object, error: undefined, manifest: ticket.isDryRun ? manifest : undefined, warnings };
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    const told = withInputPaths(withPlace(error, kind, cluster), inputPathOf);
    return { cluster, object: undefined, error: told, manifest: undefined, warnings: [] };
  }
}

/** Of several clusters, in which of them the name is taken belongs to the words. */
function withPlace(error: AnswerError, { kind }: Pick<KindRef, 'kind'>, cluster: string): AnswerError {
  if (!(error instanceof ConflictError)) return error;
  return new ConflictError(`Cluster '${cluster}' has a ${kind} of this name there already`, { cause: error });
}

/** What a cluster has against a manifest, told of the input that it came from. */
export function withInputPaths(error: AnswerError, inputPathOf: (path: Path) => Path): AnswerError {
  if (!(error instanceof ValidationError)) return error;
  const issues = error.issues.map((issue) => ({ ...issue, path: inputPathOf(issue.path) }));
  return new ValidationError(issues, { cause: error });
}
