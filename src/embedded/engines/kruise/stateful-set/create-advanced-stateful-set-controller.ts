import { type Controller, controllerKeys, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { createRevisionHistory, revisionHashLabel, templateOf } from '../../../controllers/controller-revisions.ts';
import { createStatefulPods, ordinalOf, PodCreationError } from '../../../controllers/create-stateful-pods.ts';
import type { ControllerRevision, Pod } from '../../../controllers/kubernetes-shapes.ts';
import { availableInMs, isFinished, isReady } from '../../../controllers/pod-state.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import type { EngineContext } from '../../engine.ts';
import { createPodUpdater } from '../create-pod-updater.ts';
import { decideInPlaceUpdate } from '../in-place/decide-in-place-update.ts';
import { decideUpdateStep } from '../in-place/decide-update-step.ts';
import { isUpdateComplete } from '../in-place/in-place-state.ts';
import { isPodNews } from '../is-pod-news.ts';
import { type AdvancedStatefulSet, group } from '../kinds.ts';
import { decideState, isHooked, specifiedDeleteLabel, stateLabel, stateOf, stateTimeAnnotation } from '../lifecycle.ts';
import { scaled } from '../partition.ts';
import { kruiseGate } from '../readiness.ts';
import { decideStatefulStatus } from './decide-status.ts';
import { decideStatefulSteps, type NumberedPod, type StatefulStep } from './decide-steps.ts';
import { ordinalsOf, reservedOrdinals } from './ordinal-range.ts';

const manager = 'kruise-manager';
/** So many steps that change something are taken in one pass; the next pass continues. */
const stepsPerPass = 20;

interface Pass {
  readonly set: AdvancedStatefulSet;
  readonly update: ControllerRevision;
  readonly current: ControllerRevision;
  readonly revisions: readonly ControllerRevision[];
  readonly pods: readonly Pod[];
}

/** Keeps the numbered pods of Advanced StatefulSets, updates them in place or by replacement, several at once. */
export function createAdvancedStatefulSetController(context: EngineContext): Controller {
  const { store, clock } = context;
  const sets = context.kind<AdvancedStatefulSet>(group, 'statefulsets', manager);
  const pods = context.kind<Pod>('', 'pods', manager);
  const history = createRevisionHistory(store);
  const numbered = createStatefulPods(context, manager);
  const updater = createPodUpdater(context, manager);

  function beginPass(set: AdvancedStatefulSet): Pass {
    const update = history.ensureCurrent(set, set.spec.template);
    const revisions = history.list(set);
    const current = revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
    return { set, update, current, revisions, pods: numbered.owned(set) };
  }

  function observe(set: AdvancedStatefulSet, pod: Pod): NumberedPod {
    const state = stateOf(pod);
    const isSettled = state === '' || state === 'Normal';
    const isTerminating = pod.metadata.deletionTimestamp !== undefined;
    const isUp = pod.status?.phase === 'Running' && isReady(pod) && isSettled;
    return {
      ordinal: ordinalOf(set, pod),
      labels: pod.metadata.labels ?? {},
      revision: pod.metadata.labels?.[revisionHashLabel] ?? '',
      isTerminating,
      isFinished: isFinished(pod),
      isHealthy: isUp && !isTerminating,
      isAvailable: isUp && availableInMs(pod, minReadySecondsOf(set), clock.now()) === 0,
      isUpdating: !isUpdateComplete(pod),
      isSpecified: pod.metadata.labels?.[specifiedDeleteLabel] !== undefined,
    };
  }

  /** Brings every pod on by itself. Answers whether one has changed its state, and when one wants another look. */
  function refresh({ set, update, pods: present }: Pass): { readonly hasChanged: boolean; readonly waits: number[] } {
    const { lifecycle } = set.spec;
    const waits: number[] = [];
    let writes = 0;
    let hasChanged = false;
    for (const pod of present) {
      if (writes >= stepsPerPass) return { hasChanged: true, waits: [0] };
      if (pod.metadata.deletionTimestamp !== undefined) continue;
      const refreshed = updater.refresh(pod);
      if (refreshed.nextMs !== undefined) waits.push(refreshed.nextMs);
      const state = decideState(refreshed.pod, {
        state: stateOf(refreshed.pod),
        lifecycle,
        isScheduled: true,
        isFullyUpdated: () => isUpdateComplete(refreshed.pod),
        isAtUpdateRevision: refreshed.pod.metadata.labels?.[revisionHashLabel] === update.metadata.name,
        waitsForNode: false,
      });
      if (state !== undefined || refreshed.pod !== pod) writes += 1;
      if (state === undefined) continue;
      updater.setState(refreshed.pod, state, lifecycle?.inPlaceUpdate?.markPodNotReady === true);
      hasChanged = true;
    }
    return { hasChanged, waits };
  }

  function decide({ set, update, current }: Pass, isMoving: boolean): readonly StatefulStep[] {
    const { updateStrategy, scaleStrategy } = set.spec;
    const rolling = updateStrategy?.rollingUpdate ?? {};
    const replicas = set.spec.replicas ?? 1;
    const isRolling = updateStrategy?.type !== 'OnDelete';
    const scaleLimit = scaleStrategy?.maxUnavailable;
    const isParallel = set.spec.podManagementPolicy === 'Parallel';
    return decideStatefulSteps({
      ordinals: ordinalsOf(replicas, reservedOrdinals(set.spec.reserveOrdinals ?? [])),
      pods: numbered.owned(set).map((pod) => observe(set, pod)),
      isParallel,
      scaleMaxUnavailable:
        scaleLimit === undefined || !isParallel ? undefined : Math.max(1, scaled(scaleLimit, replicas, 'down')),
      rolls: isRolling && rolling.paused !== true && !isMoving,
      hasPartition: isRolling,
      partition: rolling.partition ?? 0,
      maxUnavailable: Math.max(1, scaled(rolling.maxUnavailable ?? 1, replicas, 'down')),
      isUnordered: rolling.unorderedUpdate !== undefined,
      priority: rolling.unorderedUpdate?.priorityStrategy,
      currentRevision: current.metadata.name,
      updateRevision: update.metadata.name,
    });
  }

  function createPod({ set, revisions }: Pass, ordinal: number, revision: string): boolean {
    const found = revisions.find(({ metadata }) => metadata.name === revision);
    const template = found === undefined ? set.spec.template : templateOf(found);
    const gates = (template.spec.readinessGates ?? []).filter(({ conditionType }) => conditionType !== kruiseGate);
    return numbered.create(set, ordinal, template, revision, {
      labels: { [stateLabel]: set.spec.lifecycle?.preNormal === undefined ? 'Normal' : 'PreparingNormal' },
      annotations: { [stateTimeAnnotation]: timestamp(clock.now()) },
      spec: { readinessGates: [...gates, { conditionType: kruiseGate }] },
    });
  }

  function deletePod({ set }: Pass, pod: Pod): boolean {
    const hook = set.spec.lifecycle?.preDelete;
    if (!isHooked(hook, pod)) numbered.delete(set, pod);
    else if (stateOf(pod) === 'PreparingDelete') return false;
    else updater.setState(pod, 'PreparingDelete', hook?.markPodNotReady === true);
    return true;
  }

  function updatePod(pass: Pass, pod: Pod): boolean {
    const { set, update, revisions } = pass;
    const rolling = set.spec.updateStrategy?.rollingUpdate;
    const label = pod.metadata.labels?.[revisionHashLabel];
    const old = revisions.find(({ metadata }) => metadata.name === label);
    const inPlace = old === undefined ? undefined : decideInPlaceUpdate(templateOf(old), templateOf(update));
    const hook = set.spec.lifecycle?.inPlaceUpdate;
    const step = decideUpdateStep({
      policy: rolling?.podUpdatePolicy ?? 'ReCreate',
      canUpdateInPlace: inPlace !== undefined,
      state: stateOf(pod),
      hasHook: hook !== undefined,
      isHeld: isHooked(hook, pod),
    });
    if (step === 'replace') return deletePod(pass, pod);
    if (step === 'prepare') updater.setState(pod, 'PreparingUpdate', hook?.markPodNotReady === true);
    else if (step === 'hold' && hook !== undefined) updater.hold(pod, hook);
    else if (step === 'refuse') {
      throw new Error(`find strategy is InPlaceOnly but Pod ${pod.metadata.name} can not update in-place`);
    } else if (step === 'change' && inPlace !== undefined) {
      const revision = update.metadata.name;
      const graceSeconds = rolling?.inPlaceUpdateStrategy?.gracePeriodSeconds ?? 0;
      updater.startUpdate(pod, { update: inPlace, revision, graceSeconds, tellsState: stateOf(pod) !== '' });
      const message = `successfully update pod ${pod.metadata.name} in-place(revision ${revision})`;
      numbered.tell(set, 'SuccessfulUpdatePodInPlace', message);
    } else return false;
    return true;
  }

  /** Whether anything was written: a pod that is held, or whose claim is still to go, only waits. */
  function carryOut(pass: Pass, step: StatefulStep): boolean {
    if (step.do === 'create') return createPod(pass, step.ordinal, step.revision);
    const pod = pods.get(pass.set.metadata.namespace, `${pass.set.metadata.name}-${step.ordinal}`);
    if (pod === undefined) return false;
    return step.do === 'delete' ? deletePod(pass, pod) : updatePod(pass, pod);
  }

  /** Whether steps are left for the next pass. */
  function carryOutSome(pass: Pass, steps: readonly StatefulStep[]): boolean {
    let taken = 0;
    for (const step of steps) {
      if (taken >= stepsPerPass) return true;
      if (carryOut(pass, step)) taken += 1;
    }
    return false;
  }

  /** Returns when the next pod becomes available by time alone. */
  function writeStatus(
    key: string,
    { update, current, revisions }: Pass,
    failure: Error | undefined,
  ): number | undefined {
    const { namespace, name } = splitKey(key);
    const set = sets.get(namespace, name);
    if (set === undefined) return undefined;
    const owned = numbered.owned(set);
    const status = decideStatefulStatus({
      set,
      pods: owned.map((pod) => ({ ...observe(set, pod), isReady: pod.status?.phase === 'Running' && isReady(pod) })),
      currentRevision: current.metadata.name,
      updateRevision: update.metadata.name,
      failure: failure instanceof PodCreationError ? failure.message : undefined,
      now: timestamp(clock.now()),
    });
    sets.updateStatus(set, status);
    const limit = set.spec.revisionHistoryLimit ?? 10;
    const live = owned.map((pod) => pod.metadata.labels?.[revisionHashLabel] ?? '');
    const inUse = new Set([status.currentRevision ?? '', status.updateRevision ?? '', ...live]);
    if (revisions.length > limit) history.prune(set, limit, inUse);
    const waits = owned
      .map((pod) => availableInMs(pod, minReadySecondsOf(set), clock.now()))
      .filter((wait): wait is number => wait !== undefined && wait > 0);
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  return {
    name: 'advanced-statefulset',
    keysOf: keysByResource({
      [`statefulsets.${group}`]: ownKey,
      pods: (object, change) => (isPodNews(change) ? controllerKeys('StatefulSet')(object, change) : []),
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = sets.get(namespace, name);
      if (set === undefined) return undefined;
      const pass = beginPass(set);
      if (set.metadata.deletionTimestamp !== undefined) return writeStatus(key, pass, undefined);
      const wanted = new Set(ordinalsOf(set.spec.replicas ?? 1, reservedOrdinals(set.spec.reserveOrdinals ?? [])));
      for (const pod of pass.pods) numbered.linkClaims(set, pod, !wanted.has(ordinalOf(set, pod)));
      const { hasChanged, waits } = refresh(pass);
      const steps = decide(pass, hasChanged);
      let failure: Error | undefined;
      let hasMore = false;
      try {
        hasMore = carryOutSome(pass, steps);
      } catch (cause) {
        failure = cause instanceof Error ? cause : new Error(String(cause));
      }
      const availableMs = writeStatus(key, pass, failure);
      if (failure !== undefined) throw failure;
      if (hasMore) return 0;
      const coming = [...waits, availableMs].filter((wait) => wait !== undefined);
      return coming.length === 0 ? undefined : Math.min(...coming);
    },
  };
}

function minReadySecondsOf(set: AdvancedStatefulSet): number {
  return set.spec.updateStrategy?.rollingUpdate?.minReadySeconds ?? 0;
}
