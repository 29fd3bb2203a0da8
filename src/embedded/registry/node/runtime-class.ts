import { formatAge } from '../../machinery/format-age.ts';
import { asObject, asString } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { validateTolerations } from '../pod-spec/validate-scheduling.ts';
import { ageColumn, nameColumn, textColumn } from '../tables/columns.ts';
import { problemsOfName } from '../validation/names.ts';
import { validateLabels } from '../validation/validate-metadata.ts';

export const runtimeClasses = defineResource(
  { group: 'node.k8s.io', version: 'v1', kind: 'RuntimeClass', plural: 'runtimeclasses', isClusterScoped: true },
  {
    validate(draft, errors) {
      const handler = asString(draft.handler) ?? '';
      if (handler === '') errors.required('handler');
      else errors.eachInvalid('handler', handler, problemsOfName(handler, 'dns-label'));
      const scheduling = asObject(draft.scheduling);
      validateLabels(scheduling?.nodeSelector, 'scheduling.nodeSelector', errors);
      validateTolerations(scheduling?.tolerations, 'scheduling.tolerations', errors);
    },
    validateUpdate(draft, current, errors) {
      if (draft.handler !== current.handler) errors.invalid('handler', draft.handler, 'field is immutable');
    },
    table: {
      columns: [nameColumn, textColumn('Handler', 'What runs the pods on a node.'), ageColumn],
      cells: ({ metadata, handler }, nowMs) => [metadata.name, handler, formatAge(metadata.creationTimestamp, nowMs)],
    },
  },
);
