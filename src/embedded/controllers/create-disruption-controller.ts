import type { ClusterObject, StoreEvent } from '../store/types.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keyOf, keysByResource, ownKey, splitKey } from './controller.ts';
import type { ResourceCatalog } from './create-resource-catalog.ts';
import { decideDisruptions } from './decide-disruptions.ts';
import { groupOf } from './group-of.ts';
import { createKindClient } from './kind-client.ts';
import type { Condition, LabelSelector, Pod } from './kubernetes-shapes.ts';
import { matchesSelector } from './matches-selector.ts';
import { controllerOf } from './owner-reference.ts';
import { isFinished, isReady } from './pod-state.ts';
import { printGoSelector } from './print-go-selector.ts';
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

interface ScaledObject extends ClusterObject {
  readonly spec?: { readonly replicas?: number };
}

const component = 'controllermanager';
/** An eviction that was granted counts as done until the pod goes, but no longer than this. */
const disruptedForMs = 120_000;

/** Keeps the status of PodDisruptionBudgets, by which evictions are granted or refused. */
export function createDisruptionController(context: ClusterContext, catalog: ResourceCatalog): Controller {
  const { store, clock } = context;
  const manager = 'kube-controller-manager';
  const budgets = createKindClient<DisruptionBudget>(store, manager, 'policy', 'poddisruptionbudgets');

  /** What controls the pod and has a size, through a ReplicaSet its Deployment; undefined when nothing does. */
  function scaledOwner(pod: Pod): ScaledObject | undefined {
    let found = ownerOf(pod);
    for (let above = found && ownerOf(found); above !== undefined; above = ownerOf(above)) found = above;
    return found;
  }

  function ownerOf(object: ClusterObject): ScaledObject | undefined {
    const owner = controllerOf(object);
    if (owner === undefined) return undefined;
    const resource = catalog.ofKind(groupOf(owner.apiVersion), owner.kind);
    if (resource?.subresources.includes('scale') !== true) return undefined;
    const found = store.get(resource, object.metadata.namespace, owner.name);
    return found?.metadata.uid === owner.uid ? (found as ScaledObject) : undefined;
  }

  function sizesOf(selected: readonly Pod[]): { readonly wanted: number; readonly isComplete: boolean } {
    const sizes = new Map<string, number>();
    let isComplete = true;
    // Siblings have the same owner, which is looked for once.
    const seen = new Set<string>();
    for (const pod of selected) {
      const controller = controllerOf(pod)?.uid ?? '';
      if (seen.has(controller)) continue;
      seen.add(controller);
      const owner = scaledOwner(pod);
      if (owner === undefined) isComplete = false;
      else sizes.set(owner.metadata.uid ?? '', owner.spec?.replicas ?? 1);
    }
    return { wanted: [...sizes.values()].reduce((sum, size) => sum + size, 0), isComplete };
  }

  /** Granted evictions whose pod is still there and not yet on its way out. */
  function stillDisrupted(budget: DisruptionBudget, selected: readonly Pod[]): Record<string, string> {
    const entries = Object.entries(budget.status?.disruptedPods ?? {}).filter(
      ([name, time]) =>
        clock.now() - Date.parse(time) < disruptedForMs && selected.some(({ metadata }) => metadata.name === name),
    );
    return Object.fromEntries(entries);
  }

  function budgetKeys(pod: ClusterObject, { type, previous }: StoreEvent): string[] {
    if (type === 'MODIFIED' && previous !== undefined && !concernsBudgets(pod as Pod, previous as Pod)) return [];
    return budgets
      .list(pod.metadata.namespace)
      .filter(({ spec }) => matchesSelector(spec.selector, pod.metadata.labels))
      .map(keyOf);
  }

  function tell(budget: DisruptionBudget, type: 'Normal' | 'Warning', reason: string, message: string): void {
    context.events.record(budget, { type, reason, message, component });
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
      const selected = context.podIndex.selectedBy(namespace, budget.spec.selector).filter((pod) => !isFinished(pod));
      const disruptedPods = stillDisrupted(budget, selected);
      const { wanted, isComplete } = sizesOf(selected);
      const { minAvailable, maxUnavailable } = budget.spec;
      const counts = decideDisruptions({
        minAvailable,
        maxUnavailable,
        pods: selected.length,
        healthy: selected.filter(
          (pod) =>
            isReady(pod) &&
            pod.metadata.deletionTimestamp === undefined &&
            !Object.hasOwn(disruptedPods, pod.metadata.name),
        ).length,
        wanted,
      });
      if (selected.length === 0) tell(budget, 'Normal', 'NoPods', 'No matching pods found');
      if (!isComplete && (maxUnavailable !== undefined || typeof minAvailable === 'string')) {
        tell(budget, 'Warning', 'UnmanagedPods', unmanagedMessage(budget.spec.selector));
      }
      const isAllowed = counts.disruptionsAllowed > 0;
      const condition: Condition = {
        type: 'DisruptionAllowed',
        status: isAllowed ? 'True' : 'False',
        reason: isAllowed ? 'SufficientPods' : 'InsufficientPods',
        message: '',
        observedGeneration: budget.metadata.generation ?? 0,
      };
      budgets.updateStatus(budget, {
        ...counts,
        observedGeneration: budget.metadata.generation ?? 0,
        ...(Object.keys(disruptedPods).length === 0 ? {} : { disruptedPods }),
        conditions: setCondition(budget.status?.conditions ?? [], condition, timestamp(clock.now())),
      });
      return Object.keys(disruptedPods).length === 0 ? undefined : disruptedForMs;
    },
  };
}

/** Only what changes whether a pod counts, or counts as healthy. */
function concernsBudgets(pod: Pod, before: Pod): boolean {
  return (
    isFinished(pod) !== isFinished(before) ||
    isReady(pod) !== isReady(before) ||
    pod.metadata.deletionTimestamp !== before.metadata.deletionTimestamp ||
    pod.metadata.labels !== before.metadata.labels
  );
}

function unmanagedMessage(selector: LabelSelector = {}): string {
  return `Pods selected by this PodDisruptionBudget (selector: ${printGoSelector(selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
}
