import { tenancyServiceRef } from 'longshore/plugins/core';
import { ForbiddenError, NotFoundError, type RequestContext, RequestError, subjectOf } from 'longshore/sdk';
import { podKind } from '../../api.ts';
import { namespacesIn, namespacesMade } from '../read-namespaces.ts';
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
    namespaces ?? (isAll ? await namespacesIn(cluster, context) : 'namespaces' in filter ? [...filter.namespaces] : []);
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

async function partsFrom(
  cluster: string,
  allowed: readonly string[],
  sinceMs: number,
  context: RequestContext,
): Promise<readonly SearchedPart[]> {
  const made = await namespacesMade(cluster, allowed, context);
  const since = [...made].map(([name, atMs]) => ({ name, since: Math.max(sinceMs, atMs) }));
  const parts = [...Map.groupBy(since, (each) => each.since)].map(([from, group]) => ({
    namespaces: group.map(({ name }) => name),
    sinceMs: from,
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
  const names = await namespacesIn(cluster, context);
  const tenancy = context.service(tenancyServiceRef);
  const bound = names.filter((name) => tenancy.bindingOf(cluster, name) !== undefined);
  const managed = new Set(bound.length > 0 ? bound : names.filter((name) => !name.startsWith('kube-')));
  return names.filter((name) => managed.has(name) === (type === 'USER_APP') && (asked?.includes(name) ?? true));
}
