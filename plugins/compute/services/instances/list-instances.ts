import { origin } from 'longshore/sdk';
import type { PodObject } from '../../api.ts';
import type { TaggedWorkload } from '../workload-kinds.ts';
import { type InstanceSet, isInstanceSet } from './instance-set.ts';
import { instanceName, ordinalOfName, reservedOf } from './ordinals.ts';

export const instanceStates = {
  RUNNING: 'Its pod is ready.',
  NOT_READY: 'Its pod runs or starts, and is not ready.',
  DEPLOYING: 'Its pod is still to be made.',
  STOPPING: 'Its pod is ending.',
  KILLED: 'It was killed, and can be started again under its name.',
} as const;
export type InstanceState = keyof typeof instanceStates;

/** One of the pods that a workload of OpenKruise has, should have, or had before it was killed (CMP-79, CMP-88). */
export interface WorkloadInstance {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** From 0 on; undefined where instances have no numbers. */
  readonly ordinal: number | undefined;
  readonly state: InstanceState;
  readonly pod: PodObject | undefined;
  readonly set: InstanceSet;
}

/** Most that are killed and still told. */
const mostKilled = 1_000;

export function listInstances(workload: TaggedWorkload, pods: readonly PodObject[]): readonly WorkloadInstance[] {
  if (!isInstanceSet(workload)) return [];
  const { object: set } = workload;
  const place = { cluster: set[origin].cluster, namespace: set.metadata.namespace ?? '', set };
  const ofPod = (pod: PodObject, ordinal: number | undefined): WorkloadInstance => ({
    ...place,
    name: pod.metadata.name,
    ordinal,
    state: stateOf(pod),
    pod,
  });
  if (workload.kind === 'CLONE_SET') return pods.map((pod) => ofPod(pod, undefined));
  const { object: numbered } = workload;
  const reserved = reservedOf(numbered);
  const found = pods.map((pod) => ofPod(pod, ordinalOfName(numbered, pod.metadata.name)));
  const there = new Set(found.map(({ ordinal }) => ordinal));
  const without = (ordinal: number, state: InstanceState): WorkloadInstance[] =>
    there.has(ordinal) ? [] : [{ ...place, name: instanceName(numbered, ordinal), ordinal, state, pod: undefined }];
  return [
    ...found,
    ...reserved.ordinalsOf(numbered.spec?.replicas ?? 1).flatMap((ordinal) => without(ordinal, 'DEPLOYING')),
    ...reserved.first(mostKilled).flatMap((ordinal) => without(ordinal, 'KILLED')),
  ];
}

function stateOf({ metadata, status }: PodObject): InstanceState {
  if (metadata.deletionTimestamp !== undefined) return 'STOPPING';
  const isReady = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True');
  return isReady ? 'RUNNING' : 'NOT_READY';
}
