import type { Condition, Pod } from '../../controllers/kubernetes-shapes.ts';
import { findCondition, setCondition } from '../../controllers/set-condition.ts';

/** Closed while a pod is updated in place. */
export const inPlaceGate = 'InPlaceUpdateReady';
/** Closed by all who have a reason to keep a pod's users away; its message lists them. */
export const kruiseGate = 'KruisePodReady';

/** Who has closed `KruisePodReady`, and for what. */
export interface UnreadyKey {
  readonly userAgent: string;
  readonly key: string;
}

export function hasGate({ spec }: Pod, gate: string): boolean {
  return (spec.readinessGates ?? []).some(({ conditionType }) => conditionType === gate);
}

/** The gates of a pod with those that every pod of these workloads has. */
export function withGates(gates: readonly { readonly conditionType: string }[] = []): readonly object[] {
  const present = new Set(gates.map(({ conditionType }) => conditionType));
  return [...gates, ...[inPlaceGate, kruiseGate].filter((gate) => !present.has(gate)).map(toGate)];
}

function toGate(conditionType: string): object {
  return { conditionType };
}

/** Sets the condition that stands for the gate. A pod whose gate closes is unready at once, not when its kubelet looks. */
export function withGateCondition(pod: Pod, condition: Condition, now: string): Pod {
  const {
    message: _message,
    reason: _reason,
    ...cleared
  } = findCondition(pod.status?.conditions, condition.type) ?? {};
  const conditions = setCondition(
    (pod.status?.conditions ?? []).map((each) => (each.type === condition.type ? ({ ...cleared } as Condition) : each)),
    condition,
    now,
  );
  const closed = { ...pod, status: { ...pod.status, conditions } };
  return condition.status === 'True' ? closed : withReadyClosed(closed, now);
}

function withReadyClosed(pod: Pod, now: string): Pod {
  const conditions = pod.status?.conditions ?? [];
  const ready = findCondition(conditions, 'Ready');
  if (ready === undefined || findCondition(conditions, 'ContainersReady')?.status !== 'True') return pod;
  const message = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = findCondition(conditions, conditionType);
    if (gate === undefined) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    if (gate.status === 'True') return [];
    return [`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`];
  });
  const closed: Condition = {
    ...ready,
    status: 'False',
    reason: 'ReadinessGatesNotReady',
    message: message.join(', '),
  };
  const { lastTransitionTime: _since, ...timeless } = closed;
  return { ...pod, status: { ...pod.status, conditions: setCondition(conditions, timeless, now) } };
}

/** Opens or closes `KruisePodReady` for one reason; it is open when nobody has one. The same pod when nothing changes. */
export function withUnreadyKey(pod: Pod, { userAgent, key }: UnreadyKey, isUnready: boolean, now: string): Pod {
  if (!hasGate(pod, kruiseGate)) return pod;
  const entries = readEntries(findCondition(pod.status?.conditions, kruiseGate)?.message);
  const isListed = entries.some((entry) => entry.userAgent === userAgent && entry.key === key);
  if (isListed === isUnready) return pod;
  const kept = entries.filter((entry) => entry.userAgent !== userAgent || entry.key !== key);
  const next = isUnready ? [...kept, { userAgent, key }] : kept;
  const status = next.length === 0 ? 'True' : 'False';
  const message = next.length === 0 ? {} : { message: JSON.stringify(next) };
  return withGateCondition(pod, { type: kruiseGate, status, ...message }, now);
}

function readEntries(message: string | undefined): readonly UnreadyKey[] {
  try {
    const entries: unknown = JSON.parse(message ?? '[]');
    return Array.isArray(entries) ? (entries as UnreadyKey[]) : [];
  } catch {
    // Words of somebody else: not in our form, so none of ours.
    return [];
  }
}
