import type { Profile, ProfileKey } from 'longshore/sdk';
import {
  workloadEditKinds,
  workloadPauseKinds,
  workloadRestartKinds,
  workloadRollBackKinds,
  workloadScaleKinds,
  workloadStopKinds,
} from '../../profile-keys/workloads.ts';
import { type WorkloadKindName, workloadKindNames } from '../workload-kinds.ts';

/** One row of the table of CMP-71: what may be done to which kinds. */
export interface WorkloadOperationRow {
  readonly description: string;
  /** The right that it asks for. */
  readonly action: string;
  /** Kinds that Kubernetes, or the engine of the kind, can do it to. */
  readonly kinds: readonly WorkloadKindName[];
  /** Why the others are refused: a member of `PreconditionReason`, and what is said of them. */
  readonly otherwise: { readonly reason: string; readonly says: string };
  /** Those of the kinds that a profile offers it for; undefined where every profile offers all of them. */
  readonly offered: ProfileKey<readonly string[]> | undefined;
}

const rolling: readonly WorkloadKindName[] = [
  'DEPLOYMENT',
  'STATEFUL_SET',
  'DAEMON_SET',
  'CLONE_SET',
  'ADVANCED_STATEFUL_SET',
];
const pausable: readonly WorkloadKindName[] = ['DEPLOYMENT', 'CLONE_SET', 'ADVANCED_STATEFUL_SET'];
const notPausable = { reason: 'NOT_PAUSABLE', says: 'has no rollout that could be paused' };
const notAddressable = {
  reason: 'INSTANCES_ALIKE',
  says: 'has pods that are all alike and cannot be done this to one by one: only a TApp (Advanced StatefulSet of OpenKruise) can',
};
const everyKind = { reason: 'KIND_NOT_OFFERED', says: 'cannot be changed so' };

/** What can be done to a workload, by kind (CMP-71). Every mutation of workloads asks this table. */
export const workloadOperations = {
  EDIT: {
    description: 'Change its form, its labels, its YAML.',
    action: 'UPDATE',
    kinds: workloadKindNames,
    otherwise: everyKind,
    offered: workloadEditKinds,
  },
  START: {
    description: '`startWorkload`: run again what was stopped.',
    action: 'START',
    kinds: workloadKindNames,
    otherwise: everyKind,
    offered: workloadStopKinds,
  },
  STOP: {
    description: '`stopWorkload`: end its pods and remember how many there were.',
    action: 'STOP',
    kinds: workloadKindNames,
    otherwise: everyKind,
    offered: workloadStopKinds,
  },
  RESTART: {
    description: '`restartWorkload`: replace all its pods.',
    action: 'RESTART',
    kinds: rolling,
    otherwise: {
      reason: 'NOT_RESTARTABLE',
      says: 'has no rollout that could be started again',
    },
    offered: workloadRestartKinds,
  },
  SCALE: {
    description: '`scaleWorkload`: set how many pods it has.',
    action: 'SCALE',
    kinds: ['DEPLOYMENT', 'STATEFUL_SET', 'REPLICA_SET', 'CLONE_SET', 'ADVANCED_STATEFUL_SET'],
    otherwise: {
      reason: 'NOT_SCALABLE',
      says: 'has no number of replicas to set',
    },
    offered: workloadScaleKinds,
  },
  PAUSE: {
    description: '`pauseWorkload`: hold its rollout.',
    action: 'PAUSE',
    kinds: pausable,
    otherwise: notPausable,
    offered: workloadPauseKinds,
  },
  RESUME: {
    description: '`resumeWorkload`: go on with its rollout.',
    action: 'RESUME',
    kinds: pausable,
    otherwise: notPausable,
    offered: workloadPauseKinds,
  },
  ROLL_BACK: {
    description: '`rollBackWorkload`: bring it back to an earlier version.',
    action: 'ROLL_BACK',
    kinds: rolling,
    otherwise: { reason: 'NO_REVISIONS', says: 'keeps no earlier versions' },
    offered: workloadRollBackKinds as ProfileKey<readonly string[]>,
  },
  KILL_INSTANCES: {
    description: '`killWorkloadInstances`: end some of its instances and keep the others.',
    action: 'STOP',
    kinds: ['ADVANCED_STATEFUL_SET'],
    otherwise: notAddressable,
    offered: undefined,
  },
  START_INSTANCES: {
    description: '`startWorkloadInstances`: bring instances back that were killed.',
    action: 'START',
    kinds: ['ADVANCED_STATEFUL_SET'],
    otherwise: notAddressable,
    offered: undefined,
  },
  UPDATE_INSTANCES: {
    description: '`updateWorkloadInstances`: give all of its instances, or some, another image.',
    action: 'UPDATE',
    kinds: ['CLONE_SET', 'ADVANCED_STATEFUL_SET'],
    otherwise: {
      reason: 'INSTANCES_ALIKE',
      says: 'has pods that are all alike: only those of OpenKruise can have images of their own',
    },
    offered: workloadEditKinds,
  },
  DELETE: {
    description: '`deleteWorkload`: delete it with its pods.',
    action: 'DELETE',
    kinds: workloadKindNames,
    otherwise: everyKind,
    offered: undefined,
  },
} as const satisfies Record<string, WorkloadOperationRow>;

export type WorkloadOperation = keyof typeof workloadOperations;

export const workloadOperationNames = Object.keys(workloadOperations) as readonly WorkloadOperation[];

/** Whether a profile offers an operation for a kind that can be done it to. */
export function isOffered(operation: WorkloadOperation, kind: WorkloadKindName, profile: Profile): boolean {
  const { offered }: WorkloadOperationRow = workloadOperations[operation];
  return offered === undefined || profile.get(offered).includes(wordOf(kind));
}

/** Profiles call what runs on OpenKruise a TApp. */
function wordOf(kind: WorkloadKindName): string {
  return kind === 'CLONE_SET' || kind === 'ADVANCED_STATEFUL_SET' ? 'TAPP' : kind;
}
