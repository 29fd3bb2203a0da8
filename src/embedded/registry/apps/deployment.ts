import { asObject, ensureObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import {
  defaultPodTemplate,
  validateCount,
  validateImmutable,
  validateSelectorAndTemplate,
} from '../pod-spec/validate-pod-template.ts';
import { deploymentTable } from '../tables/workload-tables.ts';

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
      for (const count of ['replicas', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds']) {
        validateCount(spec[count], `spec.${count}`, errors);
      }
      validateSelectorAndTemplate(spec, 'deployment', errors);
      const strategy = asObject(spec.strategy) ?? {};
      if (!strategies.includes(String(strategy.type))) {
        errors.notSupported('spec.strategy.type', strategy.type, strategies);
      }
      const rolling = asObject(strategy.rollingUpdate);
      if (strategy.type === 'Recreate' && rolling !== undefined) {
        errors.forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'");
      }
      if (rolling !== undefined && isZero(rolling.maxUnavailable) && isZero(rolling.maxSurge)) {
        errors.invalid(
          'spec.strategy.rollingUpdate.maxUnavailable',
          rolling.maxUnavailable,
          'may not be 0 when `maxSurge` is 0',
        );
      }
      const { progressDeadlineSeconds: deadline, minReadySeconds: ready } = spec;
      if (typeof deadline === 'number' && typeof ready === 'number' && deadline <= ready) {
        errors.invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds');
      }
    },
    validateUpdate: (draft, current, errors) => validateImmutable(draft.spec, current, 'selector', errors),
    table: deploymentTable,
  },
);

function isZero(value: unknown): boolean {
  return value === 0 || value === '0' || value === '0%';
}
