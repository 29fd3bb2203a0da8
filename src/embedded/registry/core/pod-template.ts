import { asObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { defaultPodTemplate, validatePodTemplate } from '../pod-spec/validate-pod-template.ts';
import { podTemplateTable } from '../tables/workload-tables.ts';

export const podTemplates = defineResource(
  { group: '', version: 'v1', kind: 'PodTemplate', plural: 'podtemplates' },
  {
    returnsDeleted: true,
    generation: 'all-but-metadata',
    setDefaults: defaultPodTemplate,
    validate: (draft, errors) => validatePodTemplate(asObject(draft.template) ?? {}, 'template', errors),
    table: podTemplateTable,
  },
);
