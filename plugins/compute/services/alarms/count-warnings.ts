import { eventKind, type KubernetesEventObject } from 'longshore/plugins/core';
import type { ClusterReader } from 'longshore/sdk';
import type { AlarmPolicy, PodObject, WorkloadObject } from '../../api.ts';
import { requireWhole } from './require-whole.ts';

/** Warnings about the pods and workloads of a policy's application, or about anything in its cluster, in its time until now. */
export async function countWarnings(
  reader: ClusterReader,
  objects: readonly (PodObject | WorkloadObject)[],
  { applicationUuid, rule }: Pick<AlarmPolicy, 'applicationUuid' | 'rule'>,
  nowMs: number,
): Promise<number> {
  const namespaces = [...new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))];
  if (applicationUuid !== null && objects.length === 0) return 0;
  const found = await reader.list(eventKind, applicationUuid === null ? {} : { namespaces });
  requireWhole([found]);
  const uids = new Set(objects.map(({ metadata }) => metadata.uid));
  const sinceMs = nowMs - rule.durationSeconds * 1_000;
  return (found.items as readonly KubernetesEventObject[])
    .filter(({ type, reason = '', involvedObject }) => {
      if (type !== 'Warning' || (rule.eventReasons.length > 0 && !rule.eventReasons.includes(reason))) return false;
      return applicationUuid === null || uids.has(involvedObject.uid ?? '');
    })
    .reduce((sum, event) => sum + timesSince(event, sinceMs), 0);
}

/**
 * How often an event happened since then. Of one that is repeated the cluster tells only when it came first and last and how often in
 * all: it is taken to have come evenly.
 */
export function timesSince(
  {
    series,
    count,
    firstTimestamp,
    lastTimestamp,
    eventTime,
    metadata,
  }: Pick<KubernetesEventObject, 'series' | 'count' | 'firstTimestamp' | 'lastTimestamp' | 'eventTime' | 'metadata'>,
  sinceMs: number,
): number {
  const made = atMs(metadata.creationTimestamp);
  const last = atMs(series?.lastObservedTime) ?? atMs(lastTimestamp) ?? atMs(eventTime) ?? made ?? 0;
  if (last < sinceMs) return 0;
  const first = atMs(firstTimestamp) ?? atMs(eventTime) ?? made ?? last;
  const times = series?.count ?? count ?? 1;
  if (first >= sinceMs || times <= 1) return times;
  return 1 + Math.floor(((times - 1) * (last - sinceMs)) / (last - first));
}

function atMs(time: unknown): number | undefined {
  if (time === undefined || time === null) return undefined;
  const ms = new Date(time as string | Date).getTime();
  return Number.isNaN(ms) ? undefined : ms;
}
