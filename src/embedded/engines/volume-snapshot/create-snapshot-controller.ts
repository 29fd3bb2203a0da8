import { type Controller, keysByResource, ownKey, splitKey } from '../../controllers/controller.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../controllers/kubernetes-shapes.ts';
import { timestamp } from '../../controllers/timestamp.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { EngineContext } from '../engine.ts';
import { decideSnapshotClass } from './decide-snapshot-class.ts';
import {
  finalizers,
  group,
  snapshotKinds,
  type VolumeSnapshot,
  type VolumeSnapshotContent,
  withFinalizer,
} from './kinds.ts';

const component = 'snapshot-controller';

/**
 * The cluster's part of a snapshot: makes the content for a claim or binds one that exists, mirrors the content's state
 * into the snapshot's status, and on deletion lets the content go first where its policy says so.
 */
export function createSnapshotController(context: EngineContext): Controller {
  const { clock, events } = context;
  const { snapshots, contents, classes } = snapshotKinds(context, component);
  const claims = context.kind<PersistentVolumeClaim>('', 'persistentvolumeclaims', component);
  const volumes = context.kind<PersistentVolume>('', 'persistentvolumes', component);

  function fail(snapshot: VolumeSnapshot, reason: string, message: string): void {
    if (snapshot.status?.error?.message === message) return;
    const error = { message, time: timestamp(clock.now()) };
    snapshots.updateStatus(snapshot, { ...snapshot.status, error, readyToUse: false });
    events.record(snapshot, { type: 'Warning', reason, message, component });
  }

  /** The content that belongs to the snapshot; undefined when it cannot be had yet, which the status then explains. */
  function contentOf(snapshot: VolumeSnapshot): VolumeSnapshotContent | undefined {
    const wanted = snapshot.spec.source.volumeSnapshotContentName;
    return wanted === undefined ? takeFromClaim(snapshot) : bindExisting(snapshot, wanted);
  }

  function bindExisting(snapshot: VolumeSnapshot, name: string): VolumeSnapshotContent | undefined {
    const content = contents.get(undefined, name);
    if (content === undefined) {
      fail(snapshot, 'SnapshotContentMissing', 'VolumeSnapshotContent is missing');
      return undefined;
    }
    const { volumeSnapshotRef: reference } = content.spec;
    const { namespace, name: ownName, uid } = snapshot.metadata;
    const isMeant = reference.namespace === namespace && reference.name === ownName;
    if (!isMeant || (reference.uid !== undefined && reference.uid !== uid)) {
      fail(snapshot, 'SnapshotContentMisbound', 'VolumeSnapshotContent is bound to a different VolumeSnapshot');
      return undefined;
    }
    if (reference.uid === uid) return content;
    return contents.update({ ...content, spec: { ...content.spec, volumeSnapshotRef: { ...reference, uid } } });
  }

  function takeFromClaim(snapshot: VolumeSnapshot): VolumeSnapshotContent | undefined {
    const { namespace, name, uid, resourceVersion } = snapshot.metadata;
    const contentName = `snapcontent-${uid ?? ''}`;
    const present = contents.get(undefined, contentName);
    if (present !== undefined) return present;
    const failed = (message: string): undefined => {
      fail(snapshot, 'SnapshotContentCreationFailed', `Failed to create snapshot content with error ${message}`);
      return undefined;
    };
    const claimName = snapshot.spec.source.persistentVolumeClaimName ?? '';
    const claim = claims.get(namespace, claimName);
    if (claim === undefined) return failed(`cannot get claim ${claimName} from snapshot ${name}: not found`);
    const volume = volumes.get(undefined, claim.spec.volumeName ?? '');
    if (claim.status?.phase !== 'Bound' || volume === undefined) {
      return failed(`the PVC ${claimName} is not yet bound to a PV, will not attempt to take a snapshot`);
    }
    const source = csiOf(volume);
    if (source === undefined)
      return failed(`cannot find CSI PersistentVolumeSource for volume ${volume.metadata.name}`);
    const decision = decideSnapshotClass(snapshot.spec.volumeSnapshotClassName, source.driver, classes.list());
    if ('problem' in decision) {
      fail(
        snapshot,
        'SetDefaultSnapshotClassFailed',
        `Failed to set default snapshot class with error ${decision.problem}`,
      );
      return undefined;
    }
    const { snapshotClass } = decision;
    const className = snapshotClass.metadata.name;
    if (snapshot.spec.volumeSnapshotClassName === undefined) {
      snapshots.update({ ...snapshot, spec: { ...snapshot.spec, volumeSnapshotClassName: className } });
    }
    const content = contents.create({
      apiVersion: `${group}/v1`,
      kind: 'VolumeSnapshotContent',
      metadata: { name: contentName, finalizers: [finalizers.contentBound] },
      spec: {
        deletionPolicy: snapshotClass.deletionPolicy,
        driver: snapshotClass.driver,
        source: { volumeHandle: source.volumeHandle },
        sourceVolumeMode: volume.spec.volumeMode ?? 'Filesystem',
        volumeSnapshotClassName: className,
        volumeSnapshotRef: {
          apiVersion: `${group}/v1`,
          kind: 'VolumeSnapshot',
          name,
          namespace,
          uid,
          resourceVersion,
        },
      },
    });
    const message = `Waiting for a snapshot ${namespace}/${name} to be created by the CSI driver.`;
    events.record(snapshot, { type: 'Normal', reason: 'CreatingSnapshot', message, component });
    return content;
  }

  function mirror(key: string, content: VolumeSnapshotContent): void {
    const { namespace, name } = splitKey(key);
    const snapshot = snapshots.get(namespace, name);
    if (snapshot === undefined) return;
    const { creationTime, readyToUse, restoreSize, error } = content.status ?? {};
    snapshots.updateStatus(snapshot, {
      boundVolumeSnapshotContentName: content.metadata.name,
      ...(creationTime === undefined ? {} : { creationTime: timestamp(Math.floor(creationTime / 1e6)) }),
      readyToUse: readyToUse ?? false,
      ...(restoreSize === undefined ? {} : { restoreSize: printBytes(restoreSize) }),
      ...(error === undefined ? {} : { error }),
    });
    const say = (reason: string, words: string): void => {
      const message = `Snapshot ${namespace}/${name} ${words}`;
      events.record(snapshot, { type: 'Normal', reason, message, component });
    };
    if (creationTime !== undefined && snapshot.status?.creationTime === undefined) {
      say('SnapshotCreated', 'was successfully created by the CSI driver.');
    }
    if (readyToUse === true && snapshot.status?.readyToUse !== true) say('SnapshotReady', 'is ready to use.');
  }

  /** A snapshot stays while a claim is being filled from it, and while its content is on the way out. */
  function release(snapshot: VolumeSnapshot): void {
    const { namespace, name, uid } = snapshot.metadata;
    const isSource = claims
      .list(namespace)
      .some((claim) => claim.status?.phase !== 'Bound' && isFilledFrom(claim, name));
    if (isSource) return;
    const content = contents.get(
      undefined,
      snapshot.status?.boundVolumeSnapshotContentName ?? `snapcontent-${uid ?? ''}`,
    );
    const isOurs = content?.spec.volumeSnapshotRef.uid === uid;
    if (content !== undefined && isOurs && content.spec.deletionPolicy === 'Delete') {
      if (content.metadata.deletionTimestamp === undefined) contents.delete(content);
      return;
    }
    const freed = withFinalizer(
      withFinalizer(snapshot, finalizers.snapshotAsSource, false),
      finalizers.snapshotBound,
      false,
    );
    if (freed !== snapshot) snapshots.update(freed);
  }

  return {
    name: component,
    keysOf: keysByResource({
      [`volumesnapshots.${group}`]: ownKey,
      [`volumesnapshotcontents.${group}`]: (object) => {
        const { namespace, name } = (object as VolumeSnapshotContent).spec.volumeSnapshotRef;
        return [`${namespace ?? ''}/${name ?? ''}`];
      },
      [`volumesnapshotclasses.${group}`]: () => snapshots.list().filter(isWaiting).map(keyOfSnapshot),
      persistentvolumeclaims: (object) => waitingFor(object),
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const snapshot = snapshots.get(namespace, name);
      if (snapshot === undefined) return undefined;
      if (snapshot.metadata.deletionTimestamp !== undefined) {
        release(snapshot);
        return undefined;
      }
      const held = withFinalizer(
        withFinalizer(snapshot, finalizers.snapshotAsSource, true),
        finalizers.snapshotBound,
        true,
      );
      const current = held === snapshot ? snapshot : snapshots.update(held);
      const content = contentOf(current);
      if (content !== undefined) mirror(key, content);
      return undefined;
    },
  };

  function waitingFor(claim: ClusterObject): string[] {
    const { namespace, name } = claim.metadata;
    const isAbout = (snapshot: VolumeSnapshot): boolean =>
      snapshot.spec.source.persistentVolumeClaimName === name ||
      (snapshot.metadata.deletionTimestamp !== undefined &&
        isFilledFrom(claim as PersistentVolumeClaim, snapshot.metadata.name));
    return snapshots.list(namespace).filter(isAbout).map(keyOfSnapshot);
  }
}

function keyOfSnapshot({ metadata }: VolumeSnapshot): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function isWaiting(snapshot: VolumeSnapshot): boolean {
  return snapshot.status?.boundVolumeSnapshotContentName === undefined;
}

function isFilledFrom(claim: PersistentVolumeClaim, snapshot: string): boolean {
  const source = (claim.spec as { readonly dataSource?: { readonly kind?: string; readonly name?: string } })
    .dataSource;
  return source?.kind === 'VolumeSnapshot' && source.name === snapshot;
}

function csiOf(volume: PersistentVolume): { readonly driver: string; readonly volumeHandle: string } | undefined {
  return (volume.spec as { readonly csi?: { readonly driver: string; readonly volumeHandle: string } }).csi;
}

/** Whole binary units, as the real controller prints a restoreSize. */
function printBytes(bytes: number): string {
  const units = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
  let value = bytes;
  let unit = 0;
  while (value > 0 && value % 1024 === 0 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value}${units[unit] ?? ''}`;
}
