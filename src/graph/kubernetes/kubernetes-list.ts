import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import { notFound } from '../../access/not-found.ts';
import type { ClusterProblem, MaybePromise, ObjectList } from '../../kube/cluster-reader.ts';
import type { KindRef } from '../../kube/kind-ref.ts';
import { type KubeObject, origin } from '../../kube/kube-object.ts';
import { parseLabelSelector } from '../../kube/syntax/parse-label-selector.ts';
import type { InputFieldBuilder, InterfaceTypeRef, LongshoreBuilder, TypeRef } from '../builder.ts';
import {
  defineList,
  type ListArguments,
  type ListOrder,
  type ListRows,
  type ListType,
  type OrderInput,
} from '../lists/define-list.ts';
import { SourceRows } from '../lists/source-rows.ts';
import { matchesText, type StringFilter } from '../lists/string-filter.ts';
import { allMaybe, mapMaybe } from '../map-maybe.ts';
import type { RequestContext } from '../request-context.ts';
import type { AnyKubeObject } from './kubernetes-object-ref.ts';

/** What every list of Kubernetes objects filters by. */
export interface KubernetesFilter {
  readonly cluster?: string | null | undefined;
  readonly namespaces?: readonly string[] | null | undefined;
  readonly name?: StringFilter | null | undefined;
  readonly labelSelector?: string | null | undefined;
}

export interface KubernetesListSpec<T extends AnyKubeObject, Fields extends InputFieldMap> {
  /** Name of the node's type. */
  readonly name: string;
  readonly node: TypeRef<T> | InterfaceTypeRef<T>;
  /** Plural for descriptions, e.g. `pods`. */
  readonly plural: string;
  readonly isNamespaced: boolean;
  /** Filters besides cluster, namespaces, name and labelSelector. */
  readonly filter?: (t: InputFieldBuilder) => Fields;
  readonly matches?: (filter: InputShapeFromFields<Fields>, context: RequestContext) => (object: T) => boolean;
  /** Orders besides NAME, NAMESPACE, CLUSTER and CREATED_AT. */
  readonly orders?: Readonly<Record<string, ListOrder<T>>>;
  /** The order where the caller asks for none; otherwise by cluster, namespace and name. */
  readonly defaultOrder?: readonly OrderInput[];
}

/** The list type of a Kubernetes kind, or of an interface over several: define it once, use it for root lists and relations. */
export function defineKubernetesList<T extends AnyKubeObject, Fields extends InputFieldMap = Record<never, never>>(
  builder: LongshoreBuilder,
  spec: KubernetesListSpec<T, Fields>,
): ListType<T, KubernetesFilter & InputShapeFromFields<Fields>> {
  return defineList<T, InputFieldMap>(builder, {
    name: spec.name,
    node: spec.node,
    plural: spec.plural,
    areRowsOfClusters: true,
    filter: (t) => ({
      cluster: t.string({ description: 'Only in this cluster; all that you may see where it is not set.' }),
      ...(spec.isNamespaced ? { namespaces: t.stringList({ description: 'Only in these namespaces.' }) } : {}),
      name: t.field({ type: 'StringFilter' as never, description: 'Test of the name.' }),
      labelSelector: t.string({
        description: 'Label selector as Kubernetes writes it, e.g. `app=vote,tier in (front, back)`.',
      }),
      ...(spec.filter?.(t) ?? {}),
    }),
    matches(filter, context) {
      const common = matchesKubernetesFilter(filter as KubernetesFilter);
      const own = spec.matches?.(filter as InputShapeFromFields<Fields>, context);
      return own ? (object) => common(object) && own(object) : common;
    },
    orders: {
      NAME: { description: 'By name.', value: (object) => object.metadata.name },
      ...(spec.isNamespaced
        ? { NAMESPACE: { description: 'By namespace.', value: (object: T) => object.metadata.namespace ?? null } }
        : {}),
      CLUSTER: { description: "By the cluster's name.", value: (object) => object[origin].cluster },
      CREATED_AT: { description: 'By time of creation.', value: (object) => object.metadata.creationTimestamp },
      ...spec.orders,
    },
    ...(spec.defaultOrder ? { defaultOrder: spec.defaultOrder } : {}),
    place: (object) => ({
      cluster: object[origin].cluster,
      namespace: object.metadata.namespace ?? '',
      // Kinds share one list where the node is an interface: the kind keeps a Deployment and a Job of one name apart.
      // A space sorts before all that names are made of, so that `web` comes before `web-1`.
      name: `${object.metadata.name} ${object.kind}`,
    }),
  }) as unknown as ListType<T, KubernetesFilter & InputShapeFromFields<Fields>>;
}

/** Compiles the common filter once; throws `ValidationError` for a label selector that does not parse. */
export function matchesKubernetesFilter(filter: KubernetesFilter): (object: AnyKubeObject) => boolean {
  const { cluster, namespaces, name, labelSelector } = filter;
  const inNamespaces = namespaces ? new Set(namespaces) : undefined;
  const selects = labelSelector ? parseLabelSelector(labelSelector) : undefined;
  return (object) => {
    if (cluster && object[origin].cluster !== cluster) return false;
    if (inNamespaces && !inNamespaces.has(object.metadata.namespace ?? '')) return false;
    if (!matchesText(name, object.metadata.name)) return false;
    return !selects || selects.matches(object.metadata.labels ?? {});
  };
}

/** All objects of these kinds that the caller may read, over the clusters the filter names; pushes down what it can. */
export function listKubernetesObjects<T>(
  kinds: readonly KindRef<T>[],
  args: ListArguments<KubernetesFilter>,
  context: RequestContext,
): MaybePromise<ListRows<KubeObject<T>>> {
  const { clusters, problems } = clustersOf(args.filter?.cluster, context);
  const { cluster, namespaces, labelSelector } = args.filter ?? {};
  const options = { ...(namespaces ? { namespaces } : {}), ...(labelSelector ? { labelSelector } : {}) };
  const lists = clusters.flatMap((cluster) => kinds.map((kind) => context.kube(cluster).list(kind, options)));
  return mapMaybe(allMaybe<ObjectList<T>>(lists), (answers) => ({
    items: new SourceRows(
      answers.map((answer) => answer.items),
      { cluster, namespaces, labelSelector },
    ),
    problems: distinct([...problems, ...answers.flatMap((answer) => answer.problems)]),
  }));
}

/** The clusters a filter means; one that is not there is a problem of the list and not an empty list. */
export function clustersOf(
  name: string | null | undefined,
  context: RequestContext,
): { readonly clusters: readonly string[]; readonly problems: readonly ClusterProblem[] } {
  if (!name) return { clusters: context.clusters.all.map((cluster) => cluster.name), problems: [] };
  if (context.clusters.get(name)) return { clusters: [name], problems: [] };
  const { message } = notFound({ subject: 'core/Cluster', cluster: name });
  return { clusters: [], problems: [{ cluster: name, code: 'CLUSTER_NOT_FOUND', message, staleSince: undefined }] };
}

/** Several kinds of one dead cluster are one problem. */
function distinct(problems: readonly ClusterProblem[]): readonly ClusterProblem[] {
  if (problems.length < 2) return problems;
  return [
    ...new Map(problems.map((problem) => [`${problem.cluster}|${problem.code}|${problem.message}`, problem])).values(),
  ];
}
