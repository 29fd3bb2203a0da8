import { asObject, ensureObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';

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
      setDefault(spec, 'metrics', [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ]);
    },
    prepareForCreate(draft) {
      draft.status = { desiredReplicas: 0, currentMetrics: null };
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      const { minReplicas, maxReplicas } = spec;
      const target = asObject(spec.scaleTargetRef) ?? {};
      if ((target.kind ?? '') === '') errors.required('spec.scaleTargetRef.kind');
      if ((target.name ?? '') === '') errors.required('spec.scaleTargetRef.name');
      if (typeof minReplicas === 'number' && minReplicas < 1) {
        errors.invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1');
      }
      if (typeof maxReplicas !== 'number' || maxReplicas < 1) {
        errors.invalid('spec.maxReplicas', maxReplicas ?? 0, 'must be greater than 0');
      } else if (typeof minReplicas === 'number' && maxReplicas < minReplicas) {
        errors.invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`');
      }
    },
  },
);
