import type { CrdColumn, Schema } from '../define-crd.ts';

/** What the definitions of apps.kruise.io have in common. Templates have no schema there: the webhook reads them. */
export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const count: Schema = { type: 'integer', format: 'int32' };
export const generation: Schema = { type: 'integer', format: 'int64' };
export const time: Schema = { type: 'string', format: 'date-time' };
export const anything: Schema = { 'x-kubernetes-preserve-unknown-fields': true };
export const countOrPercent: Schema = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  'x-kubernetes-int-or-string': true,
};

export const selector: Schema = {
  type: 'object',
  properties: {
    matchExpressions: {
      type: 'array',
      items: {
        type: 'object',
        required: ['key', 'operator'],
        properties: {
          key: text,
          operator: text,
          values: { type: 'array', items: text, 'x-kubernetes-list-type': 'atomic' },
        },
      },
      'x-kubernetes-list-type': 'atomic',
    },
    matchLabels: { type: 'object', additionalProperties: text },
  },
  'x-kubernetes-map-type': 'atomic',
};

const hook: Schema = {
  type: 'object',
  properties: {
    finalizersHandler: { type: 'array', items: text },
    labelsHandler: { type: 'object', additionalProperties: text },
    markPodNotReady: flag,
  },
};

export const lifecycle: Schema = {
  type: 'object',
  properties: { inPlaceUpdate: hook, preDelete: hook, preNormal: hook },
};

export const inPlaceUpdateStrategy: Schema = { type: 'object', properties: { gracePeriodSeconds: count } };

export const priorityStrategy: Schema = {
  type: 'object',
  properties: {
    orderPriority: {
      type: 'array',
      items: { type: 'object', required: ['orderedKey'], properties: { orderedKey: text } },
    },
    weightPriority: {
      type: 'array',
      items: {
        type: 'object',
        required: ['matchSelector', 'weight'],
        properties: { matchSelector: selector, weight: count },
      },
    },
  },
};

export const conditions: Schema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['status', 'type'],
    properties: {
      lastTransitionTime: time,
      lastUpdateTime: time,
      message: text,
      reason: text,
      status: text,
      type: text,
    },
  },
};

export const scale = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.status.labelSelector',
};

export const ageColumn: CrdColumn = {
  name: 'AGE',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'When the server created this object.',
};

/** Shown with `-o wide`. */
export function containerColumns(workload: string): readonly CrdColumn[] {
  return [
    {
      name: 'CONTAINERS',
      type: 'string',
      jsonPath: '.spec.template.spec.containers[*].name',
      description: `The containers of currently ${workload}.`,
      priority: 1,
    },
    {
      name: 'IMAGES',
      type: 'string',
      jsonPath: '.spec.template.spec.containers[*].image',
      description: `The images of currently ${workload}.`,
      priority: 1,
    },
  ];
}
