import {
  type Access,
  CapabilityMissingError,
  type Cluster,
  type Clusters,
  encodeGlobalId,
  ForbiddenError,
  type Job,
  type OperationHandle,
  type OperationRecords,
  type ServiceRef,
  serviceRef,
  systemPrincipal,
} from 'longshore/sdk';
import { decideRights, type GivenRights, type NarrowedRights } from './decide-rights.ts';
import { type GivenKubeconfig, listWithRights, narrowKubeconfig, revokeKubeconfig } from './kubeconfigs.ts';

/** What the job needs of the gateway: a manifest is data. */
export interface KubeconfigRetention {
  readonly clusters: Pick<Clusters, 'all'>;
  readonly operations: Pick<OperationRecords, 'run'>;
  /**
   * What whoever has one may do now; undefined where they may not be here any more. Throws `UPSTREAM_UNAVAILABLE` where that cannot
   * be told at present.
   */
  accessOf(holder: Pick<GivenKubeconfig, 'principalId' | 'impersonatorId'>): Access | undefined;
}

export const kubeconfigRetentionRef: ServiceRef<KubeconfigRetention> =
  serviceRef<KubeconfigRetention>('compute.kubeconfigRetention');

/**
 * Tokens end by themselves, and Kubernetes knows nothing of who may do what here: without it what was made for them would stay in the
 * clusters, and whoever loses a right would keep it there for up to seven days (CMP-15).
 */
export const forgetKubeconfigsJob: Job = {
  name: 'compute.forgetKubeconfigs',
  description:
    'Removes accounts and roles of kubeconfigs that have ended, and holds the others to what whoever has them may do now; without it they stay in the clusters, with what they had.',
  cron: '7-59/10 * * * *',
  zone: 'UTC',
  async run({ service, clock, logger, signal }) {
    const retention = service(kubeconfigRetentionRef);
    for (const cluster of retention.clusters.all) {
      if (signal?.aborted) return;
      if (cluster.state !== 'READY' || cluster.identity !== 'gateway') continue;
      try {
        for (const { given, rights } of await listWithRights(cluster)) {
          if (given.expiresAt.getTime() <= clock.now()) {
            await change(cluster, given, retention, 'REVOKE', 'It has ended.');
          } else {
            await hold(cluster, given, rights, retention);
          }
        }
      } catch (error) {
        // None was ever given out there.
        if (error instanceof CapabilityMissingError) continue;
        // One that is away, or lets nobody in, keeps what it has until the next time.
        logger.warn({ err: error, cluster: cluster.name }, 'kubeconfigs could not be looked after');
      }
    }
  },
};

async function hold(
  cluster: Cluster,
  given: GivenKubeconfig,
  rights: GivenRights,
  retention: KubeconfigRetention,
): Promise<void> {
  const now = decideRights(rights, retention.accessOf(given));
  if (now === 'KEEP') return;
  const why = `${given.principalName} may not do any more what it was made for.`;
  try {
    await change(cluster, given, retention, now, why);
  } catch (error) {
    // A gateway that may make roles and not change them.
    if (now === 'REVOKE' || !(error instanceof ForbiddenError)) throw error;
    await change(cluster, given, retention, 'REVOKE', why);
  }
}

function change(
  cluster: Cluster,
  { name, operation }: GivenKubeconfig,
  { operations }: KubeconfigRetention,
  how: 'REVOKE' | NarrowedRights,
  detail: string,
) {
  const write = (ticket: OperationHandle) =>
    how === 'REVOKE' ? revokeKubeconfig(cluster, name, ticket) : narrowKubeconfig(cluster, name, how, ticket);
  return operations.run(
    {
      action: how === 'REVOKE' ? 'revokeClusterKubeconfig' : 'narrowClusterKubeconfig',
      principal: systemPrincipal,
      requestId: `compute.forgetKubeconfigs/${name}`,
      detail,
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
      await write(ticket);
      return { value: undefined };
    },
  );
}
