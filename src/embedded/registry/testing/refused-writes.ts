import { refusedConfiguration } from './refused-configuration.ts';
import { refusedPods } from './refused-pods.ts';
import { refusedServices } from './refused-services.ts';
import { refusedWorkloads } from './refused-workloads.ts';
import type { RefusedWrite } from './refused-write.ts';

/** One mistake each, over all kinds; what a Kubernetes 1.36 answers to each stands in `refusals.json`. */
export const refusedWrites: readonly RefusedWrite[] = [
  ...refusedPods,
  ...refusedWorkloads,
  ...refusedServices,
  ...refusedConfiguration,
];
