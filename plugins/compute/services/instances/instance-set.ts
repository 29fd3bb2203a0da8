import type { AdvancedStatefulSetObject, CloneSetObject } from '../../api.ts';
import type { TaggedWorkload } from '../workload-kinds.ts';

/** A workload of OpenKruise, whose pods can be told apart and updated one by one. */
export type InstanceSet = CloneSetObject | AdvancedStatefulSetObject;

export type TaggedInstanceSet = Extract<TaggedWorkload, { readonly kind: 'CLONE_SET' | 'ADVANCED_STATEFUL_SET' }>;

/** Whether a workload is one of OpenKruise. */
export function isInstanceSet(workload: TaggedWorkload): workload is TaggedInstanceSet {
  return workload.kind === 'CLONE_SET' || workload.kind === 'ADVANCED_STATEFUL_SET';
}

interface Rolling {
  readonly partition?: number | string;
  readonly paused?: boolean;
}

/** The part of the update strategy that both kinds have, one level deeper in an Advanced StatefulSet. */
function rollingOf({ spec }: InstanceSet): Rolling {
  const strategy = (spec?.updateStrategy ?? {}) as Rolling & { readonly rollingUpdate?: Rolling };
  return strategy.rollingUpdate ?? strategy;
}

export function isPausedInstanceSet(object: InstanceSet): boolean {
  return rollingOf(object).paused === true;
}

/** How many pods a rollout leaves as they are; of a percentage it is rounded up (OpenKruise). */
export function keptByPartition(object: InstanceSet): number {
  const { partition = 0 } = rollingOf(object);
  const replicas = object.spec?.replicas ?? 1;
  if (typeof partition === 'number') return Math.min(partition, replicas);
  const percent = Number.parseFloat(partition);
  return Number.isFinite(percent) ? Math.min(replicas, Math.ceil((replicas * percent) / 100)) : 0;
}

/** Whether an update changes pods where they are: then a changed annotation restarts nothing. */
export function updatesInPlace(workload: TaggedWorkload): boolean {
  if (workload.kind === 'CLONE_SET') return (workload.object.spec?.updateStrategy?.type ?? 'ReCreate') !== 'ReCreate';
  if (workload.kind !== 'ADVANCED_STATEFUL_SET') return false;
  return (workload.object.spec?.updateStrategy?.rollingUpdate?.podUpdatePolicy ?? 'ReCreate') !== 'ReCreate';
}

/** A patch of the update strategy, at the place where the kind has it. */
export function strategyPatch(kind: 'CLONE_SET' | 'ADVANCED_STATEFUL_SET', fields: object): object {
  return kind === 'CLONE_SET' ? { updateStrategy: fields } : { updateStrategy: { rollingUpdate: fields } };
}
