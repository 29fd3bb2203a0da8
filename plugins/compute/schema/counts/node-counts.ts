import {
  clusterProblemRef,
  type FieldBuilder,
  type ListType,
  type LongshoreBuilder,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { type NodeObject, nodeKind } from '../../api.ts';
import { type NodeCounts, toNodeCounts, wordsOfNode } from '../../services/counts/node-counts.ts';
import { registerCounts, type WithProblems } from './register-counts.ts';

const clusterCountRef = typeRef<NodeCounts['byCluster'][number]>('ClusterNodeClusterCount');
const countsRef = typeRef<NodeCounts & WithProblems>('ClusterNodeCounts');

/** How many nodes do how (CMP-12, CMP-111). */
export function registerNodeCounts(builder: LongshoreBuilder, list: ListType<NodeObject, never>): void {
  builder.objectType(clusterCountRef, {
    description: 'How many nodes are in one cluster.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: "The cluster's name." }),
      ...share(t),
    }),
  });
  builder.objectType(countsRef, {
    description: 'How many nodes there are and how they do.',
    fields: (t) => ({
      ...share(t),
      byCluster: t.field({
        type: [clusterCountRef],
        description: 'By cluster and its name, of those that have any.',
        resolve: ({ byCluster }) => [...byCluster],
      }),
      problems: t.field({
        type: [clusterProblemRef],
        description: 'Clusters whose nodes are not counted, or as they were last seen, and why.',
        resolve: ({ problems }) => [...problems],
      }),
    }),
  });
  registerCounts<unknown, unknown, unknown, NodeCounts>(builder, {
    thing: 'clusterNode',
    things: 'nodes',
    allow: { action: 'READ', subject: subjectOf(nodeKind) },
    type: countsRef,
    list: list as never,
    kindsOf: () => [nodeKind],
    wordsOf: wordsOfNode as never,
    toCounts: toNodeCounts,
  });
}

function share<T extends Omit<NodeCounts, 'byCluster'>>(t: FieldBuilder<T>) {
  const count = (description: string, read: (counts: T) => number) =>
    t.int({ description, resolve: (counts: T) => read(counts) } as never) as never;
  return {
    total: count('All of them.', ({ total }) => total),
    ready: count('Those whose condition Ready is true.', ({ ready }) => ready),
    healthy: count('Those that are ready and have no anomaly, such as a full disk.', ({ healthy }) => healthy),
    schedulable: count('Those that are not cordoned.', ({ schedulable }) => schedulable),
  };
}
