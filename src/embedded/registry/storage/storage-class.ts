import { asString, isEqualJson, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { storageClassTable } from '../tables/storage-table.ts';
import { problemsOfQualifiedName } from '../validation/names.ts';

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
      const provisioner = asString(draft.provisioner) ?? '';
      if (provisioner === '') errors.required('provisioner');
      else errors.eachInvalid('provisioner', provisioner, problemsOfQualifiedName(provisioner.toLowerCase()));
      errors.oneOf('reclaimPolicy', draft.reclaimPolicy, ['Delete', 'Retain']);
      errors.oneOf('volumeBindingMode', draft.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']);
    },
    validateUpdate(draft, current, errors) {
      for (const field of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode']) {
        if (!isEqualJson(draft[field], current[field])) errors.invalid(field, draft[field], 'field is immutable');
      }
    },
    table: storageClassTable,
  },
);
