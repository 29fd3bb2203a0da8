/** Phantom member that carries the object's type; never present at run time. */
declare const objectType: unique symbol;

/** One Kubernetes kind, by group, version and resource, with the TypeScript type of its objects. */
export interface KindRef<T = unknown> {
  /** API group; the core group is the empty string. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Resource name in URLs, e.g. `deployments`. */
  readonly plural: string;
  readonly isNamespaced: boolean;
  /** Of an engine that many clusters do without: where it is not served there are none, and that is no problem of a list. */
  readonly isOptional?: boolean;
  readonly [objectType]?: T;
}

/** `kindRef<V1Pod>({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true })` */
export function kindRef<T>(kind: Omit<KindRef, typeof objectType>): KindRef<T> {
  return kind;
}

/** `v1` or `apps/v1`. */
export function apiVersionOf(kind: Pick<KindRef, 'group' | 'version'>): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** Subject of permissions and key of caches: `core/Pod`, `apps/Deployment`. Versions of one kind are one subject. */
export function subjectOf(kind: Pick<KindRef, 'group' | 'kind'>): string {
  return `${kind.group === '' ? 'core' : kind.group}/${kind.kind}`;
}
