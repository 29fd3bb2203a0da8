import { namespaceKind, tenancyServiceRef } from 'longshore/plugins/core';
import {
  CapabilityMissingError,
  ForbiddenError,
  type MaybePromise,
  NotFoundError,
  type RequestContext,
  RequestError,
  subjectOf,
} from 'longshore/sdk';
import { podKind } from '../../api.ts';
import type { SearchedPart } from './search-logs.ts';

/** What of a platform writes logs (CMP-103). */
export const platformLogTypes = ['USER_APP', 'CONTROL_PLANE', 'SYSTEM'] as const;
export type PlatformLogType = (typeof platformLogTypes)[number];

const subject = subjectOf(podKind);
/** Namespaces that were made since the begin of the search each need a question of their own. */
const mostParts = 50;

/**
 * Which logs this caller may search: those of namespaces where it may read logs, from when each was made, since an earlier one of
 * its name was somebody else's. What says nothing of itself is asked for by name.
 */
export async function searchedParts(
  asked: {
    readonly cluster: string;
    readonly namespaces: readonly string[] | undefined;
    readonly platformType: PlatformLogType | undefined;
    readonly sinceMs: number;
  },
  context: RequestContext,
): Promise<readonly SearchedPart[]> {
  const { cluster, namespaces, platformType, sinceMs } = asked;
  const found = context.clusters.get(cluster);
  if (!found) throw new NotFoundError(`There is no cluster '${cluster}'`);
  if (found.identity === 'impersonate') {
    throw new CapabilityMissingError(
      'logs',
      `Cluster '${cluster}' itself says who may read logs, and no Loki can be asked as the caller`,
    );
  }
  const filter = context.access.readFilter(subject, cluster, 'READ_LOGS');
  if (platformType) {
    if (filter !== 'all') throw new ForbiddenError('Platform logs are for who may read all logs of the cluster');
    return [{ namespaces: await namespacesOfType(cluster, platformType, namespaces, context), sinceMs }];
  }
  if (filter === 'all') return [{ namespaces: namespaces ?? 'ALL', sinceMs }];
  if (filter === 'none') return [];
  if (!namespaces && 'test' in filter) throw new RequestError('BAD_USER_INPUT', 'namespaces must be named here');
  const known = namespaces ?? ('namespaces' in filter ? [...filter.namespaces] : []);
  const allowed = known.filter((namespace) =>
    'namespaces' in filter ? filter.namespaces.has(namespace) : filter.test({ subject, cluster, namespace }),
  );
  return partsFrom(cluster, allowed, sinceMs, context);
}

async function partsFrom(
  cluster: string,
  allowed: readonly string[],
  sinceMs: number,
  context: RequestContext,
): Promise<readonly SearchedPart[]> {
  const reader = context.kube(cluster);
  const made = await Promise.all(
    allowed.map(async (name) => {
      const namespace = await (reader.get(namespaceKind, undefined, name) as MaybePromise<
        { readonly metadata: { readonly creationTimestamp: string } } | undefined
      >);
      return namespace ? [{ name, since: Math.max(sinceMs, Date.parse(namespace.metadata.creationTimestamp)) }] : [];
    }),
  );
  const parts = [...Map.groupBy(made.flat(), ({ since }) => since)].map(([since, group]) => ({
    namespaces: group.map(({ name }) => name),
    sinceMs: since,
  }));
  if (parts.length <= mostParts) return parts;
  throw new RequestError(
    'TOO_COMPLEX',
    `${parts.length} of the namespaces were made since then: name at most ${mostParts}`,
  );
}

/** Managed are namespaces that belong to a tenant; where none does, all but the cluster's own. */
async function namespacesOfType(
  cluster: string,
  type: PlatformLogType,
  asked: readonly string[] | undefined,
  context: RequestContext,
): Promise<SearchedPart['namespaces']> {
  if (type === 'SYSTEM') return 'NONE';
  const { items } = await context.kube(cluster).list(namespaceKind);
  const tenancy = context.service(tenancyServiceRef);
  const names = items.map(({ metadata }) => metadata.name);
  const bound = names.filter((name) => tenancy.bindingOf(cluster, name) !== undefined);
  const managed = new Set(bound.length > 0 ? bound : names.filter((name) => !name.startsWith('kube-')));
  return names.filter((name) => managed.has(name) === (type === 'USER_APP') && (asked?.includes(name) ?? true));
}
