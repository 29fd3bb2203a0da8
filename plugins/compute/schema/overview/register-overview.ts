import type { LongshoreBuilder } from 'longshore/sdk';
import { registerClusterOverview } from './cluster-overview.ts';
import { registerClusterUsage } from './cluster-usage.ts';
import { registerTenantMetrics } from './tenant-metrics.ts';
import { registerTenantOverview } from './tenant-overview.ts';

/** The first pages of a platform (CMP-12, CMP-111, CMP-112). */
export function registerOverview(builder: LongshoreBuilder): void {
  registerClusterOverview(builder);
  registerClusterUsage(builder);
  registerTenantOverview(builder);
  registerTenantMetrics(builder);
}
