import { again, type Reconciler, settled } from 'longshore/sdk';
import type { AlarmPolicy } from '../api.ts';
import { alarmLoopRef } from '../services/alarms/alarm-loop.ts';
import { alarmPolicyReconcilerName, alarmsServiceRef } from '../services/alarms/alarms-service.ts';
import { decideAlarm, type Measured } from '../services/alarms/decide-alarm.ts';
import { measure } from '../services/alarms/measure.ts';

/** How often a policy is looked at, in ms: about as often as a metrics server measures. */
const lookEveryMs = 15_000;

/** Looks at what alarm policies are about, and fires and resolves their alarms (CMP-64). Without it no alarm is ever told. */
export const alarmPolicyReconciler: Reconciler = {
  name: alarmPolicyReconcilerName,
  description: 'Fires and resolves alarms by their policies; without it no alarm is ever told.',
  timeoutMs: 60_000,
  async reconcile(uuid, context) {
    const { clustersOf, rules, application: read } = context.service(alarmLoopRef);
    const service = context.service(alarmsServiceRef);

    // 1. Read.
    const [policy] = await service.policiesById([uuid]);
    if (!policy) return settled;
    const application = policy.applicationUuid === null ? undefined : await read(policy.applicationUuid);
    const isOrphan = policy.applicationUuid !== null && !application;
    const nowMs = context.clock.now();
    const isEnabled = policy.isEnabled && !isOrphan;
    const clusters = await clustersOf(policy);
    const isGone = policy.cluster !== null && clusters.length === 0;
    const { signal } = context;
    const measured: Measured = isGone
      ? { is: 'UNKNOWN', problem: `The cluster '${policy.cluster}' is not served any more` }
      : isEnabled
        ? await measure({ policy, application, clusters, rules, nowMs, signal })
        : { is: 'NOTHING', problem: null };
    const standing = await service.standing(uuid);

    // 2. Decide, and write it down.
    const decision = decideAlarm({
      nowMs,
      rule: policy.rule,
      isEnabled,
      measured,
      holdsSinceMs: policy.holdsSince?.getTime(),
      ...standing,
      quietSeconds: policy.quietSeconds,
      silencedUntilMs: policy.silencedUntil?.getTime(),
    });
    await context.failpoints.reach('compute.alarmPolicies.before-write');
    const value = measured.is === 'VALUE' ? measured.value : 0;
    const problem = measured.is === 'VALUE' ? null : measured.problem;
    await service.settle(policy, decision, { value, summary: sayValue(policy, value), problem }, context.fence);
    await context.failpoints.reach('compute.alarmPolicies.after-write');
    return isEnabled ? again(lookEveryMs) : settled;
  },
};

const words = { ABOVE: 'above', AT_LEAST: 'at least', BELOW: 'below', AT_MOST: 'at most' } as const;

function sayValue({ rule }: AlarmPolicy, value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return `${rule.metric} is ${rounded}, which is ${words[rule.comparison]} ${rule.threshold}`;
}
