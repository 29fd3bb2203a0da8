import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import { descriptionAnnotation } from 'longshore/plugins/core';
import {
  defineKubernetesList,
  type LongshoreBuilder,
  listKubernetesObjects,
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
import { persistentVolumeKind, storageClassKind, storageClassTypeRef } from '../../api.ts';
import {
  bindingModeOf,
  isMarkedDefault,
  rawBindingModeOf,
  rawReclaimPolicyOf,
  reclaimPolicyOf,
  zonesOfClass,
} from '../../services/classes/class-facts.ts';
import { bindingModeRef, reclaimPolicyRef } from './storage-enums.ts';
import { parameterRef, topologyRef } from './storage-parts.ts';

const allow = { action: 'READ', subject: subjectOf(storageClassKind) };

export function registerStorageClass(builder: LongshoreBuilder): void {
  registerStorageClassType(builder);
  const list = defineKubernetesList(builder, {
    name: 'StorageClass',
    node: storageClassTypeRef,
    plural: 'StorageClasses',
    isNamespaced: false,
    filter: (t) => ({
      provisioners: t.stringList({ description: 'Whose volumes one of these makes.' }),
      isDefault: t.boolean({ description: 'Whether it is marked as the class of claims that name none.' }),
      allowsExpansion: t.boolean({ description: 'Whether claims of it may grow.' }),
    }),
    matches({ provisioners, isDefault, allowsExpansion }) {
      const wanted = provisioners ? new Set(provisioners) : undefined;
      return (row) => {
        if (wanted && !wanted.has(row.provisioner)) return false;
        if (typeof isDefault === 'boolean' && isMarkedDefault(row) !== isDefault) return false;
        return typeof allowsExpansion !== 'boolean' || (row.allowVolumeExpansion === true) === allowsExpansion;
      };
    },
    orders: {
      PROVISIONER: { description: 'By provisioner.', value: ({ provisioner }) => provisioner },
      RECLAIM_POLICY: { description: 'By reclaim policy, as Kubernetes writes it.', value: rawReclaimPolicyOf },
    },
  });
  registerQuery(builder, {
    name: 'storageClass',
    description: 'One StorageClass by its name; null where it is not there for you.',
    allow,
    type: storageClassTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, name }, context) => readObject(context, storageClassKind, cluster, undefined, name),
  });
  registerList(builder, {
    name: 'storageClasses',
    description: 'StorageClasses of all clusters that you may see.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([storageClassKind], args, context),
  });
  registerKubernetesChanges(builder, {
    name: 'storageClassChanges',
    description: 'StorageClasses as they come, change and go.',
    allow,
    kinds: [storageClassKind],
    itemField: 'storageClass',
    itemType: storageClassTypeRef,
    itemDescription: 'The class after the change; of a deleted one the last state known.',
    list,
  });
}

function registerStorageClassType(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: storageClassTypeRef,
    kind: storageClassKind,
    description: 'A sort of storage: who makes volumes of it, and how (storage.k8s.io/v1, STO-01).',
    fields: (t) => ({
      description: t.string({
        nullable: true,
        description: 'What it is for, as its form keeps it; null where nobody said.',
        resolve: ({ metadata }) => metadata.annotations?.[descriptionAnnotation] ?? null,
      }),
      isDefault: t.boolean({
        description:
          'Whether it is marked as the class of claims that name none; of several marked ones the newest counts.',
        resolve: isMarkedDefault,
      }),
      provisioner: t.exposeString('provisioner', { description: 'Who makes its volumes: a driver, by its name.' }),
      parameters: t.field({
        type: [parameterRef],
        description: 'What its provisioner is told, by name.',
        resolve: ({ parameters }) => Object.entries(parameters ?? {}).sort(byName),
      }),
      reclaimPolicy: t.field({
        type: reclaimPolicyRef,
        description: 'What becomes of its volumes when their claims are deleted.',
        resolve: reclaimPolicyOf,
      }),
      rawReclaimPolicy: t.string({ description: 'The same as Kubernetes writes it.', resolve: rawReclaimPolicyOf }),
      volumeBindingMode: t.field({
        type: bindingModeRef,
        description: 'When its volumes are made and bound.',
        resolve: bindingModeOf,
      }),
      rawVolumeBindingMode: t.string({ description: 'The same as Kubernetes writes it.', resolve: rawBindingModeOf }),
      allowsExpansion: t.boolean({
        description: 'Whether claims of it may grow.',
        resolve: ({ allowVolumeExpansion }) => allowVolumeExpansion === true,
      }),
      mountOptions: t.stringList({
        description: 'Options that its volumes are mounted with.',
        resolve: ({ mountOptions }) => [...(mountOptions ?? [])],
      }),
      allowedTopologies: t.field({
        type: [topologyRef],
        description: 'Where its volumes may be made, one of them; none: wherever its provisioner can.',
        resolve: ({ allowedTopologies }) =>
          (allowedTopologies ?? []).map(({ matchLabelExpressions }) => [...(matchLabelExpressions ?? [])]),
      }),
      zones: t.stringList({
        description:
          'Zones in which its volumes are made, by its topologies and parameters; empty where it leaves that open.',
        resolve: zonesOfClass,
      }),
      volumes: relationField(builder, t, {
        description: 'Volumes of this class, as far as you may see them.',
        of: 'PersistentVolume',
        rows: (row, context) =>
          relatedRows(context, row[origin].cluster, (reader) =>
            reader.byIndex(persistentVolumeKind, 'storageClass', row.metadata.name),
          ),
      }),
      claims: relationField(builder, t, {
        description: 'Claims that name this class, as far as you may see them.',
        of: 'PersistentVolumeClaim',
        rows: (row, context) =>
          relatedRows(context, row[origin].cluster, (reader) =>
            reader.byIndex(persistentVolumeClaimKind, 'storageClass', row.metadata.name),
          ),
      }),
    }),
  });
}

const byName = ([one]: readonly [string, string], [other]: readonly [string, string]): number => (one < other ? -1 : 1);
