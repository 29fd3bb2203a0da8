import type { ResourceDefinition } from '../store/types.ts';
import { kubernetesShape } from './kubernetes-shapes.ts';
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

/** Registers a built-in resource. What the strategy leaves out: DNS subdomain names, no generation, a plain shape. */
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
    strategy: { nameRule: 'dns-subdomain', generation: 'none', shape: kubernetesShape('Plain'), ...strategy },
    servedVersions: [names.version],
  };
}
