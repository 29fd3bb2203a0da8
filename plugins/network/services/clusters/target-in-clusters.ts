import {
  encodeGlobalId,
  type KindRef,
  type MutationTarget,
  type Profile,
  type RequestContext,
  subjectOf,
  type ValidationIssue,
} from 'longshore/sdk';
import type { ClusterPlan } from './make-in-clusters.ts';

/** Most clusters of one request. */
const mostClusters = 50;

/** What a request for several clusters is found to mean, in each of them. */
export interface ClustersTarget<Plan> {
  readonly plans: readonly (Plan & ClusterPlan)[];
  /** Everything that is wrong, in whatever cluster; what is the same in several stands here once. */
  readonly issues: readonly ValidationIssue[];
}

/** What is wrong with the list of clusters by itself. */
export function checkClusters(clusters: readonly string[]): readonly ValidationIssue[] {
  if (clusters.length < 1 || clusters.length > mostClusters) {
    const message = `clusters must have 1 to ${mostClusters} entries, got ${clusters.length}`;
    return [{ path: ['clusters'], code: clusters.length < 1 ? 'too_small' : 'too_big', message }];
  }
  return clusters.flatMap((cluster, index) =>
    clusters.indexOf(cluster) < index
      ? [{ path: ['clusters', index], code: 'duplicate', message: `'${cluster}' stands here twice` }]
      : [],
  );
}

/**
 * Plans what shall be made, in each cluster by the profile there. The maker asks for rights on one thing: on the first that the caller
 * may not make, so that this is refused and recorded like any other; then nothing is planned. Throws `NotFoundError` for a cluster
 * that is not there.
 */
export async function targetInClusters<Plan extends { readonly issues: readonly ValidationIssue[] }>(
  kind: KindRef,
  place: { readonly clusters: readonly string[]; readonly namespace: string; readonly name: string },
  context: RequestContext,
  planIn: (cluster: string, profile: Profile) => Promise<Plan & ClusterPlan>,
): Promise<MutationTarget<ClustersTarget<Plan>>> {
  const { clusters, namespace, name } = place;
  for (const cluster of clusters) context.cluster(cluster);
  const instances = clusters.map((cluster) => ({ subject: subjectOf(kind), cluster, namespace, name }));
  const refused = instances.find((instance) => !context.access.allowed('CREATE', instance));
  const plans = refused
    ? []
    : await Promise.all(
        clusters.map((cluster) => planIn(cluster, context.services.profiles.at({ cluster, namespace }))),
      );
  const issues = plans.flatMap((plan) => plan.issues);
  const instance = refused ?? instances[0];
  if (!instance) throw new Error('network.target-in-clusters: no cluster');
  const { cluster } = instance;
  return {
    value: { plans, issues: [...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values()] },
    instance,
    record: {
      plugin: context.services.registry.kinds.get(subjectOf(kind))?.plugin ?? 'network',
      type: kind.kind,
      id: encodeGlobalId({ of: 'kubernetes', cluster, group: kind.group, kind: kind.kind, namespace, name }),
      cluster,
      namespace,
      kind: kind.kind,
      name,
    },
  };
}
