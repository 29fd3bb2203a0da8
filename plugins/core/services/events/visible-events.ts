import { AnswerError, type ClusterProblem, clustersOf, type RequestContext, subjectOf } from 'longshore/sdk';
import { eventKind } from '../../api.ts';
import { eventsWindowHours } from '../../profile-keys/events.ts';
import type { EventHistory } from './event-history.ts';
import type { EventPlace } from './where-events.ts';

/**
 * Where this caller may see events and how far back by the profile of each place, as the database can ask for it. A cluster
 * that cannot be asked for the caller's rights shows nothing, and stands among the problems.
 */
export async function visibleEvents(
  cluster: string | null | undefined,
  context: RequestContext,
  history: Pick<EventHistory, 'namespacesIn'>,
): Promise<{ readonly places: readonly EventPlace[]; readonly problems: readonly ClusterProblem[] }> {
  const { clusters, problems } = clustersOf(cluster, context);
  const failed: ClusterProblem[] = [];
  const places = await Promise.all(
    clusters.map(async (name) => {
      try {
        return await placesIn(name, context, history);
      } catch (error) {
        if (!(error instanceof AnswerError)) throw error;
        const { message } = error;
        failed.push({ cluster: name, code: 'UPSTREAM_UNAVAILABLE', message, staleSince: undefined });
        return [];
      }
    }),
  );
  return { places: places.flat(), problems: [...problems, ...failed] };
}

async function placesIn(
  cluster: string,
  context: RequestContext,
  history: Pick<EventHistory, 'namespacesIn'>,
): Promise<readonly EventPlace[]> {
  const filter = context.access.readFilter(subjectOf(eventKind), cluster);
  if (filter === 'none') return [];
  const { identity, canRead } = context.cluster(cluster);
  const mayAsCaller = async (namespace: string | undefined) =>
    identity !== 'impersonate' || (await canRead(context.principal, eventKind, namespace));
  const isWhole = filter === 'all' && (await mayAsCaller(undefined));
  const kept =
    filter !== 'all' && 'namespaces' in filter ? [...filter.namespaces] : await history.namespacesIn(cluster);
  const window = windowsIn(cluster, context);
  const isGranted = (namespace: string) =>
    filter === 'all' || 'namespaces' in filter || filter.test({ subject: subjectOf(eventKind), cluster, namespace });
  const granted = kept.filter(isGranted);
  const may = isWhole ? [] : await Promise.all(granted.map(mayAsCaller));
  const allowed = isWhole ? granted : granted.filter((_namespace, index) => may[index]);
  const whole = window(undefined);
  // A workspace may carry a profile of its own.
  const apart = isWhole ? allowed.filter((namespace) => window(namespace) !== whole) : allowed;
  const parts = [...Map.groupBy(apart, window)].map(([sinceMs, only]) => place(cluster, sinceMs, { only }, isWhole));
  return isWhole ? [place(cluster, whole, { except: apart }, true), ...parts] : parts;
}

function place(
  cluster: string,
  sinceMs: number | undefined,
  namespaces: EventPlace['namespaces'],
  withPast: boolean,
): EventPlace {
  return { cluster, namespaces, since: sinceMs === undefined ? undefined : new Date(sinceMs), withPast };
}

/** Since when a place shows events, in UTC ms; undefined: since ever. */
function windowsIn(cluster: string, context: RequestContext): (namespace: string | undefined) => number | undefined {
  const now = context.clock.now();
  return (namespace) => {
    const hours = context.services.profiles.at({ cluster, namespace }).get(eventsWindowHours);
    return hours === null ? undefined : now - hours * 3_600_000;
  };
}
