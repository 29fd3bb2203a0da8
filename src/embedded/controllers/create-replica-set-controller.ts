import type { OwnerReference } from '../store/types.ts';
import { claimObjects } from './claim-objects.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, controllerKeys, keyOf, keysByResource, ownKey, splitKey } from './controller.ts';
import { decideVictims } from './decide-victims.ts';
import { isNamespaceEnding } from './is-namespace-ending.ts';
import { createKindClient } from './kind-client.ts';
import type { Condition, Pod, ReplicaSet } from './kubernetes-shapes.ts';
import { matchesSelector } from './matches-selector.ts';
import { omitZeros } from './omit-zeros.ts';
import { controllerOf, controllerReference } from './owner-reference.ts';
import { availableInMs, isActive, isFinished, isReady } from './pod-state.ts';
import { randomSuffix } from './random-suffix.ts';
import { findCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

const component = 'replicaset-controller';
/** So many pods are made or ended in one pass; the next pass continues, so that large scalings do not block. */
const podsPerPass = 50;

interface Failure {
  readonly cause: unknown;
  readonly reason: 'FailedCreate' | 'FailedDelete';
}

/** Keeps as many pods as each ReplicaSet asks for, and counts them. */
export function createReplicaSetController(context: ClusterContext): Controller {
  const { clock, events, podIndex } = context;
  const replicaSets = createKindClient<ReplicaSet>(context.store, 'kube-controller-manager', 'apps', 'replicasets');
  const pods = createKindClient<Pod>(context.store, 'kube-controller-manager', '', 'pods');

  function ownedPods(owner: string): Pod[] {
    return context.store.listOwned(owner).filter((object): object is Pod => object.kind === 'Pod');
  }

  function relink(pod: Pod, ownerReferences: readonly OwnerReference[]): Pod {
    return pods.update({ ...pod, metadata: { ...pod.metadata, ownerReferences } });
  }

  function claimPods(set: ReplicaSet): Pod[] {
    const orphans = podIndex.orphans(set.metadata.namespace).filter((pod) => !isFinished(pod));
    const candidates = [...ownedPods(set.metadata.uid ?? ''), ...orphans];
    return claimObjects({ owner: set, selector: set.spec.selector, candidates, relink });
  }

  function tell(set: ReplicaSet, type: 'Normal' | 'Warning', reason: string, message: string): void {
    events.record(set, { type, reason, message, component });
  }

  function createPod(set: ReplicaSet): void {
    const { template } = set.spec;
    const generateName = `${set.metadata.name}-`;
    const pod = pods.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${generateName.slice(0, 58)}${randomSuffix(context.random)}`,
        generateName,
        namespace: set.metadata.namespace,
        labels: template.metadata?.labels ?? {},
        ...(template.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
        ...(template.metadata?.finalizers === undefined ? {} : { finalizers: template.metadata.finalizers }),
        ownerReferences: [controllerReference(set)],
      },
      spec: template.spec,
    });
    tell(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
  }

  /**
   * A slow start: batches of 1, 2, 4… so that a refusal (a quota, say) is met by one pod and not by hundreds. The rest
   * of the batch is still tried, as the requests of a batch go out together.
   */
  function createPods(set: ReplicaSet, count: number): Failure | undefined {
    let left = Math.min(count, podsPerPass);
    for (let batch = 1; left > 0; batch *= 2) {
      let failure: Failure | undefined;
      for (let index = 0; index < Math.min(batch, left); index += 1) {
        const cause = attempt(() => createPod(set));
        if (cause === undefined || isNamespaceEnding(cause)) continue;
        tell(set, 'Warning', 'FailedCreate', `Error creating: ${messageOf(cause)}`);
        failure ??= { cause, reason: 'FailedCreate' };
      }
      if (failure !== undefined) return failure;
      left -= batch;
    }
    return undefined;
  }

  function deletePods(set: ReplicaSet, victims: readonly Pod[]): Failure | undefined {
    let failure: Failure | undefined;
    for (const pod of victims) {
      const cause = attempt(() => pods.delete(pod));
      if (cause === undefined) {
        tell(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
        continue;
      }
      tell(set, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(cause)}`);
      failure ??= { cause, reason: 'FailedDelete' };
    }
    return failure;
  }

  function scale(set: ReplicaSet, active: readonly Pod[]): Failure | undefined {
    const missing = (set.spec.replicas ?? 1) - active.length;
    if (missing > 0) return createPods(set, missing);
    if (missing === 0) return undefined;
    const victims = decideVictims(active, neighbours(set, active), -missing, clock.now());
    return deletePods(set, victims.slice(0, podsPerPass));
  }

  /** The pods of all ReplicaSets of the same Deployment: nodes that hold many of them give theirs up first. */
  function neighbours(set: ReplicaSet, own: readonly Pod[]): readonly Pod[] {
    const owner = controllerOf(set);
    if (owner === undefined) return own;
    return context.store
      .listOwned(owner.uid)
      .filter((object) => object.kind === 'ReplicaSet')
      .flatMap((sibling) => ownedPods(sibling.metadata.uid ?? '').filter((pod) => !isFinished(pod)));
  }

  function reconcile(key: string): number | undefined {
    const { namespace, name } = splitKey(key);
    const set = replicaSets.get(namespace, name);
    if (set === undefined) return undefined;
    const active = claimPods(set).filter(isActive);
    const failure = set.metadata.deletionTimestamp === undefined ? scale(set, active) : undefined;
    const nextMs = writeStatus(set, failure, active.length);
    if (failure !== undefined) throw failure.cause;
    const isUnfinished = Math.abs((set.spec.replicas ?? 1) - active.length) > podsPerPass;
    return isUnfinished && set.metadata.deletionTimestamp === undefined ? 0 : nextMs;
  }

  /** Returns when a pod that is ready becomes available. */
  function writeStatus(set: ReplicaSet, failure: Failure | undefined, counted: number): number | undefined {
    const current = replicaSets.get(set.metadata.namespace, set.metadata.name);
    if (current === undefined) return undefined;
    const owned = ownedPods(current.metadata.uid ?? '').filter((pod) =>
      matchesSelector(current.spec.selector, pod.metadata.labels),
    );
    const active = owned.filter(isActive);
    const waits = active.map((pod) => availableInMs(pod, current.spec.minReadySeconds ?? 0, clock.now()));
    const labels = current.spec.template.metadata?.labels ?? {};
    const matching = active.filter((pod) => matchesSelector({ matchLabels: labels }, pod.metadata.labels));
    const conditions = conditionsAfter(current, failure, counted);
    replicaSets.updateStatus(current, {
      replicas: active.length,
      ...omitZeros({
        fullyLabeledReplicas: matching.length,
        readyReplicas: active.filter(isReady).length,
        availableReplicas: waits.filter((wait) => wait === 0).length,
        observedGeneration: current.metadata.generation ?? 0,
      }),
      terminatingReplicas: owned.filter((pod) => !isFinished(pod) && pod.metadata.deletionTimestamp !== undefined)
        .length,
      ...(conditions.length === 0 ? {} : { conditions }),
    });
    const coming = waits.filter((wait): wait is number => wait !== undefined && wait > 0);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  /** The first failure stays until there is none; that its words change with every try is not told. */
  function conditionsAfter(set: ReplicaSet, failure: Failure | undefined, counted: number): readonly Condition[] {
    const known = set.status?.conditions ?? [];
    const others = known.filter(({ type }) => type !== 'ReplicaFailure');
    if (failure === undefined) return others;
    if (findCondition(known, 'ReplicaFailure') !== undefined) return known;
    const reason = counted < (set.spec.replicas ?? 1) ? 'FailedCreate' : 'FailedDelete';
    const lastTransitionTime = timestamp(clock.now());
    return [
      ...others,
      { type: 'ReplicaFailure', status: 'True', reason, message: messageOf(failure.cause), lastTransitionTime },
    ];
  }

  return {
    name: 'replicaset',
    keysOf: keysByResource({
      'replicasets.apps': ownKey,
      pods: (object, change) => {
        const owners = controllerKeys('ReplicaSet')(object, change);
        if (owners.length > 0 || controllerOf(object) !== undefined) return owners;
        return replicaSets
          .list(object.metadata.namespace)
          .filter((set) => matchesSelector(set.spec.selector, object.metadata.labels))
          .map(keyOf);
      },
    }),
    reconcile,
  };
}

function attempt(action: () => void): unknown {
  try {
    action();
    return undefined;
  } catch (cause) {
    return cause ?? new Error('failed without a reason');
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
