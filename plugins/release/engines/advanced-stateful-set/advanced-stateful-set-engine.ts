import { advancedStatefulSetKind } from 'longshore/plugins/compute';
import type { ReleaseEngine, ReleaseTarget, TargetUnit } from '../engine.ts';
import { createPartitionedEngine } from '../partitioned/create-partitioned-engine.ts';
import { graceOf } from '../partitioned/in-place-grace.ts';
import { holdOrdinals, ordinalPartition, readOrdinalPartition } from '../partitioned/ordinal-partition.ts';
import { newStatefulSpec } from '../partitioned/stateful-spec.ts';
import { resolveShare } from '../resolve-share.ts';
import { templateOfUnit } from '../workload-marks.ts';

/** Keeps a pod unready while it is changed in place; unlike a CloneSet's, the template has to name it (OpenKruise). */
const inPlaceGate = { conditionType: 'InPlaceUpdateReady' };

/** Drives Advanced StatefulSets: pods with numbers, changed in place where only images are new (`apps.kruise.io/v1beta1`). */
export const advancedStatefulSetEngine: ReleaseEngine = createPartitionedEngine({
  name: 'ADVANCED_STATEFUL_SET',
  kind: advancedStatefulSetKind,
  newSpec: newStatefulSpec,
  strategy: (target, { replicas }, partition) => ({
    type: 'RollingUpdate',
    rollingUpdate: {
      partition,
      podUpdatePolicy: target.upgradeMode === 'IN_PLACE' ? 'InPlaceIfPossible' : 'ReCreate',
      maxUnavailable: Math.max(1, resolveShare(target.maxUnavailable, replicas, 'down')),
      paused: false,
      ...(target.upgradeMode === 'IN_PLACE' ? { inPlaceUpdateStrategy: graceOf(target) } : {}),
    },
  }),
  partitionOnly: (partition) => ({ rollingUpdate: { partition } }),
  readPartition: readOrdinalPartition,
  hold: holdOrdinals,
  partitionFor: ordinalPartition,
  template: templateWithGate,
});

function templateWithGate(target: ReleaseTarget, unit: TargetUnit): Readonly<Record<string, unknown>> {
  const template = templateOfUnit(target, unit);
  if (target.upgradeMode !== 'IN_PLACE') return template;
  const spec = template.spec as { readonly readinessGates?: readonly { readonly conditionType: string }[] };
  const gates = spec.readinessGates ?? [];
  if (gates.some(({ conditionType }) => conditionType === inPlaceGate.conditionType)) return template;
  return { ...template, spec: { ...spec, readinessGates: [...gates, inPlaceGate] } };
}
