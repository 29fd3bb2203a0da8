import { isEqualJson, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { storageClassTable } from '../tables/storage-table.ts';

export const storageClasses = defineResource(
  {
    group: 'storage.k8s.io',
    version: 'v1',
    kind: 'StorageClass',
    plural: 'storageclasses',
    shortNames: ['sc'],
    isClusterScoped: true,
  },
  {
    setDefaults(draft) {
      setDefault(draft, 'reclaimPolicy', 'Delete');
      setDefault(draft, 'volumeBindingMode', 'Immediate');
    },
    validate(draft, errors) {
      if ((draft.provisioner ?? '') === '') errors.required('provisioner');
    },
    validateUpdate(draft, current, errors) {
      for (const field of ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode']) {
        if (!isEqualJson(draft[field], current[field])) errors.forbidden(field, `updates to ${field} are forbidden.`);
      }
    },
    table: storageClassTable,
  },
);
