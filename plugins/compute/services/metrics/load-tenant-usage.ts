import type { RequestContext } from 'longshore/sdk';
import { loadNamespaceUsage, type UsageQuestion } from './load-usage.ts';
import { measuredNamespaces } from './measured-namespaces.ts';
import type { MetricPoint } from './prometheus-client.ts';
import { sumOfSeries } from './sum-series.ts';

/** A namespace, and since when it is whose numbers these are, in UTC ms. */
export interface TenantPlace {
  readonly cluster: string;
  readonly namespace: string;
  readonly sinceMs: number;
}

/** What namespaces of several clusters used together. A part of them is no answer: where one cluster cannot tell, it rejects. */
export async function loadTenantUsage(
  question: Omit<UsageQuestion, 'cluster'>,
  places: readonly TenantPlace[],
  context: RequestContext,
): Promise<readonly MetricPoint[]> {
  const byCluster = Map.groupBy(places, ({ cluster }) => cluster);
  const each = await Promise.all(
    [...byCluster].map(async ([cluster, group]) => {
      const open = await measuredNamespaces(cluster, context);
      const since = new Map(
        group
          .filter(({ namespace }) => open === 'ALL' || open.includes(namespace))
          .map(({ namespace, sinceMs }) => [namespace, sinceMs]),
      );
      return { points: await loadNamespaceUsage({ ...question, cluster }, since, context) };
    }),
  );
  return sumOfSeries(each);
}
