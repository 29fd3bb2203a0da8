import type { ClusterObject } from '../store/types.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keyOf, keysByResource, ownKey, splitKey } from './controller.ts';
import { decideDisruptions } from './decide-disruptions.ts';
import { createKindClient } from './kind-client.ts';
import type { Condition, Deployment, LabelSelector, Pod, ReplicaSet, StatefulSet } from './kubernetes-shapes.ts';
import { matchesSelector } from './matches-selector.ts';
import { controllerOf } from './owner-reference.ts';
import { isActive, isReady } from './pod-state.ts';
import { setCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

interface DisruptionBudget extends ClusterObject {
  readonly spec: {
    readonly selector?: LabelSelector;
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly disruptedPods?: Readonly<Record<string, string>>;
  };
}

/** An eviction that was granted counts as done until the pod goes, but no longer than this. */
const disruptedForMs = 120_000;

/** Keeps the status of PodDisruptionBudgets, by which evictions are granted or refused. */
export function createDisruptionController(context: ClusterContext): Controller {
  const { store, clock } = context;
  const manager = 'kube-controller-manager';
  const budgets = createKindClient<DisruptionBudget>(store, manager, 'policy', 'poddisruptionbudgets');
  const pods = createKindClient<Pod>(store, manager, '', 'pods');
  const replicaSets = createKindClient<ReplicaSet>(store, manager, 'apps', 'replicasets');
  const deployments = createKindClient<Deployment>(store, manager, 'apps', 'deployments');
  const statefulSets = createKindClient<StatefulSet>(store, manager, 'apps', 'statefulsets');

  /** The size of what controls the pod, with its identity; undefined for pods whose controller has no size. */
  function scaleOf(pod: Pod): { readonly uid: string; readonly replicas: number } | undefined {
    const owner = controllerOf(pod);
    const { namespace } = pod.metadata;
    if (owner?.kind === 'StatefulSet') {
      const set = statefulSets.get(namespace, owner.name);
      return set === undefined ? undefined : { uid: owner.uid, replicas: set.spec.replicas ?? 1 };
    }
    if (owner?.kind !== 'ReplicaSet') return undefined;
    const set = replicaSets.get(namespace, owner.name);
    const parent = set === undefined ? undefined : controllerOf(set);
    const deployment = parent?.kind === 'Deployment' ? deployments.get(namespace, parent.name) : undefined;
    if (deployment !== undefined) return { uid: parent?.uid ?? '', replicas: deployment.spec.replicas ?? 1 };
    return set === undefined ? undefined : { uid: owner.uid, replicas: set.spec.replicas ?? 1 };
  }

  function wantedOf(selected: readonly Pod[]): number | undefined {
    const sizes = new Map<string, number>();
    for (const pod of selected) {
      const scale = scaleOf(pod);
      if (scale === undefined) return undefined;
      sizes.set(scale.uid, scale.replicas);
    }
    return [...sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  /** Granted evictions whose pod is still there and not yet on its way out. */
  function stillDisrupted(budget: DisruptionBudget, selected: readonly Pod[]): Record<string, string> {
    const entries = Object.entries(budget.status?.disruptedPods ?? {}).filter(
      ([name, time]) =>
        clock.now() - Date.parse(time) < disruptedForMs && selected.some(({ metadata }) => metadata.name === name),
    );
    return Object.fromEntries(entries);
  }

  function budgetKeys(pod: ClusterObject): string[] {
    return budgets
      .list(pod.metadata.namespace)
      .filter(({ spec }) => matchesSelector(spec.selector, pod.metadata.labels))
      .map(keyOf);
  }

  const all = (object: ClusterObject): string[] => budgets.list(object.metadata.namespace).map(keyOf);

  return {
    name: 'disruption',
    keysOf: keysByResource({
      'poddisruptionbudgets.policy': ownKey,
      pods: budgetKeys,
      'deployments.apps': all,
      'replicasets.apps': all,
      'statefulsets.apps': all,
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const budget = budgets.get(namespace, name);
      if (budget === undefined || budget.metadata.deletionTimestamp !== undefined) return undefined;
      const selected = pods
        .list(namespace)
        .filter((pod) => isActive(pod) && matchesSelector(budget.spec.selector, pod.metadata.labels));
      const disruptedPods = stillDisrupted(budget, selected);
      const { isKnown, ...counts } = decideDisruptions({
        minAvailable: budget.spec.minAvailable,
        maxUnavailable: budget.spec.maxUnavailable,
        pods: selected.length,
        healthy: selected.filter((pod) => isReady(pod) && !Object.hasOwn(disruptedPods, pod.metadata.name)).length,
        wanted: wantedOf(selected),
      });
      const isAllowed = counts.disruptionsAllowed > 0;
      const condition: Condition = {
        type: 'DisruptionAllowed',
        status: isAllowed ? 'True' : 'False',
        reason: isAllowed ? 'SufficientPods' : isKnown ? 'InsufficientPods' : 'SyncFailed',
        message: isKnown ? '' : 'found no controller with a size for some of the pods',
        observedGeneration: budget.metadata.generation ?? 0,
      };
      budgets.updateStatus(budget, {
        ...budget.status,
        ...counts,
        observedGeneration: budget.metadata.generation ?? 0,
        disruptedPods,
        conditions: setCondition(budget.status?.conditions ?? [], condition, timestamp(clock.now())),
      });
      return Object.keys(disruptedPods).length === 0 ? undefined : disruptedForMs;
    },
  };
}
