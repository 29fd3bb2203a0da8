import type { CoreV1Event } from '@kubernetes/client-node';
import type { KubeObject } from 'longshore/sdk';

export type EventType = 'NORMAL' | 'WARNING' | 'UNKNOWN';

type KubernetesEvent = KubeObject<CoreV1Event>;

export function typeOfEvent(event: KubernetesEvent): EventType {
  if (event.type === 'Normal') return 'NORMAL';
  return event.type === 'Warning' ? 'WARNING' : 'UNKNOWN';
}

/** RFC 3339. Old events carry first and last times, new ones one time and a series. */
export function lastSeenOf(event: KubernetesEvent): string {
  return event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
}

/** RFC 3339. */
export function firstSeenOf(event: KubernetesEvent): string {
  return event.firstTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
}

export function countOf(event: KubernetesEvent): number {
  return Math.max(event.series?.count ?? event.count ?? 1, 1);
}

export interface EventFilter {
  readonly types?: readonly EventType[] | null | undefined;
  readonly reasons?: readonly string[] | null | undefined;
  readonly since?: Date | null | undefined;
  readonly involvedObject?: InvolvedObjectFilter | null | undefined;
}

export interface InvolvedObjectFilter {
  readonly uid?: string | null | undefined;
  readonly group?: string | null | undefined;
  readonly kind?: string | null | undefined;
  readonly namespace?: string | null | undefined;
  readonly name?: string | null | undefined;
}

/** Compiles the filter once per list or stream. */
export function matchesEventFilter(filter: EventFilter): (event: KubernetesEvent) => boolean {
  const { types, reasons, involvedObject: involved } = filter;
  const since = filter.since?.getTime();
  return (event) => {
    if (types && !types.includes(typeOfEvent(event))) return false;
    if (reasons && !reasons.includes(event.reason ?? '')) return false;
    if (since !== undefined && Date.parse(lastSeenOf(event)) < since) return false;
    return !involved || matchesInvolved(involved, event);
  };
}

function matchesInvolved(filter: InvolvedObjectFilter, event: KubernetesEvent): boolean {
  const { involvedObject } = event;
  if (isSet(filter.uid) && involvedObject.uid !== filter.uid) return false;
  if (isSet(filter.group) && groupOf(involvedObject.apiVersion) !== filter.group) return false;
  if (isSet(filter.kind) && involvedObject.kind !== filter.kind) return false;
  if (isSet(filter.namespace) && (involvedObject.namespace ?? '') !== filter.namespace) return false;
  return !isSet(filter.name) || involvedObject.name === filter.name;
}

const isSet = (value: string | null | undefined): value is string => value !== null && value !== undefined;

/** `apps` of `apps/v1`, the empty string of `v1`. */
export function groupOf(apiVersion: string | undefined): string {
  const slash = (apiVersion ?? '').indexOf('/');
  return slash < 0 ? '' : (apiVersion ?? '').slice(0, slash);
}
