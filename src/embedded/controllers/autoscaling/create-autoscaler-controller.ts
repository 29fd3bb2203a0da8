import { StatusError } from '../../api/status-error.ts';
import type { UsageSource } from '../../containers/usage/create-usage-source.ts';
import { type LabelSelector, matchesLabelSelector, parseLabelSelector } from '../../machinery/label-selector.ts';
import { unitsOf } from '../../machinery/quantity.ts';
import type { ResourceDefinition, ScaleView } from '../../store/types.ts';
import type { ClusterContext } from '../cluster-context.ts';
import { type Controller, keysByResource, ownKey, splitKey } from '../controller.ts';
import { groupOf } from '../group-of.ts';
import { createKindClient } from '../kind-client.ts';
import type { Pod } from '../kubernetes-shapes.ts';
import type { Autoscaler, ScalingRules } from './autoscaler-shapes.ts';
import { type AutoscalerRound, createAutoscalerRound } from './create-autoscaler-round.ts';
import type { Tolerances } from './decide-metric-replicas.ts';
import { decideScaling, rememberChange, type ScalingHistory } from './decide-scaling.ts';
import { type Wanted, weighMetrics } from './weigh-metrics.ts';

/** Autoscalers look at their metrics this often, and not before so long after they were made. */
const syncMs = 15_000;
const tolerance = 0.1;
const noHistory: ScalingHistory = { recommendations: [], ups: [], downs: [] };

interface Target {
  readonly resource: ResourceDefinition;
  readonly scale: ScaleView;
}

