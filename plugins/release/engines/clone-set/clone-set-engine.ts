import { cloneSetKind } from 'longshore/plugins/compute';
import { type KindRef, kindRef } from 'longshore/sdk';
import type { ReleaseEngine, ReleaseTarget } from '../engine.ts';
import { createPartitionedEngine } from '../partitioned/create-partitioned-engine.ts';
import { graceOf } from '../partitioned/in-place-grace.ts';
import type { Partition, PartitionFacts } from '../partitioned/partitioned-kind.ts';
import { resolveShare } from '../resolve-share.ts';
import { templateOfUnit } from '../workload-marks.ts';

/** From OpenKruise 1.10 on `v1beta1` is there too, in another form; `v1alpha1` stays served. */
const cloneSetBetaKind = kindRef({ ...cloneSetKind, version: 'v1beta1' });

export const cloneSetEngine: ReleaseEngine = createCloneSetEngine(cloneSetKind);
/** Where a later OpenKruise serves nothing else. */
export const cloneSetBetaEngine: ReleaseEngine = createCloneSetEngine(cloneSetBetaKind);

/** Drives CloneSets: pods with random names, changed in place where only images are new (`apps.kruise.io`). */
function createCloneSetEngine(kind: KindRef): ReleaseEngine {
  const isBeta = kind.version !== cloneSetKind.version;
  return createPartitionedEngine({
    name: 'CLONE_SET',
    kind,
    newSpec: () => ({}),
    strategy(target, unit, partition) {
      const policy = target.upgradeMode === 'IN_PLACE' ? 'InPlaceIfPossible' : 'ReCreate';
      const numbers = {
        ...{ partition, ...limitsOf(target, unit.replicas), paused: false },
        ...(target.upgradeMode === 'IN_PLACE' ? { inPlaceUpdateStrategy: graceOf(target) } : {}),
      };
      return isBeta
        ? { type: 'RollingUpdate', rollingUpdate: { podUpdatePolicy: policy, ...numbers } }
        : { type: policy, ...numbers };
    },
    partitionOnly: (partition) => (isBeta ? { rollingUpdate: { partition } } : { partition }),
    readPartition(strategy = {}) {
      const { rollingUpdate, partition = 0 } = strategy as {
        readonly partition?: Partition;
        readonly rollingUpdate?: { readonly partition?: Partition };
      };
      return isBeta ? (rollingUpdate?.partition ?? 0) : partition;
    },
    hold: () => '100%',
    partitionFor: clonePartition,
    template: templateOfUnit,
  });
}

/** A partition as a share keeps the share of the new version, whatever a scaler makes of the number of pods (T16). */
function clonePartition({ replicas, wanted, isScaled, updated }: PartitionFacts): Partition {
  if (updated.length >= wanted) return replicas;
  const kept = Math.max(0, replicas - wanted);
  return isScaled && kept > 0 ? `${Math.floor((kept * 100) / replicas)}%` : kept;
}

/** OpenKruise takes no strategy with which no pod could be missing and none be one too many. */
function limitsOf({ maxUnavailable }: ReleaseTarget, replicas: number): object {
  const isNone = resolveShare(maxUnavailable, Math.max(1, replicas), 'up') < 1;
  return { maxUnavailable: isNone ? 0 : maxUnavailable, maxSurge: isNone ? 1 : 0 };
}
