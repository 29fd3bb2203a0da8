import type { RegisteredResource } from '../registry/resource-strategy.ts';
import { type ReviewResource, reviewResources } from '../registry/review-resources.ts';
import type { ResourceCatalog } from '../store/resource-catalog.ts';

/** What the discovery paths answer. Documents are built anew after every change of the catalog. */
export interface Discovery {
  /** The document at the path, or undefined when nothing is discovered there. */
  document(path: string, aggregated: 'v2' | 'v2beta1' | undefined): object | undefined;
}

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

interface Served {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly ServedSubresource[];
}

interface ServedSubresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

interface ServedVersion {
  readonly version: string;
  readonly resources: readonly Served[];
}

export function createDiscovery(catalog: ResourceCatalog): Discovery {
  let builtFor = -1;
  let groups: ReadonlyMap<string, readonly ServedVersion[]> = new Map();

  const current = (): ReadonlyMap<string, readonly ServedVersion[]> => {
    if (builtFor !== catalog.generation) {
      groups = collectGroups(catalog.all);
      builtFor = catalog.generation;
    }
    return groups;
  };

  return {
    document(path, aggregated) {
      const [root, group, version, ...rest] = path.split('/').filter((part) => part !== '');
      if (rest.length > 0) return undefined;
      if (root === 'api') return coreDocument(current(), group, version, aggregated);
      if (root !== 'apis') return undefined;
      if (group === undefined) return groupsDocument(current(), aggregated);
      const versions = group === '' ? undefined : current().get(group);
      if (versions === undefined) return undefined;
      if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(group, versions) };
      return resourceList(
        `${group}/${version}`,
        versions.find((each) => each.version === version),
      );
    },
  };
}

function coreDocument(
  groups: ReadonlyMap<string, readonly ServedVersion[]>,
  version: string | undefined,
  rest: string | undefined,
  aggregated: 'v2' | 'v2beta1' | undefined,
): object | undefined {
  if (rest !== undefined) return undefined;
  const versions = groups.get('') ?? [];
  if (version !== undefined)
    return resourceList(
      version,
      versions.find((each) => each.version === version),
    );
  if (aggregated !== undefined) return aggregatedList([['', versions]], aggregated);
  return { kind: 'APIVersions', versions: versions.map((each) => each.version), serverAddressByClientCIDRs: [] };
}

function groupsDocument(
  groups: ReadonlyMap<string, readonly ServedVersion[]>,
  aggregated: 'v2' | 'v2beta1' | undefined,
): object {
  const named = [...groups].filter(([group]) => group !== '');
  if (aggregated !== undefined) return aggregatedList(named, aggregated);
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: named.map(([group, versions]) => describeGroup(group, versions)),
  };
}

function describeGroup(group: string, versions: readonly ServedVersion[]): object {
  const list = versions.map(({ version }) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: list, preferredVersion: list[0] };
}

function resourceList(groupVersion: string, version: ServedVersion | undefined): object | undefined {
  if (version === undefined) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: version.resources.flatMap((resource) => [
      {
        name: resource.plural,
        singularName: resource.singular,
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: resource.verbs,
        ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
        ...(resource.categories.length === 0 ? {} : { categories: resource.categories }),
      },
      ...resource.subresources.map((sub) => ({
        name: `${resource.plural}/${sub.name}`,
        singularName: '',
        namespaced: resource.namespaced,
        ...(sub.group === resource.group && sub.version === resource.version
          ? {}
          : { group: sub.group, version: sub.version }),
        kind: sub.kind,
        verbs: sub.verbs,
      })),
    ]),
  };
}

function aggregatedList(groups: readonly (readonly [string, readonly ServedVersion[]])[], version: string): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(([group, versions]) => ({
      metadata: group === '' ? { creationTimestamp: null } : { name: group, creationTimestamp: null },
      versions: versions.map((each) => ({
        version: each.version,
        freshness: 'Current',
        resources: each.resources.map((resource) => ({
          resource: resource.plural,
          responseKind: { group: resource.group, version: resource.version, kind: resource.kind },
          scope: resource.namespaced ? 'Namespaced' : 'Cluster',
          singularResource: resource.singular,
          verbs: resource.verbs,
          ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
          ...(resource.categories.length === 0 ? {} : { categories: resource.categories }),
          ...(resource.subresources.length === 0
            ? {}
            : {
                subresources: resource.subresources.map((sub) => ({
                  subresource: sub.name,
                  responseKind: { group: sub.group, version: sub.version, kind: sub.kind },
                  verbs: sub.verbs,
                })),
              }),
        })),
      })),
    })),
  };
}

function collectGroups(resources: readonly RegisteredResource[]): ReadonlyMap<string, readonly ServedVersion[]> {
  const groups = new Map<string, Map<string, Served[]>>();
  const add = (served: Served): void => {
    const versions = groups.get(served.group) ?? new Map<string, Served[]>();
    groups.set(served.group, versions);
    versions.set(served.version, [...(versions.get(served.version) ?? []), served]);
  };
  for (const resource of resources) {
    for (const version of resource.servedVersions) add(describeResource(resource, version));
  }
  for (const review of reviewResources) add(describeReview(review));
  return new Map(
    [...groups].map(([group, versions]) => [
      group,
      [...versions]
        .map(([version, list]) => ({ version, resources: list.sort((a, b) => (a.plural < b.plural ? -1 : 1)) }))
        .sort((a, b) => compareVersions(a.version, b.version)),
    ]),
  );
}

function describeResource({ definition }: RegisteredResource, version: string): Served {
  const { group, kind, plural, singular, shortNames, categories, namespaced } = definition;
  return {
    group,
    version,
    kind,
    plural,
    singular,
    shortNames,
    categories,
    namespaced,
    verbs: allVerbs,
    subresources: definition.subresources.map((name) => describeSubresource(name, { group, version, kind })),
  };
}

function describeReview(review: ReviewResource): Served {
  return {
    ...review,
    singular: review.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    verbs: ['create'],
    subresources: [],
  };
}

function describeSubresource(
  name: string,
  owner: { readonly group: string; readonly version: string; readonly kind: string },
): ServedSubresource {
  switch (name) {
    case 'scale':
      return { name, group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] };
    case 'eviction':
      return { name, group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] };
    case 'binding':
      return { name, ...owner, kind: 'Binding', verbs: ['create'] };
    case 'log':
      return { name, ...owner, verbs: ['get'] };
    case 'finalize':
      return { name, ...owner, verbs: ['update'] };
    default:
      return { name, ...owner, verbs: ['get', 'patch', 'update'] };
  }
}

/** Kubernetes' order of versions: v2 before v1 before v1beta1 before v1alpha1, anything else behind, by name. */
function compareVersions(left: string, right: string): number {
  const rank = (version: string): readonly number[] | undefined => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (match === null) return undefined;
    const stage = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
    return [stage, Number(match[1]), Number(match[3] ?? 0)];
  };
  const [a, b] = [rank(left), rank(right)];
  if (a === undefined || b === undefined) return a === b ? left.localeCompare(right) : a === undefined ? 1 : -1;
  for (let at = 0; at < a.length; at += 1) {
    const difference = (b[at] ?? 0) - (a[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
