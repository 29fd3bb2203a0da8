import {
  defineKubernetesList,
  type LongshoreBuilder,
  listKubernetesObjects,
  named,
  readObject,
  registerKubernetesChanges,
  registerList,
  registerQuery,
  subjectOf,
} from 'longshore/sdk';
import {
  volumeSnapshotClassKind,
  volumeSnapshotClassTypeRef,
  volumeSnapshotKind,
  volumeSnapshotTypeRef,
} from '../../api.ts';
import { bytesOf } from '../../services/classes/bytes-of.ts';
import { descriptionOf, displayNameOf } from '../../services/disks/disk-facts.ts';
import {
  isDefaultSnapshotClass,
  type SnapshotState,
  snapshotStateOf,
} from '../../services/snapshots/snapshot-facts.ts';

const allow = { action: 'READ', subject: subjectOf(volumeSnapshotKind) };
const allowClass = { action: 'READ', subject: subjectOf(volumeSnapshotClassKind) };

/** Snapshots and their classes as lists, one by one and as a stream. */
export function registerVolumeSnapshots(builder: LongshoreBuilder): void {
  const list = defineKubernetesList(builder, {
    name: 'VolumeSnapshot',
    node: volumeSnapshotTypeRef,
    plural: 'VolumeSnapshots',
    isNamespaced: true,
    filter: (t) => ({
      states: t.field({ type: [named('VolumeSnapshotState')], description: 'In one of these states.' }),
      claimName: t.string({ description: 'Taken of a claim of this name.' }),
      search: t.string({
        description: 'Only where the name, the display name or the description contains this, in whatever case.',
      }),
    }),
    matches({ states, claimName, search }) {
      const inStates = states ? new Set(states as readonly SnapshotState[]) : undefined;
      const wanted = search?.trim().toLowerCase();
      return (snapshot) => {
        if (inStates && !inStates.has(snapshotStateOf(snapshot))) return false;
        if (claimName && snapshot.spec?.source.persistentVolumeClaimName !== claimName) return false;
        const texts = [snapshot.metadata.name, displayNameOf(snapshot), descriptionOf(snapshot) ?? ''];
        return !wanted || texts.some((text) => text.toLowerCase().includes(wanted));
      };
    },
    orders: {
      DISPLAY_NAME: { description: 'By display name.', value: displayNameOf },
      TAKEN_AT: { description: 'By the moment of which it is.', value: ({ status }) => status?.creationTime },
      RESTORE_SIZE: { description: 'By `restoreBytes`.', value: ({ status }) => bytesOf(status?.restoreSize) },
    },
  });
  registerQuery(builder, {
    name: 'volumeSnapshot',
    description: 'One VolumeSnapshot by its name; null where it is not there for you.',
    allow,
    type: volumeSnapshotTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      namespace: t.string({ required: true, description: 'Its namespace.' }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, namespace, name }, context) =>
      readObject(context, volumeSnapshotKind, cluster, namespace, name),
  });
  registerList(builder, {
    name: 'volumeSnapshots',
    description:
      'VolumeSnapshots of all clusters that you may see; a cluster that takes none is a problem of the list.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([volumeSnapshotKind], args, context),
  });
  registerKubernetesChanges(builder, {
    name: 'volumeSnapshotChanges',
    description: 'VolumeSnapshots as they are taken, become ready and go.',
    allow,
    kinds: [volumeSnapshotKind],
    itemField: 'volumeSnapshot',
    itemType: volumeSnapshotTypeRef,
    itemDescription: 'The snapshot after the change; of a deleted one the last state known.',
    list,
  });
  registerClasses(builder);
}

function registerClasses(builder: LongshoreBuilder): void {
  const list = defineKubernetesList(builder, {
    name: 'VolumeSnapshotClass',
    node: volumeSnapshotClassTypeRef,
    plural: 'VolumeSnapshotClasses',
    isNamespaced: false,
    filter: (t) => ({
      driver: t.string({ description: 'Of this driver.' }),
      isDefault: t.boolean({ description: "Whether it is its driver's default." }),
    }),
    matches:
      ({ driver, isDefault }) =>
      (row) =>
        (!driver || row.driver === driver) &&
        (typeof isDefault !== 'boolean' || isDefaultSnapshotClass(row) === isDefault),
  });
  registerList(builder, {
    name: 'volumeSnapshotClasses',
    description: 'VolumeSnapshotClasses of all clusters that you may see.',
    allow: allowClass,
    list,
    rows: (args, context) => listKubernetesObjects([volumeSnapshotClassKind], args, context),
  });
}
