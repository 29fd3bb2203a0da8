import { asList, asObject, ensureObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { problemOfSecurityLabel } from '../pod-security/security-levels.ts';
import { namespaceTable } from '../tables/namespace-table.ts';
import { problemsOfQualifiedName } from '../validation/names.ts';
import { problemsOfPlainFinalizer } from '../validation/validate-metadata.ts';

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
      const spec = ensureObject(draft, 'spec');
      if (asList(spec.finalizers).length === 0) delete spec.finalizers;
    },
    prepareForCreate(draft) {
      const spec = ensureObject(draft, 'spec');
      const finalizers = asList(spec.finalizers);
      if (!finalizers.includes('kubernetes')) spec.finalizers = [...finalizers, 'kubernetes'];
      draft.status = { phase: 'Active' };
    },
    validate(draft, errors, current) {
      asList(asObject(draft.spec)?.finalizers).forEach((finalizer, at) => {
        const text = String(finalizer);
        const field = current === undefined ? 'spec.finalizers' : `spec.finalizers[${at}]`;
        errors.eachInvalid(field, text, [...problemsOfQualifiedName(text), ...problemsOfPlainFinalizer(text)]);
      });
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
