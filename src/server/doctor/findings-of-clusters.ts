import type { Clock } from '../../kernel/clock.ts';
import type { Finding } from '../../kernel/finding.ts';
import type { Cluster } from '../../kube/cluster.ts';
import type { KindRef } from '../../kube/kind-ref.ts';
import { apiVersionOf } from '../../kube/kind-ref.ts';

/** How long a cluster may take to list what it has for the first time, in ms. */
const listMs = 10_000;
/** So many kinds are named in one sentence. */
const maxNames = 8;

/** Says of each cluster whether it answers, whether the gateway may read what the plugins need, and what is not installed. */
export async function findingsOfClusters(
  clusters: readonly Cluster[],
  kinds: readonly KindRef[],
  clock: Clock,
): Promise<readonly Finding[]> {
  const found = await Promise.all(clusters.map((cluster) => findingsOfCluster(cluster, kinds, clock)));
  return found.flat();
}

async function findingsOfCluster(cluster: Cluster, kinds: readonly KindRef[], clock: Clock): Promise<Finding[]> {
  const unlisted = await kindsNotListed(cluster, kinds, clock);
  const about = { area: 'CLUSTER', subject: cluster.name } as const;
  const { state, version = 'of unknown version', problem } = cluster;
  if (state === 'UNREACHABLE' || state === 'CONNECTING') {
    return [
      {
        ...about,
        state: 'FAILURE',
        message: problem ?? `Cluster '${cluster.name}' has not answered yet.`,
        cure: 'See from this machine whether its API server can be reached with the same kubeconfig (kubectl get --raw /version), and whether the credentials are still valid.',
      },
    ];
  }
  const missing = cluster.capabilities.filter(({ isInstalled }) => !isInstalled);
  return [
    problem === undefined && unlisted.length === 0
      ? { ...about, state: 'OK', message: `It answers: Kubernetes ${version}.`, cure: undefined }
      : {
          ...about,
          state: 'WARNING',
          message: [problem, unlisted.length > 0 ? `It does not list ${nameSome(unlisted)}.` : undefined]
            .filter((part) => part !== undefined)
            .join(' '),
          cure: 'Give its account the rights of deploy/rbac.yaml; APIs that do not answer are mended at their own servers (kubectl get apiservices).',
        },
    ...missing.map(
      ({ name, engine, hint }): Finding => ({
        ...about,
        state: 'OK',
        message: `${engine} is not installed: nothing of ${name} there.`,
        cure: hint,
      }),
    ),
  ];
}

/** Kinds that the plugins watch, that the cluster serves, and that could not be listed in time. */
async function kindsNotListed(cluster: Cluster, kinds: readonly KindRef[], clock: Clock): Promise<readonly string[]> {
  const late = new AbortController();
  const cancel = clock.schedule(listMs, () => late.abort(new Error('too late')));
  const names = await Promise.all(
    kinds
      .filter((kind) => cluster.serves(kind))
      .map(async (kind) => {
        const feed = cluster.feed(kind);
        try {
          await feed.ready(late.signal);
          return [];
        } catch {
          return cluster.serves(kind) && !kind.isOptional ? [`${kind.plural} (${apiVersionOf(kind)})`] : [];
        } finally {
          feed.release();
        }
      }),
  );
  cancel();
  return names.flat();
}

function nameSome(names: readonly string[]): string {
  const more = names.length - maxNames;
  return `${names.slice(0, maxNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
