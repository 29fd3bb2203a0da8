import { drizzle } from 'longshore/sdk';
import { events } from '../../tables.ts';
import type { InvolvedPlace } from './event-history.ts';
import type { EventType } from './read-event.ts';

const { and, eq, gte, ilike, inArray, lt, not, or, sql } = drizzle;

/** Where a caller may see events, and how far back. */
export interface EventPlace {
  readonly cluster: string;
  /** Only these namespaces, or all but these. */
  readonly namespaces: { readonly only: readonly string[] } | { readonly except: readonly string[] };
  /** Only seen at or after this; undefined: as far back as they are kept. */
  readonly since: Date | undefined;
  /** Also those of namespaces that were deleted since. */
  readonly withPast: boolean;
}

export interface HistoryFilter {
  readonly places: readonly EventPlace[];
  readonly namespaces?: readonly string[] | undefined;
  readonly name?:
    | {
        readonly equals: string | undefined;
        readonly contains: string | undefined;
        readonly in: readonly string[] | undefined;
      }
    | undefined;
  /** In the message, the reason or the name of what it is about; capitals count as small letters. */
  readonly search?: string | undefined;
  readonly types?: readonly EventType[] | undefined;
  readonly reasons?: readonly string[] | undefined;
  readonly components?: readonly string[] | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly involved?: InvolvedPlace | undefined;
  readonly involvedUid?: string | undefined;
  readonly involvedKind?: string | undefined;
  readonly involvedName?: string | undefined;
}

/** The filter as the database can ask for it. */
export function whereEvents(filter: HistoryFilter) {
  const { search, types, reasons, components, since, until, namespaces, name } = filter;
  const pattern = containing(search);
  const inName = containing(name?.contains);
  return and(
    or(sql`false`, ...filter.places.map(isIn)),
    namespaces && anyOf(events.namespace, namespaces),
    name?.equals === undefined ? undefined : eq(events.name, name.equals),
    name?.in && anyOf(events.name, name.in),
    inName === undefined ? undefined : ilike(events.name, inName),
    types && inArray(events.type, [...types]),
    reasons && anyOf(events.reason, reasons),
    components && anyOf(events.component, components),
    since && gte(events.lastSeenAt, since),
    until && lt(events.lastSeenAt, until),
    filter.involved && whereInvolved(filter.involved),
    filter.involvedUid === undefined ? undefined : eq(events.involvedUid, filter.involvedUid),
    filter.involvedKind === undefined ? undefined : eq(events.involvedKind, filter.involvedKind),
    filter.involvedName === undefined ? undefined : eq(events.involvedName, filter.involvedName),
    pattern === undefined
      ? undefined
      : or(ilike(events.message, pattern), ilike(events.reason, pattern), ilike(events.involvedName, pattern)),
  );
}

/** Events about the object, also about earlier ones of its name. */
export function whereInvolved({ cluster, group, kind, namespace, name }: InvolvedPlace) {
  return and(
    eq(events.cluster, cluster),
    eq(events.involvedName, name),
    eq(events.involvedKind, kind),
    eq(events.involvedGroup, group),
    eq(events.involvedNamespace, namespace),
  );
}

function isIn({ cluster, namespaces, since, withPast }: EventPlace) {
  return and(
    eq(events.cluster, cluster),
    'only' in namespaces ? anyOf(events.namespace, namespaces.only) : undefined,
    'except' in namespaces && namespaces.except.length > 0
      ? not(anyOf(events.namespace, namespaces.except))
      : undefined,
    since && gte(events.lastSeenAt, since),
    withPast ? undefined : eq(events.isPast, false),
  );
}

/** One of these, in one parameter however many they are: a statement takes 65,535, and places may name more namespaces. */
export const anyOf = (column: drizzle.SQLWrapper, texts: readonly string[]) =>
  sql`${column} = any(array(select jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb)))`;

/** A text that means itself, as a pattern of the database. */
const containing = (text: string | undefined) => (text ? `%${text.replaceAll(/[\\%_]/g, '\\$&')}%` : undefined);
