import {
  asList,
  asObject,
  asObjectList,
  asString,
  ensureObject,
  isEqualJson,
  type JsonObject,
  setDefault,
} from '../../machinery/json.ts';
import { invalidValue } from '../../machinery/schema/schema-problems.ts';
import type { ClusterObject } from '../../store/types.ts';
import { defineResource } from '../define-resource.ts';
import type { Draft } from '../resource-strategy.ts';
import { ageColumn, nameColumn } from '../tables/columns.ts';
import { validateApproval } from './api-approval.ts';
import { conditionOf, withCondition } from './definition-conditions.ts';
import { unrecognizedFormats } from './unrecognized-formats.ts';
import { validateDefinitionSpec, validateStoredVersions } from './validate-definition.ts';
import { validateNames } from './validate-names.ts';

/** Holds a deleted definition until all its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

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
    needsResourceVersion: true,
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      const names = ensureObject(spec, 'names');
      if (typeof names.kind === 'string' && names.kind !== '') {
        setDefault(names, 'singular', names.kind.toLowerCase());
        setDefault(names, 'listKind', `${names.kind}List`);
      }
      setDefault(spec, 'conversion', { strategy: 'None' });
      const service = asObject(asObject(asObject(asObject(spec.conversion)?.webhook)?.clientConfig)?.service);
      if (service !== undefined) setDefault(service, 'port', 443);
    },
    prepareForCreate(draft) {
      const stored = storageVersionOf(draft);
      draft.status = {
        conditions: null,
        acceptedNames: { plural: '', kind: '' },
        storedVersions: stored === undefined ? null : [stored],
      };
    },
    prepareForUpdate(draft) {
      const stored = storageVersionOf(draft);
      const status = asObject(draft.status) ?? {};
      const versions = asList(status.storedVersions);
      if (stored === undefined || versions.includes(stored)) return;
      draft.status = { ...status, storedVersions: [...versions, stored] };
    },
    validate(draft, errors, current) {
      const spec = asObject(draft.spec) ?? {};
      const before = asObject(current?.spec);
      const names = asObject(spec.names) ?? {};
      const group = asString(spec.group) ?? '';
      const expected = `${asString(names.plural) ?? ''}.${group}`;
      if (current === undefined && draft.metadata.name !== expected) {
        errors.invalid('metadata.name', draft.metadata.name, 'must be spec.names.plural+"."+spec.group');
      }
      errors.causes.push(
        ...validateDefinitionSpec(spec),
        ...validateStoredVersions(asObject(draft.status)?.storedVersions, asObjectList(spec.versions)),
        ...validateApproval(group, draft.metadata, current?.metadata as JsonObject | undefined),
      );
      if (spec.preserveUnknownFields === true) {
        const words =
          'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
        errors.invalid('spec.preserveUnknownFields', true, words);
      }
      if (before !== undefined && current !== undefined) {
        errors.causes.push(...immutableProblems(spec, before, isEstablished(current)));
      }
    },
    validateStatus(draft, _current, errors) {
      const names = asObject(asObject(draft.status)?.acceptedNames) ?? {};
      errors.causes.push(...validateNames(names, 'status.acceptedNames'));
    },
    warningsOf(draft, current) {
      const known = new Set(current === undefined ? [] : unrecognizedFormats(asObject(current.spec) ?? {}));
      return unrecognizedFormats(asObject(draft.spec) ?? {})
        .filter((format) => !known.has(format))
        .map((format) => `unrecognized format ${JSON.stringify(format)}`);
    },
    markDeleted(current, environment) {
      const now = environment.now();
      const finalizers = current.metadata.finalizers ?? [];
      return {
        ...current,
        metadata: {
          ...current.metadata,
          deletionTimestamp: now,
          finalizers: finalizers.includes(cleanupFinalizer) ? finalizers : [...finalizers, cleanupFinalizer],
        },
        status: withCondition(
          asObject(current.status) ?? {},
          {
            type: 'Terminating',
            status: 'True',
            reason: 'InstanceDeletionPending',
            message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
          },
          now,
        ),
      };
    },
    table: {
      columns: [nameColumn, { ...ageColumn, name: 'Created At', type: 'date' }],
      cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
    },
  },
);

export function isEstablished(definition: Readonly<Record<string, unknown>>): boolean {
  return conditionOf(definition, 'Established')?.status === 'True';
}

function storageVersionOf(definition: Draft | ClusterObject): string | undefined {
  const versions = asObjectList(asObject(definition.spec)?.versions);
  return asString(versions.find((version) => version.storage === true)?.name);
}

/** What would move objects or their address: the resource's name always, its scope and kind once it is served. */
function immutableProblems(spec: JsonObject, before: JsonObject, wasEstablished: boolean) {
  const names = asObject(spec.names) ?? {};
  const namesBefore = asObject(before.names) ?? {};
  const fields: (readonly [string, unknown, unknown])[] = [
    ...(wasEstablished
      ? ([
          ['spec.scope', spec.scope, before.scope],
          ['spec.names.kind', names.kind, namesBefore.kind],
        ] as const)
      : []),
    ['spec.group', spec.group, before.group],
    ['spec.names.plural', names.plural, namesBefore.plural],
  ];
  return fields
    .filter(([, next, last]) => !isEqualJson(next, last))
    .map(([field, next]) => invalidValue(field, next ?? '', 'field is immutable'));
}
