import type { LongshoreBuilder } from 'longshore/sdk';
import { registerControlPlane } from './control-plane.ts';
import { registerIndicators } from './indicators.ts';
import { registerMetricTypes } from './metric-types.ts';
import { registerUsageOverTime } from './usage-over-time.ts';

/** What is measured over time (CMP-110), what apps tell of themselves (CMP-113), and how the control plane does (CMP-17). */
export function registerMetrics(builder: LongshoreBuilder): void {
  registerMetricTypes(builder);
  registerUsageOverTime(builder);
  registerIndicators(builder);
  registerControlPlane(builder);
}
