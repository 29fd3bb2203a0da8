import type { LongshoreBuilder } from 'longshore/sdk';
import { registerClusterOverview } from './cluster-overview.ts';
import { registerClusterUsage } from './cluster-usage.ts';

/** The first pages of a platform (CMP-12, CMP-111). */
export function registerOverview(builder: LongshoreBuilder): void {
  registerClusterOverview(builder);
  registerClusterUsage(builder);
}
