import type { PodObject } from '../../api.ts';
import { classifyPod } from './classify-pod.ts';

export const drainedPodStates = {
  STAYS: 'It is not moved: of a DaemonSet, or run by the kubelet itself.',
  WAITING: 'It has not been asked to go yet.',
  BLOCKED: 'A PodDisruptionBudget does not let it go now; it is asked again.',
  LEAVING: 'It is ending.',
  GONE: 'It is gone.',
  FAILED: 'It cannot be asked to go; the message says why.',
} as const;
export type DrainedPodState = keyof typeof drainedPodStates;

/** How far draining has come with one pod. */
export interface DrainedPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly state: DrainedPodState;
  readonly message: string | null;
}

export interface SeenDrain {
  /** Pods that are bound to the node now. */
  readonly pods: readonly PodObject[];
  /** How it was known when it was looked at last. */
  readonly known: readonly DrainedPod[];
  /** Codes of warnings. */
  readonly acknowledged: readonly string[];
  /** The step is tried again: what failed is tried again, too. */
  readonly isRetry: boolean;
}

/** The pods as they stand now, and those to ask to go. Pods that came after draining began count like the others. Pure. */
export function lookAtPods(seen: SeenDrain): readonly DrainedPod[] {
  const known = new Map(seen.known.map((pod) => [pod.uid, pod]));
  const here = seen.pods.map((pod) => stateOf(pod, known.get(pod.metadata.uid), seen));
  const isHere = new Set(here.map(({ uid }) => uid));
  const gone = seen.known
    .filter(({ uid }) => !isHere.has(uid))
    .map((pod): DrainedPod => ({ ...pod, state: 'GONE', message: null }));
  return [...gone, ...here].sort(byPlace);
}

export const wantsToGo = ({ state }: DrainedPod): boolean => state === 'WAITING' || state === 'BLOCKED';
const isLeft = ({ state }: DrainedPod): boolean => state !== 'GONE' && state !== 'STAYS';

export type DrainVerdict =
  | { readonly do: 'done' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'fail'; readonly why: string };

/** How soon it is looked again, in ms: while pods end, and while budgets do not let any go. */
const leavingMs = 1_000;
const blockedMs = 2_000;

/** What comes of a look, after those that could go were asked to. Pure. */
export function judgeDrain(
  pods: readonly DrainedPod[],
  at: {
    readonly nowMs: number;
    readonly deadlineMs: number;
    readonly isNodeReady: boolean;
    /** Of those that are ending: when they should have ended, by uid. */
    readonly endBy: ReadonlyMap<string, number>;
  },
): DrainVerdict {
  const left = pods.filter(isLeft);
  if (left.length === 0) return { do: 'done' };
  const failed = left.filter(({ state }) => state === 'FAILED');
  if (failed.length === left.length) return { do: 'fail', why: `${words(failed)}.` };
  const rest = left.filter(({ state }) => state !== 'FAILED');
  const isStuck = rest.every(({ state, uid }) => state === 'LEAVING' && at.nowMs > (at.endBy.get(uid) ?? Infinity));
  if (isStuck && !at.isNodeReady) {
    const why = `The node does not answer, so nobody can tell whether its pods have ended: ${words(rest)}. Once the machine is off, delete them by force and try again.`;
    return { do: 'fail', why };
  }
  if (at.nowMs >= at.deadlineMs) return { do: 'fail', why: `Its time is up, and pods are left: ${words(left)}.` };
  return { do: 'wait', ms: rest.some(({ state }) => state === 'LEAVING') ? leavingMs : blockedMs };
}

function stateOf(pod: PodObject, known: DrainedPod | undefined, seen: SeenDrain): DrainedPod {
  const { namespace = '', name, uid, deletionTimestamp } = pod.metadata;
  const to = (state: DrainedPodState, message: string | null = null): DrainedPod => ({
    ...{ namespace, name, uid, state, message },
  });
  const drained = classifyPod(pod);
  if (drained.do === 'stay') return to('STAYS', drained.why);
  if (deletionTimestamp !== undefined) return to('LEAVING');
  const open = drained.needs.filter((code) => !seen.acknowledged.includes(code));
  if (open.length > 0) {
    return to('FAILED', `Nobody acknowledged ${open.join(' and ')} for it: cancel, and begin again with that`);
  }
  if (known?.state === 'BLOCKED' || (known?.state === 'FAILED' && !seen.isRetry)) return known;
  return to('WAITING');
}

/** The first few by name with what is said of them: a message has a bounded length. */
function words(pods: readonly DrainedPod[]): string {
  const told = pods.slice(0, 5).map(({ namespace, name, state, message }) => {
    return `${namespace}/${name} (${message ?? state})`;
  });
  return [...told, ...(pods.length > told.length ? [`${pods.length - told.length} more`] : [])].join('; ');
}

function byPlace(one: DrainedPod, other: DrainedPod): number {
  const [a, b] = [`${one.namespace}/${one.name}/${one.uid}`, `${other.namespace}/${other.name}/${other.uid}`];
  return a < b ? -1 : a > b ? 1 : 0;
}
