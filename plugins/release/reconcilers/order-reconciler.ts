import { type Reconciler, settled } from 'longshore/sdk';
import { orderLoop } from '../services/orders/create-order.ts';
import { initializationRef } from '../services/orders/initialization.ts';
import { initializeOrder } from '../services/orders/initialize-order.ts';

/** Plans new orders. Without it they stay INITIALIZING. */
export const orderReconciler: Reconciler = {
  name: orderLoop,
  description: 'Plans new release orders: their groups, tasks and what is written; without it they cannot be started.',
  timeoutMs: 60_000,
  async reconcile(orderId, context) {
    await context.failpoints.reach(`${orderLoop}.before-initialize`);
    await initializeOrder(orderId, context.service(initializationRef), context.fence, new Date(context.clock.now()));
    await context.failpoints.reach(`${orderLoop}.after-initialize`);
    return settled;
  },
};
