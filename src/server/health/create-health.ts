import type { PluginState } from '../../kernel/run-plugins.ts';
import type { Clusters } from '../../kube/cluster.ts';

export interface ReadinessReport {
  readonly isReady: boolean;
  readonly isDraining: boolean;
  readonly database: string;
  /** State of each cluster: one that is away does not make the gateway unready, the others are served. */
  readonly clusters: Readonly<Record<string, string>>;
  readonly plugins: readonly { readonly name: string; readonly state: string; readonly reason: string | undefined }[];
}

export interface Health {
  readiness(): Promise<ReadinessReport>;
  /** From now on not ready: balancers send nobody new. */
  drain(): void;
  readonly isDraining: boolean;
}

export interface HealthOptions {
  readonly clusters: Pick<Clusters, 'all'>;
  /** Undefined while the database answers, else what is wrong in one sentence. */
  databaseProblem(): Promise<string | undefined>;
  pluginStates(): readonly PluginState[];
}

export function createHealth(options: HealthOptions): Health {
  let isDraining = false;
  return {
    async readiness() {
      const problem = await options.databaseProblem();
      return {
        isReady: !isDraining && problem === undefined,
        isDraining,
        database: problem ?? 'ok',
        clusters: Object.fromEntries(
          options.clusters.all.map((cluster) => [cluster.name, cluster.problem ?? cluster.state]),
        ),
        plugins: options.pluginStates().map(({ name, state, reason }) => ({ name, state, reason })),
      };
    },
    drain() {
      isDraining = true;
    },
    get isDraining() {
      return isDraining;
    },
  };
}
