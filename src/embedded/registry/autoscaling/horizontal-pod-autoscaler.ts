import { asObject, asObjectList, ensureObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { autoscalerTable } from '../tables/autoscaler-table.ts';
import { defaultBehavior } from './default-behavior.ts';
import { validateBehavior } from './validate-behavior.ts';
import { validateMetrics } from './validate-metrics.ts';

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
    table: autoscalerTable,
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'minReplicas', 1);
      if (asObjectList(spec.metrics).length === 0) {
        spec.metrics = [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ];
      }
      const behavior = asObject(spec.behavior);
      if (behavior !== undefined) defaultBehavior(behavior);
    },
    prepareForCreate(draft) {
      draft.status = { desiredReplicas: 0, currentMetrics: null };
    },
    prepareForStatus(draft) {
      // What nobody has measured yet is null on the wire, never absent.
      const status = ensureObject(draft, 'status');
      setDefault(status, 'desiredReplicas', 0);
      setDefault(status, 'currentMetrics', null);
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      const { minReplicas, maxReplicas = 0 } = spec;
      if (typeof minReplicas === 'number' && minReplicas < 1) {
        errors.invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1');
      }
      if (typeof maxReplicas !== 'number' || maxReplicas === 0) {
        errors.required('spec.maxReplicas', 'must be set and greater than 0');
      } else if (maxReplicas < 0) {
        errors.invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to 1');
      }
      if (typeof maxReplicas === 'number' && typeof minReplicas === 'number' && maxReplicas < minReplicas) {
        errors.invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`');
      }
      const target = asObject(spec.scaleTargetRef) ?? {};
      if ((target.kind ?? '') === '') errors.required('spec.scaleTargetRef.kind');
      if ((target.name ?? '') === '') errors.required('spec.scaleTargetRef.name');
      validateMetrics(spec.metrics, errors);
      validateBehavior(spec.behavior, errors);
    },
  },
);
