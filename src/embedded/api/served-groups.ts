import { createHash } from 'node:crypto';
import { compareVersions } from '../machinery/compare-versions.ts';
import type { JsonObject } from '../machinery/json.ts';
import { nodeMetrics, podMetrics } from '../registry/metrics-resources.ts';
import type { RegisteredResource } from '../registry/resource-strategy.ts';
import { type ReviewResource, reviewResources } from '../registry/review-resources.ts';

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export interface Served {
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
  /** The structural schema of a custom resource; built-in kinds have their types. */
  readonly schema?: JsonObject;
  /** Says that two versions are kept as the same thing; none for what is not kept. */
  readonly storageVersionHash?: string;
}

export interface ServedSubresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

export interface ServedVersion {
  readonly version: string;
  readonly resources: readonly Served[];
}

/** Everything served by group, then version; the preferred version of a group first. */
export function collectGroups(
  resources: readonly RegisteredResource[],
  hasMetrics = false,
): ReadonlyMap<string, readonly ServedVersion[]> {
  const groups = new Map<string, Map<string, Served[]>>();
  const add = (served: Served): void => {
    const versions = groups.get(served.group) ?? new Map<string, Served[]>();
    groups.set(served.group, versions);
    versions.set(served.version, [...(versions.get(served.version) ?? []), served]);
  };
  for (const resource of resources) {
    for (const version of resource.servedVersions) {
      const served = describeResource(resource.perVersion?.get(version) ?? resource, version);
      add({ ...served, storageVersionHash: storageVersionHashOf(resource) });
    }
  }
  for (const review of reviewResources) add(describeReview(review));
  if (hasMetrics) {
    for (const measured of [podMetrics, nodeMetrics]) {
      add({ ...describeResource(measured, 'v1beta1'), singular: '', verbs: ['get', 'list'] });
    }
  }
  return new Map(
    [...groups].map(([group, versions]) => [
      group,
      [...versions]
        .map(([version, list]) => ({ version, resources: list.sort((a, b) => (a.plural < b.plural ? -1 : 1)) }))
        .sort((a, b) => compareVersions(a.version, b.version)),
    ]),
  );
}

function describeResource({ definition, schemas }: RegisteredResource, version: string): Served {
  const schema = schemas?.[version];
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
    // A namespace goes with all that is in it: never many at once.
    verbs: group === '' && plural === 'namespaces' ? allVerbs.filter((verb) => verb !== 'deletecollection') : allVerbs,
    subresources: definition.subresources.map((name) => describeSubresource(name, { group, version, kind })),
    ...(schema === undefined ? {} : { schema }),
  };
}

/** As clients compare it: the first bytes of the hash of what is stored (meta/v1 APIResource). */
function storageVersionHashOf({ definition: { group, version, kind } }: RegisteredResource): string {
  return createHash('sha256').update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString('base64');
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

const proxyVerbs = ['create', 'delete', 'get', 'patch', 'update'];

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
    case 'token':
      return { name, group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] };
    case 'exec':
      return { name, ...owner, kind: 'PodExecOptions', verbs: ['create', 'get'] };
    case 'attach':
      return { name, ...owner, kind: 'PodAttachOptions', verbs: ['create', 'get'] };
    case 'portforward':
      return { name, ...owner, kind: 'PodPortForwardOptions', verbs: ['create', 'get'] };
    case 'proxy':
      return { name, ...owner, kind: `${owner.kind}ProxyOptions`, verbs: [...proxyVerbs] };
    case 'log':
      return { name, ...owner, verbs: ['get'] };
    case 'finalize':
      return { name, ...owner, verbs: ['update'] };
    default:
      return { name, ...owner, verbs: ['get', 'patch', 'update'] };
  }
}
