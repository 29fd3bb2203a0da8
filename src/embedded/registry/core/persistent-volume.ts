import {
  asList,
  asObject,
  asString,
  ensureObject,
  isEqualJson,
  type JsonObject,
  setDefault,
  sortedEntries,
} from '../../machinery/json.ts';
import { compareQuantities, isQuantity } from '../../machinery/quantity.ts';
import { defineResource } from '../define-resource.ts';
import { validateNodeSelector } from '../pod-spec/validate-affinity.ts';
import { validateSource } from '../pod-spec/validate-volumes.ts';
import { persistentVolumeTable } from '../tables/storage-table.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName } from '../validation/names.ts';
import { validateAccessModes, volumeModes } from './validate-access-modes.ts';

/** What a volume may be made of, in the order in which it is looked at. */
const sources = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
];

export const persistentVolumes = defineResource(
  {
    group: '',
    version: 'v1',
    kind: 'PersistentVolume',
    plural: 'persistentvolumes',
    shortNames: ['pv'],
    isClusterScoped: true,
    subresources: ['status'],
  },
  {
    returnsDeleted: true,
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'persistentVolumeReclaimPolicy', 'Retain');
      setDefault(spec, 'volumeMode', 'Filesystem');
    },
    prepareForCreate(draft) {
      draft.status = { phase: 'Pending' };
    },
    validate: (draft, errors) => validateVolume(asObject(draft.spec) ?? {}, errors),
    validateUpdate(draft, current, errors) {
      const next = asObject(draft.spec) ?? {};
      const before = asObject(current.spec) ?? {};
      for (const kind of sources) {
        if (isEqualJson(next[kind], before[kind])) continue;
        errors.forbidden('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation');
        break;
      }
      if (next.volumeMode !== before.volumeMode) {
        errors.invalid('spec.volumeMode', next.volumeMode, 'field is immutable');
      }
      if (before.nodeAffinity !== undefined && !isEqualJson(next.nodeAffinity, before.nodeAffinity)) {
        errors.invalid('spec.nodeAffinity', next.nodeAffinity, 'field is immutable');
      }
    },
    table: persistentVolumeTable,
  },
);

function validateVolume(spec: JsonObject, errors: FieldErrors): void {
  const modes = asList(spec.accessModes);
  if (modes.length === 0) errors.required('spec.accessModes');
  validateAccessModes(modes, errors);
  const capacity = asObject(spec.capacity) ?? {};
  if (Object.keys(capacity).length === 0) errors.required('spec.capacity');
  if (capacity.storage === undefined || Object.keys(capacity).length > 1) {
    errors.notSupported('spec.capacity', Object.fromEntries(sortedEntries(capacity)), ['storage']);
  }
  for (const [name, quantity] of sortedEntries(capacity)) {
    if (isQuantity(quantity) && compareQuantities(quantity, '0') <= 0) {
      errors.invalid(`spec.capacity[${name}]`, quantity, 'must be greater than zero');
    }
  }
  const policy = asString(spec.persistentVolumeReclaimPolicy) ?? '';
  if (policy !== '') errors.oneOf('spec.persistentVolumeReclaimPolicy', policy, ['Delete', 'Recycle', 'Retain']);
  const affinity = asObject(asObject(spec.nodeAffinity)?.required);
  if (affinity !== undefined) validateNodeSelector(affinity, 'spec.nodeAffinity.required', errors);
  validateSources(spec, errors);
  const className = asString(spec.storageClassName) ?? '';
  if (className !== '') {
    errors.eachInvalid('spec.storageClassName', className, problemsOfName(className, 'dns-subdomain'));
  }
  if (spec.volumeMode !== undefined) errors.oneOf('spec.volumeMode', spec.volumeMode, volumeModes);
}

function validateSources(spec: JsonObject, errors: FieldErrors): void {
  let count = 0;
  for (const kind of sources) {
    const source = asObject(spec[kind]);
    if (source === undefined) continue;
    if (count > 0) errors.forbidden(`spec.${kind}`, 'may not specify more than 1 volume type');
    else {
      validateSource(kind, source, `spec.${kind}`, errors);
      if (kind === 'csi' && (source.volumeHandle ?? '') === '') errors.required('spec.csi.volumeHandle');
      if (kind === 'local') {
        if ((source.path ?? '') === '') errors.required('spec.local.path');
        if (spec.nodeAffinity === undefined)
          errors.required('spec.nodeAffinity', 'Local volume requires node affinity');
      }
    }
    count += 1;
  }
  if (count === 0) errors.required('spec', 'must specify a volume type');
}
