import { type Controller, keysByResource, ownKey, splitKey } from '../../controllers/controller.ts';
import type { PersistentVolumeClaim } from '../../controllers/kubernetes-shapes.ts';
import { timestamp } from '../../controllers/timestamp.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { EngineContext } from '../engine.ts';
import { contentNameOf, createContentMaker, type SnapshotFailure } from './create-content-maker.ts';
import {
  beingDeletedAnnotation,
  finalizers,
  group,
  snapshotKinds,
  type VolumeSnapshot,
  type VolumeSnapshotContent,
  withFinalizer,
} from './kinds.ts';

const component = 'snapshot-controller';
/** Of keys that stand for the claims of snapshots. */
const claimPrefix = 'claim|';

/**
 * The cluster's part of a snapshot: makes the content for a claim or binds one that exists, mirrors the content's state
 * into the snapshot's status, and on deletion lets the content go first where its policy says so.
 */
export function createSnapshotController(context: EngineContext): Controller {
  const { clock, events } = context;
  const { snapshots, contents } = snapshotKinds(context, component);
  const claims = context.kind<PersistentVolumeClaim>('', 'persistentvolumeclaims', component);
  const makeContent = createContentMaker(context, component);

  function fail(key: string, { reason, message }: SnapshotFailure): undefined {
    const { namespace, name } = splitKey(key);
    const snapshot = snapshots.get(namespace, name);
    if (snapshot === undefined || snapshot.status?.error?.message === message) return undefined;
    const error = { message, time: timestamp(clock.now()) };
    snapshots.updateStatus(snapshot, { ...snapshot.status, error, readyToUse: false });
    events.record(snapshot, { type: 'Warning', reason, message, component });
    return undefined;
  }

  /** The content that belongs to the snapshot, or why it cannot be had yet. */
  function contentOf(snapshot: VolumeSnapshot): VolumeSnapshotContent | SnapshotFailure {
    const wanted = snapshot.spec.source.volumeSnapshotContentName;
    if (wanted !== undefined) return bindExisting(snapshot, wanted);
    const present = contents.get(undefined, contentNameOf(snapshot));
    if (present !== undefined) return present;
    // One that was there once is not made again.
    if (snapshot.status?.boundVolumeSnapshotContentName !== undefined) return missing;
    const made = makeContent(snapshot);
    if ('reason' in made) return made as SnapshotFailure;
    const { namespace, name } = snapshot.metadata;
    const message = `Waiting for a snapshot ${namespace}/${name} to be created by the CSI driver.`;
    events.record(snapshot, { type: 'Normal', reason: 'CreatingSnapshot', message, component });
    return made;
  }

  function bindExisting(snapshot: VolumeSnapshot, name: string): VolumeSnapshotContent | SnapshotFailure {
    const content = contents.get(undefined, name);
    if (content === undefined) return missing;
    if (content.spec.source.snapshotHandle === undefined) {
      const message = 'VolumeSnapshotContent is dynamically provisioned while expecting a pre-provisioned one';
      return { reason: 'SnapshotContentMismatch', message };
    }
    const { volumeSnapshotRef: reference } = content.spec;
    const { namespace, name: ownName, uid } = snapshot.metadata;
    const isMeant = reference.namespace === namespace && reference.name === ownName;
    if (!isMeant || (reference.uid !== undefined && reference.uid !== uid)) {
      const message = `VolumeSnapshotContent [${name}] is bound to a different snapshot`;
      return { reason: 'SnapshotContentMisbound', message };
    }
    if (reference.uid === uid) return content;
    return contents.update({ ...content, spec: { ...content.spec, volumeSnapshotRef: { ...reference, uid } } });
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
    const found = contents.get(undefined, snapshot.status?.boundVolumeSnapshotContentName ?? contentNameOf(snapshot));
    const content = found?.spec.volumeSnapshotRef.uid === uid ? found : undefined;
    const isSource = claims
      .list(namespace)
      .some((claim) => (claim.status?.phase ?? 'Pending') === 'Pending' && isFilledFrom(claim, name));
    if (content !== undefined && isSource) {
      const message = 'Snapshot is being used to restore a PVC';
      events.record(snapshot, { type: 'Warning', reason: 'SnapshotDeletePending', message, component });
      return;
    }
    const goesToo = content !== undefined && content.spec.deletionPolicy === 'Delete';
    if (content !== undefined) {
      const marked = markDeleted(content);
      if (goesToo && marked.metadata.deletionTimestamp === undefined) contents.delete(marked);
    }
    const unused = withFinalizer(snapshot, finalizers.snapshotAsSource, false);
    const freed = goesToo ? unused : withFinalizer(unused, finalizers.snapshotBound, false);
    if (freed !== snapshot) snapshots.update(freed);
  }

  /** The driver may delete what it holds once it sees this. */
  function markDeleted(content: VolumeSnapshotContent): VolumeSnapshotContent {
    const { annotations } = content.metadata;
    if (annotations?.[beingDeletedAnnotation] === 'yes') return content;
    const marked = { ...annotations, [beingDeletedAnnotation]: 'yes' };
    return contents.update({ ...content, metadata: { ...content.metadata, annotations: marked } });
  }

  /** A claim may go when no snapshot of it is under way. */
  function freeClaim(key: string): void {
    const { namespace, name } = splitKey(key);
    const claim = claims.get(namespace, name);
    if (claim === undefined || !(claim.metadata.finalizers ?? []).includes(finalizers.claimAsSource)) return;
    const isBeingRead = snapshots
      .list(namespace)
      .some((each) => each.spec.source.persistentVolumeClaimName === name && each.status?.readyToUse !== true);
    if (!isBeingRead) claims.update(withFinalizer(claim, finalizers.claimAsSource, false));
  }

  return {
    name: component,
    keysOf: keysByResource({
      [`volumesnapshots.${group}`]: (object) => {
        const claim = (object as VolumeSnapshot).spec.source.persistentVolumeClaimName;
        const own = ownKey(object);
        return claim === undefined ? own : [...own, `${claimPrefix}${object.metadata.namespace ?? ''}/${claim}`];
      },
      [`volumesnapshotcontents.${group}`]: (object) => {
        const { namespace, name } = (object as VolumeSnapshotContent).spec.volumeSnapshotRef;
        return [`${namespace ?? ''}/${name ?? ''}`];
      },
      [`volumesnapshotclasses.${group}`]: () => snapshots.list().filter(isWaiting).map(keyOfSnapshot),
      persistentvolumeclaims: (object) => waitingFor(object),
    }),
    reconcile(key) {
      if (key.startsWith(claimPrefix)) {
        freeClaim(key.slice(claimPrefix.length));
        return undefined;
      }
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
      const content = contentOf(held === snapshot ? snapshot : snapshots.update(held));
      if ('reason' in content) return fail(key, content as SnapshotFailure);
      mirror(key, content);
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

const missing: SnapshotFailure = { reason: 'SnapshotContentMissing', message: 'VolumeSnapshotContent is missing' };

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
