import { again, type Reconciler, settled } from 'longshore/sdk';
import type { AlarmPolicy } from '../api.ts';
import { alarmLoopRef } from '../services/alarms/alarm-loop.ts';
import { alarmPolicyReconcilerName, alarmsServiceRef } from '../services/alarms/alarms-service.ts';
import { decideAlarm } from '../services/alarms/decide-alarm.ts';
import { measure } from '../services/alarms/measure.ts';

/** How often a policy is looked at, in ms: about as often as a metrics server measures. */
const lookEveryMs = 15_000;

/** Looks at what alarm policies are about, and fires and resolves their alarms (CMP-64). Without it no alarm is ever told. */
export const alarmPolicyReconciler: Reconciler = {
  name: alarmPolicyReconcilerName,
  description: 'Fires and resolves alarms by their policies; without it no alarm is ever told.',
  timeoutMs: 60_000,
  async reconcile(uuid, context) {
    const { clusters, rules, application: read } = context.service(alarmLoopRef);
    const service = context.service(alarmsServiceRef);

    // 1. Read.
    const [policy] = await service.policiesById([uuid]);
    if (!policy) return settled;
    const application = policy.applicationUuid === null ? undefined : await read(policy.applicationUuid);
    const isOrphan = policy.applicationUuid !== null && !application;
    const nowMs = context.clock.now();
    const isEnabled = policy.isEnabled && !isOrphan;
    const asked = clusters.all.filter(({ name }) => policy.cluster === null || name === policy.cluster);
    const { signal } = context;
    const value = isEnabled ? await measure({ policy, application, clusters: asked, rules, nowMs, signal }) : undefined;
    const standing = await service.standing(uuid);

    // 2. Decide, and write it down.
    const decision = decideAlarm({
      nowMs,
      rule: policy.rule,
      isEnabled,
      value,
      holdsSinceMs: policy.holdsSince?.getTime(),
      ...standing,
      quietSeconds: policy.quietSeconds,
      silencedUntilMs: policy.silencedUntil?.getTime(),
    });
    await context.failpoints.reach('compute.alarmPolicies.before-write');
    await service.settle(policy, decision, { value: value ?? 0, summary: sayValue(policy, value ?? 0) }, context.fence);
    await context.failpoints.reach('compute.alarmPolicies.after-write');
    return isEnabled ? again(lookEveryMs) : settled;
  },
};

const words = { ABOVE: 'above', AT_LEAST: 'at least', BELOW: 'below', AT_MOST: 'at most' } as const;

function sayValue({ rule }: AlarmPolicy, value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return `${rule.metric} is ${rounded}, which is ${words[rule.comparison]} ${rule.threshold}`;
}
