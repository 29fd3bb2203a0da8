import { describe, expect, it } from 'vitest';
import type { WorkloadObject } from '../../api.ts';
import {
  controlledBy,
  makeCronJob,
  makeDaemonSet,
  makeDeployment,
  makeJob,
  makeReplicaSet,
  makeStatefulSet,
} from '../../testing/make-objects.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { decideOperation } from './decide-operation.ts';
import { stoppedNodeLabel } from './stopped-state.ts';
import { type WorkloadOperation, workloadOperationNames } from './workload-operations.ts';

function reasonOf(operation: WorkloadOperation, workload: WorkloadObject, profile = 'default', autoscaler?: string) {
  const found = autoscaler === undefined ? undefined : { name: autoscaler };
  const obstacle = decideOperation({ operation, workload, profile: profileNamed(profile), autoscaler: found });
  return obstacle?.reason ?? 'allowed';
}

const running = {
  DEPLOYMENT: makeDeployment({ spec: { replicas: 2 } }),
  STATEFUL_SET: makeStatefulSet({ spec: { replicas: 2 } }),
  DAEMON_SET: makeDaemonSet({ spec: { template: { spec: {} } } }),
  REPLICA_SET: makeReplicaSet({ spec: { replicas: 2 } }),
  JOB: makeJob({ spec: {} }),
  CRON_JOB: makeCronJob({ spec: {} }),
} as const;
type Kind = keyof typeof running;

const stopped: Record<Kind, WorkloadObject> = {
  DEPLOYMENT: makeDeployment({ spec: { replicas: 0 } }),
  STATEFUL_SET: makeStatefulSet({ spec: { replicas: 0 } }),
  DAEMON_SET: makeDaemonSet({ spec: { template: { spec: { nodeSelector: { [stoppedNodeLabel]: 'true' } } } } }),
  REPLICA_SET: makeReplicaSet({ spec: { replicas: 0 } }),
  JOB: makeJob({ spec: { suspend: true } }),
  CRON_JOB: makeCronJob({ spec: { suspend: true } }),
};

/** What may be done to a running workload, kind by kind: the table of CMP-71, and what Kubernetes can do beyond it. */
const tables: Record<string, Record<Kind, readonly WorkloadOperation[]>> = {
  default: {
    DEPLOYMENT: ['EDIT', 'STOP', 'RESTART', 'SCALE', 'PAUSE', 'ROLL_BACK', 'DELETE'],
    STATEFUL_SET: ['EDIT', 'STOP', 'RESTART', 'SCALE', 'ROLL_BACK', 'DELETE'],
    DAEMON_SET: ['EDIT', 'STOP', 'RESTART', 'ROLL_BACK', 'DELETE'],
    REPLICA_SET: ['EDIT', 'STOP', 'SCALE', 'DELETE'],
    JOB: ['EDIT', 'STOP', 'DELETE'],
    CRON_JOB: ['EDIT', 'STOP', 'DELETE'],
  },
  ecs: {
    DEPLOYMENT: ['EDIT', 'STOP', 'RESTART', 'SCALE', 'ROLL_BACK', 'DELETE'],
    STATEFUL_SET: ['EDIT', 'STOP', 'RESTART', 'SCALE', 'DELETE'],
    DAEMON_SET: ['EDIT', 'STOP', 'RESTART', 'DELETE'],
    REPLICA_SET: ['DELETE'],
    JOB: ['DELETE'],
    CRON_JOB: ['EDIT', 'STOP', 'DELETE'],
  },
};
const cells = Object.entries(tables).flatMap(([profile, table]) =>
  (Object.keys(table) as Kind[]).map((kind) => ({ profile, kind, allowed: table[kind] })),
);

