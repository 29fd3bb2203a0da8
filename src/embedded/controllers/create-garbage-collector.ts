import type { ClusterObject, OwnerReference, ResourceDefinition } from '../store/types.ts';
import type { ClusterContext } from './cluster-context.ts';
import type { Controller } from './controller.ts';
import type { ResourceCatalog } from './create-resource-catalog.ts';
import { decideGarbage, type OwnerFate } from './decide-garbage.ts';
import { groupOf } from './group-of.ts';

const foreground = 'foregroundDeletion';
const orphan = 'orphan';
const fieldManager = 'kube-controller-manager';
const component = 'garbage-collector-controller';

/** Collects what its owners have left behind, and lets owners go that wait for their dependents. */
export function createGarbageCollector(context: ClusterContext, catalog: ResourceCatalog): Controller {
  const { store } = context;

  function keyFor(resource: ResourceDefinition, object: ClusterObject): string {
    return [resource.group, resource.plural, object.metadata.namespace ?? '', object.metadata.name].join('|');
  }

  function resourceOf(object: ClusterObject): ResourceDefinition | undefined {
    return catalog.ofKind(groupOf(object.apiVersion), object.kind);
  }

  function keysFor(objects: readonly ClusterObject[]): string[] {
    return objects.flatMap((object) => {
      const resource = resourceOf(object);
      return resource === undefined ? [] : [keyFor(resource, object)];
    });
  }

  function ownerKeys(object: ClusterObject): string[] {
    return (object.metadata.ownerReferences ?? []).flatMap((reference) => {
      const resource = catalog.ofKind(groupOf(reference.apiVersion), reference.kind);
      if (resource === undefined) return [];
      const namespace = resource.namespaced ? (object.metadata.namespace ?? '') : '';
      return [[resource.group, resource.plural, namespace, reference.name].join('|')];
    });
  }

  /** Where objects are, by uid, so that an owner in another namespace is known from one that never was. */
  const places = new Map<string, string>();
  for (const resource of catalog.all()) for (const object of store.list(resource)) note(object);
  store.onChange(({ type, object }) => {
    if (type === 'DELETED') places.delete(object.metadata.uid ?? '');
    else note(object);
  });

  function note({ metadata }: ClusterObject): void {
    if (metadata.uid !== undefined) places.set(metadata.uid, metadata.namespace ?? '');
  }

  /** An owner must be in the namespace of what it owns, or in none. */
  function tellForeignOwner(object: ClusterObject, reference: OwnerReference): void {
    const place = places.get(reference.uid);
    const namespace = object.metadata.namespace ?? '';
    if (place === undefined || place === '' || place === namespace) return;
    const { apiVersion, kind, name, uid } = reference;
    const owner = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
    const message = `ownerRef ${owner} does not exist in namespace "${namespace}"`;
    const { resourceVersion: _, ...metadata } = object.metadata;
    const about = { ...object, metadata };
    context.events.record(about, { type: 'Warning', reason: 'OwnerRefInvalidNamespace', message, component });
  }

  /** An owner of a kind nobody serves cannot be looked up, nor one in a namespace by what is in none. */
  function fateOf(reference: OwnerReference, dependent: ClusterObject): OwnerFate {
    const resource = catalog.ofKind(groupOf(reference.apiVersion), reference.kind);
    if (resource === undefined) return 'unknown';
    if (resource.namespaced && dependent.metadata.namespace === undefined) return 'unknown';
    const owner = store.get(resource, resource.namespaced ? dependent.metadata.namespace : undefined, reference.name);
    if (owner === undefined || owner.metadata.uid !== reference.uid) return 'gone';
    const isWaiting = isBeingDeleted(owner) && (owner.metadata.finalizers ?? []).includes(foreground);
    return isWaiting ? 'waits-for-dependents' : 'alive';
  }

  function replaceMetadata(resource: ResourceDefinition, object: ClusterObject, metadata: object): void {
    store.update(resource, { ...object, metadata: { ...object.metadata, ...metadata } }, { fieldManager });
  }

  function removeFinalizer(resource: ResourceDefinition, object: ClusterObject, finalizer: string): void {
    const finalizers = (object.metadata.finalizers ?? []).filter((present) => present !== finalizer);
    replaceMetadata(resource, object, { finalizers });
  }

  /** The owner said: leave them. They forget it, then it may go. */
  function orphanDependents(resource: ResourceDefinition, owner: ClusterObject): void {
    for (const dependent of store.listOwned(owner.metadata.uid ?? '')) {
      const dependentResource = resourceOf(dependent);
      if (dependentResource === undefined) continue;
      const references = dependent.metadata.ownerReferences ?? [];
      const ownerReferences = references.filter(({ uid }) => uid !== owner.metadata.uid);
      replaceMetadata(dependentResource, dependent, { ownerReferences });
    }
    removeFinalizer(resource, owner, orphan);
  }

  /** Where a dependent waits for the object in turn, neither would ever go: the object no longer holds up its owners. */
  function breakCircle(resource: ResourceDefinition, object: ClusterObject): void {
    const isCircle = store
      .listOwned(object.metadata.uid ?? '')
      .some((dependent) => isBeingDeleted(dependent) && dependent.metadata.finalizers?.includes(foreground) === true);
    if (!isCircle) return;
    const ownerReferences = (object.metadata.ownerReferences ?? []).map((reference) =>
      reference.blockOwnerDeletion === true ? { ...reference, blockOwnerDeletion: false } : reference,
    );
    replaceMetadata(resource, object, { ownerReferences });
  }

  /** The owner waits until all dependents that block it are gone. */
  function finishForeground(resource: ResourceDefinition, owner: ClusterObject): void {
    const blocking = store
      .listOwned(owner.metadata.uid ?? '')
      .filter(({ metadata }) =>
        metadata.ownerReferences?.some(
          ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion === true,
        ),
      );
    if (blocking.length === 0) removeFinalizer(resource, owner, foreground);
  }

  return {
    name: 'garbage-collector',
    keysOf(change, resource) {
      catalog.learn(resource);
      const { object, previous } = change;
      if (change.type === 'DELETED') {
        return [...keysFor(store.listOwned(object.metadata.uid ?? '')), ...ownerKeys(object)];
      }
      const keys: string[] = [];
      const isNewlyDeleted = isBeingDeleted(object) && (previous === undefined || !isBeingDeleted(previous));
      if (isBeingDeleted(object)) keys.push(keyFor(resource, object));
      // Dependents of an owner that waits for them are told when it begins to.
      if (isNewlyDeleted) keys.push(...keysFor(store.listOwned(object.metadata.uid ?? '')));
      const references = object.metadata.ownerReferences;
      if (references !== undefined && references !== previous?.metadata.ownerReferences)
        keys.push(keyFor(resource, object));
      // An owner that waits for its dependents may have been let go.
      if (previous !== undefined && references !== previous.metadata.ownerReferences) keys.push(...ownerKeys(previous));
      return keys;
    },
    reconcile(key) {
      const [group = '', plural = '', namespace = '', name = ''] = key.split('|');
      const resource = store.resource(group, plural);
      const object = store.get(resource, namespace === '' ? undefined : namespace, name);
      if (object === undefined) return undefined;
      const finalizers = object.metadata.finalizers ?? [];
      if (isBeingDeleted(object)) {
        if (finalizers.includes(orphan)) orphanDependents(resource, object);
        else if (finalizers.includes(foreground)) finishForeground(resource, object);
        return undefined;
      }
      const references = object.metadata.ownerReferences ?? [];
      if (references.length === 0) return undefined;
      const owners = references.map((reference) => ({ reference, fate: fateOf(reference, object) }));
      for (const { reference, fate } of owners) {
        if (fate === 'gone' || fate === 'unknown') tellForeignOwner(object, reference);
      }
      const decision = decideGarbage(owners, store.listOwned(object.metadata.uid ?? '').length > 0);
      if (decision.do === 'unlink') replaceMetadata(resource, object, { ownerReferences: decision.keep });
      if (decision.do === 'delete') {
        const { uid } = object.metadata;
        if (decision.policy === 'Foreground') breakCircle(resource, object);
        store.delete(resource, object.metadata.namespace, name, {
          fieldManager,
          propagationPolicy: policyOf(finalizers, decision.policy),
          ...(uid === undefined ? {} : { preconditions: { uid } }),
        });
      }
      return undefined;
    },
  };
}

/** What the object's own finalizers ask for comes first. */
function policyOf(finalizers: readonly string[], decided: 'Background' | 'Foreground'): DeletionPolicy {
  if (decided === 'Foreground') return decided;
  if (finalizers.includes(orphan)) return 'Orphan';
  return finalizers.includes(foreground) ? 'Foreground' : decided;
}

type DeletionPolicy = 'Background' | 'Foreground' | 'Orphan';

function isBeingDeleted(object: ClusterObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}
