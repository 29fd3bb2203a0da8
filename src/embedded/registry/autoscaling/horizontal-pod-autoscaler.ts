import { asObject, asObjectList, ensureObject, setDefault } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import { defineResource } from '../define-resource.ts';
import type { RegisteredResource, ResourceCodec } from '../resource-strategy.ts';
import { autoscalerTable } from '../tables/autoscaler-table.ts';
import { autoscalerFromFirst, autoscalerToFirst } from './convert-autoscaler.ts';
import { defaultBehavior } from './default-behavior.ts';
import { validateAutoscaler } from './validate-autoscaler.ts';

const names = {
  group: 'autoscaling',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  subresources: ['status'],
};

const second = defineResource(
  { ...names, version: 'v2' },
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

/** autoscaling/v1, which older clients still write; kept as v2. */
const first = defineResource(
  { ...names, version: 'v1' },
  {
    table: {
      columns: autoscalerTable.columns,
      cells: (object, nowMs) => autoscalerTable.cells(toSecond(object), nowMs),
    },
    setDefaults: (draft) => setDefault(ensureObject(draft, 'spec'), 'minReplicas', 1),
    prepareForCreate(draft) {
      draft.status = { currentReplicas: 0, desiredReplicas: 0 };
    },
    validate: (draft, errors) => validateAutoscaler(asObject(autoscalerFromFirst(draft).spec) ?? {}, errors),
  },
);

// Stored objects never change, so what they look like in v1 is worked out once.
const shown = new WeakMap<ClusterObject, ClusterObject>();
const codec: ResourceCodec = {
  toStorage: toSecond,
  fromStorage(stored) {
    if (stored.apiVersion === 'autoscaling/v1') return stored;
    const made = shown.get(stored) ?? (autoscalerToFirst({ ...stored }) as unknown as ClusterObject);
    shown.set(stored, made);
    return made;
  },
};

const servedVersions = ['v2', 'v1'];

export const horizontalPodAutoscalers: RegisteredResource = {
  ...second,
  servedVersions,
  perVersion: new Map([['v1', { ...first, servedVersions, codec }]]),
};

function toSecond(object: ClusterObject): ClusterObject {
  return autoscalerFromFirst({ ...object }) as unknown as ClusterObject;
}
