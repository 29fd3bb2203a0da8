import type { ServedApi, ServedResource } from './served-api.ts';
import { versionKey } from './served-api.ts';

type Json = Readonly<Record<string, unknown>>;

/** Accept header for the aggregated form (one request for all groups); older servers answer the legacy form. */
export const aggregatedAccept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

/** Reads an `APIGroupDiscoveryList`; undefined where the body is the legacy form. */
export function parseAggregated(body: unknown): ServedApi | undefined {
  if (textOf(objectOf(body).kind) !== 'APIGroupDiscoveryList') return undefined;
  const versions = new Map<string, Map<string, ServedResource>>();
  const brokenGroups = new Set<string>();
  for (const item of listOf(objectOf(body).items)) {
    const group = textOf(objectOf(item.metadata).name);
    for (const entry of listOf(item.versions)) {
      const version = textOf(entry.version);
      // The server behind this version does not answer; what is listed, if anything, is from before.
      if (textOf(entry.freshness) === 'Stale') brokenGroups.add(group);
      const resources = new Map<string, ServedResource>();
      for (const resource of listOf(entry.resources)) {
        const plural = textOf(resource.resource);
        const kind = textOf(objectOf(resource.responseKind).kind);
        if (plural === '' || kind === '') continue;
        const isNamespaced = textOf(resource.scope) === 'Namespaced';
        resources.set(plural, { kind: { group, version, kind, plural, isNamespaced }, verbs: textsOf(resource.verbs) });
      }
      versions.set(versionKey({ group, version }), resources);
    }
  }
  return { versions, brokenGroups };
}

/** Group and version pairs of the legacy forms `APIVersions` (core) and `APIGroupList`. */
export function parseLegacyGroups(
  core: unknown,
  groups: unknown,
): { readonly group: string; readonly version: string }[] {
  const found = textsOf(objectOf(core).versions).map((version) => ({ group: '', version }));
  for (const item of listOf(objectOf(groups).groups)) {
    const group = textOf(item.name);
    for (const entry of listOf(item.versions)) found.push({ group, version: textOf(entry.version) });
  }
  return found;
}

/** Reads the legacy `APIResourceList` of one group and version; subresources are left out. */
export function parseResourceList(group: string, version: string, body: unknown): Map<string, ServedResource> {
  const resources = new Map<string, ServedResource>();
  for (const resource of listOf(objectOf(body).resources)) {
    const plural = textOf(resource.name);
    if (plural === '' || plural.includes('/')) continue;
    const kind = { group, version, kind: textOf(resource.kind), plural, isNamespaced: resource.namespaced === true };
    resources.set(plural, { kind, verbs: textsOf(resource.verbs) });
  }
  return resources;
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
