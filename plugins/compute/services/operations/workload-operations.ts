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

const rolling: readonly WorkloadKindName[] = ['DEPLOYMENT', 'STATEFUL_SET', 'DAEMON_SET'];
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
      says: 'has no rollout: only a Deployment, StatefulSet or DaemonSet can be restarted',
    },
    offered: workloadRestartKinds,
  },
  SCALE: {
    description: '`scaleWorkload`: set how many pods it has.',
    action: 'SCALE',
    kinds: ['DEPLOYMENT', 'STATEFUL_SET', 'REPLICA_SET'],
    otherwise: {
      reason: 'NOT_SCALABLE',
      says: 'has no number of replicas to set: only a Deployment, StatefulSet or ReplicaSet can be scaled',
    },
    offered: workloadScaleKinds,
  },
  PAUSE: {
    description: '`pauseWorkload`: hold its rollout.',
    action: 'PAUSE',
    kinds: ['DEPLOYMENT'],
    otherwise: { reason: 'NOT_PAUSABLE', says: 'has no rollout that could be paused: only a Deployment has' },
    offered: workloadPauseKinds,
  },
  RESUME: {
    description: '`resumeWorkload`: go on with its rollout.',
    action: 'RESUME',
    kinds: ['DEPLOYMENT'],
    otherwise: { reason: 'NOT_PAUSABLE', says: 'has no rollout that could be paused: only a Deployment has' },
    offered: workloadPauseKinds,
  },
  ROLL_BACK: {
    description: '`rollBackWorkload`: bring it back to an earlier version.',
    action: 'ROLL_BACK',
    kinds: rolling,
    otherwise: { reason: 'NO_REVISIONS', says: 'keeps no earlier versions' },
    offered: workloadRollBackKinds as ProfileKey<readonly string[]>,
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
  return offered === undefined || profile.get(offered).includes(kind);
}
