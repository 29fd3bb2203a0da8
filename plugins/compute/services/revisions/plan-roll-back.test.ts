import { PreconditionError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { daemonSetKind, deploymentKind, jobKind, statefulSetKind } from '../../api.ts';
import { makeObject } from '../../testing/make-objects.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { requireRollBack } from './plan-roll-back.ts';

const reasonOf = (act: () => void): string => {
  try {
    act();
    return 'allowed';
  } catch (error) {
    if (error instanceof PreconditionError) return error.reason;
    throw error;
  }
};

describe('requireRollBack', () => {
  it.each([
    ['default', deploymentKind, 'allowed'],
    ['default', statefulSetKind, 'allowed'],
    ['default', daemonSetKind, 'allowed'],
    ['default', jobKind, 'NO_REVISIONS'],
    ['ecs', deploymentKind, 'allowed'],
    ['ecs', statefulSetKind, 'KIND_NOT_OFFERED'],
    ['ecs', daemonSetKind, 'KIND_NOT_OFFERED'],
  ] as const)('in profile %s for %o: %s (CMP-71, CMP-77)', (profile, kind, expected) => {
    const workload = makeObject(kind as typeof deploymentKind, { spec: {} });
    expect(reasonOf(() => requireRollBack(workload, profileNamed(profile)))).toBe(expected);
  });

  it('refuses what is being deleted (refused)', () => {
    const workload = makeObject(deploymentKind, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
    expect(reasonOf(() => requireRollBack(workload, profileNamed('default')))).toBe('BEING_DELETED');
  });
});
