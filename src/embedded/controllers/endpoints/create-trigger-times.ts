import type { Pod, Service } from '../kubernetes-shapes.ts';
import { findCondition } from '../set-condition.ts';

/** Remembers when what a Service sends to changed, so that its endpoints can say what they answer to. */
export interface TriggerTimes {
  /** The earliest change since the last call for this Service; undefined when there was none. */
  next(key: string, service: Service, pods: readonly Pod[]): string | undefined;
  forget(key: string): void;
}

export function createTriggerTimes(): TriggerTimes {
  const known = new Map<string, { readonly service: string; readonly pods: ReadonlyMap<string, string> }>();
  return {
    next(key, service, pods) {
      const before = known.get(key);
      const created = service.metadata.creationTimestamp ?? '';
      const times = new Map(pods.map((pod) => [pod.metadata.uid ?? pod.metadata.name, readinessTime(pod)]));
      known.set(key, { service: created, pods: times });
      const changes = [...times]
        .filter(([id, time]) => time !== '' && before?.pods.get(id) !== time)
        .map(([, time]) => time);
      if (before?.service !== created) changes.push(created);
      return changes.sort()[0];
    },
    forget: (key) => void known.delete(key),
  };
}

/** When the pod last became ready or stopped being it. */
function readinessTime(pod: Pod): string {
  return findCondition(pod.status?.conditions, 'Ready')?.lastTransitionTime ?? '';
}
