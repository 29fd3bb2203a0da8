import { describe, expect, it } from 'vitest';
import type { WorkloadObject } from '../../api.ts';
import {
  type Draft,
  makeCronJob,
  makeDaemonSet,
  makeDeployment,
  makeJob,
  makeReplicaSet,
  makeStatefulSet,
} from '../../testing/make-objects.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { isStopped, replicasBeforeStop, replicasToStart, startPatch, stopPatch } from './stopped-state.ts';

type Make = (draft: Draft) => WorkloadObject;

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...(target as object | undefined) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

describe('a stop', () => {
  it.each([
    ['Deployment', makeDeployment, { replicas: 3 }],
    ['StatefulSet', makeStatefulSet, { replicas: 3 }],
    ['ReplicaSet', makeReplicaSet, { replicas: 3 }],
    ['DaemonSet', makeDaemonSet, { template: { spec: { nodeSelector: { disk: 'ssd' } } } }],
    ['Job', makeJob, { parallelism: 2, suspend: false }],
    ['CronJob', makeCronJob, { schedule: '* * * * *', suspend: false }],
  ] as [string, Make, object][])('and a start leave a %s as it was (CMP-72)', (_kind, make, spec) => {
    const before = make({ metadata: { annotations: { own: 'yes' } }, spec });
    const during = make(merge(JSON.parse(JSON.stringify(before)), stopPatch(before)) as Draft);
    expect(isStopped(before)).toBe(false);
    expect(isStopped(during)).toBe(true);
    const after = merge(
      JSON.parse(JSON.stringify(during)),
      startPatch(during, replicasToStart(during, profileNamed('default'))),
    );
    expect(after).toEqual(JSON.parse(JSON.stringify(before)));
  });
});

describe('replicasToStart', () => {
  it.each([
    ['what it had', '5', 'default', 5],
    ['what new ones have where it was scaled by hand', undefined, 'default', 1],
    ['what new ones have where nobody can read what is remembered', 'many', 'default', 1],
    ['what new ones have where it had none', '0', 'default', 1],
    ['never more than the profile allows, whatever was written there', '5000', 'csk', 100],
    ['never more than scaling by hand, whatever was written there', '100000', 'default', 1_000],
  ])('is %s (CMP-72)', (_name, remembered, profile, expected) => {
    const annotations = remembered === undefined ? {} : { [replicasBeforeStop]: remembered };
    const workload = makeDeployment({ metadata: { annotations } });
    expect(replicasToStart(workload, profileNamed(profile))).toBe(expected);
  });
});
