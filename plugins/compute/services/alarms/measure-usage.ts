import { type ClusterReader, parseQuantity, UpstreamError } from 'longshore/sdk';
import type { AlarmMetric, PodObject } from '../../api.ts';
import { podMetricsKind } from '../usage.ts';
import { requireWhole } from './require-whole.ts';

/**
 * What each running pod uses, as the metric wants it; those without what a percentage is of do not count. Throws `UpstreamError` where
 * none of them is measured yet.
 */
export async function measureUsage(
  reader: ClusterReader,
  all: readonly PodObject[],
  metric: AlarmMetric,
): Promise<{ readonly values: readonly number[]; readonly hint?: string }> {
  const pods = all.filter(({ status }) => status?.phase === 'Running');
  if (pods.length === 0) return { values: [] };
  const namespaces = [...new Set(pods.flatMap(({ metadata }) => metadata.namespace ?? []))];
  const found = await reader.list(podMetricsKind, { namespaces });
  requireWhole([found]);
  const resource = metric.startsWith('CPU') ? 'cpu' : 'memory';
  const used = new Map(
    found.items.map((item) => [
      `${item.metadata.namespace}/${item.metadata.name}`,
      (item.containers ?? []).reduce((sum, { usage }) => sum + amountOf(usage?.[resource]), 0),
    ]),
  );
  const measured = pods.flatMap((pod) => {
    const amount = used.get(`${pod.metadata.namespace}/${pod.metadata.name}`);
    return amount === undefined ? [] : [{ pod, amount }];
  });
  if (measured.length === 0) {
    throw new UpstreamError(`metrics of cluster '${reader.cluster}'`, 'None of its pods is measured yet');
  }
  if (!metric.endsWith('PERCENT')) {
    return { values: measured.map(({ amount }) => (resource === 'cpu' ? amount * 1_000 : amount)) };
  }
  const of = metric.includes('LIMIT') ? 'limits' : 'requests';
  const values = measured.flatMap(({ pod, amount }) => {
    const whole = wholeOf(pod, of, resource);
    return whole === undefined ? [] : [(amount / whole) * 100];
  });
  return values.length > 0 ? { values } : { values, hint: `None of its pods has ${of} of ${resource}` };
}

/** What all containers of a pod have together; undefined where one of them has none. */
function wholeOf({ spec }: PodObject, of: 'limits' | 'requests', resource: 'cpu' | 'memory'): number | undefined {
  const each = (spec?.containers ?? []).map(({ resources }) => amountOf(resources?.[of]?.[resource]));
  return each.length === 0 || each.includes(0) ? undefined : each.reduce((sum, amount) => sum + amount, 0);
}

function amountOf(quantity: string | undefined): number {
  return quantity === undefined ? 0 : (parseQuantity(quantity)?.value ?? 0);
}
