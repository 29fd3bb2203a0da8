import { ephemeralClaimName } from '../../controllers/pod-claims.ts';
import { asObject, asObjectList, asString, readPath } from '../../machinery/json.ts';
import { unitsOf } from '../../machinery/quantity.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Answer, ApiContext } from '../api-context.ts';

/** Behind a node's proxy: the kubelet's summary API (`/stats/summary`, stats/v1alpha1). */
export const statsPath = 'proxy/stats/summary';

/** What a kubelet has measured is as old as this at the most (`--volume-stats-agg-period`). */
const measureEveryMs = 60_000;
/** What mkfs.ext4 makes of a volume: a part is its own, and there is one inode for so many bytes. */
const usableShare = 0.98;
const bytesPerInode = 16_384;
const inodesOfEmpty = 11;
const bytesOfEmpty = 24_576;

/** The parts of the summary that tell of volumes behind claims; of what else a kubelet tells nobody asks. */
export function summarizeNode(context: ApiContext, node: string): Answer {
  const { environment } = context.registry;
  const running = environment
    .list('', 'pods')
    .filter(
      (pod) => readPath(pod, 'spec', 'nodeName') === node && asString(readPath(pod, 'status', 'phase')) === 'Running',
    );
  const claims = new Map(environment.list('', 'persistentvolumeclaims').map((claim) => [keyOf(claim), claim]));
  const time = new Date(Math.floor(context.clock.now() / measureEveryMs) * measureEveryMs).toISOString();
  return {
    code: 200,
    body: {
      node: { nodeName: node },
      pods: running.map((pod) => ({
        podRef: { name: pod.metadata.name, namespace: pod.metadata.namespace, uid: pod.metadata.uid },
        volume: asObjectList(readPath(pod, 'spec', 'volumes')).flatMap((volume) => {
          const name = claimNameOf(volume, pod);
          const claim = claims.get(`${pod.metadata.namespace ?? ''}/${name}`);
          return claim ? [{ time, name: volume.name, ...measure(claim, context) }] : [];
        }),
      })),
    },
  };
}

const keyOf = ({ metadata }: ClusterObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

function claimNameOf(volume: Readonly<Record<string, unknown>>, pod: ClusterObject): string {
  if (volume.ephemeral !== undefined) return ephemeralClaimName(pod as never, String(volume.name));
  return asString(asObject(volume.persistentVolumeClaim)?.claimName) ?? '';
}

function measure(claim: ClusterObject, context: ApiContext): object {
  const { namespace = '', name } = claim.metadata;
  const pvcRef = { name, namespace };
  const size = unitsOf(readPath(claim, 'status', 'capacity', 'storage') ?? '0');
  // A raw device has no file system that could be asked.
  if (readPath(claim, 'spec', 'volumeMode') === 'Block') return { pvcRef, capacityBytes: size };
  const capacityBytes = Math.floor(size * usableShare);
  const usedBytes = Math.min(capacityBytes, bytesOfEmpty + (context.sessions()?.usedBytesOf(namespace, name) ?? 0));
  const inodes = Math.floor(size / bytesPerInode);
  return {
    pvcRef,
    ...{ capacityBytes, usedBytes, availableBytes: capacityBytes - usedBytes },
    ...{ inodes, inodesUsed: inodesOfEmpty, inodesFree: inodes - inodesOfEmpty },
  };
}
