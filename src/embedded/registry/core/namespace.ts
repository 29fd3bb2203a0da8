import { asObject, ensureObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { problemOfSecurityLabel } from '../pod-security/security-levels.ts';
import { namespaceTable } from '../tables/namespace-table.ts';

/** Namespaces without which a cluster is none. */
const lasting = new Set(['default', 'kube-system', 'kube-public']);

export const namespaces = defineResource(
  {
    group: '',
    version: 'v1',
    kind: 'Namespace',
    plural: 'namespaces',
    shortNames: ['ns'],
    isClusterScoped: true,
    subresources: ['status', 'finalize'],
  },
  {
    nameRule: 'dns-label',
    trustsControllers: true,
    setDefaults(draft) {
      const labels = ensureObject(draft.metadata, 'labels');
      labels['kubernetes.io/metadata.name'] = draft.metadata.name;
    },
    prepareForCreate(draft) {
      ensureObject(draft, 'spec').finalizers = ['kubernetes'];
      draft.status = { phase: 'Active' };
    },
    validate(draft, errors) {
      for (const [key, value] of Object.entries(asObject(draft.metadata.labels) ?? {})) {
        const problem = problemOfSecurityLabel(key, String(value));
        if (problem !== undefined) errors.invalid(`metadata.labels[${key}]`, value, problem);
      }
    },
    // Only the finalize subresource lets go of a namespace's own finalizers.
    prepareForUpdate(draft, current) {
      draft.spec = current.spec;
    },
    problemOfDeletion: ({ metadata }) => (lasting.has(metadata.name) ? 'this namespace may not be deleted' : undefined),
    selectableFields: { 'status.phase': (namespace) => String(asObject(namespace.status)?.phase ?? '') },
    table: namespaceTable,
  },
);
