import { asObject, asObjectList, ensureObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { ingressTable } from '../tables/networking-tables.ts';

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];

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
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      const rules = asObjectList(spec.rules);
      if (rules.length === 0 && spec.defaultBackend === undefined) {
        errors.invalid('spec', spec, 'either `defaultBackend` or `rules` must be specified');
      }
      rules.forEach((rule, at) => {
        const http = asObject(rule.http);
        if (http === undefined) return;
        const field = `spec.rules[${at}].http.paths`;
        const paths = asObjectList(http.paths);
        if (paths.length === 0) errors.required(field);
        paths.forEach((path, index) => {
          const type = path.pathType;
          if (type === undefined) errors.required(`${field}[${index}].pathType`, 'pathType must be specified');
          else if (!pathTypes.includes(String(type)))
            errors.notSupported(`${field}[${index}].pathType`, type, pathTypes);
          if ((type === 'Exact' || type === 'Prefix') && !String(path.path ?? '').startsWith('/')) {
            errors.invalid(`${field}[${index}].path`, path.path ?? '', 'must be an absolute path');
          }
          const backend = asObject(path.backend);
          const service = asObject(backend?.service);
          if (service === undefined && backend?.resource === undefined) errors.required(`${field}[${index}].backend`);
          if (service !== undefined && (service.name ?? '') === '') {
            errors.required(`${field}[${index}].backend.service.name`);
          }
        });
      });
    },
    table: ingressTable,
  },
);

export const ingressClasses = defineResource({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  isClusterScoped: true,
});
