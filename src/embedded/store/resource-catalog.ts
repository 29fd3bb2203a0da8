import type { RegisteredResource } from '../registry/resource-strategy.ts';
import type { ResourceDefinition } from './types.ts';

/** Every resource the server serves now. Custom ones come and go with their CustomResourceDefinitions. */
export interface ResourceCatalog {
  readonly all: readonly RegisteredResource[];
  /** Rises with every change, so that discovery documents are built once per state. */
  readonly generation: number;
  find(group: string, plural: string): RegisteredResource | undefined;
  /** The resource as served in one version: its definition carries that version. */
  findServed(group: string, version: string, plural: string): RegisteredResource | undefined;
  findKind(group: string, kind: string): RegisteredResource | undefined;
  /** What is registered for a definition; a definition that is no longer served throws a plain error. */
  of(definition: ResourceDefinition): RegisteredResource;
  add(resource: RegisteredResource): void;
  remove(group: string, plural: string): void;
}

export function createResourceCatalog(initial: readonly RegisteredResource[]): ResourceCatalog {
  const byId = new Map<string, RegisteredResource>();
  const served = new Map<string, RegisteredResource>();
  let generation = 0;

  const add = (resource: RegisteredResource): void => {
    const { definition } = resource;
    byId.set(`${definition.group}/${definition.plural}`, resource);
    for (const version of resource.servedVersions) {
      const inVersion =
        resource.perVersion?.get(version) ??
        (version === definition.version ? resource : { ...resource, definition: { ...definition, version } });
      served.set(`${definition.group}/${version}/${definition.plural}`, inVersion);
    }
    generation += 1;
  };
  for (const resource of initial) add(resource);

  return {
    get all() {
      return [...byId.values()];
    },
    get generation() {
      return generation;
    },
    find: (group, plural) => byId.get(`${group}/${plural}`),
    findServed: (group, version, plural) => served.get(`${group}/${version}/${plural}`),
    findKind(group, kind) {
      for (const resource of byId.values()) {
        if (resource.definition.kind === kind && resource.definition.group === group) return resource;
      }
      return undefined;
    },
    of(definition) {
      const found = byId.get(`${definition.group}/${definition.plural}`);
      if (found === undefined) throw new Error(`${definition.plural} of group "${definition.group}" are not served`);
      return found;
    },
    add(resource) {
      const { group, plural } = resource.definition;
      this.remove(group, plural);
      add(resource);
    },
    remove(group, plural) {
      const present = byId.get(`${group}/${plural}`);
      if (present === undefined) return;
      byId.delete(`${group}/${plural}`);
      for (const version of present.servedVersions) served.delete(`${group}/${version}/${plural}`);
      generation += 1;
    },
  };
}
