import { checkBindingEscalation, checkRoleEscalation } from '../../access/check-escalation.ts';
import { asList, asObject, asObjectList, isEqualJson, type JsonObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import type { Draft, RegisteredResource, ResourceStrategy } from '../resource-strategy.ts';
import { bindingTable } from '../tables/binding-table.ts';
import { createdAtTable } from '../tables/created-at-table.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName } from '../validation/names.ts';
import { printGoStruct } from '../validation/print-go-struct.ts';

const group = 'rbac.authorization.k8s.io';

const roleStrategy: Partial<ResourceStrategy> = {
  nameRule: 'path-segment',
  createsOnUpdate: true,
  table: createdAtTable,
  authorizeWrite: (draft, current, requester) => checkRoleEscalation('roles', draft, current, requester),
  validate: (draft, errors) => validateRules(draft, errors),
};

const clusterRoleStrategy: Partial<ResourceStrategy> = {
  ...roleStrategy,
  authorizeWrite: (draft, current, requester) => checkRoleEscalation('clusterroles', draft, current, requester),
  validate(draft, errors) {
    validateRules(draft, errors);
    const aggregation = asObject(draft.aggregationRule);
    if (aggregation === undefined) return;
    const selectors = asObjectList(aggregation.clusterRoleSelectors);
    const field = 'aggregationRule.clusterRoleSelectors';
    if (selectors.length === 0) {
      errors.required(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil');
    }
    for (const [at, selector] of selectors.entries()) validateSelector(selector, `${field}[${at}]`, errors);
  },
};

const bindingStrategy: Partial<ResourceStrategy> = {
  nameRule: 'path-segment',
  createsOnUpdate: true,
  table: bindingTable,
  authorizeWrite: (draft, current, requester) => checkBindingEscalation('rolebindings', draft, current, requester),
  setDefaults(draft) {
    const reference = asObject(draft.roleRef);
    if (reference !== undefined) setDefault(reference, 'apiGroup', group);
    for (const subject of asObjectList(draft.subjects)) {
      if (subject.kind !== 'ServiceAccount') setDefault(subject, 'apiGroup', group);
    }
  },
  validate: validateBinding,
  validateUpdate(draft, current, errors) {
    if (!isEqualJson(draft.roleRef, current.roleRef)) {
      errors.invalid('roleRef', printGoStruct('RoleRef', asObject(draft.roleRef) ?? {}), 'cannot change roleRef');
    }
  },
};

const clusterBindingStrategy: Partial<ResourceStrategy> = {
  ...bindingStrategy,
  authorizeWrite: (draft, current, requester) =>
    checkBindingEscalation('clusterrolebindings', draft, current, requester),
};

export const rbacResources: readonly RegisteredResource[] = [
  defineResource({ group, version: 'v1', kind: 'Role', plural: 'roles' }, roleStrategy),
  defineResource(
    { group, version: 'v1', kind: 'ClusterRole', plural: 'clusterroles', isClusterScoped: true },
    clusterRoleStrategy,
  ),
  defineResource({ group, version: 'v1', kind: 'RoleBinding', plural: 'rolebindings' }, bindingStrategy),
  defineResource(
    { group, version: 'v1', kind: 'ClusterRoleBinding', plural: 'clusterrolebindings', isClusterScoped: true },
    clusterBindingStrategy,
  ),
];

function validateRules(draft: Draft, errors: FieldErrors): void {
  asObjectList(draft.rules).forEach((rule, at) => {
    const field = `rules[${at}]`;
    if (asList(rule.verbs).length === 0) errors.required(`${field}.verbs`, 'verbs must contain at least one value');
    const urls = asList(rule.nonResourceURLs);
    if (urls.length > 0) {
      const isMixed = ['apiGroups', 'resources', 'resourceNames'].some((key) => asList(rule[key]).length > 0);
      const both = 'rules cannot apply to both regular resources and non-resource URLs';
      if (draft.kind === 'Role') {
        errors.invalid(`${field}.nonResourceURLs`, urls, 'namespaced rules cannot apply to non-resource URLs');
      }
      if (isMixed) errors.invalid(`${field}.nonResourceURLs`, urls, both);
      return;
    }
    if (asList(rule.apiGroups).length === 0) {
      errors.required(`${field}.apiGroups`, 'resource rules must supply at least one api group');
    }
    if (asList(rule.resources).length === 0) {
      errors.required(`${field}.resources`, 'resource rules must supply at least one resource');
    }
  });
}

function validateSelector(selector: JsonObject, field: string, errors: FieldErrors): void {
  asObjectList(selector.matchExpressions).forEach((expression, at) => {
    const place = `${field}.matchExpressions[${at}]`;
    const hasValues = asList(expression.values).length > 0;
    const operator = String(expression.operator ?? '');
    if ((operator === 'In' || operator === 'NotIn') && !hasValues) {
      errors.required(`${place}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
    } else if ((operator === 'Exists' || operator === 'DoesNotExist') && hasValues) {
      errors.forbidden(`${place}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    } else if (!['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator)) {
      errors.invalid(`${place}.operator`, operator, 'not a valid selector operator');
      errors.invalid(field, null, 'invalid label selector.');
    }
  });
}

function validateBinding(draft: Draft, errors: FieldErrors): void {
  const reference = asObject(draft.roleRef) ?? {};
  const kinds = draft.kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if ((reference.apiGroup ?? '') !== group) errors.notSupported('roleRef.apiGroup', reference.apiGroup ?? '', [group]);
  if (!kinds.includes(String(reference.kind))) errors.notSupported('roleRef.kind', reference.kind ?? '', kinds);
  const name = String(reference.name ?? '');
  if (name === '') errors.required('roleRef.name');
  else for (const problem of problemsOfName(name, 'path-segment')) errors.invalid('roleRef.name', name, problem);
  for (const [at, subject] of asObjectList(draft.subjects).entries()) {
    validateSubject(subject, `subjects[${at}]`, draft.kind === 'RoleBinding', errors);
  }
}

function validateSubject(subject: JsonObject, field: string, isNamespaced: boolean, errors: FieldErrors): void {
  const name = String(subject.name ?? '');
  const apiGroup = String(subject.apiGroup ?? '');
  if (name === '') errors.required(`${field}.name`);
  switch (subject.kind) {
    case 'ServiceAccount':
      if (name !== '')
        for (const problem of problemsOfName(name, 'dns-subdomain')) errors.invalid(`${field}.name`, name, problem);
      if (apiGroup !== '') errors.notSupported(`${field}.apiGroup`, apiGroup, ['']);
      if (!isNamespaced && (subject.namespace ?? '') === '') errors.required(`${field}.namespace`);
      break;
    case 'User':
    case 'Group':
      if (apiGroup !== group) errors.notSupported(`${field}.apiGroup`, apiGroup, [group]);
      break;
    default:
      errors.notSupported(`${field}.kind`, subject.kind ?? '', ['ServiceAccount', 'User', 'Group']);
  }
}
