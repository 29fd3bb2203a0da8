import type { ClusterObject, ClusterStore, DeleteOptions, ResourceDefinition } from '../store/types.ts';

/** One kind of the store with its type and with the name its writer goes by in managedFields. */
export interface KindClient<T extends ClusterObject> {
  readonly resource: ResourceDefinition;
  get(namespace: string | undefined, name: string): T | undefined;
  list(namespace?: string): T[];
  create(object: unknown): T;
  update(object: unknown): T;
  updateStatus(object: T, status: unknown): T;
  delete(object: ClusterObject, options?: DeleteOptions): void;
}

export function createKindClient<T extends ClusterObject>(
  store: ClusterStore,
  fieldManager: string,
  group: string,
  plural: string,
): KindClient<T> {
  const resource = store.resource(group, plural);
  return {
    resource,
    get: (namespace, name) => store.get(resource, namespace, name) as T | undefined,
    list: (namespace) => store.list(resource, namespace) as T[],
    create: (object) => store.create(resource, object, { fieldManager }) as T,
    update: (object) => store.update(resource, object, { fieldManager }) as T,
    updateStatus: (object, status) => store.updateStatus(resource, { ...object, status }, { fieldManager }) as T,
    delete(object, options) {
      // The uid guards against deleting a namesake that has taken the place in the meantime.
      const { uid, namespace, name } = object.metadata;
      const preconditions = { ...(uid === undefined ? {} : { uid }), ...options?.preconditions };
      store.delete(resource, namespace, name, { fieldManager, ...options, preconditions });
    },
  };
}
