import { asObject, ensureObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { disruptionBudgetTable } from '../tables/workload-tables.ts';
import { validateAtMostAll, validateIntOrPercent } from '../validation/int-or-percent.ts';
import { printGoStruct } from '../validation/print-go-struct.ts';
import { validateSelector } from '../validation/validate-selector.ts';

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
    table: disruptionBudgetTable,
    generation: 'spec',
    setDefaults: (draft) => void ensureObject(draft, 'spec'),
    prepareForCreate(draft) {
      draft.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
        errors.invalid(
          'spec',
          printGoStruct('PodDisruptionBudgetSpec', spec),
          'minAvailable and maxUnavailable cannot be both set',
        );
      }
      for (const key of ['minAvailable', 'maxUnavailable']) {
        validateIntOrPercent(spec[key], `spec.${key}`, errors);
        validateAtMostAll(spec[key], `spec.${key}`, errors);
      }
      validateSelector(asObject(spec.selector) ?? {}, 'spec.selector', errors);
      if (spec.unhealthyPodEvictionPolicy !== undefined) {
        errors.oneOf('spec.unhealthyPodEvictionPolicy', spec.unhealthyPodEvictionPolicy, [
          'AlwaysAllow',
          'IfHealthyBudget',
        ]);
      }
    },
  },
);
