import { type Project, projectTypeRef, type Workspace, workspaceTypeRef } from 'longshore/plugins/core';
import type { FieldBuilder, LongshoreBuilder, RequestContext } from 'longshore/sdk';
import { loadTenantUsage } from '../../services/metrics/load-tenant-usage.ts';
import type { UsageMetric } from '../../services/metrics/usage-metrics.ts';
import { type UsageSeries, usageSeriesRef } from '../metrics/metric-types.ts';
import { type MetricsArguments, metricsArguments, rangeAt, usageOfPods, wanted } from '../metrics/usage-over-time.ts';
import { namespacesOfTenant } from './tenant-overview.ts';

type Tenant = Workspace | Project;

/** What a project or workspace uses over time: the trend of its first page (CMP-112). */
export function registerTenantMetrics(builder: LongshoreBuilder): void {
  builder.objectField(workspaceTypeRef, 'metrics', metricsField);
  builder.objectField(projectTypeRef, 'metrics', metricsField);
}

function metricsField<T extends Tenant>(t: FieldBuilder<T>) {
  return t.field({
    type: [usageSeriesRef],
    nullable: true,
    description:
      'What the pods of its namespaces used over time, of all its clusters together, from Prometheus: of namespaces whose metrics you may read, and since each belongs to it.',
    args: metricsArguments(t as never),
    resolve: (tenant: T, asked: unknown, context: RequestContext) => load(tenant, asked as MetricsArguments, context),
  } as never) as never;
}

async function load(tenant: Tenant, asked: MetricsArguments, context: RequestContext): Promise<UsageSeries[]> {
  const workspace = tenant.nodeTypeName === 'Workspace' ? tenant.uuid : (tenant.workspaceUuid ?? undefined);
  const range = rangeAt({ workspace }, asked.range, context);
  const metrics: readonly UsageMetric[] = wanted(asked.metrics, usageOfPods);
  const places = (await namespacesOfTenant(tenant, context)).map(({ cluster, namespace, createdAt }) => ({
    cluster,
    namespace,
    sinceMs: createdAt.getTime(),
  }));
  return Promise.all(
    metrics.map(async (metric) => ({
      metric,
      range,
      scope: 'NAMESPACES' as const,
      points: await loadTenantUsage({ metric, range }, places, context),
    })),
  );
}
