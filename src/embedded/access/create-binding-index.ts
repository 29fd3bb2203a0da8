import { asObject, asObjectList, asString } from '../machinery/json.ts';
import type { ClusterObject, ResourceDefinition, StoreEvent } from '../store/types.ts';
import type { UserInfo } from './authorizer.ts';

export interface BindingSubject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** One subject of one binding. */
export interface IndexedBinding {
  readonly name: string;
  /** Empty for a ClusterRoleBinding. */
  readonly namespace: string;
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subject: BindingSubject;
}

/**
 * All bindings by whom they name, so that a decision looks only at those of the user and its groups: with
 * hundreds of bindings in the cluster a request costs as much as with ten.
 */
export interface BindingIndex {
  /** Bindings of the user and its groups: those of the whole cluster first, then those of the namespace. */
  of(user: UserInfo, namespace: string): Iterable<IndexedBinding>;
  /** Takes in one change; changes of other resources are ignored. */
  learn(change: Pick<StoreEvent, 'object' | 'previous' | 'type'>, resource: ResourceDefinition): void;
}

const group = 'rbac.authorization.k8s.io';
/** subject → namespace (empty: cluster) → binding's name → entry. */
type Shelf = Map<string, Map<string, Map<string, IndexedBinding>>>;

export function createBindingIndex(): BindingIndex {
  const shelf: Shelf = new Map();
  return {
    *of(user, namespace) {
      const keys = [`User ${user.username}`, ...user.groups.map((name) => `Group ${name}`)];
      for (const place of namespace === '' ? [''] : ['', namespace]) {
        for (const key of keys) yield* shelf.get(key)?.get(place)?.values() ?? [];
      }
    },
    learn({ type, object, previous }, resource) {
      if (resource.group !== group) return;
      if (resource.plural !== 'rolebindings' && resource.plural !== 'clusterrolebindings') return;
      if (previous !== undefined) forget(shelf, previous);
      if (type !== 'DELETED') remember(shelf, object);
    },
  };
}

/** `system:serviceaccount:<namespace>:<name>`: the user that a service account acts as. */
export function serviceAccountName(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

function remember(shelf: Shelf, object: ClusterObject): void {
  const { name, namespace = '' } = object.metadata;
  const reference = asObject(object.roleRef);
  const roleRef = { kind: asString(reference?.kind) ?? '', name: asString(reference?.name) ?? '' };
  for (const [key, subject] of subjectsOf(object)) {
    const places = shelf.get(key) ?? new Map<string, Map<string, IndexedBinding>>();
    shelf.set(key, places);
    const bindings = places.get(namespace) ?? new Map<string, IndexedBinding>();
    places.set(namespace, bindings);
    if (!bindings.has(name)) bindings.set(name, { name, namespace, roleRef, subject });
  }
}

function forget(shelf: Shelf, object: ClusterObject): void {
  const { name, namespace = '' } = object.metadata;
  for (const [key] of subjectsOf(object)) {
    const places = shelf.get(key);
    const bindings = places?.get(namespace);
    bindings?.delete(name);
    if (bindings?.size === 0) places?.delete(namespace);
    if (places?.size === 0) shelf.delete(key);
  }
}

function* subjectsOf(object: ClusterObject): Iterable<readonly [string, BindingSubject]> {
  const home = object.metadata.namespace ?? '';
  for (const entry of asObjectList(object.subjects)) {
    const subject = {
      kind: asString(entry.kind) ?? '',
      name: asString(entry.name) ?? '',
      namespace: asString(entry.namespace) ?? '',
    };
    if (subject.kind === 'User' || subject.kind === 'Group') yield [`${subject.kind} ${subject.name}`, subject];
    const namespace = subject.namespace === '' ? home : subject.namespace;
    // An account of no namespace at all is nobody.
    if (subject.kind === 'ServiceAccount' && namespace !== '') {
      yield [`User ${serviceAccountName(namespace, subject.name)}`, subject];
    }
  }
}
