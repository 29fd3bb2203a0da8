import { asList, asObject, asObjectList, isEqualJson, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { kubernetesShape } from '../kubernetes-shapes.ts';
import type { Draft, RegisteredResource, ResourceStrategy } from '../resource-strategy.ts';
import type { FieldErrors } from '../validation/field-errors.ts';

const group = 'rbac.authorization.k8s.io';
const roleStrategy: Partial<ResourceStrategy> = {
  nameRule: 'path-segment',
  createsOnUpdate: true,
  validate(draft, errors) {
    asObjectList(draft.rules).forEach((rule, at) => {
      const field = `rules[${at}]`;
      if (asList(rule.verbs).length === 0) errors.required(`${field}.verbs`, 'verbs must contain at least one value');
      if (asList(rule.nonResourceURLs).length > 0) {
        if (draft.kind === 'Role') {
          errors.invalid(
            `${field}.nonResourceURLs`,
            rule.nonResourceURLs,
            'namespaced rules cannot apply to non-resource URLs',
          );
        }
        return;
      }
      if (asList(rule.apiGroups).length === 0) {
        errors.required(`${field}.apiGroups`, 'resource rules must supply at least one api group');
      }
      if (asList(rule.resources).length === 0) {
        errors.required(`${field}.resources`, 'resource rules must supply at least one resource');
      }
    });
  },
};

const bindingStrategy: Partial<ResourceStrategy> = {
  nameRule: 'path-segment',
  createsOnUpdate: true,
  shape: kubernetesShape('RoleBinding'),
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
      errors.invalid('roleRef', draft.roleRef, 'cannot change roleRef');
    }
  },
};

export const rbacResources: readonly RegisteredResource[] = [
  defineResource({ group, version: 'v1', kind: 'Role', plural: 'roles' }, roleStrategy),
  defineResource(
    { group, version: 'v1', kind: 'ClusterRole', plural: 'clusterroles', isClusterScoped: true },
    roleStrategy,
  ),
  defineResource({ group, version: 'v1', kind: 'RoleBinding', plural: 'rolebindings' }, bindingStrategy),
  defineResource(
    { group, version: 'v1', kind: 'ClusterRoleBinding', plural: 'clusterrolebindings', isClusterScoped: true },
    bindingStrategy,
  ),
];

function validateBinding(draft: Draft, errors: FieldErrors): void {
  const reference = asObject(draft.roleRef) ?? {};
  const kinds = draft.kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(String(reference.kind))) errors.notSupported('roleRef.kind', reference.kind ?? '', kinds);
  if ((reference.name ?? '') === '') errors.required('roleRef.name');
  asObjectList(draft.subjects).forEach((subject, at) => {
    const field = `subjects[${at}]`;
    if ((subject.name ?? '') === '') errors.required(`${field}.name`);
    const subjectKinds = ['ServiceAccount', 'User', 'Group'];
    if (!subjectKinds.includes(String(subject.kind)))
      errors.notSupported(`${field}.kind`, subject.kind ?? '', subjectKinds);
    if (subject.kind === 'ServiceAccount' && (subject.namespace ?? '') === '') errors.required(`${field}.namespace`);
  });
}
