import type { ClusterContext } from '../cluster-context.ts';
import type { KindClient } from '../kind-client.ts';
import type { Condition } from '../kubernetes-shapes.ts';
import { setCondition } from '../set-condition.ts';
import { timestamp } from '../timestamp.ts';
import type { Autoscaler } from './autoscaler-shapes.ts';

const component = 'horizontal-pod-autoscaler';

/** One look at an autoscaler: gathers conditions and writes them once. */
export interface AutoscalerRound {
  readonly autoscaler: Autoscaler;
  tell(reason: string, message: string): void;
  warn(reason: string, message: string): void;
  set(type: string, status: 'True' | 'False', reason: string, message: string): void;
  /** Writes the conditions and leaves the rest of the status. */
  keep(): void;
  write(current: number, desired: number, metrics: readonly object[] | null, isRescaled: boolean): void;
}

export function createAutoscalerRound(
  { clock, events }: ClusterContext,
  autoscalers: KindClient<Autoscaler>,
  autoscaler: Autoscaler,
): AutoscalerRound {
  const now = timestamp(clock.now());
  let conditions: readonly Condition[] = autoscaler.status?.conditions ?? [];

  return {
    autoscaler,
    tell: (reason, message) => events.record(autoscaler, { type: 'Normal', reason, message, component }),
    warn: (reason, message) => events.record(autoscaler, { type: 'Warning', reason, message, component }),
    set(type, status, reason, message) {
      conditions = setCondition(conditions, { type, status, reason, message }, now);
    },
    keep() {
      const status = autoscaler.status ?? { desiredReplicas: 0, currentMetrics: null };
      autoscalers.updateStatus(autoscaler, { ...status, conditions });
    },
    write(current, desired, metrics, isRescaled) {
      const lastScaleTime = isRescaled ? now : autoscaler.status?.lastScaleTime;
      autoscalers.updateStatus(autoscaler, {
        ...(current === 0 ? {} : { currentReplicas: current }),
        desiredReplicas: desired,
        ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
        currentMetrics: metrics,
        conditions,
      });
    },
  };
}
