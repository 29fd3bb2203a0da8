import { claimObjects } from '../../../controllers/claim-objects.ts';
import { type Controller, controllerKeys, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { createRevisionHistory } from '../../../controllers/controller-revisions.ts';
import type { Pod } from '../../../controllers/kubernetes-shapes.ts';
import { isActive } from '../../../controllers/pod-state.ts';
import { parseSelectorObject, printLabelSelector } from '../../../machinery/label-selector.ts';
import type { EngineContext } from '../../engine.ts';
import { isPodNews } from '../is-pod-news.ts';
import { type CloneSet, group } from '../kinds.ts';
import { partitionOf } from '../partition.ts';
import type { CloneSetPass } from './clone-set-pass.ts';
import type { CloneSetPod } from './clone-set-pod.ts';
import { createCloneSetScaler } from './create-clone-set-scaler.ts';
import { createCloneSetUpdater } from './create-clone-set-updater.ts';
import { decideNumbers } from './decide-numbers.ts';
import { decideStatus, type StatusInput } from './decide-status.ts';
import { isAtRevision, observePod, readyInMs } from './observe-pod.ts';
import { wishOf } from './wish-of.ts';

const cloneSetManager = 'kruise-manager';

/**
 * Keeps the pods of CloneSets: as many as asked for, at the revisions asked for. A pass either scales or updates, reads
 * its pods anew for the status, and forgets old revisions and names of pods that are gone.
 */
export function createCloneSetController(context: EngineContext): Controller {
  const { store, clock } = context;
  const sets = context.kind<CloneSet>(group, 'clonesets', cloneSetManager);
  const pods = context.kind<Pod>('', 'pods', cloneSetManager);
  const history = createRevisionHistory(store);
  const scaler = createCloneSetScaler(context);
  const updater = createCloneSetUpdater(context);

  /** Pods it controls and still selects; it adopts none. */
  function ownedPods(set: CloneSet): Pod[] {
    const owned = store.listOwned(set.metadata.uid ?? '').filter((object): object is Pod => object.kind === 'Pod');
    return claimObjects({
      owner: set,
      selector: set.spec.selector,
      candidates: owned,
      relink: (pod, ownerReferences) => pods.update({ ...pod, metadata: { ...pod.metadata, ownerReferences } }),
    }).filter(isActive);
  }

  function beginPass(set: CloneSet): CloneSetPass {
    const update = history.ensureCurrent(set, set.spec.template);
    const revisions = history.list(set);
    const current = revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
    const pods = ownedPods(set);
    const observed = observe(set, pods, update.metadata.name);
    const wish = wishOf(set);
    const numbers = decideNumbers(wish, [...observed.keys()]);
    return { set, update, current, revisions, pods, observed, wish, numbers };
  }

  function observe(set: CloneSet, owned: readonly Pod[], revision: string): ReadonlyMap<CloneSetPod, Pod> {
    const nowMs = clock.now();
    return new Map(owned.map((pod) => [observePod(set, pod, revision, nowMs), pod] as const));
  }

  function reconcile(key: string): number | undefined {
    const { namespace, name } = splitKey(key);
    const set = sets.get(namespace, name);
    if (set === undefined) return undefined;
    const pass = beginPass(set);
    const failures: { type: 'FailedScale' | 'FailedUpdate'; cause: Error }[] = [];
    const waits: (number | undefined)[] = [];
    let hasChanged = false;
    if (set.metadata.deletionTimestamp === undefined) {
      const scaled = attempt(() => scaler.scale(pass));
      if (scaled.cause !== undefined) failures.push({ type: 'FailedScale', cause: scaled.cause });
      waits.push(scaled.value?.nextMs);
      hasChanged = scaled.value?.hasChanged ?? true;
      if (scaled.value?.hasChanged !== true) {
        const updated = attempt(() => updater.update(pass));
        if (updated.cause !== undefined) failures.push({ type: 'FailedUpdate', cause: updated.cause });
        waits.push(updated.value?.nextMs);
        hasChanged ||= updated.value?.hasChanged ?? true;
      }
    }
    waits.push(writeStatus(key, hasChanged ? lookAgain(pass) : pass, failures));
    const [failure] = failures;
    if (failure !== undefined) throw failure.cause;
    const coming = waits.filter((wait) => wait !== undefined);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  function lookAgain(pass: CloneSetPass): CloneSetPass {
    const pods = ownedPods(pass.set);
    return { ...pass, pods, observed: observe(pass.set, pods, pass.update.metadata.name) };
  }

  /** Returns when a pod becomes available by time alone, or a deadline passes. */
  function writeStatus(
    key: string,
    { current, update, pods: owned, observed, revisions }: CloneSetPass,
    failures: readonly { readonly type: 'FailedScale' | 'FailedUpdate'; readonly cause: Error }[],
  ): number | undefined {
    const { namespace, name } = splitKey(key);
    const set = sets.get(namespace, name);
    if (set === undefined) return undefined;
    const nowMs = clock.now();
    const { status, nextMs } = decideStatus({
      ...wordsOf(set),
      before: set.status,
      pods: [...observed.keys()],
      currentRevision: current.metadata.name,
      updateRevision: update.metadata.name,
      failures: failures.map(({ type, cause }) => ({ type, message: cause.message })),
      nowMs,
    });
    sets.updateStatus(set, status);
    forgetGonePods(key, owned);
    if (revisions.length > (set.spec.revisionHistoryLimit ?? 10)) {
      pruneHistory(set, owned, revisions, [status.currentRevision, status.updateRevision]);
    }
    const minReadySeconds = set.spec.minReadySeconds ?? 0;
    const waits =
      minReadySeconds === 0
        ? []
        : owned.map((pod) => readyInMs(pod, minReadySeconds, nowMs)).filter((wait) => (wait ?? 0) > 0);
    const coming = [...waits, nextMs].filter((wait) => wait !== undefined);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  /** Names in `podsToDelete` are a wish that was fulfilled when their pods are gone. */
  function forgetGonePods(key: string, owned: readonly Pod[]): void {
    const { namespace, name } = splitKey(key);
    const set = sets.get(namespace, name);
    const named = set?.spec.scaleStrategy?.podsToDelete ?? [];
    if (set === undefined || named.length === 0) return;
    const present = new Set(owned.map(({ metadata }) => metadata.name));
    const podsToDelete = named.filter((pod) => present.has(pod));
    if (podsToDelete.length === named.length) return;
    const { podsToDelete: _gone, ...strategy } = set.spec.scaleStrategy ?? {};
    const scaleStrategy = podsToDelete.length === 0 ? strategy : { ...strategy, podsToDelete };
    sets.update({ ...set, spec: { ...set.spec, scaleStrategy } });
  }

  function pruneHistory(
    set: CloneSet,
    owned: readonly Pod[],
    revisions: CloneSetPass['revisions'],
    live: readonly (string | undefined)[],
  ): void {
    const inUse = new Set(live.filter((name) => name !== undefined));
    for (const { metadata } of revisions) {
      if (owned.some((pod) => isAtRevision(pod, metadata.name))) inUse.add(metadata.name);
    }
    history.prune(set, set.spec.revisionHistoryLimit ?? 10, inUse);
  }

  return {
    name: 'cloneset',
    keysOf: keysByResource({
      [`clonesets.${group}`]: ownKey,
      pods: (object, change) => (isPodNews(change) ? controllerKeys('CloneSet')(object, change) : []),
    }),
    reconcile,
  };
}

function wordsOf(
  set: CloneSet,
): Pick<
  StatusInput,
  'generation' | 'replicas' | 'partition' | 'isPaused' | 'progressDeadlineSeconds' | 'labelSelector'
> {
  const replicas = set.spec.replicas ?? 1;
  return {
    generation: set.metadata.generation ?? 0,
    replicas,
    partition: partitionOf(set.spec.updateStrategy?.partition, replicas),
    isPaused: set.spec.updateStrategy?.paused === true,
    progressDeadlineSeconds: set.spec.progressDeadlineSeconds,
    labelSelector: printLabelSelector(parseSelectorObject(set.spec.selector)),
  };
}

interface Attempt<T> {
  readonly value?: T;
  readonly cause?: Error;
}

function attempt<T>(action: () => T): Attempt<T> {
  try {
    return { value: action() };
  } catch (cause) {
    return { cause: cause instanceof Error ? cause : new Error(String(cause)) };
  }
}
