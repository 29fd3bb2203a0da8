import type { ClusterObject } from '../../store/types.ts';
import type { ClusterContext } from '../cluster-context.ts';
import { createKindClient } from '../kind-client.ts';
import type { CoreEvent, Pod } from '../kubernetes-shapes.ts';

export interface SchedulerEvents {
  /** Writes an event of events.k8s.io about the pod; what is said again becomes a series. Never throws. */
  record(pod: Pod, event: SchedulerEvent): void;
}

interface SchedulerEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly action: string;
  readonly message: string;
  readonly related?: ClusterObject;
}

interface Series {
  readonly name: string;
  count: number;
  writtenAtMs: number;
}

const component = 'default-scheduler';
/** A series that goes on is written anew so often, however often it is added to. */
const refreshMs = 360_000;
const rememberedEvents = 4096;
const longestNote = 1024;

/** The scheduler tells its news through events.k8s.io/v1: with eventTime and action, without count. */
export function createSchedulerEvents({ store, clock, logger }: ClusterContext): SchedulerEvents {
  const events = createKindClient<CoreEvent>(store, component, '', 'events');
  const known = new Map<string, Series>();
  let sequence = 0;

  function write(pod: Pod, event: SchedulerEvent): void {
    const { namespace = 'default', name, uid } = pod.metadata;
    const key = [uid, event.reason, event.message, event.related?.metadata.uid].join('\n');
    const series = known.get(key);
    const existing = series === undefined ? undefined : events.get(namespace, series.name);
    if (series !== undefined && existing !== undefined) {
      series.count += 1;
      if (series.count > 2 && clock.now() - series.writtenAtMs < refreshMs) return;
      series.writtenAtMs = clock.now();
      events.update({ ...existing, series: { count: series.count, lastObservedTime: microTime(clock.now()) } });
      return;
    }
    sequence += 1;
    const suffix = (BigInt(Math.floor(clock.now())) * 1_000_000n + BigInt(sequence % 1_000_000)).toString(16);
    const created = events.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${suffix}`, namespace },
      involvedObject: referenceTo(pod),
      ...(event.related === undefined ? {} : { related: referenceTo(event.related) }),
      type: event.type,
      reason: event.reason,
      action: event.action,
      message: event.message.length <= longestNote ? event.message : `${event.message.slice(0, longestNote - 4)} ...`,
      eventTime: microTime(clock.now()),
      firstTimestamp: null,
      lastTimestamp: null,
      source: {},
      reportingComponent: component,
      reportingInstance: `${component}-embedded`,
    });
    known.delete(key);
    known.set(key, { name: created.metadata.name, count: 1, writtenAtMs: clock.now() });
    const oldest = known.size > rememberedEvents ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
  }

  return {
    record(pod, event) {
      // News, not state: that it could not be written must not stop what it reports.
      try {
        write(pod, event);
      } catch (cause) {
        logger.warn({ err: cause }, 'an event could not be recorded');
      }
    },
  };
}

function referenceTo({ apiVersion, kind, metadata }: ClusterObject): object {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name, uid, resourceVersion };
}

function microTime(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 23)}000Z`;
}
