import { type Controller, keysByResource } from '../../controllers/controller.ts';
import type { PersistentVolume } from '../../controllers/kubernetes-shapes.ts';
import { timestamp } from '../../controllers/timestamp.ts';
import { simulatedProvisioner } from '../../controllers/volumes/storage-class.ts';
import { unitsOf } from '../../machinery/quantity.ts';
import type { EngineContext } from '../engine.ts';
import {
  finalizers,
  group,
  snapshotKinds,
  type VolumeSnapshot,
  type VolumeSnapshotContent,
  withFinalizer,
} from './kinds.ts';

const component = 'csi-snapshotter';
/** What a storage system takes to cut the snapshot, and then to make it usable. */
const cutMs = 1_000;
const uploadMs = 2_000;
const retryMs = 1_000;
/** Parameters of a VolumeSnapshotClass that steer the simulated driver. */
const failParameter = 'embedded.longshore.dev/fail';
const readyAfterParameter = 'embedded.longshore.dev/ready-after-seconds';

/** The driver's part of a snapshot: cuts it, makes it usable after a while, deletes it by its policy. */
export function createContentController(context: EngineContext): Controller {
  const { clock, speed, events } = context;
  const { contents, classes, snapshots } = snapshotKinds(context, component);
  const volumes = context.kind<PersistentVolume>('', 'persistentvolumes', component);

  function parametersOf(content: VolumeSnapshotContent): Readonly<Record<string, string>> {
    return classes.get(undefined, content.spec.volumeSnapshotClassName ?? '')?.parameters ?? {};
  }

  function sizeOf(content: VolumeSnapshotContent): number {
    const { volumeHandle } = content.spec.source;
    const volume = volumes.list().find((each) => handleOf(each) === volumeHandle);
    return unitsOf(volume?.spec.capacity?.storage);
  }

  function cut(content: VolumeSnapshotContent): number | undefined {
    const { creationTimestamp, uid } = content.metadata;
    const dueAt = Date.parse(creationTimestamp ?? '') + cutMs / speed;
    if (dueAt > clock.now()) return dueAt - clock.now();
    const reason = parametersOf(content)[failParameter];
    if (reason !== undefined) {
      const why = `failed to take snapshot of the volume ${content.spec.source.volumeHandle}: "${reason}"`;
      // Once a status is there the driver is asked how far it is, in other words and with the same answer.
      const isFirst = content.status === undefined;
      const message = `Failed to ${isFirst ? 'create snapshot' : 'check and update snapshot content'}: ${why}`;
      if (content.status?.error?.message === message) return undefined;
      contents.updateStatus(content, { readyToUse: false, error: { message, time: timestamp(clock.now()) } });
      const failed = isFirst ? 'SnapshotCreationFailed' : 'SnapshotContentCheckandUpdateFailed';
      events.record(content, { type: 'Warning', reason: failed, message, component });
      return isFirst ? retryMs / speed : undefined;
    }
    contents.updateStatus(content, {
      creationTime: clock.now() * 1e6,
      readyToUse: false,
      restoreSize: sizeOf(content),
      snapshotHandle: content.spec.source.snapshotHandle ?? `snapshot-${uid ?? ''}`,
    });
    return undefined;
  }

  function makeUsable(content: VolumeSnapshotContent, createdNs: number): number | undefined {
    const wanted = Number(parametersOf(content)[readyAfterParameter]);
    const delayMs = wanted >= 0 ? wanted * 1_000 : uploadMs / speed;
    const dueAt = createdNs / 1e6 + delayMs;
    if (dueAt > clock.now()) return dueAt - clock.now();
    contents.updateStatus(content, { ...content.status, readyToUse: true });
    return undefined;
  }

  /** Whether a snapshot that is not itself on the way out still needs the content. */
  function isStillBound(content: VolumeSnapshotContent): boolean {
    const { namespace, name, uid } = content.spec.volumeSnapshotRef;
    const snapshot = snapshots.get(namespace, name ?? '');
    return snapshot?.metadata.uid === uid && snapshot?.metadata.deletionTimestamp === undefined;
  }

  function letGo(content: VolumeSnapshotContent): void {
    const freed = withFinalizer(content, finalizers.contentBound, false);
    if (freed !== content) contents.update(freed);
  }

  return {
    name: component,
    keysOf: keysByResource({
      [`volumesnapshots.${group}`]: (object) => {
        const bound = (object as VolumeSnapshot).status?.boundVolumeSnapshotContentName;
        return object.metadata.deletionTimestamp === undefined || bound === undefined ? [] : [bound];
      },
      [`volumesnapshotcontents.${group}`]: ({ metadata }) => [metadata.name],
      [`volumesnapshotclasses.${group}`]: () =>
        contents
          .list()
          .filter(({ status }) => status?.error !== undefined)
          .map(({ metadata }) => metadata.name),
    }),
    reconcile(name) {
      const content = contents.get(undefined, name);
      // What another driver holds is left to it: without one its contents are never ready, and never go.
      if (content?.spec.driver !== simulatedProvisioner) return undefined;
      if (content.metadata.deletionTimestamp !== undefined) {
        if (!isStillBound(content)) letGo(content);
        return undefined;
      }
      const held = withFinalizer(content, finalizers.contentBound, true);
      const current = held === content ? content : contents.update(held);
      const { creationTime, readyToUse } = current.status ?? {};
      if (creationTime === undefined) return cut(current);
      return readyToUse === true ? undefined : makeUsable(current, creationTime);
    },
  };
}

function handleOf(volume: PersistentVolume): string | undefined {
  return (volume.spec as { readonly csi?: { readonly volumeHandle?: string } }).csi?.volumeHandle;
}
