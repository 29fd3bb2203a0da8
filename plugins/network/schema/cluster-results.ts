import {
  answerOf,
  type ChangedThing,
  errorRef,
  type FieldBuilder,
  idOfObject,
  type KindRef,
  type KubeObject,
  type LongshoreBuilder,
  type MutationOutcome,
  type MutationSuccess,
  NotFoundError,
  type RequestContext,
  readObject,
  type TypeRef,
} from 'longshore/sdk';
import type { ClusterResult } from '../services/clusters/make-in-clusters.ts';

/** The type of what became of one object in one of several clusters, with the object under `field`. */
export function registerClusterResult<T>(
  builder: LongshoreBuilder,
  ref: TypeRef<ClusterResult<T>>,
  options: { readonly kind: string; readonly field: string; readonly of: TypeRef<KubeObject<T>> },
): void {
  const { kind, field, of } = options;
  builder.objectType(ref, {
    description: `What became of a ${kind} in one of the clusters that it was to be made in.`,
    fields: ((t: FieldBuilder<ClusterResult<T>>) => ({
      cluster: t.string({ description: "The cluster's name.", resolve: (row) => row.cluster }),
      ok: t.boolean({ description: 'Whether it is made there.', resolve: ({ object }) => object !== undefined }),
      error: t.field({
        type: errorRef,
        nullable: true,
        description: 'What stood against it; null where it is made.',
        resolve: ({ error }) => (error ? answerOf(error) : null),
      }),
      [field]: t.field({
        type: of,
        nullable: true,
        description: `The ${kind} as the cluster has it, or in a dry run would have it, with its defaults; null where it was not made.`,
        resolve: ({ object }) => (object ?? null) as never,
      }),
      manifest: t.field({
        type: 'JSON',
        nullable: true,
        description: 'In a dry run what the form makes, without what the cluster fills in. Null otherwise.',
        resolve: ({ manifest }) => manifest ?? null,
      }),
    })) as never,
  });
}

/** What a mutation for several clusters answers with. */
export type ClusterResults<T> = readonly ClusterResult<T>[];

/** The success of a mutation that makes an object in several clusters. */
export function clustersSuccess<T>(
  description: string,
  result: TypeRef<ClusterResult<T>>,
  { field, of }: { readonly field: string; readonly of: TypeRef<KubeObject<T>> },
) {
  return {
    description,
    fields: (t: FieldBuilder<MutationSuccess<ClusterResults<T>>>) => ({
      results: t.field({
        type: [result],
        description: 'What became of it in each cluster, in the order of the input.',
        resolve: ({ value }) => [...value] as never,
      }),
      [field]: t.field({
        type: of,
        nullable: true,
        description: 'That of the first cluster where it was made; for who asks about one cluster alone.',
        resolve: ({ value }) => (value.find(({ object }) => object)?.object ?? null) as never,
      }),
    }),
  };
}

/** What the maker is told of the objects that were made. */
export function clustersOutcome<T>(results: ClusterResults<T>): MutationOutcome<ClusterResults<T>> {
  const made = results.flatMap(({ object }) => (object ? [object as KubeObject] : []));
  const [first] = made;
  if (!first) throw new Error('network.clusters-outcome: nothing was made');
  const recorded = made.map((after): ChangedThing => ({ before: undefined, after, object: idOfObject(after) }));
  return {
    value: results,
    resultId: idOfObject(first),
    // One object is what the answer's changes are of; of several each has its own.
    ...(made.length === 1 ? { before: undefined, after: first } : { recorded }),
    warnings: [...new Set(results.flatMap(({ warnings }) => warnings))],
  };
}

/** The objects again, for a repeated call. */
export async function replayInClusters<T>(
  kind: KindRef<T>,
  place: { readonly clusters: readonly string[]; readonly namespace: string; readonly name: string },
  context: RequestContext,
): Promise<ClusterResults<T>> {
  return Promise.all(
    place.clusters.map(async (cluster) => {
      const object = await readObject(context, kind, cluster, place.namespace, place.name);
      const gone = new NotFoundError(`${kind.kind} '${place.name}' is not there in '${cluster}'`);
      const error = object ? undefined : gone;
      return { cluster, object: object ?? undefined, error, manifest: undefined, warnings: [] };
    }),
  );
}
