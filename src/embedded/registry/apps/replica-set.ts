import { asObject, ensureObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import {
  defaultPodTemplate,
  validateCount,
  validateImmutable,
  validateSelectorAndTemplate,
} from '../pod-spec/validate-pod-template.ts';
import { replicaSetTable } from '../tables/workload-tables.ts';

export const replicaSets = defineResource(
  {
    group: 'apps',
    version: 'v1',
    kind: 'ReplicaSet',
    plural: 'replicasets',
    shortNames: ['rs'],
    categories: ['all'],
    subresources: ['status', 'scale'],
  },
  {
    generation: 'spec',
    scale: {
      specReplicas: ['spec', 'replicas'],
      statusReplicas: ['status', 'replicas'],
      selector: ['spec', 'selector'],
    },
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'replicas', 1);
      defaultPodTemplate(spec);
    },
    prepareForCreate(draft) {
      draft.status = { replicas: 0 };
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      validateCount(spec.replicas, 'spec.replicas', errors);
      validateCount(spec.minReadySeconds, 'spec.minReadySeconds', errors);
      validateSelectorAndTemplate(spec, { selector: 'deployment', kind: 'ReplicaSet' }, errors);
    },
    validateUpdate: (draft, current, errors) => validateImmutable(draft.spec, current, 'selector', errors),
    selectableFields: {
      'status.replicas': (set) => String(asObject(set.status)?.replicas ?? 0),
    },
    table: replicaSetTable,
  },
);
