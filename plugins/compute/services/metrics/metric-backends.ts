import { CapabilityMissingError, type EgressClient, type ServiceRef, serviceRef } from 'longshore/sdk';
import type { PrometheusSettings } from '../../settings.ts';
import { createPrometheusClient, type PrometheusClient } from './prometheus-client.ts';

/** Where the metrics of a cluster are kept. */
export interface MetricBackend extends Pick<PrometheusSettings, 'labels' | 'matchers' | 'rateSeconds'> {
  readonly client: PrometheusClient;
}

export interface MetricBackends {
  /** Throws `CapabilityMissingError` where the cluster's metrics are kept nowhere that is known here. */
  of(cluster: string): MetricBackend;
}

export const metricBackendsRef: ServiceRef<MetricBackends> = serviceRef<MetricBackends>('compute.metricBackends');

export function createMetricBackends(
  prometheus: readonly PrometheusSettings[],
  egress: Pick<EgressClient, 'request'>,
): MetricBackends {
  const byCluster = new Map<string, MetricBackend>(
    prometheus.map((settings) => {
      const { cluster, labels, matchers, rateSeconds } = settings;
      return [cluster, { labels, matchers, rateSeconds, client: createPrometheusClient(settings, egress) }];
    }),
  );
  return {
    of(cluster) {
      const found = byCluster.get(cluster);
      if (found) return found;
      throw new CapabilityMissingError('metrics', `No Prometheus is set for cluster '${cluster}'`, {
        hint: 'Name it under pluginSettings.compute.prometheus.',
      });
    },
  };
}
