import type { WorkloadParts } from '../api.ts';
import { withDirectories } from './form/directories.ts';
import { workloadLabelOf } from './workload-label.ts';
import { workloadStatus } from './workload-status.ts';

/** What other plugins need for workloads that are like those of forms. */
export const workloadParts: WorkloadParts = {
  statusOf: workloadStatus,
  labelOf: workloadLabelOf,
  withDirectories,
};
