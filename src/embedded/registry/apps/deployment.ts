import { asObject, ensureObject, type JsonObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import {
  defaultPodTemplate,
  validateCount,
  validateImmutable,
  validateSelectorAndTemplate,
} from '../pod-spec/validate-pod-template.ts';
import { deploymentTable } from '../tables/workload-tables.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { isNothing, validateAtMostAll, validateIntOrPercent } from '../validation/int-or-percent.ts';
import { printGoStruct } from '../validation/print-go-struct.ts';

const strategies = ['Recreate', 'RollingUpdate'];

export const deployments = defineResource(
  {
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
    plural: 'deployments',
    shortNames: ['deploy'],
    categories: ['all'],
    subresources: ['status', 'scale'],
  },
  {
    generation: 'spec-and-annotations',
    scale: {
      specReplicas: ['spec', 'replicas'],
      statusReplicas: ['status', 'replicas'],
      selector: ['spec', 'selector'],
    },
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'replicas', 1);
      setDefault(spec, 'revisionHistoryLimit', 10);
      setDefault(spec, 'progressDeadlineSeconds', 600);
      const strategy = ensureObject(spec, 'strategy');
      setDefault(strategy, 'type', 'RollingUpdate');
      if (strategy.type === 'RollingUpdate') {
        const rolling = ensureObject(strategy, 'rollingUpdate');
        setDefault(rolling, 'maxUnavailable', '25%');
        setDefault(rolling, 'maxSurge', '25%');
      }
      defaultPodTemplate(spec);
    },
    prepareForCreate(draft) {
      draft.status = {};
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      validateCount(spec.replicas, 'spec.replicas', errors);
      validateSelectorAndTemplate(spec, { selector: 'deployment', kind: 'ReplicaSet' }, errors);
      const strategy = asObject(spec.strategy) ?? {};
      if (!strategies.includes(String(strategy.type))) {
        errors.notSupported('spec.strategy', printGoStruct('Strategy', strategy), strategies);
      }
      const rolling = asObject(strategy.rollingUpdate);
      if (strategy.type === 'Recreate' && rolling !== undefined) {
        errors.forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'");
      }
      if (strategy.type === 'RollingUpdate' && rolling !== undefined) validateRolling(rolling, errors);
      for (const count of ['minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds']) {
        validateCount(spec[count], `spec.${count}`, errors);
      }
      const { progressDeadlineSeconds: deadline, minReadySeconds: ready = 0 } = spec;
      if (typeof deadline === 'number' && typeof ready === 'number' && deadline <= ready) {
        errors.invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds');
      }
    },
    validateUpdate: (draft, current, errors) => validateImmutable(draft.spec, current, 'selector', errors),
    table: deploymentTable,
  },
);

function validateRolling(rolling: JsonObject, errors: FieldErrors): void {
  const field = 'spec.strategy.rollingUpdate';
  const { maxUnavailable, maxSurge } = rolling;
  validateIntOrPercent(maxUnavailable, `${field}.maxUnavailable`, errors);
  validateIntOrPercent(maxSurge, `${field}.maxSurge`, errors);
  if (isNothing(maxUnavailable) && isNothing(maxSurge)) {
    errors.invalid(`${field}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0');
  }
  validateAtMostAll(maxUnavailable, `${field}.maxUnavailable`, errors);
}
