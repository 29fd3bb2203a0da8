import { statefulSetKind } from 'longshore/plugins/compute';
import type { ReleaseEngine } from '../engine.ts';
import { createPartitionedEngine } from '../partitioned/create-partitioned-engine.ts';
import { holdOrdinals, ordinalPartition, readOrdinalPartition } from '../partitioned/ordinal-partition.ts';
import { newStatefulSpec } from '../partitioned/stateful-spec.ts';
import { templateOfUnit } from '../workload-marks.ts';

/**
 * Drives StatefulSets of `apps/v1`: pods with numbers, replaced one at a time from the highest down. Pods do not wait for each other
 * (`Parallel`): in order, one that is broken would hold up the very release, or the way back, that mends it (kubernetes#67250).
 */
export const statefulSetEngine: ReleaseEngine = createPartitionedEngine({
  name: 'STATEFUL_SET',
  kind: statefulSetKind,
  newSpec: newStatefulSpec,
  strategy: (_target, _unit, partition) => ({ type: 'RollingUpdate', rollingUpdate: { partition } }),
  partitionOnly: (partition) => ({ rollingUpdate: { partition } }),
  readPartition: readOrdinalPartition,
  hold: holdOrdinals,
  partitionFor: ordinalPartition,
  template: templateOfUnit,
});
