import type { Reconciler } from 'longshore/sdk';
import { releaseLoop } from '../services/orders/apply-change.ts';
import { takeStep } from '../services/orders/take-step.ts';

/** Moves each release of an order on, one step at a time. Without it orders stay where they are. */
export const serviceReleaseReconciler: Reconciler = {
  name: releaseLoop,
  description: 'Moves the releases of orders on, group by group; without it they stay where they are.',
  timeoutMs: 60_000,
  reconcile: takeStep,
};
