import {
  allMaybe,
  type Cluster,
  type ClusterProblem,
  clusterProblemRef,
  clusterRef,
  type FieldBuilder,
  type KindRef,
  type LongshoreBuilder,
  type MaybePromise,
  mapMaybe,
  named,
  type RequestContext,
  RequestError,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import {
  cloneSetKind,
  clusterNodeTypeRef,
  deploymentKind,
  type NodeObject,
  nodeKind,
  type PodObject,
  podKind,
  type WorkloadObject,
} from '../../api.ts';
import { percentOf } from '../../services/nodes/node-allocation.ts';
import { type ClusterOverview, type Health, overviewOf } from '../../services/overview/cluster-overview.ts';
import type { NodeAnomaly } from '../../services/overview/node-anomalies.ts';

interface SeenOverview extends ClusterOverview {
  readonly scope: 'CLUSTER' | 'NAMESPACES';
  readonly problems: readonly ClusterProblem[];
}

const healthRef = typeRef<Health>('HealthCount');
const anomalyRef = typeRef<NodeAnomaly>('NodeAnomaly');
const overviewRef = typeRef<SeenOverview>('ClusterOverview');
const mostAnomalies = 1_000;

/** The first page of a cluster (CMP-12, CMP-111), from memory alone. */
export function registerClusterOverview(builder: LongshoreBuilder): void {
  registerParts(builder);
  builder.objectType(overviewRef, {
    description:
      'The numbers of a cluster’s first page. Nodes are all of them; pods and apps those that you may see, as `scope` says. `problems` says what of them is missing or old.',
    fields: (t) => ({
      scope: t.field({
        type: named('MetricScope'),
        description: 'Of what pods, apps and what they ask for are counted: CLUSTER or NAMESPACES.',
        resolve: ({ scope }) => scope as never,
      }),
      nodes: t.field({
        type: healthRef,
        description: 'Nodes; healthy are those that are ready and have no anomaly.',
        resolve: ({ nodes }) => nodes,
      }),
      pods: t.field({
        type: healthRef,
        description: 'Pods; healthy are those that run and are ready, or have ended with success.',
        resolve: ({ pods }) => pods,
      }),
      statelessApps: t.field({
        type: healthRef,
        description:
          'Deployments and CloneSets that no other workload owns; healthy are those that run, are stopped, paused or on their way.',
        resolve: ({ statelessApps }) => statelessApps,
      }),
      anomalyCount: t.int({ description: 'What is wrong with nodes.', resolve: ({ anomalies }) => anomalies.length }),
      anomalies: t.field({
        type: [anomalyRef],
        description: 'The same, one by one.',
        args: {
          first: t.arg({
            type: 'Int',
            defaultValue: 50,
            required: true,
            description: `How many, 0 to ${mostAnomalies}.`,
          } as never),
        } as never,
        resolve: ({ anomalies }: SeenOverview, args: unknown) => {
          const { first } = args as { readonly first: number };
          if (first < 0 || first > mostAnomalies) {
            throw new RequestError('BAD_USER_INPUT', `first must be 0 to ${mostAnomalies}, got ${first}`);
          }
          return anomalies.slice(0, first);
        },
      }),
      ...allocation(t),
      problems: t.field({
        type: [clusterProblemRef],
        description: 'What is not counted, or as it was last seen, and why.',
        resolve: ({ problems }) => [...problems],
      }),
    }),
  });
  builder.objectField(clusterRef, 'overview', (t) =>
    t.field({
      type: overviewRef,
      description: 'How it does, in numbers (CMP-12).',
      resolve: (cluster, _args, context) => load(cluster, context),
    }),
  );
}

/** What is asked for by pods, and what they may have. */
function allocation(t: FieldBuilder<SeenOverview>) {
  const amount = (description: string, read: (overview: SeenOverview) => number) =>
    t.field({ type: 'SafeInt', description, resolve: (overview) => read(overview) });
  const percent = (read: (overview: SeenOverview) => readonly [number, number]) =>
    t.float({
      nullable: true,
      description: 'What is asked for of what there is, in percent with two digits; null where there are no nodes.',
      resolve: (overview) => percentOf(...read(overview)) ?? null,
    });
  return {
    cpuRequestedMillicores: amount('CPU that pods ask for, in thousandths of a core.', (o) => o.cpuRequestedMillicores),
    cpuAllocatableMillicores: amount('CPU that pods may have on all nodes.', (o) => o.cpuAllocatableMillicores),
    cpuPercent: percent((o) => [o.cpuRequestedMillicores, o.cpuAllocatableMillicores]),
    memoryRequestedBytes: amount('Memory that pods ask for, in bytes.', (o) => o.memoryRequestedBytes),
    memoryAllocatableBytes: amount('Memory that pods may have on all nodes.', (o) => o.memoryAllocatableBytes),
    memoryPercent: percent((o) => [o.memoryRequestedBytes, o.memoryAllocatableBytes]),
  };
}

function load({ name, identity }: Cluster, context: RequestContext): MaybePromise<SeenOverview> {
  const reader = context.kube(name);
  const kinds = [nodeKind, podKind, deploymentKind, cloneSetKind] as readonly KindRef[];
  const lists = allMaybe(kinds.map((kind) => reader.list(kind)));
  return mapMaybe(allMaybe<unknown>([lists, seesAll(name, identity, context)]), ([found, isWhole]) => {
    const [nodes, pods, ...workloads] = found as Awaited<typeof lists>;
    const overview = overviewOf(
      (nodes?.items ?? []) as readonly NodeObject[],
      (pods?.items ?? []) as readonly PodObject[],
      workloads.flatMap(({ items }) => items as readonly WorkloadObject[]),
    );
    const problems = (found as Awaited<typeof lists>).flatMap((list) => list.problems);
    const distinct = new Map(problems.map((problem) => [`${problem.code}\n${problem.message}`, problem]));
    return { ...overview, scope: isWhole ? 'CLUSTER' : 'NAMESPACES', problems: [...distinct.values()] };
  });
}

/** Whether all pods are the caller's to see; a cluster that sees the caller itself has its own word in that. */
function seesAll(name: string, identity: Cluster['identity'], context: RequestContext): MaybePromise<boolean> {
  if (context.access.readFilter(subjectOf(podKind), name) !== 'all') return false;
  if (identity === 'gateway') return true;
  // Where it cannot be asked, the lists say so.
  const asked = context.cluster(name).canRead(context.principal, podKind, undefined);
  return asked instanceof Promise ? asked.catch(() => false) : asked;
}

function registerParts(builder: LongshoreBuilder): void {
  builder.objectType(healthRef, {
    description: 'How many there are and how they do.',
    fields: (t) => ({
      total: t.exposeInt('total', { description: 'All of them.' }),
      healthy: t.exposeInt('healthy', { description: 'Those that do well.' }),
      unhealthy: t.int({ description: 'The others.', resolve: ({ total, healthy }) => total - healthy }),
    }),
  });
  builder.objectType(anomalyRef, {
    description: 'Something that is wrong with a node.',
    fields: (t) => ({
      node: t.field({ type: clusterNodeTypeRef, description: 'The node.', resolve: ({ node }) => node }),
      reason: t.exposeString('reason', {
        description: '`NotReady`, or the type of its condition, e.g. `DiskPressure`.',
      }),
      message: t.string({
        nullable: true,
        description: 'What is said of it.',
        resolve: ({ message }) => message ?? null,
      }),
      since: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when.',
        resolve: ({ since }) => (since === undefined ? null : new Date(since)),
      }),
    }),
  });
}
