import type { Reconciler } from 'longshore/sdk';
import { carryOutObject } from '../services/objects/carry-out-object.ts';
import { orderObjectLoop } from '../services/objects/order-objects-store.ts';

/** Makes and drives release orders that are wanted by objects of clusters. Without it such objects are only kept. */
export const orderObjectReconciler: Reconciler = {
  name: orderObjectLoop,
  description: 'Makes and drives the release orders that ReleaseOrder objects want; without it they are only kept.',
  timeoutMs: 60_000,
  reconcile: carryOutObject,
};
