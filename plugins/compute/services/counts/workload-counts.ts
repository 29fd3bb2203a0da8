import { origin } from 'longshore/sdk';
import type { WorkloadObject } from '../../api.ts';
import { type WorkloadKindName, workloadKindNames, workloadKindOf } from '../workload-kinds.ts';
import { type WorkloadStatus, workloadStatus, workloadStatuses } from '../workload-status.ts';
import { type CountRow, countsInOrder, rowsBy, sumOf } from './tally.ts';

export interface WorkloadStatusCount {
  readonly status: WorkloadStatus;
  readonly count: number;
}

interface Share {
  readonly count: number;
  readonly byStatus: readonly WorkloadStatusCount[];
}

/** How many workloads there are, by what a console shows of them. */
export interface WorkloadCounts {
  readonly total: number;
  readonly byStatus: readonly WorkloadStatusCount[];
  readonly byKind: readonly (Share & { readonly kind: WorkloadKindName })[];
  readonly byCluster: readonly (Share & { readonly cluster: string })[];
}

/** Under which words a workload is counted. */
export function wordsOfWorkload(workload: WorkloadObject): readonly string[] {
  return [workload[origin].cluster, workloadKindOf(workload) ?? '', workloadStatus(workload)];
}

/** Kinds and states in the order of their enums, clusters by name; only what there is any of. */
export function toWorkloadCounts(rows: readonly CountRow[]): WorkloadCounts {
  const kinds = rowsBy(rows, 1);
  return {
    ...shareOf(rows),
    total: sumOf(rows),
    byKind: workloadKindNames.flatMap((kind) => {
      const group = kinds.get(kind);
      return group ? [{ kind, ...shareOf(group) }] : [];
    }),
    byCluster: [...rowsBy(rows, 0)]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([cluster, group]) => ({ cluster, ...shareOf(group) })),
  };
}

const statuses = Object.keys(workloadStatuses) as readonly WorkloadStatus[];

function shareOf(rows: readonly CountRow[]): Share {
  const byStatus = countsInOrder(rows, 2, statuses).map(({ word, count }) => ({ status: word, count }));
  return { count: sumOf(rows), byStatus };
}
