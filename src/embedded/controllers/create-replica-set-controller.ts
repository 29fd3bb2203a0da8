import type { ClusterContext } from './cluster-context.ts';
import { type Controller, controllerKeys, keyOf, keysByResource, ownKey, splitKey } from './controller.ts';
import { decideVictims } from './decide-victims.ts';
import { createKindClient } from './kind-client.ts';
import type { Pod, ReplicaSet } from './kubernetes-shapes.ts';
import { matchesSelector } from './matches-selector.ts';
import { controllerOf, controllerReference, isControlledBy } from './owner-reference.ts';
import { availableInMs, isActive, isReady } from './pod-state.ts';
import { randomSuffix } from './random-suffix.ts';

const component = 'replicaset-controller';
/** So many pods are made or ended in one pass; the next pass continues, so that large scalings do not block. */
const podsPerPass = 50;

/** Keeps as many pods as each ReplicaSet asks for, and counts them. */
export function createReplicaSetController(context: ClusterContext): Controller {
  const { clock, events } = context;
  const replicaSets = createKindClient<ReplicaSet>(context.store, 'kube-controller-manager', 'apps', 'replicasets');
  const pods = createKindClient<Pod>(context.store, 'kube-controller-manager', '', 'pods');

  /** Pods it controls, and orphans that match, which it adopts. */
  function claimPods(set: ReplicaSet): Pod[] {
    const owned = context.store
      .listOwned(set.metadata.uid ?? '')
      .filter((object): object is Pod => object.kind === 'Pod');
    const controlled = owned.filter((pod) => isControlledBy(pod, set));
    if (set.metadata.deletionTimestamp !== undefined) return controlled;
    const orphans = pods
      .list(set.metadata.namespace)
      .filter((pod) => controllerOf(pod) === undefined && isActive(pod))
      .filter((pod) => matchesSelector(set.spec.selector, pod.metadata.labels))
      .map((pod) => adopt(pod, set));
    return [...controlled, ...orphans];
  }

  function adopt(pod: Pod, set: ReplicaSet): Pod {
    const ownerReferences = [...(pod.metadata.ownerReferences ?? []), controllerReference(set)];
    return pods.update({ ...pod, metadata: { ...pod.metadata, ownerReferences } });
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
    events.record(set, {
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${pod.metadata.name}`,
      component,
    });
  }

  function deletePod(set: ReplicaSet, pod: Pod): void {
    pods.delete(pod);
    const message = `Deleted pod: ${pod.metadata.name}`;
    events.record(set, { type: 'Normal', reason: 'SuccessfulDelete', message, component });
  }

  /** Returns whether more remains to be done. */
  function scale(set: ReplicaSet, active: readonly Pod[], all: readonly Pod[]): boolean {
    const missing = (set.spec.replicas ?? 1) - active.length;
    if (missing > 0) for (let count = 0; count < Math.min(missing, podsPerPass); count += 1) createPod(set);
    if (missing < 0) {
      const victims = decideVictims(active, all, -missing, clock.now());
      for (const victim of victims.slice(0, podsPerPass)) deletePod(set, victim);
    }
    return Math.abs(missing) > podsPerPass;
  }

  function reconcile(key: string): number | undefined {
    const { namespace, name } = splitKey(key);
    const set = replicaSets.get(namespace, name);
    if (set === undefined) return undefined;
    const all = claimPods(set);
    let isUnfinished = false;
    let failure: unknown;
    if (set.metadata.deletionTimestamp === undefined) {
      try {
        isUnfinished = scale(set, all.filter(isActive), podsOfNamespace(set));
      } catch (cause) {
        failure = cause;
      }
    }
    const nextMs = writeStatus(set, failure);
    if (failure !== undefined) {
      const message = `Error creating: ${failure instanceof Error ? failure.message : String(failure)}`;
      events.record(set, { type: 'Warning', reason: 'FailedCreate', message, component });
      throw failure;
    }
    return isUnfinished ? 0 : nextMs;
  }

  /** Returns when a pod that is ready becomes available. */
  function writeStatus(set: ReplicaSet, failure: unknown): number | undefined {
    const current = replicaSets.get(set.metadata.namespace, set.metadata.name);
    if (current === undefined) return undefined;
    const owned = context.store
      .listOwned(current.metadata.uid ?? '')
      .filter((object): object is Pod => object.kind === 'Pod');
    const active = owned.filter(isActive);
    const waits = active.map((pod) => availableInMs(pod, current.spec.minReadySeconds ?? 0, clock.now()));
    const labels = current.spec.template.metadata?.labels ?? {};
    const failed = {
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: failure instanceof Error ? failure.message : String(failure),
    };
    replicaSets.updateStatus(current, {
      ...withoutConditions(current.status),
      replicas: active.length,
      fullyLabeledReplicas: active.filter((pod) => matchesSelector({ matchLabels: labels }, pod.metadata.labels))
        .length,
      readyReplicas: active.filter(isReady).length,
      availableReplicas: waits.filter((wait) => wait === 0).length,
      terminatingReplicas: owned.filter((pod) => pod.metadata.deletionTimestamp !== undefined).length,
      observedGeneration: current.metadata.generation ?? 0,
      ...(failure === undefined ? {} : { conditions: [failed] }),
    });
    const coming = waits.filter((wait): wait is number => wait !== undefined && wait > 0);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  function podsOfNamespace(set: ReplicaSet): readonly Pod[] {
    return pods.list(set.metadata.namespace);
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

function withoutConditions(status: ReplicaSet['status']): object {
  const { conditions: _, ...rest } = status ?? {};
  return rest;
}
