import type { ResourceCatalog } from '../store/resource-catalog.ts';
import { collectGroups, type ServedVersion } from './served-groups.ts';

/** What the discovery paths answer. Documents are built anew after every change of the catalog. */
export interface Discovery {
  /** The document at the path, or undefined when nothing is discovered there. */
  document(path: string, isAggregated: boolean): object | undefined;
  /** Every path that has a document. */
  paths(): readonly string[];
}

/** `hasMetrics` says whether metrics.k8s.io is served besides what the catalog has. */
export function createDiscovery(catalog: ResourceCatalog, hasMetrics = false): Discovery {
  let builtFor = -1;
  let groups: ReadonlyMap<string, readonly ServedVersion[]> = new Map();

  const current = (): ReadonlyMap<string, readonly ServedVersion[]> => {
    if (builtFor !== catalog.generation) {
      groups = collectGroups(catalog.all, hasMetrics);
      builtFor = catalog.generation;
    }
    return groups;
  };

  return {
    document(path, isAggregated) {
      const [root, group, version, ...rest] = path.split('/').filter((part) => part !== '');
      if (rest.length > 0) return undefined;
      if (root === 'api') return coreDocument(current(), group, version, isAggregated);
      if (root !== 'apis') return undefined;
      if (group === undefined) return groupsDocument(current(), isAggregated);
      const versions = group === '' ? undefined : current().get(group);
      if (versions === undefined) return undefined;
      if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(group, versions) };
      return resourceList(
        `${group}/${version}`,
        versions.find((each) => each.version === version),
      );
    },
    paths: () => [
      '/api',
      '/apis',
      ...[...current()].flatMap(([group, versions]) => {
        const root = group === '' ? '/api' : `/apis/${group}`;
        return [...(group === '' ? [] : [root]), ...versions.map(({ version }) => `${root}/${version}`)];
      }),
      '/openapi/v2',
      '/openapi/v3',
    ],
  };
}

function coreDocument(
  groups: ReadonlyMap<string, readonly ServedVersion[]>,
  version: string | undefined,
  rest: string | undefined,
  isAggregated: boolean,
): object | undefined {
  if (rest !== undefined) return undefined;
  const versions = groups.get('') ?? [];
  if (version !== undefined)
    return resourceList(
      version,
      versions.find((each) => each.version === version),
    );
  if (isAggregated) return aggregatedList([['', versions]]);
  return { kind: 'APIVersions', versions: versions.map((each) => each.version), serverAddressByClientCIDRs: [] };
}

function groupsDocument(groups: ReadonlyMap<string, readonly ServedVersion[]>, isAggregated: boolean): object {
  const named = [...groups].filter(([group]) => group !== '');
  if (isAggregated) return aggregatedList(named);
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
    // The oldest list of all has never had one.
    ...(groupVersion === 'v1' ? {} : { apiVersion: 'v1' }),
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
        ...(resource.storageVersionHash === undefined ? {} : { storageVersionHash: resource.storageVersionHash }),
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

function aggregatedList(groups: readonly (readonly [string, readonly ServedVersion[]])[]): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
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
