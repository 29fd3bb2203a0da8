import { shapeOfKind } from '../openapi/shape-of-type.ts';
import type { ResourceDefinition } from '../store/types.ts';
import type { RegisteredResource, ResourceStrategy } from './resource-strategy.ts';

interface ResourceNames {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** Namespaced unless said otherwise. */
  readonly isClusterScoped?: boolean;
  readonly subresources?: readonly string[];
}

/**
 * Registers a built-in resource. Its types come from the table by group, version and kind. What the
 * strategy leaves out: DNS subdomain names, no generation.
 */
export function defineResource(names: ResourceNames, strategy: Partial<ResourceStrategy> = {}): RegisteredResource {
  const definition: ResourceDefinition = {
    group: names.group,
    version: names.version,
    kind: names.kind,
    plural: names.plural,
    singular: names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: names.isClusterScoped !== true,
    subresources: names.subresources ?? [],
  };
  return {
    definition,
    strategy: {
      nameRule: 'dns-subdomain',
      generation: 'none',
      shape: shapeOfKind(names.group, names.version, names.kind),
      ...strategy,
    },
    servedVersions: [names.version],
  };
}
