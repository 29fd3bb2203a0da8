import {
  clusterProblemRef,
  type FieldBuilder,
  type KindRef,
  type ListType,
  type LongshoreBuilder,
  named,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import type { WorkloadObject } from '../../api.ts';
import { anyWorkloadKinds, workloadKinds } from '../../api.ts';
import {
  toWorkloadCounts,
  type WorkloadCounts,
  type WorkloadStatusCount,
  wordsOfWorkload,
} from '../../services/counts/workload-counts.ts';
import { isOwnedByWorkload, type WorkloadKindName } from '../../services/workload-kinds.ts';
import { registerCounts, type WithProblems } from './register-counts.ts';

interface CountedFilter {
  readonly kinds?: readonly WorkloadKindName[] | null | undefined;
  readonly includeOwned?: boolean | null | undefined;
}

const statusRef = typeRef<WorkloadStatusCount>('WorkloadStatusCount');
const kindRef = typeRef<WorkloadCounts['byKind'][number]>('WorkloadKindCount');
const clusterRef = typeRef<WorkloadCounts['byCluster'][number]>('WorkloadClusterCount');
export const workloadCountsRef = typeRef<WorkloadCounts & WithProblems>('WorkloadCounts');

/** How many workloads do how. */
export function registerWorkloadCounts(builder: LongshoreBuilder, list: ListType<WorkloadObject, never>): void {
  registerTypes(builder);
  registerCounts<unknown, CountedFilter, unknown, WorkloadCounts>(builder, {
    thing: 'workload',
    things: 'workloads',
    allow: { action: 'READ', subject: anyWorkloadKinds.map(subjectOf) },
    type: workloadCountsRef,
    list: list as never,
    kindsOf: (filter) =>
      filter?.kinds ? [...new Set(filter.kinds)].map((kind) => workloadKinds[kind] as KindRef) : anyWorkloadKinds,
    isMember: (object, filter) => filter?.includeOwned === true || !isOwnedByWorkload(object),
    wordsOf: wordsOfWorkload as never,
    toCounts: toWorkloadCounts,
  });
}

function registerTypes(builder: LongshoreBuilder): void {
  builder.objectType(statusRef, {
    description: 'How many workloads are in one state.',
    fields: (t) => ({
      status: t.field({
        type: named('WorkloadStatus'),
        description: 'The state.',
        resolve: ({ status }) => status as never,
      }),
      count: t.exposeInt('count', { description: 'Workloads in it.' }),
    }),
  });
  builder.objectType(kindRef, {
    description: 'How many workloads are of one kind.',
    fields: (t) => ({
      kind: t.field({ type: named('WorkloadKind'), description: 'The kind.', resolve: ({ kind }) => kind as never }),
      count: t.exposeInt('count', { description: 'Workloads of it.' }),
      byStatus: byStatus(t),
    }),
  });
  builder.objectType(clusterRef, {
    description: 'How many workloads are in one cluster.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: "The cluster's name." }),
      count: t.exposeInt('count', { description: 'Workloads in it.' }),
      byStatus: byStatus(t),
    }),
  });
  builder.objectType(workloadCountsRef, {
    description:
      'How many workloads there are and how they do. Those that another workload owns count where the filter says `includeOwned`.',
    fields: (t) => ({
      total: t.exposeInt('total', { description: 'All of them.' }),
      byStatus: byStatus(t),
      byKind: t.field({
        type: [kindRef],
        description: 'By kind, of those that there are any of.',
        resolve: (counts) => [...counts.byKind],
      }),
      byCluster: t.field({
        type: [clusterRef],
        description: 'By cluster and its name, of those that have any.',
        resolve: (counts) => [...counts.byCluster],
      }),
      problems: t.field({
        type: [clusterProblemRef],
        description: 'Clusters whose workloads are not counted, or as they were last seen, and why.',
        resolve: ({ problems }) => [...problems],
      }),
    }),
  });
}

function byStatus<T extends { readonly byStatus: readonly WorkloadStatusCount[] }>(t: FieldBuilder<T>) {
  return t.field({
    type: [statusRef],
    description: 'By state, of those that there are any in.',
    resolve: (counts: T) => [...counts.byStatus],
  } as never) as never;
}
