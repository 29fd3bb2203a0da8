import { revisionHashLabel } from '../../controllers/controller-revisions.ts';
import type { Pod } from '../../controllers/kubernetes-shapes.ts';
import { findCondition } from '../../controllers/set-condition.ts';
import { timestamp } from '../../controllers/timestamp.ts';
import type { EngineContext } from '../engine.ts';
import { applyInPlaceUpdate, type InPlaceUpdate } from './in-place/decide-in-place-update.ts';
import {
  graceAnnotation,
  type InPlaceState,
  inPlaceStateOf,
  isInGrace,
  isUpdateComplete,
  pendingUpdateOf,
  printPendingUpdate,
  stateAnnotation,
} from './in-place/in-place-state.ts';
import type { LifecycleHook } from './kinds.ts';
import { type LifecycleState, stateLabel, stateOf, stateTimeAnnotation } from './lifecycle.ts';
import { hasGate, inPlaceGate, kruiseGate, type UnreadyKey, withGateCondition, withUnreadyKey } from './readiness.ts';

const templateHashLabel = 'pod-template-hash';
const lifecycleAgent = 'Lifecycle';
const unreadyKeys: Readonly<Partial<Record<LifecycleState, UnreadyKey>>> = {
  PreparingDelete: { userAgent: lifecycleAgent, key: 'preDeleteHook' },
  PreparingUpdate: { userAgent: lifecycleAgent, key: 'preUpdateHook' },
  // The pod that was made unready before its update is given back after it.
  Updated: { userAgent: lifecycleAgent, key: 'preUpdateHook' },
};

export interface InPlaceRequest {
  readonly update: InPlaceUpdate;
  /** Name of the ControllerRevision. */
  readonly revision: string;
  /** Seconds between the pod's becoming unready and the change of its images. */
  readonly graceSeconds: number;
  /** Whether the pod tells its state in a label; pods of older StatefulSets do not. */
  readonly tellsState: boolean;
}

export interface Refreshed {
  /** The pod as it is now; the same object when nothing was written. */
  readonly pod: Pod;
  /** After how many milliseconds it wants another look. */
  readonly nextMs: number | undefined;
}

/** Writes to pods what both workloads do to them: gates, states, updates in place. */
export interface PodUpdater {
  /** Opens the gates of a pod that is not being updated, and changes the images of one whose grace is over. */
  refresh(pod: Pod): Refreshed;
  /** Moves the pod to another state of its life; `marksUnready` closes or opens `KruisePodReady` on the way. */
  setState(pod: Pod, state: LifecycleState, marksUnready: boolean): void;
  /** Puts everything of the hook on the pod again and asks for the update once more. */
  hold(pod: Pod, hook: LifecycleHook): void;
  startUpdate(pod: Pod, request: InPlaceRequest): void;
}

