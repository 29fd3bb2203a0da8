import { asObject, asObjectList, ensureObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { autoscalerTable } from '../tables/autoscaler-table.ts';
import { defaultBehavior } from './default-behavior.ts';
import { validateAutoscaler } from './validate-autoscaler.ts';

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
    validate: (draft, errors) => validateAutoscaler(asObject(draft.spec) ?? {}, errors),
  },
);
