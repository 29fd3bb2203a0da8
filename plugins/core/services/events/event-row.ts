import type { KubernetesEventObject } from '../../api.ts';
import type { events } from '../../tables.ts';
import { countOf, firstSeenOf, groupOf, lastSeenOf, typeOfEvent } from './read-event.ts';

export type EventRow = typeof events.$inferInsert;

/** Most of an object that is kept, in UTF-8 bytes of JSON: a few times what clusters let a component write. */
export const maxObjectBytes = 16_384;
const maxMessage = 4_096;
/** Names of objects have at most 253 characters; what an event claims to be about is not checked by clusters. */
const maxName = 253;

/** What is kept of an event. Never throws, whatever the cluster sent. */
export function eventRow(event: KubernetesEventObject, cluster: string, nowMs: number): EventRow {
  const { metadata, involvedObject: involved = {} } = event;
  return {
    cluster,
    uid: plain(metadata.uid, maxName),
    namespace: plain(metadata.namespace, maxName),
    name: plain(metadata.name, maxName),
    type: typeOfEvent(event),
    reason: plain(event.reason, maxName),
    message: plain(event.message, maxMessage),
    component: plain(event.reportingComponent || event.source?.component, maxName),
    involvedGroup: plain(groupOf(involved.apiVersion), maxName),
    involvedKind: plain(involved.kind, maxName),
    involvedNamespace: plain(involved.namespace, maxName),
    involvedName: plain(involved.name, maxName),
    involvedUid: plain(involved.uid, maxName),
    count: Math.min(Math.trunc(countOf(event)) || 1, 2_147_483_647),
    firstSeenAt: momentOf(firstSeenOf(event), nowMs),
    lastSeenAt: momentOf(lastSeenOf(event), nowMs),
    object: withinBounds(event),
    createdAt: new Date(nowMs),
  };
}

/** A text that the database takes: without NUL and halves of characters. */
function plain(text: unknown, max: number): string {
  return typeof text === 'string' ? text.slice(0, max).toWellFormed().replaceAll('\0', '\u{fffd}') : '';
}

/** Years that the database takes and a date can be; a clock gone mad is now. */
function momentOf(text: string, nowMs: number): Date {
  const ms = Date.parse(text);
  return new Date(ms >= 0 && ms < 253_402_300_800_000 ? ms : nowMs);
}

/** Too large it can only be by its notes and its message. */
function withinBounds(event: KubernetesEventObject): object {
  if (Buffer.byteLength(JSON.stringify(event)) <= maxObjectBytes) return event;
  const { name, namespace, uid, creationTimestamp, resourceVersion } = event.metadata;
  const kept = {
    ...event,
    metadata: { name, namespace, uid, creationTimestamp, resourceVersion },
    message: (event.message ?? '').slice(0, maxMessage),
  };
  if (Buffer.byteLength(JSON.stringify(kept)) <= maxObjectBytes) return kept;
  const { apiVersion, kind, type, count, firstTimestamp, lastTimestamp, eventTime } = event;
  const short = (text: unknown) => plain(text, maxName);
  const involved = Object.fromEntries(
    Object.entries(event.involvedObject ?? {}).map(([field, value]) => [field, short(value)]),
  );
  return {
    ...{ apiVersion, kind, type: short(type), count, firstTimestamp, lastTimestamp, eventTime },
    metadata: kept.metadata,
    reason: short(event.reason),
    message: plain(event.message, maxName),
    involvedObject: involved,
  };
}