describe('decideOperation', () => {
  it.each(cells)('by $profile lets a running $kind do $allowed and nothing else (CMP-71, CMP-77)', (cell) => {
    const { profile, kind, allowed } = cell;
    const found = workloadOperationNames.filter((name) => reasonOf(name, running[kind], profile) === 'allowed');
    expect([...found].sort()).toEqual([...allowed].sort());
  });

  it.each([
    ['RESTART', 'JOB', 'default', 'NOT_RESTARTABLE'],
    ['RESTART', 'REPLICA_SET', 'default', 'NOT_RESTARTABLE'],
    ['SCALE', 'DAEMON_SET', 'default', 'NOT_SCALABLE'],
    ['SCALE', 'CRON_JOB', 'default', 'NOT_SCALABLE'],
    ['PAUSE', 'STATEFUL_SET', 'default', 'NOT_PAUSABLE'],
    ['RESUME', 'DEPLOYMENT', 'default', 'WORKLOAD_NOT_PAUSED'],
    ['ROLL_BACK', 'JOB', 'default', 'NO_REVISIONS'],
    ['ROLL_BACK', 'STATEFUL_SET', 'ecs', 'KIND_NOT_OFFERED'],
    ['PAUSE', 'DEPLOYMENT', 'ecs', 'KIND_NOT_OFFERED'],
    ['STOP', 'JOB', 'ecs', 'KIND_NOT_OFFERED'],
    ['START', 'DEPLOYMENT', 'default', 'WORKLOAD_NOT_STOPPED'],
  ] as const)('refuses %s of a %s by %s with %s (CMP-71, refused)', (operation, kind, profile, reason) => {
    expect(reasonOf(operation, running[kind], profile)).toBe(reason);
  });

  it.each(
    Object.keys(stopped) as Kind[],
  )('starts a stopped %s, and does not stop it again (CMP-72, CON-41)', (kind) => {
    expect(reasonOf('START', stopped[kind])).toBe('allowed');
    expect(reasonOf('STOP', stopped[kind])).toBe('WORKLOAD_STOPPED');
    // In tcs a stop of what is stopped is nothing.
    expect(reasonOf('STOP', stopped[kind], 'tcs')).toBe('allowed');
  });

  it('does not stop what has finished (CMP-72, refused)', () => {
    const done = makeJob({ spec: {}, status: { conditions: [{ type: 'Complete', status: 'True' }] } });
    expect(reasonOf('STOP', done)).toBe('WORKLOAD_FINISHED');
  });

  it.each([
    ['ecs', 'WORKLOAD_STOPPED'],
    ['default', 'allowed'],
  ])('scales a stopped Deployment by %s: %s (CMP-71, CMP-78)', (profile, expected) => {
    expect(reasonOf('SCALE', stopped.DEPLOYMENT, profile)).toBe(expected);
  });

  it.each([
    ['ecs', 'AUTOSCALED'],
    ['default', 'allowed'],
    ['csk', 'allowed'],
  ])('scales a Deployment that a policy scales, by %s: %s (CMP-71, CON-18)', (profile, expected) => {
    expect(reasonOf('SCALE', running.DEPLOYMENT, profile, 'vote-hpa')).toBe(expected);
  });

  it.each([
    ['RESTART', 'WORKLOAD_PAUSED'],
    ['PAUSE', 'WORKLOAD_PAUSED'],
    ['RESUME', 'allowed'],
    ['ROLL_BACK', 'WORKLOAD_PAUSED'],
    ['SCALE', 'allowed'],
    ['STOP', 'allowed'],
  ] as const)('decides on %s of a paused Deployment: %s (CMP-72)', (operation, expected) => {
    expect(reasonOf(operation, makeDeployment({ spec: { paused: true } }))).toBe(expected);
  });

  it.each([
    ['RESTART', stopped.DEPLOYMENT, 'WORKLOAD_STOPPED'],
    ['ROLL_BACK', stopped.DAEMON_SET, 'WORKLOAD_STOPPED'],
    ['ROLL_BACK', stopped.DEPLOYMENT, 'allowed'],
  ] as const)('decides on %s of a stopped workload', (operation, workload, expected) => {
    expect(reasonOf(operation, workload)).toBe(expected);
  });

  it('leaves to an owner what the owner would set back (refused)', () => {
    const set = makeReplicaSet({ metadata: { name: 'vote-1', ...controlledBy(running.DEPLOYMENT) } });
    expect(
      decideOperation({ operation: 'SCALE', workload: set, profile: profileNamed('default'), autoscaler: undefined }),
    ).toEqual({
      reason: 'MANAGED_BY_OWNER',
      message: "ReplicaSet 'vote-1' belongs to Deployment 'thing', which would set it back: change that",
    });
    expect(reasonOf('DELETE', set)).toBe('allowed');
    expect(reasonOf('STOP', makeJob({ metadata: controlledBy(running.CRON_JOB) }))).toBe('allowed');
  });

  it.each(workloadOperationNames)('does not %s what is being deleted (refused)', (operation) => {
    const workload = makeDeployment({ metadata: { name: 'vote', deletionTimestamp: '2026-01-01T00:00:00Z' } });
    expect(reasonOf(operation, workload)).toBe('BEING_DELETED');
  });
});
