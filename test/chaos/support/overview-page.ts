import { expect } from 'vitest';
import { operator, type ProxiedGateway, startProxiedGateway } from './proxied-gateway.ts';

const query = `{
  clusters(first: 100, orderBy: [{ field: NAME, direction: ASC }]) {
    nodes {
      name
      state
      overview { nodes { total } pods { total healthy unhealthy } statelessApps { total } cpuRequestedMillicores problems { cluster code } }
    }
  }
  podCounts { total byCluster { cluster count } problems { cluster code } }
  workloadCounts { total problems { cluster code } }
  clusterNodeCounts { total problems { cluster code } }
}`;

interface Problem {
  readonly cluster: string;
  readonly code: string;
}
interface Counts {
  readonly total: number;
  readonly problems: readonly Problem[];
}
interface Page {
  readonly clusters: {
    readonly nodes: readonly {
      readonly name: string;
      readonly overview: {
        readonly pods: { readonly total: number; readonly healthy: number };
        readonly statelessApps: { readonly total: number };
        readonly cpuRequestedMillicores: number;
        readonly problems: readonly Problem[];
      };
    }[];
  };
  readonly podCounts: Counts & { readonly byCluster: readonly { readonly cluster: string; readonly count: number }[] };
  readonly workloadCounts: Counts;
  readonly clusterNodeCounts: Counts;
}

export interface OverviewWorld {
  readonly world: ProxiedGateway;
  /** Reads the page and holds it against what there is; answers how long that took by the clock, and in CPU time of this process. */
  read(): Promise<{ readonly ms: number; readonly cpuMs: number; readonly requests: number }>;
}

/** An overview page over many clusters of which some answer nothing (P9). */
export async function startOverviewPage(size: {
  readonly clusters: number;
  readonly pods: number;
  readonly dropped: readonly number[];
}): Promise<OverviewWorld> {
  const { clusters, pods, dropped } = size;
  const world = await startProxiedGateway({
    clusters,
    prepare({ store }, proxies) {
      const put = (group: string, plural: string, object: object) => {
        store.create(store.resource(group, plural), object as never);
      };
      const containers = [{ name: 'main', image: 'web:1', resources: { requests: { cpu: '10m', memory: '16Mi' } } }];
      for (let index = 0; index < pods; index += 1) {
        const metadata = { name: `web-${index}`, namespace: 'default' };
        put('', 'pods', { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers } });
      }
      const labels = { app: 'web' };
      const template = { metadata: { labels }, spec: { containers } };
      const metadata = { name: 'web', namespace: 'default' };
      const spec = { replicas: 1, selector: { matchLabels: labels }, template };
      put('apps', 'deployments', { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec });
      for (const index of dropped) proxies[index]?.drop();
    },
  });
  const isDropped = (name: string) => dropped.includes(Number(name.replace('cluster-', '')));
  const missing = dropped.map((index) => `cluster-${index} UPSTREAM_UNAVAILABLE`).sort();
  const told = (problems: readonly Problem[]) => problems.map(({ cluster, code }) => `${cluster} ${code}`).sort();
  return {
    world,
    async read() {
      world.cluster.requests.clear();
      const [startedAt, cpu] = [world.clock.now(), process.cpuUsage()];
      const { data, errors } = await world.whenDone(world.gateway.query<Page>(query, {}, operator), 20);
      const { user, system } = process.cpuUsage(cpu);
      const ms = world.clock.now() - startedAt;
      const requests = world.cluster.requests.entries.filter(
        ({ verb, resource }) => verb !== 'watch' && ['pods', 'nodes', 'deployments', 'clonesets'].includes(resource),
      ).length;
      expect(errors).toBeUndefined();
      const rows = data?.clusters.nodes ?? [];
      expect(rows).toHaveLength(clusters);
      for (const { name, overview } of rows) {
        if (isDropped(name)) {
          expect([...new Set(told(overview.problems))]).toEqual([`${name} UPSTREAM_UNAVAILABLE`]);
        } else {
          expect(overview).toMatchObject({
            pods: { total: pods },
            statelessApps: { total: 1 },
            cpuRequestedMillicores: 10 * pods,
            problems: [],
          });
        }
      }
      const good = clusters - dropped.length;
      expect(data?.podCounts.total).toBe(good * pods);
      expect(data?.podCounts.byCluster.map(({ count }) => count)).toEqual(Array.from({ length: good }, () => pods));
      for (const counts of [data?.podCounts, data?.workloadCounts, data?.clusterNodeCounts]) {
        expect([...new Set(told(counts?.problems ?? []))]).toEqual(missing);
      }
      return { ms, cpuMs: (user + system) / 1_000, requests };
    },
  };
}
