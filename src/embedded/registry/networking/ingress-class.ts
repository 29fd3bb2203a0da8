import { asObject, asString, ensureObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { ingressClassTable } from '../tables/networking-tables.ts';
import { problemsOfName } from '../validation/names.ts';

export const ingressClasses = defineResource(
  {
    group: 'networking.k8s.io',
    version: 'v1',
    kind: 'IngressClass',
    plural: 'ingressclasses',
    isClusterScoped: true,
  },
  {
    generation: 'spec',
    setDefaults(draft) {
      const parameters = asObject(ensureObject(draft, 'spec').parameters);
      if (parameters !== undefined) setDefault(parameters, 'scope', 'Cluster');
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      const controller = asString(spec.controller) ?? '';
      const [domain = '', path = ''] = [controller.split('/', 1)[0], controller.slice(controller.indexOf('/') + 1)];
      if (controller === '') errors.required('spec.controller');
      else if (!controller.includes('/') || domain === '' || path === '') {
        errors.invalid('spec.controller', controller, 'must be a domain-prefixed path (such as "acme.io/foo")');
      } else errors.eachInvalid('spec.controller', domain, problemsOfName(domain, 'dns-subdomain'));
      const parameters = asObject(spec.parameters);
      if (parameters === undefined) return;
      for (const key of ['kind', 'name']) {
        if ((parameters[key] ?? '') === '') errors.required(`spec.parameters.${key}`);
      }
      errors.oneOf('spec.parameters.scope', parameters.scope, ['Cluster', 'Namespace']);
      if (parameters.scope === 'Namespace' && parameters.namespace === undefined) {
        errors.required('spec.parameters.namespace', "`parameters.scope` is set to 'Namespace'");
      }
      if (parameters.scope === 'Cluster' && parameters.namespace !== undefined) {
        errors.forbidden('spec.parameters.namespace', "`parameters.scope` is set to 'Cluster'");
      }
    },
    validateUpdate(draft, current, errors) {
      const controller = asObject(draft.spec)?.controller;
      if (controller !== asObject(current.spec)?.controller) {
        errors.invalid('spec.controller', controller, 'field is immutable');
      }
    },
    table: ingressClassTable,
  },
);
