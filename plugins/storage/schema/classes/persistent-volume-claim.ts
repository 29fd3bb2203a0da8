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
  relatedRows,
  relationField,
  subjectOf,
} from 'longshore/sdk';
import {
  persistentVolumeClaimTypeRef,
  persistentVolumeKind,
  persistentVolumeTypeRef,
  storageClassKind,
  storageClassTypeRef,
} from '../../api.ts';
import { bytesOf, shownBytesOf } from '../../services/classes/bytes-of.ts';
import { capacityOf, claimPhaseOf, expansionOf, requestedSizeOf } from '../../services/classes/claim-facts.ts';
import { claimUsesOf, podsOfClaim } from '../../services/classes/claim-users.ts';
import { bindingModeOf } from '../../services/classes/class-facts.ts';
import { type ClaimPhase, knownAccessModes, volumeModes } from '../../services/classes/storage-words.ts';
import { accessModeRef, claimPhaseRef, volumeModeRef } from './storage-enums.ts';
import { claimUseRef, dataSourceRef, expansionRef } from './storage-parts.ts';

const allow = { action: 'READ', subject: subjectOf(persistentVolumeClaimKind) };

export function registerPersistentVolumeClaim(builder: LongshoreBuilder): void {
  registerPersistentVolumeClaimType(builder);
  const list = defineKubernetesList(builder, {
    name: 'PersistentVolumeClaim',
    node: persistentVolumeClaimTypeRef,
    plural: 'PersistentVolumeClaims',
    isNamespaced: true,
    filter: (t) => ({
      phases: t.field({ type: [claimPhaseRef], description: 'In one of these phases.' }),
      storageClasses: t.stringList({ description: 'Of one of these classes, by name; the empty name: of none.' }),
      isExpanding: t.boolean({ description: 'Whether a growth of it is not finished.' }),
    }),
    matches({ phases, storageClasses, isExpanding }) {
      const inPhases = phases ? new Set(phases as readonly ClaimPhase[]) : undefined;
      const ofClasses = storageClasses ? new Set(storageClasses) : undefined;
      return (claim) => {
        if (inPhases && !inPhases.has(claimPhaseOf(claim))) return false;
        if (ofClasses && !ofClasses.has(claim.spec?.storageClassName ?? '')) return false;
        return typeof isExpanding !== 'boolean' || (expansionOf(claim) !== undefined) === isExpanding;
      };
    },
    orders: {
      REQUESTED_SIZE: {
        description: 'By the size that it asks for.',
        value: (claim) => bytesOf(requestedSizeOf(claim)),
      },
      CAPACITY: { description: 'By the size that it has.', value: (claim) => bytesOf(capacityOf(claim)) },
      PHASE: { description: 'By phase, as Kubernetes writes it.', value: ({ status }) => status?.phase },
      STORAGE_CLASS: { description: 'By the name of its class.', value: ({ spec }) => spec?.storageClassName },
    },
  });
  registerQuery(builder, {
    name: 'persistentVolumeClaim',
    description: 'One PersistentVolumeClaim by its name; null where it is not there for you.',
    allow,
    type: persistentVolumeClaimTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      namespace: t.string({ required: true, description: 'Its namespace.' }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, namespace, name }, context) =>
      readObject(context, persistentVolumeClaimKind, cluster, namespace, name),
  });
  registerList(builder, {
    name: 'persistentVolumeClaims',
    description: 'PersistentVolumeClaims of all clusters that you may see.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([persistentVolumeClaimKind], args, context),
  });
  registerKubernetesChanges(builder, {
    name: 'persistentVolumeClaimChanges',
    description: 'PersistentVolumeClaims as they come, change and go: bound, grown, lost.',
    allow,
    kinds: [persistentVolumeClaimKind],
    itemField: 'persistentVolumeClaim',
    itemType: persistentVolumeClaimTypeRef,
    itemDescription: 'The claim after the change; of a deleted one the last state known.',
    list,
  });
}

