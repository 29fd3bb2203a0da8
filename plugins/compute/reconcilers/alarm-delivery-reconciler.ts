import { again, postWebhook, type Reconciler, settled } from 'longshore/sdk';
import { alarmLoopRef } from '../services/alarms/alarm-loop.ts';
import { alarmDeliveryReconcilerName, alarmsServiceRef } from '../services/alarms/alarms-service.ts';

/** Most attempts; with pauses that double from 10 s they take about 40 minutes. */
const mostAttempts = 8;
const firstPauseMs = 10_000;

/**
 * Tells webhooks of alarms, signed (CMP-64). Without it nobody outside hears of them. Each alarm is told at least once: a receiver
 * knows a repetition by the header `Longshore-Delivery`.
 */
export const alarmDeliveryReconciler: Reconciler = {
  name: alarmDeliveryReconcilerName,
  description: 'Tells webhooks of alarms; without it nobody outside hears of them.',
  timeoutMs: 60_000,
  async reconcile(uuid, context) {
    const service = context.service(alarmsServiceRef);
    const delivery = await service.delivery(uuid);
    if (delivery?.status !== 'PENDING') return settled;
    if (delivery.isWaiting) return again(firstPauseMs);
    if (delivery.url === null) {
      const gone = { httpStatus: null, problem: 'The policy has no webhook any more', nextAttemptAt: null };
      await service.endAttempt(uuid, { status: 'FAILED', attempts: delivery.attempts, ...gone }, context.fence);
      return settled;
    }
    const attempts = delivery.attempts + 1;
    const timestamp = String(Math.floor(context.clock.now() / 1_000));
    await context.failpoints.reach('compute.alarmDeliveries.before-call');
    const { egress } = context.service(alarmLoopRef);
    const { httpStatus, problem, isRefused } = await postWebhook(egress, context.clock, {
      url: delivery.url,
      headers: {
        'content-type': 'application/json',
        'longshore-delivery': uuid,
        'longshore-timestamp': timestamp,
        'longshore-signature': service.sign(delivery.policyId, timestamp, delivery.body),
      },
      body: delivery.body,
      signal: context.signal,
    });
    await context.failpoints.reach('compute.alarmDeliveries.after-call');
    const isOver = problem !== null && (isRefused || attempts >= mostAttempts);
    const status = problem === null ? 'DELIVERED' : isOver ? 'FAILED' : 'PENDING';
    const pauseMs = firstPauseMs * 2 ** (attempts - 1);
    const nextAttemptAt = status === 'PENDING' ? new Date(context.clock.now() + pauseMs) : null;
    await service.endAttempt(uuid, { status, attempts, httpStatus, problem, nextAttemptAt }, context.fence);
    return status === 'PENDING' ? again(pauseMs) : settled;
  },
};
