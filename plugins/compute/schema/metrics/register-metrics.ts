import type { LongshoreBuilder } from 'longshore/sdk';
import { registerMetricTypes } from './metric-types.ts';
import { registerUsageOverTime } from './usage-over-time.ts';

/** What is measured over time (CMP-110). */
export function registerMetrics(builder: LongshoreBuilder): void {
  registerMetricTypes(builder);
  registerUsageOverTime(builder);
}