/** Moves the scale of workloads by what their pods use (`autoscaling/v2`), in the real controller's rules and words. */
export function createAutoscalerController(context: ClusterContext, usage: UsageSource): Controller {
  const { store, clock } = context;
  const manager = 'kube-controller-manager';
  const autoscalers = createKindClient<Autoscaler>(store, manager, 'autoscaling', 'horizontalpodautoscalers');
  const pods = createKindClient<Pod>(store, manager, '', 'pods');
  const dueAt = new Map<string, number>();
  const histories = new Map<string, ScalingHistory>();
  /** Selectors of the autoscalers that have looked at their target, to notice two that select the same pods. */
  const selectors = new Map<string, LabelSelector>();

  function forget(key: string): void {
    dueAt.delete(key);
    histories.delete(key);
    selectors.delete(key);
  }

  /** Throws an error with the words of the condition. */
  function findTarget(autoscaler: Autoscaler): Target {
    const { apiVersion = '', kind, name } = autoscaler.spec.scaleTargetRef;
    const group = groupOf(apiVersion);
    const resource = store.resourceOfKind(group, kind);
    if (resource === undefined) throw new Error(`no matches for kind "${kind}" in group "${group}"`);
    const scale = store.getScale(resource, autoscaler.metadata.namespace, name);
    if (scale === undefined) throw new Error('the server could not find the requested resource');
    return { resource, scale };
  }

  function sync(key: string, autoscaler: Autoscaler): void {
    const round = createAutoscalerRound(context, autoscalers, autoscaler);
    let target: Target;
    try {
      target = findTarget(autoscaler);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      round.warn('FailedGetScale', why);
      round.set(
        'AbleToScale',
        'False',
        'FailedGetScale',
        `the HPA controller was unable to get the target's current scale: ${why}`,
      );
      round.keep();
      return;
    }
    round.set(
      'AbleToScale',
      'True',
      'SucceededGetScale',
      "the HPA controller was able to get the target's current scale",
    );
    const currentReplicas = target.scale.replicas;
    const { minReplicas = 1, maxReplicas, behavior } = autoscaler.spec;
    const nowMs = clock.now();
    const history = histories.get(key) ?? {
      ...noHistory,
      recommendations: [{ replicas: currentReplicas, atMs: nowMs }],
    };
    histories.set(key, history);

    if (currentReplicas === 0) {
      round.set(
        'ScalingActive',
        'False',
        'ScalingDisabled',
        'scaling is disabled since the replica count of the target is zero',
      );
      round.write(0, 0, null, false);
      return;
    }
    if (currentReplicas > maxReplicas) {
      rescale(
        round,
        key,
        target,
        currentReplicas,
        maxReplicas,
        'Current number of replicas above Spec.MaxReplicas',
        null,
      );
      return;
    }
    if (currentReplicas < minReplicas) {
      rescale(
        round,
        key,
        target,
        currentReplicas,
        minReplicas,
        'Current number of replicas below Spec.MinReplicas',
        null,
      );
      return;
    }

    const wanted = evaluate(round, key, target);
    if (wanted.replicas === undefined) {
      round.write(currentReplicas, autoscaler.status?.desiredReplicas ?? 0, wanted.statuses, false);
      round.warn('FailedComputeMetricsReplicas', wanted.failure);
      return;
    }
    const decision = decideScaling({
      currentReplicas,
      wantedReplicas: wanted.replicas,
      minReplicas,
      maxReplicas,
      behavior,
      history,
      nowMs,
    });
    histories.set(key, decision.history);
    round.set('AbleToScale', 'True', decision.ableToScale.reason, decision.ableToScale.message);
    const { isLimited, reason, message } = decision.scalingLimited;
    round.set('ScalingLimited', isLimited ? 'True' : 'False', reason, message);
    if (decision.replicas === currentReplicas) {
      round.write(currentReplicas, currentReplicas, wanted.statuses, false);
      return;
    }
    const why = wanted.replicas > currentReplicas ? `${wanted.metricName} above target` : 'All metrics below target';
    rescale(
      round,
      key,
      target,
      currentReplicas,
      decision.replicas,
      wanted.replicas === currentReplicas ? '' : why,
      wanted.statuses,
    );
  }

  function rescale(
    round: AutoscalerRound,
    key: string,
    { resource, scale }: Target,
    from: number,
    to: number,
    why: string,
    statuses: readonly object[] | null,
  ): void {
    try {
      store.setScale(resource, scale.namespace, scale.name, to, { fieldManager: manager });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      round.warn('FailedRescale', `New size: ${to}; reason: ${why}; error: ${error.message}`);
      round.set(
        'AbleToScale',
        'False',
        'FailedUpdateScale',
        `the HPA controller was unable to update the target scale: ${error.message}`,
      );
      round.write(from, round.autoscaler.status?.desiredReplicas ?? 0, statuses, false);
      return;
    }
    round.set(
      'AbleToScale',
      'True',
      'SucceededRescale',
      `the HPA controller was able to update the target scale to ${to}`,
    );
    round.tell('SuccessfulRescale', `New size: ${to}; reason: ${why}`);
    if (round.autoscaler.spec.behavior !== undefined) {
      histories.set(key, rememberChange(histories.get(key) ?? noHistory, from, to, clock.now()));
    }
    round.write(from, to, statuses, true);
  }

  function evaluate(round: AutoscalerRound, key: string, { scale }: Target): Wanted {
    const { namespace = '' } = round.autoscaler.metadata;
    const refuse = (reason: string, message: string, eventReason: string, failure: string): Wanted => {
      round.warn(eventReason, failure);
      round.set('ScalingActive', 'False', reason, message);
      return { replicas: undefined, metricName: '', failure, statuses: null };
    };
    if (scale.selector === '') {
      return refuse(
        'InvalidSelector',
        "the HPA target's scale is missing a selector",
        'SelectorRequired',
        'selector is required',
      );
    }
    const selector = parseLabelSelector(scale.selector);
    selectors.set(key, selector);
    const selected = pods.list(namespace).filter((pod) => matchesLabelSelector(selector, pod.metadata.labels));
    const rivals = rivalsOf(key, namespace, selected);
    if (rivals.length > 0) {
      const failure = `pods by selector ${scale.selector} are controlled by multiple HPAs: [${[key, ...rivals].join(' ')}]`;
      return refuse('AmbiguousSelector', failure, 'AmbiguousSelector', failure);
    }
    const site = { namespace, currentReplicas: scale.replicas, pods: selected, usage, nowMs: clock.now() };
    return weighMetrics(round, { ...site, tolerances: tolerancesOf(round.autoscaler) });
  }

  /** Other autoscalers of the namespace that select one of the pods too. */
  function rivalsOf(key: string, namespace: string, selected: readonly Pod[]): string[] {
    return [...selectors]
      .filter(([other]) => other !== key && splitKey(other).namespace === namespace)
      .filter(([, selector]) => selected.some((pod) => matchesLabelSelector(selector, pod.metadata.labels)))
      .map(([other]) => other);
  }

  return {
    name: 'horizontal-pod-autoscaler',
    keysOf: keysByResource({ 'horizontalpodautoscalers.autoscaling': ownKey }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const autoscaler = autoscalers.get(namespace, name);
      if (autoscaler === undefined) {
        forget(key);
        return undefined;
      }
      const nowMs = clock.now();
      const due = dueAt.get(key) ?? nowMs + syncMs;
      if (due > nowMs) {
        dueAt.set(key, due);
        return due - nowMs;
      }
      dueAt.set(key, nowMs + syncMs);
      sync(key, autoscaler);
      return syncMs;
    },
  };
}

function tolerancesOf({ spec }: Autoscaler): Tolerances {
  const read = (rules: ScalingRules | undefined): number =>
    rules?.tolerance === undefined ? tolerance : unitsOf(rules.tolerance);
  return { up: read(spec.behavior?.scaleUp), down: read(spec.behavior?.scaleDown) };
}
