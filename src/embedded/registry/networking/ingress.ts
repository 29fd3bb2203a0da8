import { asObject, ensureObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { newestMarked } from '../newest-marked.ts';
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
    admitCreate(draft, environment) {
      const spec = ensureObject(draft, 'spec');
      const annotations = asObject(draft.metadata.annotations) ?? {};
      if (spec.ingressClassName !== undefined || annotations['kubernetes.io/ingress.class'] !== undefined) return;
      const preferred = newestMarked(
        environment.list('networking.k8s.io', 'ingressclasses'),
        'ingressclass.kubernetes.io/is-default-class',
      );
      if (preferred !== undefined) spec.ingressClassName = preferred.metadata.name;
    },
    prepareForCreate(draft) {
      draft.status = { loadBalancer: {} };
    },
    validate: (draft, errors) => validateIngress(asObject(draft.spec) ?? {}, errors),
    table: ingressTable,
  },
);
