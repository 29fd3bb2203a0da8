import { namespaceKind, tenancyServiceRef } from 'longshore/plugins/core';
import {
  type ClusterReader,
  ForbiddenError,
  type MaybePromise,
  NotFoundError,
  type RequestContext,
  RequestError,
  subjectOf,
  systemPrincipal,
} from 'longshore/sdk';
import { podKind } from '../../api.ts';
import type { SearchedPart } from './search-logs.ts';

/** What of a platform writes logs (CMP-103). */
export const platformLogTypes = ['USER_APP', 'CONTROL_PLANE', 'SYSTEM'] as const;
export type PlatformLogType = (typeof platformLogTypes)[number];

const subject = subjectOf(podKind);
/** Namespaces that were made since the begin of the search each need a question of their own. */
const mostParts = 50;
/** A cluster that sees the caller itself is asked about each. */
const mostAsked = 500;

/**
 * Which logs this caller may search: those of namespaces where it may read logs, from when each was made, since an earlier one of
 * its name was somebody else's. What says nothing of itself is asked for by name. Where the cluster sees the caller itself, it must
 * let it read those logs too: whoever collected them could read them all.
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
  const mayAsCaller = (of: Parameters<typeof found.canReadLogs>[1]) =>
    context.cluster(cluster).canReadLogs(context.principal, of);
  const filter = context.access.readFilter(subject, cluster, 'READ_LOGS');
  if (platformType) {
    if (filter !== 'all' || !(await mayAsCaller(platformType === 'SYSTEM' ? 'NODES' : 'PODS'))) {
      throw new ForbiddenError('Platform logs are for who may read all logs of the cluster');
    }
    return [{ namespaces: await namespacesOfType(cluster, platformType, namespaces, context), sinceMs }];
  }
  if (filter === 'none') return [];
  const isWhole = filter === 'all' && (await mayAsCaller('PODS'));
  if (isWhole) return [{ namespaces: namespaces ?? 'ALL', sinceMs }];
  const isAll = filter === 'all';
  if (!namespaces && !isAll && 'test' in filter)
    throw new RequestError('BAD_USER_INPUT', 'namespaces must be named here');
  const known =
    namespaces ?? (isAll ? await namesIn(cluster, context) : 'namespaces' in filter ? [...filter.namespaces] : []);
  const granted = isAll
    ? known
    : known.filter((namespace) =>
        'namespaces' in filter ? filter.namespaces.has(namespace) : filter.test({ subject, cluster, namespace }),
      );
  return partsFrom(cluster, await openToCaller(granted), sinceMs, context);

  async function openToCaller(wanted: readonly string[]): Promise<readonly string[]> {
    if (found?.identity === 'gateway') return wanted;
    if (wanted.length > mostAsked) {
      throw new RequestError('TOO_COMPLEX', `${wanted.length} namespaces: name at most ${mostAsked} of them`);
    }
    const answers = await Promise.all(wanted.map((namespace) => mayAsCaller({ namespace })));
    return wanted.filter((_namespace, index) => answers[index]);
  }
}

/**
 * Reads namespaces to decide by, not to show. A cluster may let a caller read logs in a namespace and yet not see the Namespace itself.
 */
function readerOf(cluster: string, context: RequestContext): Pick<ClusterReader, 'get' | 'list'> {
  const found = context.cluster(cluster);
  return found.identity === 'gateway' ? context.kube(cluster) : found.reader(systemPrincipal, context.signal);
}

async function namesIn(cluster: string, context: RequestContext): Promise<readonly string[]> {
  const { items } = await readerOf(cluster, context).list(namespaceKind);
  return items.map(({ metadata }) => metadata.name);
}

async function partsFrom(
  cluster: string,
  allowed: readonly string[],
  sinceMs: number,
  context: RequestContext,
): Promise<readonly SearchedPart[]> {
  const reader = readerOf(cluster, context);
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
  const names = await namesIn(cluster, context);
  const tenancy = context.service(tenancyServiceRef);
  const bound = names.filter((name) => tenancy.bindingOf(cluster, name) !== undefined);
  const managed = new Set(bound.length > 0 ? bound : names.filter((name) => !name.startsWith('kube-')));
  return names.filter((name) => managed.has(name) === (type === 'USER_APP') && (asked?.includes(name) ?? true));
}
