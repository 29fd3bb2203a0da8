import { asObject, ensureObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { validateSelector } from '../pod-spec/validate-pod-template.ts';

export const podDisruptionBudgets = defineResource(
  {
    group: 'policy',
    version: 'v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    shortNames: ['pdb'],
    subresources: ['status'],
  },
  {
    generation: 'spec',
    setDefaults: (draft) => void ensureObject(draft, 'spec'),
    prepareForCreate(draft) {
      draft.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
        errors.invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set');
      }
      validateSelector(asObject(spec.selector) ?? {}, 'spec.selector', errors);
    },
  },
);
