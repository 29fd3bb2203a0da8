import { isEqualJson } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { validateCount } from '../pod-spec/validate-pod-template.ts';
import { controllerRevisionTable } from '../tables/workload-tables.ts';

export const controllerRevisions = defineResource(
  { group: 'apps', version: 'v1', kind: 'ControllerRevision', plural: 'controllerrevisions' },
  {
    table: controllerRevisionTable,
    validate: (draft, errors) => validateCount(draft.revision, 'revision', errors),
    validateUpdate(draft, current, errors) {
      if (!isEqualJson(draft.data, current.data)) errors.invalid('data', draft.data, 'field is immutable');
    },
  },
);
