import { asObject, ensureObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { ingressTable } from '../tables/networking-tables.ts';
import { validateIngress } from './validate-ingress.ts';

export const ingresses = defineResource(
  {
    group: 'networking.k8s.io',
    version: 'v1',
    kind: 'Ingress',
    plural: 'ingresses',
    shortNames: ['ing'],
    subresources: ['status'],
  },
  {
    generation: 'spec',
    setDefaults: (draft) => void ensureObject(draft, 'spec'),
    prepareForCreate(draft) {
      draft.status = { loadBalancer: {} };
    },
    validate: (draft, errors) => validateIngress(asObject(draft.spec) ?? {}, errors),
    table: ingressTable,
  },
);
