import { templateOf } from '../../../controllers/controller-revisions.ts';
import type { Pod } from '../../../controllers/kubernetes-shapes.ts';
import { findCondition } from '../../../controllers/set-condition.ts';
import type { EngineContext } from '../../engine.ts';
import { createPodUpdater } from '../create-pod-updater.ts';
import { decideInPlaceUpdate, type InPlaceUpdate } from '../in-place/decide-in-place-update.ts';
import { decideUpdateStep } from '../in-place/decide-update-step.ts';
import { isUpdateComplete } from '../in-place/in-place-state.ts';
import { decideState, isHooked, specifiedDeleteLabel, stateOf } from '../lifecycle.ts';
import { rankForUpdate } from '../order/rank-pods.ts';
import { type CloneSetPass, changesPerPass } from './clone-set-pass.ts';
import { decideUpdates } from './decide-updates.ts';
import { isAtRevision } from './observe-pod.ts';

const component = 'cloneset-controller';
const manager = 'kruise-manager';

export interface UpdateResult {
  /** Whether anything was written to a pod. */
  readonly hasChanged: boolean;
  /** After how many milliseconds a pod wants another look; 0 when there is more to do than one pass does. */
  readonly nextMs: number | undefined;
}

export interface CloneSetUpdater {
  /** Throws where InPlaceOnly cannot do what was asked. */
  update(pass: CloneSetPass): UpdateResult;
}

/** Brings the pods of a CloneSet to its new revision, and each through the states of its life. */
export function createCloneSetUpdater(context: EngineContext): CloneSetUpdater {
  const { events } = context;
  const pods = context.kind<Pod>('', 'pods', manager);
  const updater = createPodUpdater(context, manager);

  /** Whether the pod has moved on to another state. */
  function refreshState({ set, update }: CloneSetPass, pod: Pod): boolean {
    const { lifecycle } = set.spec;
    const state = decideState(pod, {
      state: stateOf(pod),
      lifecycle,
      isScheduled: findCondition(pod.status?.conditions, 'PodScheduled')?.status === 'True',
      isFullyUpdated: () => isUpdateComplete(pod),
      isAtUpdateRevision: isAtRevision(pod, update.metadata.name),
      waitsForNode: true,
    });
    if (state === undefined) return false;
    updater.setState(pod, state, lifecycle?.inPlaceUpdate?.markPodNotReady === true);
    return true;
  }

  /** A pod that is to be replaced is only marked; it goes in a later pass, within the limits of all deletions. */
  function markForDeletion({ set, update }: CloneSetPass, { metadata }: Pod): boolean {
    const pod = pods.get(metadata.namespace, metadata.name);
    if (pod === undefined || pod.metadata.labels?.[specifiedDeleteLabel] !== undefined) return false;
    const labels = { ...pod.metadata.labels, [specifiedDeleteLabel]: 'true' };
    pods.update({ ...pod, metadata: { ...pod.metadata, labels } });
    const message = `successfully patch pod ${pod.metadata.name} specified-delete for update(revision ${update.metadata.name})`;
    events.record(set, { type: 'Normal', reason: 'SuccessfulUpdatePodReCreate', message, component });
    return true;
  }

  function change({ set, update }: CloneSetPass, pod: Pod, inPlace: InPlaceUpdate): void {
    const revision = update.metadata.name;
    const graceSeconds = set.spec.updateStrategy?.inPlaceUpdateStrategy?.gracePeriodSeconds ?? 0;
    updater.startUpdate(pod, { update: inPlace, revision, graceSeconds, tellsState: true });
    const message = `successfully update pod ${pod.metadata.name} in-place(revision ${revision})`;
    events.record(set, { type: 'Normal', reason: 'SuccessfulUpdatePodInPlace', message, component });
  }

  /** Whether anything was written: a pod that is marked or held already only waits. */
  function updatePod(pass: CloneSetPass, pod: Pod): boolean {
    const { set, update, revisions } = pass;
    const old = revisions.find(({ metadata }) => isAtRevision(pod, metadata.name));
    const inPlace = old === undefined ? undefined : decideInPlaceUpdate(templateOf(old), templateOf(update));
    const hook = set.spec.lifecycle?.inPlaceUpdate;
    const step = decideUpdateStep({
      policy: set.spec.updateStrategy?.type ?? 'ReCreate',
      canUpdateInPlace: inPlace !== undefined,
      state: stateOf(pod),
      hasHook: hook !== undefined,
      isHeld: isHooked(hook, pod),
    });
    if (step === 'replace') return markForDeletion(pass, pod);
    if (step === 'change' && inPlace !== undefined) change(pass, pod, inPlace);
    else if (step === 'prepare') updater.setState(pod, 'PreparingUpdate', hook?.markPodNotReady === true);
    else if (step === 'hold' && hook !== undefined) updater.hold(pod, hook);
    else if (step === 'refuse') {
      throw new Error(`find Pod ${pod.metadata.name} update strategy is InPlaceOnly but can not update in-place`);
    } else return false;
    return true;
  }

  return {
    update(pass) {
      const { set, observed, numbers } = pass;
      // 1. Every pod moves on by itself; what follows is decided when all have.
      const waits: number[] = [];
      let changes = 0;
      for (const pod of pass.pods) {
        const refreshed = updater.refresh(pod);
        if (refreshed.nextMs !== undefined) waits.push(refreshed.nextMs);
        const hasMoved = refreshState(pass, refreshed.pod);
        if (hasMoved || refreshed.pod !== pod) changes += 1;
        if (changes >= changesPerPass) return { hasChanged: true, nextMs: 0 };
      }
      const nextMs = waits.length === 0 ? undefined : Math.min(...waits);
      const { paused, priorityStrategy, scatterStrategy } = set.spec.updateStrategy ?? {};
      // What was written just now is a change that comes back with the pods as they are.
      if (changes > 0) return { hasChanged: true, nextMs };
      if (paused === true || numbers.outdated === 0) return { hasChanged: false, nextMs };

      // 2. Some of the old ones are updated.
      const byPod = new Map([...observed].map(([each, pod]) => [pod, each] as const));
      const chosen = decideUpdates({
        numbers,
        pods: rankForUpdate(pass.pods)
          .map((pod) => byPod.get(pod))
          .filter((each) => each !== undefined),
        priority: priorityStrategy,
        scatter: scatterStrategy ?? [],
      });
      for (const each of chosen) {
        if (changes >= changesPerPass) return { hasChanged: true, nextMs: 0 };
        const pod = observed.get(each);
        if (pod !== undefined && updatePod(pass, pod)) changes += 1;
      }
      return { hasChanged: changes > 0, nextMs };
    },
  };
}
