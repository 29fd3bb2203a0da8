import { omitZeros } from '../../../controllers/omit-zeros.ts';
import { setCondition } from '../../../controllers/set-condition.ts';
import { parseSelectorObject, printLabelSelector } from '../../../machinery/label-selector.ts';
import type { AdvancedStatefulSet } from '../kinds.ts';
import type { NumberedPod } from './decide-steps.ts';

export interface StatefulStatusInput {
  readonly set: AdvancedStatefulSet;
  /** All pods, those that are ending too; `isReady` says nothing of hooks. */
  readonly pods: readonly (NumberedPod & { readonly isReady: boolean })[];
  readonly currentRevision: string;
  readonly updateRevision: string;
  /** Why a pod could not be created. */
  readonly failure: string | undefined;
  /** RFC 3339. */
  readonly now: string;
}

/** The status of an Advanced StatefulSet; the new revision is the current one when all pods are at it and ready. */
export function decideStatefulStatus(input: StatefulStatusInput): NonNullable<AdvancedStatefulSet['status']> {
  const { set, pods, updateRevision } = input;
  const live = pods.filter(({ isTerminating }) => !isTerminating);
  const ready = pods.filter(({ isReady }) => isReady);
  const at = (list: StatefulStatusInput['pods'], revision: string): StatefulStatusInput['pods'] =>
    list.filter((pod) => pod.revision === revision);
  const updatedReplicas = at(live, updateRevision).length;
  const isComplete =
    set.spec.updateStrategy?.type !== 'OnDelete' && updatedReplicas === pods.length && ready.length === pods.length;
  const currentRevision = isComplete ? updateRevision : input.currentRevision;
  const { conditions = [], collisionCount = 0 } = set.status ?? {};
  const message = `StatefulPodControl failed to create Pod error: ${input.failure}`;
  const failed =
    input.failure === undefined
      ? conditions
      : setCondition(conditions, { type: 'FailedCreatePod', status: 'True', message }, input.now);
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter(({ isAvailable }) => isAvailable).length,
    currentReplicas: at(live, currentRevision).length,
    updatedReplicas,
    ...omitZeros({
      updatedReadyReplicas: at(ready, updateRevision).length,
      updatedAvailableReplicas: at(ready, updateRevision).filter(({ isAvailable }) => isAvailable).length,
    }),
    currentRevision,
    updateRevision,
    collisionCount,
    ...(failed.length === 0 ? {} : { conditions: failed }),
    labelSelector: printLabelSelector(parseSelectorObject(set.spec.selector)),
  };
}
