import { asObject, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import type { ObjectRegistry } from '../../store/object-registry.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Draft, RegisteredResource } from '../resource-strategy.ts';
import { approvalCondition } from './api-approval.ts';
import { cleanupFinalizer, isEstablished } from './custom-resource-definition.ts';
import { conditionOf, type DefinitionCondition, withCondition } from './definition-conditions.ts';
import { acceptedNamesOf, areSameNames, grantNames } from './grant-names.ts';
import { registerCustomResource } from './register-custom-resource.ts';

const manager = 'kube-apiserver';
const group = 'apiextensions.k8s.io';
const plural = 'customresourcedefinitions';

/**
 * Keeps the catalog in step with the CustomResourceDefinitions. A new one gets its names, is served and then reported
 * as established; a deleted one is refused new objects, loses those it has and goes when the last is gone. All of it
 * happens while the write is told of, so whoever waits for a condition sees it as the next change. Returns how to stop.
 */
export function serveCustomResources(registry: ObjectRegistry): () => void {
  return registry.storage.subscribe((event, changed) => {
    if (changed.group !== group || changed.plural !== plural) {
      if (event.type === 'DELETED') finishOwner(registry, changed);
      return;
    }
    if (event.type === 'DELETED') {
      withdraw(registry, event.object);
      grantToGroup(registry, event.object);
      return;
    }
    const definition = current(registry, event.object.metadata.name);
    if (definition !== undefined) advance(registry, definition);
  });
}

function advance(registry: ObjectRegistry, definition: ClusterObject): void {
  // 1. Names and approval. The write comes back here as a change of its own.
  if (settleNames(registry, definition)) return;
  // 2. What is served follows what is granted.
  serve(registry, definition);
  // 3. Established, once it is served.
  if (conditionOf(definition, 'NamesAccepted')?.status === 'True' && !isEstablished(definition)) {
    const condition = {
      type: 'Established',
      status: 'True',
      reason: 'InitialNamesAccepted',
      message: 'the initial names have been accepted',
    } as const;
    report(registry, definition, (status, now) => withCondition(status, condition, now));
    return;
  }
  // 4. Deleted: its objects go first.
  if (definition.metadata.deletionTimestamp !== undefined) drain(registry, definition);
}

/** Writes names and their conditions into the status; false when they are there already. */
function settleNames(registry: ObjectRegistry, definition: ClusterObject): boolean {
  const spec = asObject(definition.spec) ?? {};
  const wanted = asObject(spec.names) ?? {};
  const approval = approvalCondition(String(spec.group), definition.metadata as unknown as JsonObject);
  const isGranted = areSameNames(wanted, acceptedNamesOf(definition));
  const { acceptedNames, condition } = grantNames(
    wanted,
    acceptedNamesOf(definition),
    definitionsOf(registry, spec.group)
      .filter(({ metadata }) => metadata.name !== definition.metadata.name)
      .map(acceptedNamesOf),
  );
  return report(registry, definition, (before, now) => {
    let status = approval === undefined ? before : withCondition(before, approval, now);
    if (isGranted) return status;
    status = withCondition({ ...status, acceptedNames }, condition, now);
    if (isEstablished(definition)) return status;
    const established: DefinitionCondition =
      condition.status === 'True'
        ? {
            type: 'Established',
            status: 'False',
            reason: 'Installing',
            message: 'the initial names have been accepted',
          }
        : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
    return withCondition(status, established, now);
  });
}

/** A name that came free may be what another definition of the group waits for. */
function grantToGroup(registry: ObjectRegistry, gone: ClusterObject): void {
  for (const definition of definitionsOf(registry, asObject(gone.spec)?.group)) {
    const latest = current(registry, definition.metadata.name);
    if (latest !== undefined) advance(registry, latest);
  }
}

/** What a registered resource was made from; only a change of it registers the resource anew and ends its watches. */
const origins = new WeakMap<RegisteredResource, unknown>();

function serve(registry: ObjectRegistry, definition: ClusterObject): void {
  const { catalog } = registry;
  const spec = asObject(definition.spec) ?? {};
  const accepted = acceptedNamesOf(definition);
  const present = catalog.find(String(spec.group), String(accepted.plural));
  // A definition never takes a built-in resource over.
  if (present !== undefined && present.customResource !== definition.metadata.name) return;
  const origin = { spec, accepted };
  // Whoever waits for a name is not served under the rest of them.
  if (conditionOf(definition, 'NamesAccepted')?.status !== 'True' && !isEstablished(definition)) return;
  if (present !== undefined && isEqualJson(origins.get(present), origin)) return;
  const resource = registerCustomResource(definition, () =>
    current(registry, definition.metadata.name)?.metadata.deletionTimestamp === undefined
      ? undefined
      : 'create not allowed while custom resource definition is terminating',
  );
  if (resource === undefined) {
    if (present !== undefined) catalog.remove(String(spec.group), String(accepted.plural));
    return;
  }
  origins.set(resource, origin);
  catalog.add(resource);
}

/** Deletes all objects of a deleted definition, and the definition when none is left. */
function drain(registry: ObjectRegistry, definition: ClusterObject): void {
  if (definition.metadata.finalizers?.includes(cleanupFinalizer) !== true) return;
  const resource = ownResource(registry, definition);
  if (conditionOf(definition, 'Terminating')?.reason === 'InstanceDeletionPending') {
    const condition = {
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionInProgress',
      message: 'CustomResource deletion is in progress',
    } as const;
    report(registry, definition, (status, now) => withCondition(status, condition, now));
    return;
  }
  for (const object of resource === undefined ? [] : registry.storage.list(resource.definition)) {
    // A deletion may take others with it.
    const { namespace, name } = object.metadata;
    const present = resource && registry.storage.get(resource.definition, namespace, name);
    if (resource !== undefined && present !== undefined && present.metadata.deletionTimestamp === undefined) {
      registry.delete(resource, present, {});
    }
  }
  finish(registry, definition.metadata.name);
}

/** Takes the definition's finalizer off when its last object is gone. */
function finish(registry: ObjectRegistry, name: string): void {
  const definition = current(registry, name);
  const definitions = registry.catalog.find(group, plural);
  if (definition?.metadata.finalizers?.includes(cleanupFinalizer) !== true || definitions === undefined) return;
  const resource = ownResource(registry, definition);
  if (resource !== undefined && registry.storage.list(resource.definition).length > 0) return;
  const condition: DefinitionCondition = isEstablished(definition)
    ? {
        type: 'Terminating',
        status: 'False',
        reason: 'InstanceDeletionCompleted',
        message: 'removed all instances',
      }
    : { type: 'Terminating', status: 'False', reason: 'NeverEstablished', message: 'resource was never established' };
  const finalizers = definition.metadata.finalizers.filter((finalizer) => finalizer !== cleanupFinalizer);
  const last = {
    ...definition,
    metadata: { ...definition.metadata, finalizers },
    status: withCondition(asObject(definition.status) ?? {}, condition, registry.environment.now()),
  };
  if (finalizers.length === 0) registry.storage.remove(definitions.definition, last);
  else registry.storage.put(definitions.definition, last);
}

/** The last object of a deleted definition may have gone just now. */
function finishOwner(registry: ObjectRegistry, changed: { readonly group: string; readonly plural: string }): void {
  const owner = registry.catalog.find(changed.group, changed.plural)?.customResource;
  const definition = owner === undefined ? undefined : current(registry, owner);
  if (definition?.metadata.deletionTimestamp !== undefined) finish(registry, definition.metadata.name);
}

function withdraw(registry: ObjectRegistry, definition: ClusterObject): void {
  const resource = ownResource(registry, definition);
  if (resource === undefined) return;
  registry.storage.dropAll(resource.definition);
  registry.catalog.remove(resource.definition.group, resource.definition.plural);
}

/** Writes a new status; false when it is the old one. */
function report(
  registry: ObjectRegistry,
  definition: ClusterObject,
  next: (status: JsonObject, now: string) => JsonObject,
): boolean {
  const definitions = registry.catalog.find(group, plural);
  if (definitions === undefined) return false;
  const before = asObject(definition.status) ?? {};
  const status = next(before, registry.environment.now());
  if (isEqualJson(status, before)) return false;
  const draft = { ...definition, metadata: { ...definition.metadata }, status } as unknown as Draft;
  registry.update(definitions, definition, draft, { subresource: 'status', fieldManager: manager });
  return true;
}

function ownResource(registry: ObjectRegistry, definition: ClusterObject): RegisteredResource | undefined {
  const accepted = acceptedNamesOf(definition);
  const resource = registry.catalog.find(String(asObject(definition.spec)?.group), String(accepted.plural));
  return resource?.customResource === definition.metadata.name ? resource : undefined;
}

function current(registry: ObjectRegistry, name: string): ClusterObject | undefined {
  const definitions = registry.catalog.find(group, plural);
  return definitions && registry.storage.get(definitions.definition, undefined, name);
}

function definitionsOf(registry: ObjectRegistry, ofGroup: unknown): ClusterObject[] {
  const definitions = registry.catalog.find(group, plural);
  if (definitions === undefined) return [];
  return registry.storage.list(definitions.definition).filter(({ spec }) => asObject(spec)?.group === ofGroup);
}
