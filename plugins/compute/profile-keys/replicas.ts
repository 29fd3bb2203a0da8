import { profileKey, profileValues } from 'longshore/sdk';

/** What Kubernetes stores (int32). */
const mostReplicas = 2_147_483_647;

/** A slip of the hand must not start a million pods: who wants more than this says so in a profile. */
export const mostUnlessSaid = 1_000;

export const replicasMin = profileKey({
  name: 'replicas.min',
  schema: profileValues.count(0, mostReplicas),
  default: 0,
  unit: 'pods',
  description: 'Fewest pods that a workload may be scaled to. Stopping it is another thing.',
  sources: ['CMP-45', 'CMP-78'],
});

export const replicasMax = profileKey({
  name: 'replicas.max',
  schema: profileValues.limit(1, mostReplicas),
  default: null,
  unit: 'pods',
  description: `Most pods that a workload may be made with, or scaled to; scaling by hand stops at ${mostUnlessSaid} where there is no limit.`,
  sources: ['CON-01', 'CMP-45', 'CMP-78', 'AS-01'],
});

export const replicasDefault = profileKey({
  name: 'replicas.default',
  schema: profileValues.count(1, mostReplicas),
  default: 1,
  unit: 'pods',
  description: 'Pods of a workload where the form says no number.',
  sources: ['CMP-45', 'Appendix B'],
});

export const replicasMaxWithDisk = profileKey({
  name: 'replicas.maxWithDisk',
  schema: profileValues.limit(1, mostReplicas),
  default: null,
  unit: 'pods',
  description:
    'Most pods of a Deployment, and most at once of a Job, that mounts a disk which one node alone can write.',
  sources: ['CMP-54', 'Appendix B'],
});

export const manualScaleWithPolicy = profileKey({
  name: 'manualScale.withPolicy',
  schema: profileValues.oneOf('REFUSE', 'ALLOW'),
  default: 'ALLOW',
  description: 'Whether a workload that an autoscaling policy scales may be scaled by hand.',
  sources: ['CON-18', 'CMP-71'],
});

export const manualScaleWhenStopped = profileKey({
  name: 'manualScale.whenStopped',
  schema: profileValues.oneOf('REFUSE', 'ALLOW'),
  default: 'ALLOW',
  description: 'Whether a workload that is stopped may be scaled by hand, or has to be started.',
  sources: ['CMP-71', 'CMP-78'],
});

export const replicasKeys = [
  replicasMin,
  replicasMax,
  replicasDefault,
  replicasMaxWithDisk,
  manualScaleWithPolicy,
  manualScaleWhenStopped,
];
