import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import { descriptionAnnotation } from 'longshore/plugins/core';
import {
  defineKubernetesList,
  enumValue,
  type LongshoreBuilder,
  listKubernetesObjects,
  mapMaybe,
  origin,
  readObject,
  registerKubernetesChanges,
  registerKubernetesType,
  registerList,
  registerQuery,
  subjectOf,
} from 'longshore/sdk';
import {
  type PersistentVolumeObject,
  persistentVolumeClaimTypeRef,
  persistentVolumeKind,
  persistentVolumeTypeRef,
  storageClassKind,
  storageClassTypeRef,
} from '../../api.ts';
import { bytesOf, shownBytesOf } from '../../services/classes/bytes-of.ts';
import {
  knownAccessModes,
  reclaimPolicies,
  type VolumePhase,
  volumeModes,
} from '../../services/classes/storage-words.ts';
import { sourceTypeOf, volumePhaseOf, zonesOfVolume } from '../../services/classes/volume-facts.ts';
import { accessModeRef, reclaimPolicyRef, volumeModeRef, volumePhaseRef } from './storage-enums.ts';
import { parameterRef } from './storage-parts.ts';

const allow = { action: 'READ', subject: subjectOf(persistentVolumeKind) };
const capacityOf = ({ spec }: PersistentVolumeObject): string => spec?.capacity?.storage ?? '0';

export function registerPersistentVolume(builder: LongshoreBuilder): void {
  registerPersistentVolumeType(builder);
  const list = defineKubernetesList(builder, {
    name: 'PersistentVolume',
    node: persistentVolumeTypeRef,
    plural: 'PersistentVolumes',
    isNamespaced: false,
    filter: (t) => ({
      phases: t.field({ type: [volumePhaseRef], description: 'In one of these phases.' }),
      storageClasses: t.stringList({ description: 'Of one of these classes, by name; the empty name: of none.' }),
      claimNamespaces: t.stringList({
        description: 'Bound to a claim in one of these namespaces, or reserved for it.',
      }),
      driver: t.string({ description: 'Of this CSI driver.' }),
      volumeHandle: t.string({ description: 'With this handle of a CSI driver.' }),
    }),
    matches({ phases, storageClasses, claimNamespaces, driver, volumeHandle }) {
      const [inPhases, ofClasses, forNamespaces] = [
        setOf<VolumePhase>(phases),
        setOf(storageClasses),
        setOf(claimNamespaces),
      ];
      return (volume) => {
        const { spec } = volume;
        if (inPhases && !inPhases.has(volumePhaseOf(volume))) return false;
        if (ofClasses && !ofClasses.has(spec?.storageClassName ?? '')) return false;
        if (forNamespaces && !forNamespaces.has(spec?.claimRef?.namespace ?? '')) return false;
        if (driver && spec?.csi?.driver !== driver) return false;
        return !volumeHandle || spec?.csi?.volumeHandle === volumeHandle;
      };
    },
    orders: {
      CAPACITY: { description: 'By size.', value: (volume) => bytesOf(capacityOf(volume)) },
      PHASE: { description: 'By phase, as Kubernetes writes it.', value: ({ status }) => status?.phase },
      STORAGE_CLASS: { description: 'By the name of its class.', value: ({ spec }) => spec?.storageClassName },
    },
  });
  registerQuery(builder, {
    name: 'persistentVolume',
    description: 'One PersistentVolume by its name; null where it is not there for you.',
    allow,
    type: persistentVolumeTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, name }, context) => readObject(context, persistentVolumeKind, cluster, undefined, name),
  });
  registerList(builder, {
    name: 'persistentVolumes',
    description: 'PersistentVolumes of all clusters that you may see.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([persistentVolumeKind], args, context),
  });
  registerKubernetesChanges(builder, {
    name: 'persistentVolumeChanges',
    description: 'PersistentVolumes as they come, change and go.',
    allow,
    kinds: [persistentVolumeKind],
    itemField: 'persistentVolume',
    itemType: persistentVolumeTypeRef,
    itemDescription: 'The volume after the change; of a deleted one the last state known.',
    list,
  });
}

const setOf = <T extends string>(words: readonly T[] | null | undefined): ReadonlySet<T> | undefined =>
  words ? new Set(words) : undefined;