function registerPersistentVolumeClaimType(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: persistentVolumeClaimTypeRef,
    kind: persistentVolumeClaimKind,
    description: 'What pods of a namespace want of storage, and get (core/v1, STO-06).',
    fields: (t) => ({
      description: t.string({
        nullable: true,
        description: 'What it is for, as its form keeps it; null where nobody said.',
        resolve: ({ metadata }) => metadata.annotations?.[descriptionAnnotation] ?? null,
      }),
      phase: t.field({ type: claimPhaseRef, description: 'Where it stands in its life.', resolve: claimPhaseOf }),
      rawPhase: t.string({
        description: 'The phase as Kubernetes writes it.',
        resolve: ({ status }) => status?.phase ?? 'Pending',
      }),
      isWaitingForConsumer: t.boolean({
        description: 'Whether it is pending because its class makes volumes only once a pod uses the claim: no error.',
        resolve: (claim, _args, context) => {
          const name = claim.spec?.storageClassName;
          if (claimPhaseOf(claim) !== 'PENDING' || !name || claim.spec?.volumeName) return false;
          const found = readObject(context, storageClassKind, claim[origin].cluster, undefined, name);
          return mapMaybe(found, (row) => row !== null && bindingModeOf(row) === 'WAIT_FOR_FIRST_CONSUMER');
        },
      }),
      requestedSize: t.field({ type: 'Quantity', description: 'The size that it asks for.', resolve: requestedSizeOf }),
      requestedBytes: t.field({
        type: 'SafeInt',
        description: 'The size that it asks for, in bytes.',
        resolve: (claim) => shownBytesOf(requestedSizeOf(claim)) ?? 0,
      }),
      capacity: t.field({
        type: 'Quantity',
        nullable: true,
        description: 'The size that it has; null until it is bound. Less than asked for while it grows.',
        resolve: (claim) => capacityOf(claim) ?? null,
      }),
      capacityBytes: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'The size that it has, in bytes.',
        resolve: (claim) => shownBytesOf(capacityOf(claim)) ?? null,
      }),
      expansion: t.field({
        type: expansionRef,
        nullable: true,
        description: 'A growth that is not finished; null where there is as much as is asked for, or no volume yet.',
        resolve: (claim) => expansionOf(claim) ?? null,
      }),
      accessModes: t.field({
        type: [accessModeRef],
        description: 'Who shall use it at once, as far as this version knows the words.',
        resolve: ({ spec }) => knownAccessModes(spec?.accessModes),
      }),
      rawAccessModes: t.stringList({
        description: 'All access modes that it asks for as Kubernetes writes them.',
        resolve: ({ spec }) => [...(spec?.accessModes ?? [])],
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
        resolve: (claim, _args, context) =>
          claim.spec?.storageClassName
            ? readObject(context, storageClassKind, claim[origin].cluster, undefined, claim.spec.storageClassName)
            : null,
      }),
      volumeName: t.string({
        nullable: true,
        description: 'Name of its volume, or of the one that it asks for; null while there is none.',
        resolve: ({ spec }) => spec?.volumeName || null,
      }),
      volume: t.field({
        type: persistentVolumeTypeRef,
        nullable: true,
        description:
          'Its volume, or the one that it asks for; null while there is none, and for who may not see volumes.',
        resolve: (claim, _args, context) =>
          claim.spec?.volumeName
            ? readObject(context, persistentVolumeKind, claim[origin].cluster, undefined, claim.spec.volumeName)
            : null,
      }),
      dataSource: t.field({
        type: dataSourceRef,
        nullable: true,
        description: 'What its volume was filled with; null for an empty one.',
        resolve: ({ spec }) => spec?.dataSource ?? null,
      }),
      usedBy: t.field({
        type: [claimUseRef],
        nullable: true,
        description:
          'Workloads that mount it by their template and pods that mount it, as far as you may see them; pods that have ended apart. While there is any it is not deleted (STO-12).',
        resolve: (claim, _args, context) => claimUsesOf(context.kube(claim[origin].cluster), claim),
      }),
      pods: relationField(builder, t, {
        description: 'Pods that mount it and have not ended.',
        of: 'Pod',
        rows: (claim, context) => relatedRows(context, claim[origin].cluster, (reader) => podsOfClaim(reader, claim)),
      }),
    }),
  });
}
