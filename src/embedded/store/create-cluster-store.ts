import { badRequest, notFound } from '../api/status-error.ts';
import { cloneJson, readPath } from '../machinery/json.ts';
import { createAdmissionWebhooks } from '../registry/admission/admission-webhooks.ts';
import type { Draft, RegisteredResource, ResourceCodec, StrategyEnvironment } from '../registry/resource-strategy.ts';
import { createObject, type WriteContext } from './create-object.ts';
import { decodeObject } from './decode-object.ts';
import { deleteObject } from './delete-object.ts';
import type { ObjectRegistry } from './object-registry.ts';
import { createObjectStorage } from './object-storage.ts';
import { createResourceCatalog } from './resource-catalog.ts';
import { scaleSelector, setReplicas } from './scale-of-object.ts';
import type { ClusterClock, ClusterObject, ClusterStore, ResourceDefinition, WriteOptions } from './types.ts';
import { updateObject } from './update-object.ts';

export interface ClusterStoreOptions {
  readonly clock: ClusterClock;
  readonly resources: readonly RegisteredResource[];
  /** Whether simulated kubelets run, so that pods end gracefully. */
  readonly hasControllers: boolean;
  /** Changes kept per resource for watches; 10,000 unless said otherwise. */
  readonly historyPerResource?: number;
  /** Hears of exceptions that change listeners threw; the write stands regardless. */
  readonly onListenerError?: (error: unknown) => void;
}

/** The registry that serves requests, and the same thing as controllers see it. */
export interface ClusterStorePair {
  readonly registry: ObjectRegistry;
  readonly store: ClusterStore;
}

/** Makes an empty cluster in memory. */
export function createClusterStore(options: ClusterStoreOptions): ClusterStorePair {
  const catalog = createResourceCatalog(options.resources);
  const storage = createObjectStorage({
    historyPerResource: options.historyPerResource ?? 10_000,
    onListenerError: options.onListenerError ?? (() => undefined),
  });
  const environment: StrategyEnvironment = {
    now: () => new Date(Math.floor(options.clock.now() / 1000) * 1000).toISOString().replace('.000Z', 'Z'),
    list(group, plural, namespace) {
      const resource = catalog.find(group, plural);
      return resource === undefined ? [] : storage.list(resource.definition, namespace);
    },
    find(group, plural, name, namespace) {
      const resource = catalog.find(group, plural);
      return resource === undefined ? undefined : storage.get(resource.definition, namespace, name);
    },
    hasControllers: options.hasControllers,
  };
  const webhooks = createAdmissionWebhooks(environment);
  const context: WriteContext = { catalog, storage, environment, webhooks };
  const registry: ObjectRegistry = {
    ...context,
    create: (resource, draft, write) => createObject(context, resource, draft, write),
    update: (resource, current, draft, write) => updateObject(context, resource, current, draft, write),
    delete: (resource, current, deletion) => deleteObject(context, resource, current, deletion),
    require(resource, namespace, name) {
      const found = storage.get(resource.definition, namespace, name);
      if (found === undefined) throw notFound(resource.definition, name);
      return found;
    },
  };
  return { registry, store: internalStore(registry) };
}

function internalStore(registry: ObjectRegistry): ClusterStore {
  const { catalog, storage } = registry;
  const replace = (
    definition: ResourceDefinition,
    object: unknown,
    write: WriteOptions | undefined,
    subresource?: 'status',
  ): ClusterObject => {
    const resource = catalog.of(definition);
    const draft = decodeObject(resource, object);
    const { name, namespace } = draft.metadata;
    if (typeof name !== 'string') throw badRequest('name must be provided');
    const stored = registry.require(resource, typeof namespace === 'string' ? namespace : undefined, name);
    const current = resource.codec?.fromStorage(stored) ?? stored;
    return registry.update(resource, current, draft, {
      ...write,
      isInternal: true,
      ...(subresource === undefined ? {} : { subresource }),
    });
  };
  const codecOf = ({ group, plural }: ResourceDefinition): ResourceCodec | undefined =>
    catalog.find(group, plural)?.codec;
  return {
    get resourceVersion() {
      return String(storage.revision);
    },
    resource(group, plural) {
      const found = catalog.find(group, plural);
      if (found === undefined) throw notFound({ group, plural, kind: plural }, plural);
      return found.definition;
    },
    get(definition, namespace, name) {
      const found = storage.get(definition, definition.namespaced ? namespace : undefined, name);
      return found && (codecOf(definition)?.fromStorage(found) ?? found);
    },
    list(definition, namespace) {
      const codec = codecOf(definition);
      const found = storage.list(definition, namespace);
      return codec === undefined ? found : found.map((object) => codec.fromStorage(object));
    },
    listOwned: (uid) => storage.listOwned(uid),
    create(definition, object, write) {
      const resource = catalog.of(definition);
      return registry.create(resource, decodeObject(resource, object), { ...write, isInternal: true });
    },
    update: (definition, object, write) => replace(definition, object, write),
    updateStatus: (definition, object, write) => replace(definition, object, write, 'status'),
    delete(definition, namespace, name, deletion) {
      const resource = catalog.of(definition);
      const current = registry.require(resource, definition.namespaced ? namespace : undefined, name);
      return registry.delete(resource, current, deletion ?? {}).object;
    },
    resourceOfKind: (group, kind) => catalog.findKind(group, kind)?.definition,
    getScale(definition, namespace, name) {
      const resource = catalog.of(definition);
      const paths = resource.strategy.scale;
      if (paths === undefined) return undefined;
      const stored = registry.require(resource, definition.namespaced ? namespace : undefined, name);
      const object = resource.codec?.fromStorage(stored) ?? stored;
      const replicas = readPath(object, ...paths.specReplicas);
      return {
        namespace: object.metadata.namespace,
        name,
        replicas: typeof replicas === 'number' ? replicas : 0,
        selector: scaleSelector(object, paths) ?? '',
      };
    },
    setScale(definition, namespace, name, replicas, write) {
      const resource = catalog.of(definition);
      const paths = resource.strategy.scale;
      if (paths === undefined) throw badRequest(`${definition.plural} have no scale`);
      const stored = registry.require(resource, definition.namespaced ? namespace : undefined, name);
      const current = resource.codec?.fromStorage(stored) ?? stored;
      const draft = cloneJson(current) as unknown as Draft;
      setReplicas(draft, paths, replicas);
      registry.update(resource, current, draft, { ...write, isInternal: true, subresource: 'scale' });
    },
    onChange: (listener) => storage.subscribe(listener),
  };
}
