import type { RequestInfo } from './request-info.ts';

/** Who a request acts as. */
export interface UserInfo {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** What somebody wants to do; the same question a SubjectAccessReview asks. */
export interface AccessAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty asks for all namespaces, or for a cluster-scoped resource. */
  readonly namespace: string;
  readonly name: string;
  /** Set for paths that are no resources. */
  readonly path?: string;
}

export interface Decision {
  readonly isAllowed: boolean;
  readonly reason: string;
}

export interface Authorizer {
  authorize(user: UserInfo, attributes: AccessAttributes): Decision;
}

const adminGroup = 'system:masters';

/** Paths every authenticated user may read, as Kubernetes' own discovery roles allow. */
const publicPaths = /^\/(api|apis|openapi|version|livez|readyz|healthz)(\/.*)?\/?$/;

/** Reviews of one's own access, open to every authenticated user. */
const selfReviews = new Set(['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews']);

/**
 * Members of `system:masters` may do everything; a user with a scope may do everything inside its namespaces and
 * nothing outside. Whoever is neither may do nothing.
 */
export function createScopeAuthorizer(scopeOf: (username: string) => readonly string[] | undefined): Authorizer {
  return {
    authorize(user, attributes) {
      if (user.groups.includes(adminGroup)) return { isAllowed: true, reason: `granted by group ${adminGroup}` };
      if (attributes.path !== undefined) {
        return { isAllowed: attributes.verb === 'get' && publicPaths.test(attributes.path), reason: '' };
      }
      if (attributes.verb === 'create' && selfReviews.has(attributes.resource)) return { isAllowed: true, reason: '' };
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
  };
}

/** The question a request asks. */
export function attributesOf(info: RequestInfo): AccessAttributes {
  const { verb, group, resource, subresource, name, path, isResource } = info;
  // A namespace is asked for as if it were in itself, so that its own roles can grant it.
  const namespace = group === '' && resource === 'namespaces' ? name : (info.namespace ?? '');
  return { verb, group, resource, subresource, namespace, name, ...(isResource ? {} : { path }) };
}

/** Why not, in Kubernetes' words; goes behind "<resource> is forbidden: ". */
export function describeRefusal(user: UserInfo, attributes: AccessAttributes): string {
  const who = `User "${user.username}" cannot ${attributes.verb}`;
  if (attributes.path !== undefined) return `${who} path "${attributes.path}"`;
  const what = attributes.subresource === '' ? attributes.resource : `${attributes.resource}/${attributes.subresource}`;
  const where = attributes.namespace === '' ? 'at the cluster scope' : `in the namespace "${attributes.namespace}"`;
  return `${who} resource "${what}" in API group "${attributes.group}" ${where}`;
}
