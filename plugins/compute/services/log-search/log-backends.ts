import { CapabilityMissingError, type EgressClient, type ServiceRef, serviceRef } from 'longshore/sdk';
import type { LokiSettings } from '../../settings.ts';
import { createLokiClient } from './loki-client.ts';
import type { LogBackend } from './search-logs.ts';

export interface LogBackends {
  /** Throws `CapabilityMissingError` where the cluster's logs are collected nowhere that is known here. */
  of(cluster: string): LogBackend;
  has(cluster: string): boolean;
}

export const logBackendsRef: ServiceRef<LogBackends> = serviceRef<LogBackends>('compute.logBackends');

export function createLogBackends(
  loki: readonly LokiSettings[],
  egress: Pick<EgressClient, 'request' | 'listen'>,
): LogBackends {
  const byCluster = new Map<string, LogBackend>(
    loki.map((settings) => [
      settings.cluster,
      { cluster: settings.cluster, labels: settings.labels, client: createLokiClient(settings, egress) },
    ]),
  );
  return {
    has: (cluster) => byCluster.has(cluster),
    of(cluster) {
      const found = byCluster.get(cluster);
      if (found) return found;
      throw new CapabilityMissingError('logs', `No Loki is set for cluster '${cluster}'`, {
        hint: 'Name it under pluginSettings.compute.loki.',
      });
    },
  };
}
