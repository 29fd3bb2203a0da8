import { type Database, drizzle, kubeObjectCodec, type ServiceRef, serviceRef, type Topics } from 'longshore/sdk';
import { type KubernetesEventObject, kubernetesEventsTopic } from '../../api.ts';
import { events } from '../../tables.ts';
import { type EventBucket, type EventTally, type ReasonTally, tallyEvents } from './count-events.ts';
import { type EventPlace, type HistoryFilter, whereEvents, whereInvolved } from './where-events.ts';

const { and, asc, count, desc, eq, gt, lt, notInArray, or, sql } = drizzle;

/** A row's place in the order of time. */
export interface EventPosition {
  readonly lastSeenAt: Date;
  readonly cluster: string;
  readonly uid: string;
}

export interface KeptEvent extends EventPosition {
  readonly event: KubernetesEventObject;
}

export interface EventPage {
  readonly rows: readonly KeptEvent[];
  readonly hasMore: boolean;
  /** Where a stream goes on behind exactly what this page was cut from. */
  readonly streamCursor: string;
}

export interface InvolvedPlace {
  readonly cluster: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Events for longer than clusters keep them (CMP-107). Says nothing about rights: `places` are what the caller may see. */
export interface EventHistory {
  page(
    filter: HistoryFilter,
    page: { readonly first: number; readonly after: EventPosition | undefined; readonly isOldestFirst: boolean },
  ): Promise<EventPage>;
  /** How many there are; undefined where they are more than 100,000. */
  total(filter: HistoryFilter): Promise<number | undefined>;
  tally(filter: HistoryFilter, cut: EventCut): Promise<EventTally>;
  /** Newest first, at one moment the greater uid first; without those of these uids. */
  about(
    involved: InvolvedPlace,
    places: readonly EventPlace[],
    page: {
      readonly first: number;
      readonly behind: { readonly at: Date; readonly uid: string | undefined } | undefined;
      readonly without: readonly string[];
    },
  ): Promise<readonly KeptEvent[]>;
  /** Namespaces that events are kept of. */
  namespacesIn(cluster: string): Promise<readonly string[]>;
}

/** How a tally is cut: so many reasons, and buckets of so many seconds from one moment to another. */
export interface EventCut {
  readonly reasons: number;
  readonly bucketSeconds: number | undefined;
  readonly now: Date;
}

export type { EventBucket, EventTally, ReasonTally };

export const eventHistoryRef: ServiceRef<EventHistory> = serviceRef<EventHistory>('core.eventHistory');

/** Beyond it nobody counts. */
const mostCounted = 100_000;
const codec = kubeObjectCodec<KubernetesEventObject>();

export function createEventHistory({
  database,
  topics,
}: {
  readonly database: Database;
  readonly topics: Pick<Topics, 'cursorNow'>;
}): EventHistory {
  const columns = {
    cluster: events.cluster,
    uid: events.uid,
    lastSeenAt: events.lastSeenAt,
    object: events.object,
  };
  /** What is read together is of one moment. */
  const atOneMoment = <T>(work: () => Promise<T>): Promise<T> =>
    database.transaction(work, { isolation: 'repeatable read' });

  return {
    page: (filter, { first, after, isOldestFirst }) =>
      atOneMoment(async () => {
        const direction = isOldestFirst ? asc : desc;
        const streamCursor = await topics.cursorNow(kubernetesEventsTopic as never);
        const rows = await database
          .current()
          .select(columns)
          .from(events)
          .where(and(whereEvents(filter), after && isBehind(after, isOldestFirst)))
          .orderBy(direction(events.lastSeenAt), direction(events.cluster), direction(events.uid))
          .limit(first + 1);
        return { rows: rows.slice(0, first).map(toKept), hasMore: rows.length > first, streamCursor };
      }),
    async total(filter) {
      const db = database.current();
      const some = db
        .select({ uid: events.uid })
        .from(events)
        .where(whereEvents(filter))
        .limit(mostCounted + 1)
        .as('some');
      const [row] = await db.select({ total: count() }).from(some);
      const total = row?.total ?? 0;
      return total > mostCounted ? undefined : total;
    },
    tally: (filter, cut) => atOneMoment(() => tallyEvents(database.current(), filter, cut)),
    async about(involved, places, { first, behind, without }) {
      // Compared as JavaScript compares strings, since sources are merged there.
      const uid = sql`${events.uid} collate "C"`;
      const rows = await database
        .current()
        .select(columns)
        .from(events)
        .where(
          and(
            whereInvolved(involved),
            whereEvents({ places }),
            without.length === 0 ? undefined : notInArray(events.uid, [...without]),
            behind &&
              or(
                lt(events.lastSeenAt, behind.at),
                behind.uid === undefined
                  ? undefined
                  : and(eq(events.lastSeenAt, behind.at), sql`${uid} < ${behind.uid}`),
              ),
          ),
        )
        .orderBy(desc(events.lastSeenAt), desc(uid))
        .limit(first);
      return rows.map(toKept);
    },
    async namespacesIn(cluster) {
      // From one to the next by the index, however many events each has.
      const rows = await database.current().execute<{ namespace: string | null }>(sql`
        with recursive named (namespace) as (
          select min(namespace) from core_events where cluster = ${cluster}
          union all
          select (select min(namespace) from core_events where cluster = ${cluster} and namespace > named.namespace)
          from named where named.namespace is not null
        )
        select namespace from named where namespace is not null`);
      return rows.flatMap(({ namespace }) => (namespace === null ? [] : [namespace]));
    },
  };
}

function toKept({ object, ...position }: EventPosition & { readonly object: object }): KeptEvent {
  const { cluster } = position;
  const event = codec.decode({ origin: { cluster, group: '', version: 'v1', kind: 'Event' }, object });
  return { ...position, event: event as unknown as KubernetesEventObject };
}

function isBehind({ lastSeenAt, cluster, uid }: EventPosition, isOldestFirst: boolean) {
  const beyond = isOldestFirst ? gt : lt;
  // The first line says no more than the second; it is there because an index can begin at it.
  return and(
    isOldestFirst
      ? sql`${events.lastSeenAt} >= ${lastSeenAt.toISOString()}`
      : sql`${events.lastSeenAt} <= ${lastSeenAt.toISOString()}`,
    or(
      beyond(events.lastSeenAt, lastSeenAt),
      and(
        eq(events.lastSeenAt, lastSeenAt),
        or(beyond(events.cluster, cluster), and(eq(events.cluster, cluster), beyond(events.uid, uid))),
      ),
    ),
  );
}
