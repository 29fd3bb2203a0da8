import type { ClusterClock, ClusterObject, ClusterStore } from '../store/types.ts';
import { createKindClient } from './kind-client.ts';
import type { CoreEvent } from './kubernetes-shapes.ts';
import { randomHex } from './random-suffix.ts';
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

export function createEventRecorder(
  store: ClusterStore,
  clock: ClusterClock,
  random: () => number,
  onFailure: (cause: unknown) => void,
): EventRecorder {
  const events = createKindClient<CoreEvent>(store, 'kube-controller-manager', '', 'events');
  const namespaces = createKindClient<ClusterObject>(store, 'kube-controller-manager', '', 'namespaces');
  const names = new Map<string, string>();

  function record(about: ClusterObject, details: EventDetails): void {
    const namespace = about.metadata.namespace ?? 'default';
    // A namespace that is being emptied takes no more news.
    if (namespaces.get(undefined, namespace)?.metadata.deletionTimestamp !== undefined) return;
    const key = [
      namespace,
      about.metadata.uid,
      details.component,
      details.reason,
      details.message,
      details.fieldPath,
    ].join('\n');
    const known = names.get(key);
    const existing = known === undefined ? undefined : events.get(namespace, known);
    const now = timestamp(clock.now());
    if (existing !== undefined) {
      events.update({ ...existing, count: (existing.count ?? 1) + 1, lastTimestamp: now });
    } else {
      const created = events.create(newEvent(about, details, namespace, now, randomHex(random, 16)));
      names.delete(key);
      names.set(key, created.metadata.name);
      const oldest = names.size > rememberedEvents ? names.keys().next().value : undefined;
      if (oldest !== undefined) names.delete(oldest);
    }
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
