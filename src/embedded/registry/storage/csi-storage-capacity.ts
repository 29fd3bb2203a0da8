import { defineResource } from '../define-resource.ts';
import { createdAtTable } from '../tables/created-at-table.ts';

/** What room a driver has for a storage class, somewhere. */
export const csiStorageCapacities = defineResource(
  { group: 'storage.k8s.io', version: 'v1', kind: 'CSIStorageCapacity', plural: 'csistoragecapacities' },
  {
    validate(draft, errors) {
      if ((draft.storageClassName ?? '') === '') errors.required('storageClassName');
    },
    validateUpdate(draft, current, errors) {
      if (draft.storageClassName !== current.storageClassName) {
        errors.invalid('storageClassName', draft.storageClassName, 'field is immutable');
      }
    },
    table: createdAtTable,
  },
);
