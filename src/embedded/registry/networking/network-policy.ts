import { asObject, ensureObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { validateSelector } from '../pod-spec/validate-pod-template.ts';

export const networkPolicies = defineResource(
  {
    group: 'networking.k8s.io',
    version: 'v1',
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
    shortNames: ['netpol'],
  },
  {
    generation: 'spec',
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      spec.podSelector ??= {};
      spec.policyTypes ??= spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
    },
    validate(draft, errors) {
      const selector = asObject(asObject(draft.spec)?.podSelector) ?? {};
      validateSelector(selector, 'spec.podSelector', errors);
    },
  },
);
