import {
  asList,
  asObject,
  asObjectList,
  asString,
  ensureObject,
  isEqualJson,
  type JsonObject,
  sortedEntries,
} from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { validateQuantityOf, validateResourceName } from '../pod-spec/validate-resources.ts';
import { isComputeResource, isQuotaResource } from '../quota/quota-resources.ts';
import { resourceQuotaTable } from '../tables/resource-quota-table.ts';
import type { FieldErrors } from '../validation/field-errors.ts';

const podScopes = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
];
const scopes = [...podScopes, 'VolumeAttributesClass'];
/** Scopes that say all by their name. */
const plainScopes = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'];
const excluding = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

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
      const spec = asObject(draft.spec) ?? {};
      for (const [name, quantity] of sortedEntries(asObject(spec.hard))) {
        const field = `spec.hard[${name}]`;
        if (validateResourceName(name, field, errors) && !name.includes('/') && !isQuotaResource(name)) {
          errors.invalid(field, name, 'must be a standard resource type or fully qualified');
          errors.invalid(field, name, 'must be a standard resource for quota');
        }
        validateQuantityOf(name, quantity, field, errors);
      }
      validateScopes(spec, errors);
      validateScopeSelector(spec, errors);
    },
    validateUpdate(draft, current, errors) {
      const next = asObject(draft.spec)?.scopes;
      const order = (list: unknown): unknown[] => asList(list).sort();
      if (!isEqualJson(order(next), order(asObject(current.spec)?.scopes))) {
        errors.invalid('spec.scopes', next, 'field is immutable');
      }
    },
    table: resourceQuotaTable,
  },
);

function validateScopes(spec: JsonObject, errors: FieldErrors): void {
  const list = asList(spec.scopes);
  for (const scope of list) {
    if (!scopes.includes(String(scope))) errors.invalid('spec.scopes', list, 'unsupported scope');
    for (const name of resourcesOf(spec)) {
      if (!fits(String(scope), name)) errors.invalid('spec.scopes', list, 'unsupported scope applied to resource');
    }
  }
  for (const pair of excluding) {
    if (pair.every((scope) => list.includes(scope))) errors.invalid('spec.scopes', list, 'conflicting scopes');
  }
}

function validateScopeSelector(spec: JsonObject, errors: FieldErrors): void {
  const field = 'spec.scopeSelector.matchExpressions';
  for (const { scopeName, operator, values } of asObjectList(asObject(spec.scopeSelector)?.matchExpressions)) {
    const scope = asString(scopeName) ?? '';
    const count = asList(values).length;
    if (!scopes.includes(scope)) errors.invalid(`${field}.scopeName`, scope, 'unsupported scope');
    for (const name of resourcesOf(spec)) {
      if (!fits(scope, name)) errors.invalid(field, spec.scopeSelector, 'unsupported scope applied to resource');
    }
    if (plainScopes.includes(scope) && operator !== 'Exists') {
      errors.invalid(
        `${field}.operator`,
        operator,
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
      );
    }
    if (operator === 'In' || operator === 'NotIn') {
      if (count === 0) {
        errors.required(
          `${field}.values`,
          "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
        );
      }
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (count > 0) {
        errors.invalid(
          `${field}.values`,
          values,
          "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
        );
      }
    } else errors.invalid(`${field}.operator`, operator ?? '', 'not a valid selector operator');
  }
}

function resourcesOf(spec: JsonObject): string[] {
  return Object.keys(asObject(spec.hard) ?? {})
    .filter(isQuotaResource)
    .sort();
}

/** Scopes pick pods; those of best effort have nothing but a number. */
function fits(scope: string, resource: string): boolean {
  if (scope === 'BestEffort') return resource === 'pods';
  if (scope === 'VolumeAttributesClass')
    return resource === 'requests.storage' || resource === 'persistentvolumeclaims';
  return !podScopes.includes(scope) || resource === 'pods' || isComputeResource(resource);
}
