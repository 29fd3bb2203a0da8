import { namespaceKind, type TenancyService } from 'longshore/plugins/core';
import {
  type Clock,
  type Cluster,
  type Clusters,
  type Database,
  type Logger,
  type Profiles,
  systemPrincipal,
  type WorkQueue,
} from 'longshore/sdk';
import type { ApplicationsService } from '../applications/applications-service.ts';
import { createAttribution, workloadsByUid } from './attribution.ts';
import { createMeterStore } from './meter-store.ts';
import { followMeteredClusters, type MeteringLoop } from './metering-loop.ts';

/** Metering as the loop needs it (CMP-114). */
export function createMetering(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly clusters: Pick<Clusters, 'follow' | 'get'>;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly profiles: Profiles;
  readonly tenancy: Pick<TenancyService, 'bindingOf'>;
  readonly applications: Pick<ApplicationsService, 'list'>;
  readonly ignoredNamespaces: readonly string[];
}): MeteringLoop {
  const { database, clock, clusters, profiles, tenancy, applications, ignoredNamespaces } = options;
  const exempt = new Set(ignoredNamespaces);
  const readerOf = (cluster: Cluster) => cluster.reader(systemPrincipal, options.signal);
  return {
    ...followMeteredClusters(options),
    store: createMeterStore({ database, clock }),
    isServed: (name) => clusters.get(name) !== undefined,
    async identityOf(name) {
      const cluster = clusters.get(name);
      if (!cluster) return '';
      try {
        const system = await readerOf(cluster).get(namespaceKind, undefined, 'kube-system');
        return system?.metadata.uid ?? '';
      } catch {
        return '';
      }
    },
    async attributionOf(name) {
      const cluster = clusters.get(name);
      const workloads = cluster ? await workloadsByUid(readerOf(cluster)) : new Map();
      const all = await applications.list();
      return createAttribution(name, workloads, { profiles, tenancy, applications: all, exempt });
    },
  };
}
