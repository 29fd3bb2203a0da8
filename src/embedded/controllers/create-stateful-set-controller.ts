import type { ClusterContext } from './cluster-context.ts';
import { type Controller, controllerKeys, keysByResource, ownKey, splitKey } from './controller.ts';
import { createRevisionHistory, revisionHashLabel, templateOf } from './controller-revisions.ts';
import { createStatefulPods, ordinalOf } from './create-stateful-pods.ts';
import { decideStatefulSet, type OrdinalPod, type StatefulSetStep } from './decide-stateful-set.ts';
import { createKindClient } from './kind-client.ts';
import type { ControllerRevision, Pod, StatefulSet } from './kubernetes-shapes.ts';
import { omitZeros } from './omit-zeros.ts';
import { availableInMs, isFinished, isReady } from './pod-state.ts';

/** Keeps the numbered pods of StatefulSets, with their volume claims, in order. */
export function createStatefulSetController(context: ClusterContext): Controller {
  const { store, clock } = context;
  const manager = 'kube-controller-manager';
  const sets = createKindClient<StatefulSet>(store, manager, 'apps', 'statefulsets');
  const pods = createKindClient<Pod>(store, manager, '', 'pods');
  const statefulPods = createStatefulPods(context, manager);
  const history = createRevisionHistory(store);

  function carryOut(set: StatefulSet, step: StatefulSetStep, revisions: readonly ControllerRevision[]): void {
    if (step.do === 'delete') {
      const pod = pods.get(set.metadata.namespace, `${set.metadata.name}-${step.ordinal}`);
      if (pod !== undefined) statefulPods.delete(set, pod);
      return;
    }
    const revision = revisions.find(({ metadata }) => metadata.name === step.revision);
    const template = revision === undefined ? set.spec.template : templateOf(revision);
    statefulPods.create(set, step.ordinal, template, step.revision);
  }

  function observe(set: StatefulSet, pod: Pod): OrdinalPod {
    return {
      ordinal: ordinalOf(set, pod),
      revision: pod.metadata.labels?.[revisionHashLabel] ?? '',
      isAvailable: availableInMs(pod, set.spec.minReadySeconds ?? 0, clock.now()) === 0,
      isTerminating: pod.metadata.deletionTimestamp !== undefined,
      isFinished: isFinished(pod),
    };
  }

  /** Returns when the next pod becomes available by time alone. */
  function writeStatus(key: string, currentRevision: string, updateRevision: string): number | undefined {
    const { namespace, name } = splitKey(key);
    const set = sets.get(namespace, name);
    if (set === undefined) return undefined;
    const owned = statefulPods.owned(set);
    const waits = owned.map((pod) => availableInMs(pod, set.spec.minReadySeconds ?? 0, clock.now()));
    const live = owned.filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const at = (revision: string): number =>
      live.filter((pod) => pod.metadata.labels?.[revisionHashLabel] === revision).length;
    const readyReplicas = owned.filter((pod) => isReady(pod) && pod.status?.phase === 'Running').length;
    const updatedReplicas = at(updateRevision);
    const rolls = set.spec.updateStrategy?.type !== 'OnDelete';
    const wanted = set.spec.replicas ?? 1;
    const isComplete = rolls && [updatedReplicas, readyReplicas, owned.length].every((count) => count === wanted);
    const current = isComplete ? updateRevision : currentRevision;
    const { collisionCount } = (set.status ?? {}) as { readonly collisionCount?: number };
    sets.updateStatus(set, {
      replicas: owned.length,
      availableReplicas: waits.filter((wait) => wait === 0).length,
      ...omitZeros({
        observedGeneration: set.metadata.generation ?? 0,
        readyReplicas,
        currentReplicas: at(current),
        updatedReplicas,
      }),
      currentRevision: current,
      updateRevision,
      collisionCount: collisionCount ?? 0,
    });
    const inUse = new Set([
      current,
      updateRevision,
      ...owned.map((pod) => pod.metadata.labels?.[revisionHashLabel] ?? ''),
    ]);
    history.prune(set, set.spec.revisionHistoryLimit ?? 10, inUse);
    const coming = waits.filter((wait): wait is number => wait !== undefined && wait > 0);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  return {
    name: 'statefulset',
    keysOf: keysByResource({ 'statefulsets.apps': ownKey, pods: controllerKeys('StatefulSet') }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = sets.get(namespace, name);
      if (set === undefined) return undefined;
      const update = history.ensureCurrent(set, set.spec.template);
      const revisions = history.list(set);
      const known = set.status?.currentRevision;
      const updateRevision = update.metadata.name;
      const isKnown = typeof known === 'string' && revisions.some(({ metadata }) => metadata.name === known);
      const currentRevision = isKnown ? known : updateRevision;
      if (set.metadata.deletionTimestamp !== undefined) return writeStatus(key, currentRevision, updateRevision);
      const owned = statefulPods.owned(set);
      for (const pod of owned) statefulPods.linkClaims(set, pod, !isInRange(set, ordinalOf(set, pod)));
      const steps = decideStatefulSet({
        firstOrdinal: set.spec.ordinals?.start ?? 0,
        replicas: set.spec.replicas ?? 1,
        pods: owned.map((pod) => observe(set, pod)),
        isParallel: set.spec.podManagementPolicy === 'Parallel',
        rollsUpdates: set.spec.updateStrategy?.type !== 'OnDelete',
        partition: set.spec.updateStrategy?.rollingUpdate?.partition ?? 0,
        currentRevision,
        updateRevision,
      });
      let failure: unknown;
      try {
        for (const step of steps) carryOut(set, step, revisions);
      } catch (cause) {
        failure = cause ?? new Error('failed without a reason');
      }
      if (failure !== undefined) {
        writeStatus(key, currentRevision, updateRevision);
        throw failure;
      }
      return writeStatus(key, currentRevision, updateRevision);
    },
  };
}

function isInRange(set: StatefulSet, ordinal: number): boolean {
  const first = set.spec.ordinals?.start ?? 0;
  return ordinal >= first && ordinal < first + (set.spec.replicas ?? 1);
}
