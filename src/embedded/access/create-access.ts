import type { ClusterObject, ClusterStore } from '../store/types.ts';
import { type Authorizer, createUnionAuthorizer, type UserInfo } from './authorizer.ts';
import { type Authenticator, type AuthenticatorOptions, createAuthenticator } from './create-authenticator.ts';
import { createBindingIndex } from './create-binding-index.ts';
import { createRbacAuthorizer } from './create-rbac-authorizer.ts';
import { createScopeAuthorizer } from './create-scope-authorizer.ts';
import type { Requester } from './requester.ts';

export interface AccessOptions extends Omit<AuthenticatorOptions, 'find'> {
  readonly store: ClusterStore;
  /** Namespaces a user was given with its token, besides what roles say. */
  readonly scopeOf: (username: string) => readonly string[] | undefined;
}

export interface Access {
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly requesterOf: (user: UserInfo) => Requester;
}

const rbac = 'rbac.authorization.k8s.io';

/** Who is asking and what they may do: system:masters, scopes of tokens and RBAC, each of which can only allow. */
export function createAccess(options: AccessOptions): Access {
  const { store } = options;
  const bindings = createBindingIndex();
  for (const plural of ['clusterrolebindings', 'rolebindings']) {
    const resource = store.resource(rbac, plural);
    for (const object of store.list(resource)) bindings.learn({ type: 'ADDED', object, previous: undefined }, resource);
  }
  store.onChange((change, resource) => bindings.learn(change, resource));
  const roles = store.resource(rbac, 'roles');
  const clusterRoles = store.resource(rbac, 'clusterroles');
  const rules = createRbacAuthorizer(bindings, (namespace, name) =>
    namespace === '' ? store.get(clusterRoles, undefined, name) : store.get(roles, namespace, name),
  );
  const authorizer = createUnionAuthorizer([createScopeAuthorizer(options.scopeOf), rules]);
  const find = (plural: string, namespace: string | undefined, name: string): ClusterObject | undefined =>
    store.get(store.resource('', plural), namespace, name);
  return {
    authenticator: createAuthenticator({ ...options, find }),
    authorizer,
    requesterOf: (user) => ({
      user,
      may: (question) =>
        authorizer.authorize(user, { subresource: '', namespace: '', name: '', ...question }).isAllowed,
      rulesIn: (namespace) => authorizer.rulesFor(user, namespace),
      rulesOfRole: (reference, namespace) => rules.rulesOfRole(reference, namespace),
    }),
  };
}
