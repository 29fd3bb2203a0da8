import { asList, asObject, ensureObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { persistentVolumeTable } from '../tables/storage-table.ts';

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
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      if (asList(spec.accessModes).length === 0) errors.required('spec.accessModes');
      if (asObject(spec.capacity)?.storage === undefined) errors.required('spec.capacity');
    },
    table: persistentVolumeTable,
  },
);
