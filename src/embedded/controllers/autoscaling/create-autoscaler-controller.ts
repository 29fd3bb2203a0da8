import { StatusError } from '../../api/status-error.ts';
import type { UsageSource } from '../../containers/usage/create-usage-source.ts';
import { type LabelSelector, matchesLabelSelector, parseLabelSelector } from '../../machinery/label-selector.ts';
import { unitsOf } from '../../machinery/quantity.ts';
import type { ResourceDefinition, ScaleView } from '../../store/types.ts';
import type { ClusterContext } from '../cluster-context.ts';
import { type Controller, keysByResource, ownKey, splitKey } from '../controller.ts';
import { groupOf } from '../group-of.ts';
import { createKindClient } from '../kind-client.ts';
import type { Condition, Pod } from '../kubernetes-shapes.ts';
import { setCondition } from '../set-condition.ts';
import { timestamp } from '../timestamp.ts';
import type { Autoscaler, ScalingRules } from './autoscaler-shapes.ts';
import type { Tolerances } from './decide-metric-replicas.ts';
import { decideScaling, rememberChange, type ScalingHistory } from './decide-scaling.ts';
import { evaluateMetric } from './evaluate-metric.ts';

/** Autoscalers look at their metrics this often, and not before so long after they were made. */
const syncMs = 15_000;
const tolerance = 0.1;
const component = 'horizontal-pod-autoscaler';
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
    const round = createRound(autoscaler);
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

    const wanted = round.evaluate(key, target);
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
    round: Round,
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
    context.events.record(round.autoscaler, {
      type: 'Normal',
      reason: 'SuccessfulRescale',
      message: `New size: ${to}; reason: ${why}`,
      component,
    });
    if (round.autoscaler.spec.behavior !== undefined) {
      histories.set(key, rememberChange(histories.get(key) ?? noHistory, from, to, clock.now()));
    }
    round.write(from, to, statuses, true);
  }

  interface Wanted {
    /** Undefined when the metrics do not say. */
    readonly replicas: number | undefined;
    readonly metricName: string;
    readonly failure: string;
    readonly statuses: readonly object[] | null;
  }

  interface Round {
    readonly autoscaler: Autoscaler;
    warn(reason: string, message: string): void;
    set(type: string, status: 'True' | 'False', reason: string, message: string): void;
    evaluate(key: string, target: Target): Wanted;
    /** Writes the conditions and leaves the rest of the status. */
    keep(): void;
    write(current: number, desired: number, metrics: readonly object[] | null, isRescaled: boolean): void;
  }

  /** One look at an autoscaler: gathers conditions and writes them once. */
  function createRound(autoscaler: Autoscaler): Round {
    const now = timestamp(clock.now());
    const namespace = autoscaler.metadata.namespace ?? '';
    let conditions: readonly Condition[] = autoscaler.status?.conditions ?? [];

    const round: Round = {
      autoscaler,
      warn: (reason, message) => context.events.record(autoscaler, { type: 'Warning', reason, message, component }),
      set(type, status, reason, message) {
        conditions = setCondition(conditions, { type, status, reason, message }, now);
      },
      keep() {
        const status = autoscaler.status ?? { desiredReplicas: 0, currentMetrics: null };
        autoscalers.updateStatus(autoscaler, { ...status, conditions });
      },
      write(current, desired, metrics, isRescaled) {
        const lastScaleTime = isRescaled ? now : autoscaler.status?.lastScaleTime;
        autoscalers.updateStatus(autoscaler, {
          ...(current === 0 ? {} : { currentReplicas: current }),
          desiredReplicas: desired,
          ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
          currentMetrics: metrics,
          conditions,
        });
      },
      evaluate(key, { scale }) {
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
        return weigh(round, selector, selected, scale.replicas);
      },
    };
    return round;
  }

  /** Asks all metrics; the one that wants most decides. */
  function weigh(round: Round, selector: LabelSelector, selected: readonly Pod[], currentReplicas: number): Wanted {
    const { autoscaler } = round;
    const site = {
      namespace: autoscaler.metadata.namespace ?? '',
      currentReplicas,
      selector,
      pods: selected,
      usage,
      tolerances: tolerancesOf(autoscaler),
      nowMs: clock.now(),
    };
    const specs = autoscaler.spec.metrics ?? [];
    const outcomes = specs.map((spec) => evaluateMetric(spec, site));
    const statuses = outcomes.map((outcome) => ('status' in outcome ? outcome.status : { type: '' }));
    const failures = outcomes.filter((outcome) => 'reason' in outcome);
    for (const { reason, detail } of failures) round.warn(reason, detail);
    let best: { replicas: number; metricName: string } | undefined;
    for (const outcome of outcomes) {
      if ('replicas' in outcome && (best === undefined || outcome.replicas > best.replicas)) best = outcome;
    }
    const [first] = failures;
    const failure =
      first === undefined
        ? ''
        : `invalid metrics (${failures.length} invalid out of ${specs.length}), first error is: ${first.failure}`;
    if (first !== undefined && (best === undefined || best.replicas < currentReplicas)) {
      round.set(
        'ScalingActive',
        'False',
        first.reason,
        `the HPA was unable to compute the replica count: ${first.detail}`,
      );
      return { replicas: undefined, metricName: '', failure, statuses };
    }
    const metricName = best?.metricName ?? '';
    round.set(
      'ScalingActive',
      'True',
      'ValidMetricFound',
      `the HPA was able to successfully calculate a replica count from ${metricName}`,
    );
    return { replicas: best?.replicas ?? currentReplicas, metricName, failure, statuses };
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
