import type { PersistentVolume, PersistentVolumeClaim } from '../../controllers/kubernetes-shapes.ts';
import type { EngineContext } from '../engine.ts';
import { decideSnapshotClass } from './decide-snapshot-class.ts';
import {
  finalizers,
  group,
  snapshotKinds,
  type VolumeSnapshot,
  type VolumeSnapshotClass,
  type VolumeSnapshotContent,
  withFinalizer,
} from './kinds.ts';

/** Why no content can be made, as the snapshot's status and an Event tell it. */
export interface SnapshotFailure {
  readonly reason: string;
  readonly message: string;
}

interface SourceVolume {
  readonly volume: PersistentVolume;
  readonly csi: { readonly driver: string; readonly volumeHandle: string };
}

/** Makes the content for a snapshot of a claim: by the class it names or the default one, from a claim that is bound. */
export function createContentMaker(context: EngineContext, component: string) {
  const { snapshots, contents, classes } = snapshotKinds(context, component);
  const claims = context.kind<PersistentVolumeClaim>('', 'persistentvolumeclaims', component);
  const volumes = context.kind<PersistentVolume>('', 'persistentvolumes', component);

  function sourceOf({ metadata, spec }: VolumeSnapshot): SourceVolume | string {
    const name = spec.source.persistentVolumeClaimName ?? '';
    const claim = claims.get(metadata.namespace, name);
    if (claim === undefined) {
      return `failed to retrieve PVC ${name} from the lister: "persistentvolumeclaim \\"${name}\\" not found"`;
    }
    if (claim.status?.phase !== 'Bound') {
      return `the PVC ${name} is not yet bound to a PV, will not attempt to take a snapshot`;
    }
    const volume = volumes.get(undefined, claim.spec.volumeName ?? '');
    const { uid } = volume?.spec.claimRef ?? {};
    if (volume === undefined || (uid !== undefined && uid !== claim.metadata.uid)) {
      return 'claim in dataSource not bound or invalid';
    }
    const { csi } = volume.spec as { readonly csi?: SourceVolume['csi'] };
    if (csi !== undefined) return { volume, csi };
    return `snapshotting non-CSI volumes is not supported, snapshot:${metadata.namespace}/${metadata.name}`;
  }

  /** The class, written into the snapshot where it named none. */
  function classOf(snapshot: VolumeSnapshot): VolumeSnapshotClass | SnapshotFailure {
    const named = snapshot.spec.volumeSnapshotClassName;
    if (named !== undefined) {
      const found = classes.get(undefined, named);
      const words = `volumesnapshotclass.${group} "${named}" not found`;
      return found ?? { reason: 'GetSnapshotClassFailed', message: `Failed to get snapshot class with error ${words}` };
    }
    const source = sourceOf(snapshot);
    const decision =
      typeof source === 'string' ? { problem: source } : decideSnapshotClass(source.csi.driver, classes.list());
    if ('snapshotClass' in decision) {
      const volumeSnapshotClassName = decision.snapshotClass.metadata.name;
      snapshots.update({ ...snapshot, spec: { ...snapshot.spec, volumeSnapshotClassName } });
      return decision.snapshotClass;
    }
    const message = `Failed to set default snapshot class with error ${decision.problem}`;
    return { reason: 'SetDefaultSnapshotClassFailed', message };
  }

  /** The claim must stay until it has been read. */
  function holdClaim({ metadata, spec }: VolumeSnapshot): string | undefined {
    const name = spec.source.persistentVolumeClaimName ?? '';
    const claim = claims.get(metadata.namespace, name);
    const failed = (what: string, why: string): string =>
      `snapshot controller failed to update ${what} on API server: ${why}`;
    if (claim === undefined) return failed(metadata.name, 'cannot get claim from snapshot');
    const held = withFinalizer(claim, finalizers.claimAsSource, true);
    if (held === claim) return undefined;
    if (claim.metadata.deletionTimestamp !== undefined) {
      return failed(name, 'cannot add finalizer on claim because it is being deleted');
    }
    claims.update(held);
    return undefined;
  }

  return (snapshot: VolumeSnapshot): VolumeSnapshotContent | SnapshotFailure => {
    const { namespace, name, uid } = snapshot.metadata;
    const snapshotClass = classOf(snapshot);
    if ('reason' in snapshotClass) return snapshotClass as SnapshotFailure;
    const failed = (why: string): SnapshotFailure => ({
      reason: 'SnapshotContentCreationFailed',
      message: `Failed to create snapshot content with error ${why}`,
    });
    const problem = holdClaim(snapshot);
    if (problem !== undefined) return failed(problem);
    const source = sourceOf(snapshot);
    if (typeof source === 'string') {
      return failed(`failed to get input parameters to create snapshot ${name}: ${JSON.stringify(source)}`);
    }
    const { resourceVersion } = snapshots.get(namespace, name)?.metadata ?? {};
    return contents.create({
      apiVersion: `${group}/v1`,
      kind: 'VolumeSnapshotContent',
      metadata: { name: contentNameOf(snapshot), finalizers: [finalizers.contentBound] },
      spec: {
        deletionPolicy: snapshotClass.deletionPolicy,
        driver: snapshotClass.driver,
        source: { volumeHandle: source.csi.volumeHandle },
        sourceVolumeMode: source.volume.spec.volumeMode ?? 'Filesystem',
        volumeSnapshotClassName: snapshotClass.metadata.name,
        volumeSnapshotRef: { apiVersion: `${group}/v1`, kind: 'VolumeSnapshot', name, namespace, uid, resourceVersion },
      },
    });
  };
}

/** Fixed, so that a content is found again whatever came between. */
export function contentNameOf({ metadata }: VolumeSnapshot): string {
  return `snapcontent-${metadata.uid ?? ''}`;
}
