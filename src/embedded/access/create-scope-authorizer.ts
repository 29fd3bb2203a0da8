import type { Authorizer } from './authorizer.ts';
import type { PolicyRule } from './policy-rule.ts';

const adminGroup = 'system:masters';
const everything: PolicyRule = {
  verbs: ['*'],
  apiGroups: ['*'],
  resources: ['*'],
  resourceNames: [],
  nonResourceURLs: [],
};

/**
 * Members of `system:masters` may do everything; a user with a scope may do everything inside its namespaces and see
 * the namespaces themselves. It has no opinion about anybody else.
 */
export function createScopeAuthorizer(scopeOf: (username: string) => readonly string[] | undefined): Authorizer {
  return {
    authorize(user, attributes) {
      if (user.groups.includes(adminGroup)) return { isAllowed: true, reason: '' };
      if (attributes.path !== undefined) return { isAllowed: false, reason: '' };
      const scope = scopeOf(user.username) ?? [];
      // The namespace itself is cluster-scoped: it may be seen, and what is in it changed.
      const isNamespace = attributes.group === '' && attributes.resource === 'namespaces';
      const isGranted = isNamespace
        ? attributes.verb === 'get' && scope.includes(attributes.name)
        : attributes.namespace !== '' && scope.includes(attributes.namespace);
      return isGranted
        ? { isAllowed: true, reason: `granted by the scope of user "${user.username}"` }
        : { isAllowed: false, reason: '' };
    },
    rulesFor(user, namespace) {
      // The rights of system:masters are listed by its ClusterRoleBinding.
      const scope = scopeOf(user.username) ?? [];
      return { rules: namespace !== '' && scope.includes(namespace) ? [everything] : [], errors: [] };
    },
  };
}
