import { asObject, ensureObject } from '../../machinery/json.ts';
import { isQuantity } from '../../machinery/quantity.ts';
import { defineResource } from '../define-resource.ts';

export const resourceQuotas = defineResource(
  {
    group: '',
    version: 'v1',
    kind: 'ResourceQuota',
    plural: 'resourcequotas',
    shortNames: ['quota'],
    subresources: ['status'],
  },
  {
    returnsDeleted: true,
    prepareForCreate(draft) {
      draft.status = {};
    },
    setDefaults: (draft) => void ensureObject(draft, 'spec'),
    validate(draft, errors) {
      for (const [name, quantity] of Object.entries(asObject(asObject(draft.spec)?.hard) ?? {})) {
        if (!isQuantity(quantity)) errors.invalid(`spec.hard[${name}]`, quantity, 'must be a quantity');
      }
    },
  },
);
