import { asObject, asObjectList, ensureObject, type JsonObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { validateAutoscaler } from './validate-autoscaler.ts';

const upPolicies = [
  { type: 'Pods', value: 4, periodSeconds: 15 },
  { type: 'Percent', value: 100, periodSeconds: 15 },
];
const downPolicies = [{ type: 'Percent', value: 100, periodSeconds: 15 }];

export const horizontalPodAutoscalers = defineResource(
  {
    group: 'autoscaling',
    version: 'v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    shortNames: ['hpa'],
    categories: ['all'],
    subresources: ['status'],
  },
  {
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'minReplicas', 1);
      if (asObjectList(spec.metrics).length === 0) {
        spec.metrics = [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ];
      }
      const behavior = asObject(spec.behavior);
      if (behavior === undefined) return;
      // Whoever sets one direction gets the whole of both.
      defaultRules(ensureObject(behavior, 'scaleUp'), upPolicies, 0);
      defaultRules(ensureObject(behavior, 'scaleDown'), downPolicies, undefined);
    },
    prepareForCreate(draft) {
      draft.status = { desiredReplicas: 0, currentMetrics: null };
    },
    validate: (draft, errors) => validateAutoscaler(asObject(draft.spec) ?? {}, errors),
  },
);

function defaultRules(rules: JsonObject, policies: readonly object[], windowSeconds: number | undefined): void {
  if (windowSeconds !== undefined) setDefault(rules, 'stabilizationWindowSeconds', windowSeconds);
  setDefault(rules, 'selectPolicy', 'Max');
  setDefault(
    rules,
    'policies',
    policies.map((policy) => ({ ...policy })),
  );
}
