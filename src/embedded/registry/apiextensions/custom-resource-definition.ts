import { formatAge } from '../../machinery/format-age.ts';
import {
  asList,
  asObject,
  asObjectList,
  asString,
  ensureObject,
  isEqualJson,
  setDefault,
} from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { ageColumn, nameColumn } from '../tables/columns.ts';

const scopes = ['Cluster', 'Namespaced'];

export const customResourceDefinitions = defineResource(
  {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    isClusterScoped: true,
    subresources: ['status'],
  },
  {
    generation: 'spec',
    needsResourceVersion: false,
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      const names = ensureObject(spec, 'names');
      if (typeof names.kind === 'string') {
        setDefault(names, 'singular', names.kind.toLowerCase());
        setDefault(names, 'listKind', `${names.kind}List`);
      }
      setDefault(spec, 'conversion', { strategy: 'None' });
    },
    prepareForCreate(draft) {
      const spec = ensureObject(draft, 'spec');
      const stored = asObjectList(spec.versions).filter((version) => version.storage === true);
      draft.status = {
        conditions: [],
        acceptedNames: { plural: '', kind: '' },
        storedVersions: stored.map((version) => version.name),
      };
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      const names = asObject(spec.names) ?? {};
      const group = asString(spec.group) ?? '';
      if (group === '') errors.required('spec.group');
      if ((names.plural ?? '') === '') errors.required('spec.names.plural');
      if ((names.kind ?? '') === '') errors.required('spec.names.kind');
      const expected = `${String(names.plural)}.${group}`;
      if (draft.metadata.name !== expected) {
        errors.invalid('metadata.name', draft.metadata.name, `must be spec.names.plural+"."+spec.group`);
      }
      if (!scopes.includes(String(spec.scope))) errors.notSupported('spec.scope', spec.scope ?? '', scopes);
      const versions = asObjectList(spec.versions);
      if (versions.filter((version) => version.storage === true).length !== 1) {
        errors.invalid(
          'spec.versions',
          spec.versions ?? null,
          'must have exactly one version marked as storage version',
        );
      }
      versions.forEach((version, at) => {
        if (asObject(asObject(version.schema)?.openAPIV3Schema) === undefined) {
          errors.required(`spec.versions[${at}].schema.openAPIV3Schema`, 'schemas are required');
        }
      });
      if (asList(spec.versions).length === 0) errors.required('spec.versions');
    },
    validateUpdate(draft, current, errors) {
      const next = asObject(draft.spec) ?? {};
      const before = asObject(current.spec) ?? {};
      for (const field of ['group', 'scope']) {
        if (!isEqualJson(next[field], before[field]))
          errors.invalid(`spec.${field}`, next[field], 'field is immutable');
      }
      const kind = (spec: typeof next): unknown => asObject(spec.names)?.kind;
      if (kind(next) !== kind(before)) errors.invalid('spec.names.kind', kind(next), 'field is immutable');
    },
    table: {
      columns: [nameColumn, { ...ageColumn, name: 'Created At', type: 'date' }],
      cells: ({ metadata }, nowMs) => [
        metadata.name,
        metadata.creationTimestamp ?? formatAge(metadata.creationTimestamp, nowMs),
      ],
    },
  },
);
