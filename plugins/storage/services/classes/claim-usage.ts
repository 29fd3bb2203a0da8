import {
  DataLoader,
  origin,
  type RequestContext,
  RequestError,
  systemPrincipal,
  type VolumeStats,
} from 'longshore/sdk';
import type { PersistentVolumeClaimObject } from '../../api.ts';
import { podsOfClaim } from './claim-users.ts';

/** So many nodes one request asks at the most, and so many at a time. */
const mostNodes = 200;
const atOnce = 8;
const loaderKey = {};

/**
 * How full the volume of a claim is (STO-19): as the node measured it on which a pod runs that mounts it, whoever may see that pod. Undefined where none
 * does, or its kubelet has not measured it yet. Claims of one request ask each node once. Rejects as `Cluster.volumeStats` does, with
 * FORBIDDEN without READ_METRICS on the claim, and with TOO_COMPLEX where a request asks for more than 200 nodes.
 */
export async function usageOfClaim(
  claim: PersistentVolumeClaimObject,
  context: RequestContext,
): Promise<VolumeStats | undefined> {
  const { cluster } = claim[origin];
  // Metrics have no rights of their own: they belong to what they measure.
  if (!context.access.allowed('READ_METRICS', claim)) {
    throw new RequestError('FORBIDDEN', `You may not read how full claim '${claim.metadata.name}' is`);
  }
  const { namespace, name } = claim.metadata;
  const pods = await podsOfClaim(context.cluster(cluster).reader(systemPrincipal, context.signal), claim);
  const node = pods.find(({ spec, status }) => spec?.nodeName && status?.phase === 'Running')?.spec?.nodeName;
  if (!node) return undefined;
  const stats = await statsOf(context).load(JSON.stringify([cluster, node]));
  return stats.get(`${namespace}/${name}`);
}

type NodeStats = ReadonlyMap<string, VolumeStats>;

function statsOf(context: RequestContext): DataLoader<string, NodeStats> {
  return context.memo(loaderKey, () => {
    let asked = 0;
    return new DataLoader<string, NodeStats>(async (keys) => {
      const answers: (NodeStats | Error)[] = new Array(keys.length);
      let next = 0;
      const work = async () => {
        for (let index = next++; index < keys.length; index = next++) {
          answers[index] = ++asked > mostNodes ? tooMany() : await askNode(keys[index] ?? '', context);
        }
      };
      await Promise.all(Array.from({ length: Math.min(atOnce, keys.length) }, work));
      return answers;
    });
  });
}

const tooMany = (): Error =>
  new RequestError('TOO_COMPLEX', `The usage of volumes on more than ${mostNodes} nodes is not told at once`);

async function askNode(key: string, context: RequestContext): Promise<NodeStats | Error> {
  const [cluster, node] = JSON.parse(key) as [string, string];
  try {
    const stats = await context.cluster(cluster).volumeStats(node);
    return new Map(stats.map((each) => [`${each.namespace}/${each.claim}`, each]));
  } catch (error) {
    return error instanceof Error ? error : new Error('volume-stats-without-error', { cause: error });
  }
}
