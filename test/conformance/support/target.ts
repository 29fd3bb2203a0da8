import { type EmbeddedClusterOptions, startEmbeddedCluster } from '../../../src/embedded/start-embedded-cluster.ts';
import { realKubeconfig, sayThatEmbeddedStandsIn } from '../../support/real-kubeconfig.ts';
import { type ClusterClient, createClusterClient } from './cluster-client.ts';
import { readConnection } from './connection.ts';
import { findMissing, type Need } from './needs-of-cases.ts';

/** The cluster that a file's cases run against. */
export interface Target {
  /** The administrator of the kubeconfig. */
  readonly admin: ClusterClient;
  /** Why cases with a need cannot run here, by need. What is not in it is there. */
  readonly missing: ReadonlyMap<Need, string>;
  stop(): Promise<void>;
}

/** The cluster of KUBECONFIG in `test:all`; else an embedded one, reached by its kubeconfig like any other. */
export async function startTarget(options: EmbeddedClusterOptions): Promise<Target> {
  const ofUser = realKubeconfig();
  if (ofUser !== undefined) {
    const admin = createClusterClient(await readConnection({ kubeconfigPath: ofUser }));
    return { admin, missing: await findMissing(admin), stop: () => admin.close() };
  }
  if (process.env.LONGSHORE_TEST_ALL === '1') sayThatEmbeddedStandsIn();
  const cluster = await startEmbeddedCluster({ speed: 50, ...options });
  const admin = createClusterClient(await readConnection({ kubeconfigText: cluster.kubeconfig }));
  return {
    admin,
    missing: new Map(),
    async stop() {
      await admin.close();
      await cluster.stop();
    },
  };
}
