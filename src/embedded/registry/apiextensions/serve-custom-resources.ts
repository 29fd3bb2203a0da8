import { asObject, asObjectList, isEqualJson } from '../../machinery/json.ts';
import type { ObjectRegistry } from '../../store/object-registry.ts';
import type { ClusterObject } from '../../store/types.ts';
import { registerCustomResource } from './register-custom-resource.ts';

const manager = 'kube-apiserver';

/**
 * Keeps the catalog in step with the CustomResourceDefinitions: a new one is served at once and then reported as
 * established, a deleted one takes its objects with it. Returns how to stop.
 */
export function serveCustomResources(registry: ObjectRegistry): () => void {
  return registry.storage.subscribe((event, changed) => {
    if (changed.group !== 'apiextensions.k8s.io' || changed.plural !== 'customresourcedefinitions') return;
    if (event.type === 'DELETED') withdraw(registry, event.object);
    else if (event.previous === undefined || !isEqualJson(event.previous.spec, event.object.spec))
      serve(registry, event.object);
  });
}

function serve(registry: ObjectRegistry, definition: ClusterObject): void {
  const resource = registerCustomResource(definition);
  const spec = asObject(definition.spec) ?? {};
  const names = asObject(spec.names) ?? {};
  if (resource === undefined) registry.catalog.remove(String(spec.group), String(names.plural));
  else {
    const present = registry.catalog.find(resource.definition.group, resource.definition.plural);
    // A definition never takes a built-in resource over.
    if (present !== undefined && present.customResource === undefined) return;
    registry.catalog.add(resource);
  }
  const definitions = registry.catalog.find('apiextensions.k8s.io', 'customresourcedefinitions');
  const current = definitions && registry.storage.get(definitions.definition, undefined, definition.metadata.name);
  if (definitions === undefined || current === undefined) return;
  const status = asObject(current.status) ?? {};
  if (asObjectList(status.conditions).some((each) => each.type === 'Established' && each.status === 'True')) return;
  const now = registry.environment.now();
  const condition = (type: string, reason: string, message: string): object => ({
    type,
    status: 'True',
    lastTransitionTime: now,
    reason,
    message,
  });
  const established = {
    ...status,
    acceptedNames: names,
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
  };
  const draft = { ...current, metadata: { ...current.metadata }, status: established };
  registry.update(definitions, current, draft, { subresource: 'status', fieldManager: manager });
}

function withdraw(registry: ObjectRegistry, definition: ClusterObject): void {
  const spec = asObject(definition.spec) ?? {};
  const plural = String(asObject(spec.names)?.plural);
  const resource = registry.catalog.find(String(spec.group), plural);
  if (resource?.customResource !== definition.metadata.name) return;
  registry.storage.dropAll(resource.definition);
  registry.catalog.remove(String(spec.group), plural);
}
