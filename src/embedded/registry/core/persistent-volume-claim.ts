import {
  asList,
  asObject,
  asString,
  cloneJson,
  ensureObject,
  isEqualJson,
  type JsonObject,
  setDefault,
} from '../../machinery/json.ts';
import { compareQuantities, isQuantity } from '../../machinery/quantity.ts';
import { defineResource } from '../define-resource.ts';
import { newestMarked } from '../newest-marked.ts';
import { persistentVolumeClaimTable } from '../tables/storage-table.ts';
import { problemsOfName } from '../validation/names.ts';
import { validateSelector } from '../validation/validate-selector.ts';
import { normalizeDataSources, validateDataSources } from './claim-data-sources.ts';
import { validateAccessModes, volumeModes } from './validate-access-modes.ts';

export const persistentVolumeClaims = defineResource(
  {
    group: '',
    version: 'v1',
    kind: 'PersistentVolumeClaim',
    plural: 'persistentvolumeclaims',
    shortNames: ['pvc'],
    subresources: ['status'],
  },
  {
    returnsDeleted: true,
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'volumeMode', 'Filesystem');
      normalizeDataSources(spec);
    },
    prepareForCreate(draft) {
      draft.status = { phase: 'Pending' };
    },
    admitCreate(draft, environment) {
      const finalizers = asList(draft.metadata.finalizers);
      if (!finalizers.includes('kubernetes.io/pvc-protection') && environment.hasControllers) {
        draft.metadata.finalizers = [...finalizers, 'kubernetes.io/pvc-protection'];
      }
      const spec = ensureObject(draft, 'spec');
      if (spec.storageClassName !== undefined) return;
      const preferred = newestMarked(
        environment.list('storage.k8s.io', 'storageclasses'),
        'storageclass.kubernetes.io/is-default-class',
      );
      if (preferred !== undefined) spec.storageClassName = preferred.metadata.name;
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      const modes = asList(spec.accessModes);
      if (modes.length === 0) errors.required('spec.accessModes', 'at least 1 access mode is required');
      const selector = asObject(spec.selector);
      if (selector !== undefined) validateSelector(selector, 'spec.selector', errors);
      validateAccessModes(modes, errors);
      const storage = requested(spec);
      if (storage === undefined) errors.required('spec.resources[storage]');
      else if (!isQuantity(storage) || compareQuantities(storage, '0') <= 0) {
        errors.invalid('spec.resources[storage]', storage, 'must be greater than zero');
      }
      const className = asString(spec.storageClassName) ?? '';
      if (className !== '') {
        errors.eachInvalid('spec.storageClassName', className, problemsOfName(className, 'dns-subdomain'));
      }
      validateDataSources(spec, errors);
      if (spec.volumeMode !== undefined) errors.oneOf('spec.volumeMode', spec.volumeMode, volumeModes);
    },
    validateUpdate(draft, current, errors) {
      const next = asObject(draft.spec) ?? {};
      const before = asObject(current.spec) ?? {};
      if (!isEqualJson(fixedPart(next, before), fixedPart(before, before))) {
        errors.forbidden(
          'spec',
          'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
        );
      } else if (asObject(current.status)?.phase !== 'Bound') {
        if (compareQuantities(requested(next), requested(before)) === 0) return;
        errors.forbidden(
          'spec',
          'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
        );
      } else if (
        compareQuantities(requested(next), requested(before)) < 0 &&
        compareQuantities(requested(next), asObject(asObject(current.status)?.capacity)?.storage) <= 0
      ) {
        // A growth that could not be carried out may be taken back, as long as it stays above what there is.
        errors.forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity');
      }
    },
    table: persistentVolumeClaimTable,
  },
);

function requested(spec: JsonObject): unknown {
  return asObject(asObject(spec.resources)?.requests)?.storage;
}

// The binder fills volumeName once; the class may be filled in once for claims made before there was a default.
function fixedPart(spec: JsonObject, before: JsonObject): JsonObject {
  const part = cloneJson(spec);
  delete ensureObject(ensureObject(part, 'resources'), 'requests').storage;
  delete part.volumeAttributesClassName;
  if ((before.volumeName ?? '') === '') delete part.volumeName;
  if (before.storageClassName === undefined) delete part.storageClassName;
  return part;
}
