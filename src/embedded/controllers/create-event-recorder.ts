import type { ClusterClock, ClusterObject, ClusterStore } from '../store/types.ts';
import { createEventSpamFilter } from './create-event-spam-filter.ts';
import { createKindClient } from './kind-client.ts';
import type { CoreEvent } from './kubernetes-shapes.ts';
import { timestamp } from './timestamp.ts';

export interface EventDetails {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The component that says it, such as `kubelet`. */
  readonly component: string;
  readonly host?: string;
  /** The part of the object it is about, such as `spec.containers{web}`. */
  readonly fieldPath?: string;
}

export interface EventRecorder {
  /** Writes a Kubernetes Event about the object, or counts up the one that already says the same. Never throws. */
  record(about: ClusterObject, details: EventDetails): void;
}

/** So many different sayings are remembered for counting up; the oldest is forgotten and would start anew. */
const rememberedEvents = 4096;

/**
 * Writes events as the recorder of client-go does: what was said before is counted up, the eleventh variation of a
 * saying within ten minutes is told as one with the others, and who talks too much about one object is not heard.
 */
export function createEventRecorder(
  store: ClusterStore,
  clock: ClusterClock,
  onFailure: (cause: unknown) => void,
): EventRecorder {
  const events = createKindClient<CoreEvent>(store, 'kube-controller-manager', '', 'events');
  const namespaces = createKindClient<ClusterObject>(store, 'kube-controller-manager', '', 'namespaces');
  const filter = createEventSpamFilter(() => clock.now());
  const names = new Map<string, string>();
  let sequence = 0;

  function record(about: ClusterObject, said: EventDetails): void {
    const namespace = about.metadata.namespace ?? 'default';
    // A namespace that is being emptied takes no more news.
    if (namespaces.get(undefined, namespace)?.metadata.deletionTimestamp !== undefined) return;
    const source = [namespace, about.kind, about.metadata.name, about.metadata.uid, said.component, said.host];
    const { message, saying } = filter.aggregate([...source, said.type, said.reason].join('\n'), said.message);
    if (!filter.isAllowed(source.join('\n'))) return;
    const details = { ...said, message };
    const key = [...source, said.type, said.reason, said.fieldPath, saying].join('\n');
    const known = names.get(key);
    const existing = known === undefined ? undefined : events.get(namespace, known);
    const now = timestamp(clock.now());
    if (existing !== undefined) {
      events.update({ ...existing, message, count: (existing.count ?? 1) + 1, lastTimestamp: now });
      return;
    }
    const created = events.create({
      ...newEvent(about, details, namespace, now, nextSuffix()),
      // What stands for many has no single reporter.
      ...(saying === '' ? { reportingComponent: '' } : {}),
    });
    names.delete(key);
    names.set(key, created.metadata.name);
    const oldest = names.size > rememberedEvents ? names.keys().next().value : undefined;
    if (oldest !== undefined) names.delete(oldest);
  }

  /** Events are named after the nanosecond they were made in; the sequence stands for what the clock cannot tell. */
  function nextSuffix(): string {
    sequence += 1;
    return (BigInt(Math.floor(clock.now())) * 1_000_000n + BigInt(sequence % 1_000_000)).toString(16);
  }

  return {
    record(about, details) {
      // An event is news, not state: that it could not be written must not stop what it reports.
      try {
        record(about, details);
      } catch (cause) {
        onFailure(cause);
      }
    },
  };
}

function newEvent(about: ClusterObject, details: EventDetails, namespace: string, now: string, suffix: string): object {
  const { name, uid, resourceVersion } = about.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${suffix}`, namespace },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      ...(about.metadata.namespace === undefined ? {} : { namespace: about.metadata.namespace }),
      name,
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(details.fieldPath === undefined ? {} : { fieldPath: details.fieldPath }),
    },
    type: details.type,
    reason: details.reason,
    message: details.message,
    source: { component: details.component, ...(details.host === undefined ? {} : { host: details.host }) },
    reportingComponent: details.component,
    reportingInstance: details.host ?? '',
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
    eventTime: null,
  };
}
