import { asObject, ensureObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import {
  defaultPodTemplate,
  validateCount,
  validateMatch,
  validatePodTemplate,
} from '../pod-spec/validate-pod-template.ts';
import { replicaSetTable } from '../tables/workload-tables.ts';
import { validateLabels } from '../validation/validate-metadata.ts';

/** The forerunner of ReplicaSet: its selector is a plain map, and is read off the template when it is left out. */
export const replicationControllers = defineResource(
  {
    group: '',
    version: 'v1',
    kind: 'ReplicationController',
    plural: 'replicationcontrollers',
    shortNames: ['rc'],
    categories: ['all'],
    subresources: ['status', 'scale'],
  },
  {
    generation: 'spec',
    defaultPropagation: 'Orphan',
    scale: {
      specReplicas: ['spec', 'replicas'],
      statusReplicas: ['status', 'replicas'],
      selector: ['spec', 'selector'],
    },
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'replicas', 1);
      if (spec.template === undefined) return;
      const labels = asObject(asObject(asObject(spec.template)?.metadata)?.labels) ?? {};
      if (Object.keys(labels).length > 0) {
        setDefault(spec, 'selector', { ...labels });
        setDefault(draft.metadata, 'labels', { ...labels });
      }
      defaultPodTemplate(spec);
    },
    prepareForCreate(draft) {
      draft.status = { replicas: 0 };
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      validateCount(spec.minReadySeconds, 'spec.minReadySeconds', errors);
      const selector = asObject(spec.selector) ?? {};
      if (Object.keys(selector).length === 0) errors.required('spec.selector');
      validateLabels(selector, 'spec.selector', errors);
      validateCount(spec.replicas, 'spec.replicas', errors);
      const template = asObject(spec.template);
      if (template === undefined) {
        errors.required('spec.template');
        return;
      }
      validateMatch({ matchLabels: selector }, template, 'spec.template', errors);
      validatePodTemplate(template, 'spec.template', errors);
      const { restartPolicy, activeDeadlineSeconds } = asObject(template.spec) ?? {};
      errors.oneOf('spec.template.spec.restartPolicy', restartPolicy, ['Always']);
      if (activeDeadlineSeconds !== undefined) {
        errors.forbidden(
          'spec.template.spec.activeDeadlineSeconds',
          'activeDeadlineSeconds in ReplicationController is not Supported',
        );
      }
    },
    selectableFields: { 'status.replicas': (entry) => String(asObject(entry.status)?.replicas ?? 0) },
    table: replicaSetTable,
  },
);
