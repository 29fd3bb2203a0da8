import { formatAge } from '../../machinery/format-age.ts';
import { isEqualJson } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { ageColumn, nameColumn, textColumn } from '../tables/columns.ts';

/** A class of service that a volume can be moved to while it is in use. */
export const volumeAttributesClasses = defineResource(
  {
    group: 'storage.k8s.io',
    version: 'v1',
    kind: 'VolumeAttributesClass',
    plural: 'volumeattributesclasses',
    shortNames: ['vac'],
    isClusterScoped: true,
  },
  {
    returnsDeleted: true,
    validate(draft, errors) {
      if ((draft.driverName ?? '') === '') errors.required('driverName');
      if (draft.parameters === undefined || isEqualJson(draft.parameters, {})) {
        errors.required('parameters', 'must contain at least one key/value pair');
      }
    },
    validateUpdate(draft, current, errors) {
      for (const field of ['driverName', 'parameters']) {
        if (!isEqualJson(draft[field], current[field])) errors.invalid(field, draft[field], 'field is immutable');
      }
    },
    table: {
      columns: [nameColumn, textColumn('DriverName', 'The driver it belongs to.'), ageColumn],
      cells: ({ metadata, driverName }, nowMs) => [
        metadata.name,
        driverName,
        formatAge(metadata.creationTimestamp, nowMs),
      ],
    },
  },
);
