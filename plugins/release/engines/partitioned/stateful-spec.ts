import type { ReleaseTarget, TargetUnit } from '../engine.ts';

/** What a new workload with numbered pods has of its own: it can never be changed again. */
export function newStatefulSpec(
  { volumeClaimTemplates, access = [] }: ReleaseTarget,
  { workload }: TargetUnit,
): object {
  const headless = access.find(({ type }) => type === 'HEADLESS');
  return {
    serviceName: headless?.name ?? workload,
    podManagementPolicy: 'Parallel',
    ...(volumeClaimTemplates.length > 0 ? { volumeClaimTemplates } : {}),
  };
}
