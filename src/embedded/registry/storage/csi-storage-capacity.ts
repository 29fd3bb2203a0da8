import { formatAge } from '../../machinery/format-age.ts';
import { asString } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { ageColumn, nameColumn, textColumn } from '../tables/columns.ts';

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
    table: {
      columns: [
        nameColumn,
        textColumn('StorageClassName', 'The class there is room for.'),
        textColumn('Capacity', 'How much.'),
        ageColumn,
      ],
      cells: (entry, nowMs) => [
        entry.metadata.name,
        entry.storageClassName,
        asString(entry.capacity) ?? '<unset>',
        formatAge(entry.metadata.creationTimestamp, nowMs),
      ],
    },
  },
);