function registerPersistentVolumeType(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: persistentVolumeTypeRef,
    kind: persistentVolumeKind,
    description: 'A piece of storage in a cluster, made by hand or by a StorageClass (core/v1, STO-04).',
    fields: (t) => ({
      description: t.string({
        nullable: true,
        description: 'What it is for, as its form keeps it; null where nobody said.',
        resolve: ({ metadata }) => metadata.annotations?.[descriptionAnnotation] ?? null,
      }),
      phase: t.field({ type: volumePhaseRef, description: 'Where it stands in its life.', resolve: volumePhaseOf }),
      rawPhase: t.string({
        description: 'The phase as Kubernetes writes it.',
        resolve: ({ status }) => status?.phase ?? 'Pending',
      }),
      message: t.string({
        nullable: true,
        description: 'What the cluster says of its phase.',
        resolve: ({ status }) => status?.message || null,
      }),
      capacity: t.field({ type: 'Quantity', description: 'Its size.', resolve: capacityOf }),
      capacityBytes: t.field({
        type: 'SafeInt',
        description: 'Its size in bytes.',
        resolve: (volume) => shownBytesOf(capacityOf(volume)) ?? 0,
      }),
      accessModes: t.field({
        type: [accessModeRef],
        description: 'Who may use it at once, as far as this version knows the words.',
        resolve: ({ spec }) => knownAccessModes(spec?.accessModes),
      }),
      rawAccessModes: t.stringList({
        description: 'All its access modes as Kubernetes writes them.',
        resolve: ({ spec }) => [...(spec?.accessModes ?? [])],
      }),
      reclaimPolicy: t.field({
        type: reclaimPolicyRef,
        description: 'What becomes of it when its claim is deleted.',
        resolve: ({ spec }) => enumValue(reclaimPolicies, spec?.persistentVolumeReclaimPolicy ?? 'Retain'),
      }),
      rawReclaimPolicy: t.string({
        description: 'The same as Kubernetes writes it.',
        resolve: ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? 'Retain',
      }),
      volumeMode: t.field({
        type: volumeModeRef,
        description: 'What pods get of it.',
        resolve: ({ spec }) => enumValue(volumeModes, spec?.volumeMode ?? 'Filesystem'),
      }),
      rawVolumeMode: t.string({
        description: 'The same as Kubernetes writes it.',
        resolve: ({ spec }) => spec?.volumeMode ?? 'Filesystem',
      }),
      storageClassName: t.string({
        nullable: true,
        description: 'Name of its class; null where it has none.',
        resolve: ({ spec }) => spec?.storageClassName || null,
      }),
      storageClass: t.field({
        type: storageClassTypeRef,
        nullable: true,
        description: 'Its class; null where it has none, or that is gone.',
        resolve: (volume, _args, context) =>
          volume.spec?.storageClassName
            ? readObject(context, storageClassKind, volume[origin].cluster, undefined, volume.spec.storageClassName)
            : null,
      }),
      claimNamespace: t.string({
        nullable: true,
        description: 'Namespace of the claim that it is bound to, was bound to, or is reserved for.',
        resolve: ({ spec }) => spec?.claimRef?.namespace ?? null,
      }),
      claimName: t.string({
        nullable: true,
        description: 'Name of the claim that it is bound to, was bound to, or is reserved for.',
        resolve: ({ spec }) => spec?.claimRef?.name ?? null,
      }),
      claim: t.field({
        type: persistentVolumeClaimTypeRef,
        nullable: true,
        description: 'The claim that it is bound to or reserved for; null where there is none any more or yet.',
        resolve: (volume, _args, context) => {
          const claimRef = volume.spec?.claimRef;
          if (!claimRef?.name) return null;
          const { cluster } = volume[origin];
          const claim = readObject(context, persistentVolumeClaimKind, cluster, claimRef.namespace, claimRef.name);
          // A claim that was made again under the name is another one.
          return mapMaybe(claim, (found) =>
            found && (!claimRef.uid || found.metadata.uid === claimRef.uid) ? found : null,
          );
        },
      }),
      sourceType: t.string({
        nullable: true,
        description: 'What it is made of, as Kubernetes calls it: `csi`, `nfs`, `hostPath` and so on.',
        resolve: (volume) => sourceTypeOf(volume) ?? null,
      }),
      driver: t.string({
        nullable: true,
        description: 'Its CSI driver; null where it is made of something else.',
        resolve: ({ spec }) => spec?.csi?.driver ?? null,
      }),
      volumeHandle: t.string({
        nullable: true,
        description: 'Under which the CSI driver knows it.',
        resolve: ({ spec }) => spec?.csi?.volumeHandle ?? null,
      }),
      volumeAttributes: t.field({
        type: [parameterRef],
        description: 'What the CSI driver is told of it.',
        resolve: ({ spec }) => Object.entries(spec?.csi?.volumeAttributes ?? {}),
      }),
      fileSystem: t.string({
        nullable: true,
        description: 'Its file system, e.g. `ext4`; null where the driver decides.',
        resolve: ({ spec }) => spec?.csi?.fsType || null,
      }),
      mountOptions: t.stringList({
        description: 'Options that it is mounted with.',
        resolve: ({ spec }) => [...(spec?.mountOptions ?? [])],
      }),
      zones: t.stringList({
        description:
          'Zones in which it can be mounted; empty where it does not say: everywhere, or wherever its driver can.',
        resolve: zonesOfVolume,
      }),
    }),
  });
}
