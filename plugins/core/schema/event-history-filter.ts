import {
  type ClusterProblem,
  parseGlobalId,
  type RequestContext,
  RequestError,
  type StringFilter,
} from 'longshore/sdk';
import { eventHistoryRef } from '../services/events/event-history.ts';
import type { EventType } from '../services/events/read-event.ts';
import { visibleEvents } from '../services/events/visible-events.ts';
import type { HistoryFilter } from '../services/events/where-events.ts';

export const longestSearch = 200;
const mostNames = 1_000;

export interface AskedEventFilter {
  readonly cluster?: string | null;
  readonly namespaces?: readonly string[] | null;
  readonly name?: StringFilter | null;
  readonly search?: string | null;
  readonly types?: readonly EventType[] | null;
  readonly reasons?: readonly string[] | null;
  readonly components?: readonly string[] | null;
  readonly since?: Date | null;
  readonly until?: Date | null;
  readonly involvedObject?: {
    readonly id?: string | null;
    readonly uid?: string | null;
    readonly kind?: string | null;
    readonly name?: string | null;
  } | null;
}

/** What is asked for, of what the caller may see. Throws `BAD_USER_INPUT`. */
export async function toHistoryFilter(
  asked: AskedEventFilter,
  context: RequestContext,
): Promise<{ readonly filter: HistoryFilter; readonly problems: readonly ClusterProblem[] }> {
  const { search, since, until, involvedObject } = asked;
  if (typeof search === 'string' && (search.length < 1 || search.length > longestSearch)) {
    throw new RequestError('BAD_USER_INPUT', `search must have 1 to ${longestSearch} characters, got ${search.length}`);
  }
  if (since && until && since >= until) throw new RequestError('BAD_USER_INPUT', 'since must be before until');
  const { places, problems } = await visibleEvents(asked.cluster, context, context.service(eventHistoryRef));
  const filter: HistoryFilter = {
    places,
    namespaces: names('namespaces', asked.namespaces),
    name: nameOf(asked.name),
    search: textOf(search),
    types: asked.types ?? undefined,
    reasons: names('reasons', asked.reasons),
    components: names('components', asked.components),
    since: since ?? undefined,
    until: until ?? undefined,
    involved: involvedOf(involvedObject?.id),
    involvedUid: textOf(involvedObject?.uid),
    involvedKind: textOf(involvedObject?.kind),
    involvedName: textOf(involvedObject?.name),
  };
  return { filter, problems };
}

function names(field: string, asked: readonly string[] | null | undefined): readonly string[] | undefined {
  if (!asked) return undefined;
  if (asked.length <= mostNames) return asked.map((each) => textOf(each) ?? '');
  throw new RequestError('BAD_USER_INPUT', `${field} must be at most ${mostNames}, got ${asked.length}`);
}

function nameOf(asked: StringFilter | null | undefined): HistoryFilter['name'] {
  if (!asked) return undefined;
  const { equals, contains } = asked;
  return { equals: textOf(equals), contains: textOf(contains), in: names('name.in', asked.in) };
}

/** As texts are kept: the database takes no NUL and no half of a character. */
function textOf(asked: string | null | undefined): string | undefined {
  return asked?.toWellFormed().replaceAll('\0', '\u{fffd}') ?? undefined;
}

function involvedOf(id: string | null | undefined): HistoryFilter['involved'] {
  if (id === null || id === undefined) return undefined;
  const place = parseGlobalId(id);
  if (place?.of !== 'kubernetes') {
    throw new RequestError('BAD_USER_INPUT', 'filter.involvedObject.id must be the id of an object of a cluster');
  }
  return { ...place, namespace: place.namespace ?? '' };
}
