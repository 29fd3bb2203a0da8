import { CapabilityMissingError, type Cluster } from 'longshore/sdk';
import { volumeSnapshotKind } from '../../api.ts';

/** Throws `CapabilityMissingError` where a cluster has no snapshots. */
export function requireSnapshots(cluster: Cluster): void {
  if (cluster.serves(volumeSnapshotKind)) return;
  const missing = cluster.capabilities.find(({ name }) => name === 'snapshots');
  const message = `Cluster '${cluster.name}' takes no snapshots: ${missing?.engine ?? 'the snapshot controller'} is not installed`;
  throw new CapabilityMissingError('snapshots', message, missing?.hint === undefined ? {} : { hint: missing.hint });
}