export function createPodUpdater(context: EngineContext, manager: string): PodUpdater {
  const { clock } = context;
  const pods = context.kind<Pod>('', 'pods', manager);
  const now = (): string => timestamp(clock.now());
  const latest = ({ metadata }: Pod): Pod | undefined => pods.get(metadata.namespace, metadata.name);

  function writeStatus(pod: Pod, next: Pod): Pod {
    return next === pod ? pod : pods.updateStatus(pod, next.status);
  }

  function openGates(pod: Pod): Pod {
    let next = pod;
    for (const gate of [kruiseGate, inPlaceGate]) {
      const condition = findCondition(next.status?.conditions, gate);
      if (!hasGate(pod, gate) || condition?.status === 'True') continue;
      // KruisePodReady has many writers: only the first opening is ours.
      if (gate === kruiseGate && condition !== undefined) continue;
      if (gate === inPlaceGate && !isUpdateComplete(pod)) continue;
      next = withGateCondition(next, { type: gate, status: 'True', lastProbeTime: null }, now());
    }
    return writeStatus(pod, next);
  }

  function finishGrace(pod: Pod): Refreshed {
    const pending = pendingUpdateOf(pod);
    const state = inPlaceStateOf(pod);
    const { [graceAnnotation]: _grace, ...annotations } = pod.metadata.annotations ?? {};
    const released = { ...pod, metadata: { ...pod.metadata, annotations } };
    if (pending === undefined || state === undefined || pod.metadata.labels?.[revisionHashLabel] !== pending.revision) {
      // It is to become something else by now: the update begins anew.
      return { pod: pods.update(released), nextMs: undefined };
    }
    const leftMs = Date.parse(state.updateTimestamp) + pending.graceSeconds * 1000 - clock.now();
    if (leftMs > 0) return { pod, nextMs: leftMs };
    return { pod: pods.update(changed(released, pending.update, state, now())), nextMs: undefined };
  }

  function setState(pod: Pod, state: LifecycleState, marksUnready: boolean): void {
    let current = latest(pod);
    if (current === undefined) return;
    const key = unreadyKeys[state];
    if (marksUnready && key !== undefined) {
      current = writeStatus(current, withUnreadyKey(current, key, state !== 'Updated', now()));
    }
    if (stateOf(current) !== state) pods.update(withState(current, state, now()));
  }

  return {
    setState,
    refresh: (pod) => (isInGrace(pod) ? finishGrace(pod) : { pod: openGates(pod), nextMs: undefined }),
    hold(pod, hook) {
      setState(pod, 'PreparingUpdate', hook.markPodNotReady === true);
      const current = latest(pod);
      if (current === undefined) return;
      const finalizers = new Set([...(current.metadata.finalizers ?? []), ...(hook.finalizersHandler ?? [])]);
      const labels = { ...current.metadata.labels, ...hook.labelsHandler };
      pods.update({ ...current, metadata: { ...current.metadata, labels, finalizers: [...finalizers] } });
    },
    startUpdate(pod, { update, revision, graceSeconds, tellsState }) {
      let current = latest(pod);
      if (current === undefined) return;
      if (hasGate(current, inPlaceGate)) {
        const reason = 'StartInPlaceUpdate';
        const condition = { type: inPlaceGate, status: 'False', reason, lastProbeTime: null } as const;
        current = writeStatus(current, withGateCondition(current, condition, now()));
      }
      const labels = {
        ...current.metadata.labels,
        [revisionHashLabel]: revision,
        ...(current.metadata.labels?.[templateHashLabel] === undefined
          ? {}
          : { [templateHashLabel]: hashOf(revision) }),
      };
      const state: InPlaceState = {
        revision,
        updateTimestamp: now(),
        lastContainerStatuses: null,
        ...(Object.keys(update.images).length === 0 ? {} : { updateImages: true }),
      };
      const annotations = { ...current.metadata.annotations, [stateAnnotation]: JSON.stringify(state) };
      const labelled = { ...current, metadata: { ...current.metadata, labels, annotations } };
      const marked = tellsState ? withState(labelled, 'Updating', now()) : labelled;
      pods.update(
        graceSeconds > 0
          ? withAnnotation(marked, graceAnnotation, printPendingUpdate({ revision, graceSeconds, update }))
          : changed(withoutAnnotation(marked, graceAnnotation), update, state, now()),
      );
    },
  };
}

/** The last part of a revision's name. */
export function hashOf(revision: string): string {
  return revision.slice(revision.lastIndexOf('-') + 1);
}

/** The pod with its new images, and with what it ran before written down. */
function changed(pod: Pod, update: InPlaceUpdate, state: InPlaceState, now: string): Pod {
  const names = Object.keys(update.images);
  const last = (pod.status?.containerStatuses ?? [])
    .filter(({ name }) => names.includes(name))
    .map(({ name, imageID }) => [name, { imageID }] as const);
  const next: InPlaceState = {
    ...state,
    lastContainerStatuses: last.length === 0 ? null : Object.fromEntries(last),
    containerBatchesRecord: [{ timestamp: now, containers: names }],
  };
  return withAnnotation(applyInPlaceUpdate(pod, update), stateAnnotation, JSON.stringify(next));
}

function withState(pod: Pod, state: LifecycleState, now: string): Pod {
  const labels = { ...pod.metadata.labels, [stateLabel]: state };
  return withAnnotation({ ...pod, metadata: { ...pod.metadata, labels } }, stateTimeAnnotation, now);
}

function withAnnotation(pod: Pod, name: string, value: string): Pod {
  return { ...pod, metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, [name]: value } } };
}

function withoutAnnotation(pod: Pod, name: string): Pod {
  const { [name]: _gone, ...annotations } = pod.metadata.annotations ?? {};
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}
