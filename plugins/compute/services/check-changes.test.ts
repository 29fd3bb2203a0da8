import { type AnswerError, PreconditionError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import type { WorkloadObject } from '../api.ts';
import {
  controlledBy,
  makeCronJob,
  makeDaemonSet,
  makeDeployment,
  makeJob,
  makeReplicaSet,
  makeStatefulSet,
} from '../testing/make-objects.ts';
import { profileNamed } from '../testing/profile-named.ts';
import { requireRestartable, restartPatch } from './check-restart.ts';
import { checkReplicas, requireScalable } from './check-scale.ts';

const deployment = makeDeployment({ metadata: { name: 'vote' }, spec: {} });
const leaving = { name: 'vote', deletionTimestamp: '2026-01-01T00:00:00Z' };

function reasonOf(act: (workload: WorkloadObject) => void, workload: WorkloadObject): string {
  try {
    act(workload);
    return 'allowed';
  } catch (error) {
    return error instanceof PreconditionError ? error.reason : (error as AnswerError).name;
  }
}

describe('checkReplicas', () => {
  it.each([
    ['default', 0],
    ['default', 1_000],
    ['csk', 1],
    ['csk', 100],
    ['ecs', 101],
  ])('takes by the profile %s %i', (name, replicas) => {
    expect(checkReplicas(replicas, profileNamed(name))).toEqual([]);
  });
  it.each([
    ['default', -1, 'too_small', "replicas must be 0 to 1000 by the profile 'default', got -1"],
    ['default', 1_001, 'too_big', "replicas must be 0 to 1000 by the profile 'default', got 1001"],
    ['ecs', 2_147_483_647, 'too_big', "replicas must be 0 to 1000 by the profile 'ecs', got 2147483647"],
    ['csk', 0, 'too_small', "replicas must be 1 to 100 by the profile 'csk', got 0"],
    ['csk', 101, 'too_big', "replicas must be 1 to 100 by the profile 'csk', got 101"],
  ])('refuses by the profile %s %i', (name, replicas, code, message) => {
    expect(checkReplicas(replicas, profileNamed(name))).toEqual([{ path: ['replicas'], code, message }]);
  });
});

describe('requireScalable', () => {
  it.each([
    ['a Deployment', deployment, 'allowed'],
    ['a StatefulSet', makeStatefulSet({}), 'allowed'],
    ['a bare ReplicaSet', makeReplicaSet({}), 'allowed'],
    [
      'a ReplicaSet of a Deployment (refused)',
      makeReplicaSet({ metadata: controlledBy(deployment) }),
      'MANAGED_BY_OWNER',
    ],
    ['a DaemonSet (refused)', makeDaemonSet({}), 'NOT_SCALABLE'],
    ['a Job (refused)', makeJob({}), 'NOT_SCALABLE'],
    ['a CronJob (refused)', makeCronJob({}), 'NOT_SCALABLE'],
    ['a Deployment that is being deleted (refused)', makeDeployment({ metadata: leaving }), 'BEING_DELETED'],
  ])('decides on %s', (_name, workload, reason) => {
    expect(reasonOf(requireScalable, workload)).toBe(reason);
  });
  it('names the owner that would set it back', () => {
    const set = makeReplicaSet({ metadata: { name: 'vote-1', ...controlledBy(deployment) } });
    expect(() => requireScalable(set)).toThrow(
      "ReplicaSet 'vote-1' belongs to Deployment 'vote', which would set its replicas back: scale that",
    );
  });
});

describe('requireRestartable', () => {
  it.each([
    ['a Deployment', deployment, 'allowed'],
    ['a StatefulSet', makeStatefulSet({}), 'allowed'],
    ['a DaemonSet', makeDaemonSet({}), 'allowed'],
    ['a paused Deployment (refused)', makeDeployment({ spec: { paused: true } }), 'WORKLOAD_PAUSED'],
    ['a ReplicaSet (refused)', makeReplicaSet({}), 'NOT_RESTARTABLE'],
    ['a Job (refused)', makeJob({}), 'NOT_RESTARTABLE'],
    ['a CronJob (refused)', makeCronJob({}), 'NOT_RESTARTABLE'],
    ['a StatefulSet that is being deleted (refused)', makeStatefulSet({ metadata: leaving }), 'BEING_DELETED'],
  ])('decides on %s', (_name, workload, reason) => {
    expect(reasonOf(requireRestartable, workload)).toBe(reason);
  });
});

describe('restartPatch', () => {
  it('touches the one annotation that kubectl touches', () => {
    expect(restartPatch(Date.UTC(2026, 0, 31, 12))).toEqual({
      spec: {
        template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-31T12:00:00.000Z' } } },
      },
    });
  });
});
