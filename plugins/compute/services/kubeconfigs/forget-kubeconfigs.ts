import {
  CapabilityMissingError,
  type Cluster,
  type Clusters,
  encodeGlobalId,
  type Job,
  type OperationRecords,
  type ServiceRef,
  serviceRef,
  systemPrincipal,
} from 'longshore/sdk';
import { type GivenKubeconfig, listKubeconfigs, revokeKubeconfig } from './kubeconfigs.ts';

/** What the job needs of the gateway: a manifest is data. */
export interface KubeconfigRetention {
  readonly clusters: Pick<Clusters, 'all'>;
  readonly operations: Pick<OperationRecords, 'run'>;
}

export const kubeconfigRetentionRef: ServiceRef<KubeconfigRetention> =
  serviceRef<KubeconfigRetention>('compute.kubeconfigRetention');

/** Their tokens end by themselves; what was made for them would stay in the clusters (CMP-15). */
export const forgetKubeconfigsJob: Job = {
  name: 'compute.forgetKubeconfigs',
  description: 'Removes accounts and roles of kubeconfigs that have ended; without it they stay in the clusters.',
  cron: '17 * * * *',
  zone: 'UTC',
  async run({ service, clock, logger, signal }) {
    const { clusters, operations } = service(kubeconfigRetentionRef);
    for (const cluster of clusters.all) {
      if (signal?.aborted) return;
      if (cluster.state !== 'READY' || cluster.identity !== 'gateway') continue;
      try {
        const all = await listKubeconfigs(cluster);
        for (const given of all.filter(({ expiresAt }) => expiresAt.getTime() <= clock.now())) {
          await remove(cluster, given, operations);
        }
      } catch (error) {
        // None was ever given out there.
        if (error instanceof CapabilityMissingError) continue;
        // One that is away, or lets nobody in, keeps what it has until the next hour.
        logger.warn({ err: error, cluster: cluster.name }, 'kubeconfigs that have ended could not be removed');
      }
    }
  },
};

function remove(cluster: Cluster, { name, operation }: GivenKubeconfig, operations: Pick<OperationRecords, 'run'>) {
  return operations.run(
    {
      action: 'revokeClusterKubeconfig',
      principal: systemPrincipal,
      requestId: `compute.forgetKubeconfigs/${name}`,
      detail: 'It has ended.',
      target: {
        plugin: 'compute',
        type: 'Kubeconfig',
        id: encodeGlobalId({ of: 'row', plugin: 'core', type: 'OperationRecord', key: operation }),
        cluster: cluster.name,
        kind: 'Kubeconfig',
        name,
      },
    },
    async (ticket) => {
      await revokeKubeconfig(cluster, name, ticket);
      return { value: undefined };
    },
  );
}
