import type { ClusterContext } from '../controllers/cluster-context.ts';
import { createKindClient } from '../controllers/kind-client.ts';
import { runControllers } from '../controllers/run-controllers.ts';
import { asObject, asString } from '../machinery/json.ts';
import { decodeObject } from '../store/decode-object.ts';
import type { ObjectRegistry } from '../store/object-registry.ts';
import type { ClusterStore } from '../store/types.ts';
import type { EmbeddedEngine, EngineContext, EngineObject } from './engine.ts';

export interface InstallEnginesOptions {
  readonly engines: readonly EmbeddedEngine[];
  readonly registry: ObjectRegistry;
  readonly store: ClusterStore;
  /** Undefined in a cluster without controllers: then only the objects are installed. */
  readonly context: ClusterContext | undefined;
}

export interface InstalledEngines {
  /** Installs a further engine while the cluster runs. Throws as `installEngines` does, and when all have stopped. */
  add(engine: EmbeddedEngine): void;
  /** Stops the controllers of all engines, for good, and resolves when what they held is given back. */
  stop(): Promise<void>;
}

/**
 * Installs each engine: its webhooks and definitions, then, as soon as all its kinds are served, its other objects and
 * controllers. Throws when two engines have one name or an engine's object is refused: an engine is part of this program
 * or of a developer's own.
 */
export function installEngines(options: InstallEnginesOptions): InstalledEngines {
  const stops = new Map<string, () => Promise<void>>();
  let isStopped = false;
  const add = (engine: EmbeddedEngine): void => {
    if (isStopped) throw new Error(`the embedded cluster has stopped: engine '${engine.name}' cannot be installed`);
    if (stops.has(engine.name)) throw new Error(`the embedded engine '${engine.name}' is installed twice`);
    stops.set(engine.name, install(engine, options));
  };
  const stop = async (): Promise<void> => {
    isStopped = true;
    await Promise.all([...stops.values()].map((each) => each()));
  };
  try {
    for (const engine of options.engines) add(engine);
  } catch (cause) {
    void stop();
    throw cause;
  }
  return { add, stop };
}

function install(engine: EmbeddedEngine, options: InstallEnginesOptions): () => Promise<void> {
  const { registry, store } = options;
  const isDefinition = ({ kind }: EngineObject): boolean => kind === 'CustomResourceDefinition';
  const definitions = engine.objects.filter(isDefinition);
  let stop = (): Promise<void> => Promise.resolve();
  for (const webhook of engine.webhooks ?? []) registry.webhooks.register(webhook);
  for (const definition of definitions) create(engine, definition, registry);
  const stopWaiting = whenServed(store, definitions, () => {
    for (const object of engine.objects.filter((each) => !isDefinition(each))) create(engine, object, registry);
    if (options.context !== undefined) stop = run(engine, options.context, registry);
  });
  return () => {
    stopWaiting();
    return stop();
  };
}

function create(engine: EmbeddedEngine, object: EngineObject, registry: ObjectRegistry): void {
  const slash = object.apiVersion.indexOf('/');
  const group = slash === -1 ? '' : object.apiVersion.slice(0, slash);
  const resource = registry.catalog.findKind(group, object.kind);
  if (resource === undefined) {
    throw new Error(`engine '${engine.name}' installs a ${object.kind} of ${object.apiVersion}, which nobody serves`);
  }
  registry.create(resource, decodeObject(resource, object), { fieldManager: engine.name });
}

/** Calls back once everything that the definitions describe is served; that may be at once. */
function whenServed(store: ClusterStore, definitions: readonly EngineObject[], served: () => void): () => void {
  const isServed = (): boolean => definitions.every((definition) => isKindServed(store, definition));
  if (isServed()) {
    served();
    return () => undefined;
  }
  const stop = store.onChange(() => {
    if (!isServed()) return;
    stop();
    served();
  });
  return stop;
}

function isKindServed(store: ClusterStore, definition: EngineObject): boolean {
  const spec = asObject(definition.spec) ?? {};
  try {
    store.resource(asString(spec.group) ?? '', asString(asObject(spec.names)?.plural) ?? '');
    return true;
  } catch {
    // Not yet served: the definition is established a moment after it is made.
    return false;
  }
}

function run(engine: EmbeddedEngine, cluster: ClusterContext, registry: ObjectRegistry): () => Promise<void> {
  const { store, clock, logger } = cluster;
  const releases: (() => Promise<void>)[] = [];
  const context: EngineContext = {
    ...cluster,
    kind: (group, plural, fieldManager = engine.name) => createKindClient(store, fieldManager, group, plural),
    onStop: (release) => releases.push(release),
  };
  const controllers = engine.createControllers?.(context) ?? [];
  const resources = registry.catalog.all.map(({ definition }) => definition);
  const stop = runControllers({ store, clock, logger, controllers, resources });
  return async () => {
    stop();
    await Promise.all(releases.splice(0).map((release) => release()));
  };
}
