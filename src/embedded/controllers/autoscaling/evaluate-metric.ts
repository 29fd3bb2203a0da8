import type { PodUsage, UsageSource } from '../../containers/usage/create-usage-source.ts';
import { measureEveryMs } from '../../containers/usage/create-usage-source.ts';
import { asObject, asObjectList, asString, readPath } from '../../machinery/json.ts';
import { printBinaryQuantity, printDecimalQuantity } from '../../machinery/print-quantity.ts';
import { nanosPerMilli, stepsOf } from '../../machinery/quantity.ts';
import type { Pod } from '../kubernetes-shapes.ts';
import { printGoSelector } from '../print-go-selector.ts';
import { findCondition } from '../set-condition.ts';
import type { MetricSpec, MetricTarget } from './autoscaler-shapes.ts';
import {
  decideMetricReplicas,
  MetricError,
  type PodMetric,
  type ScaledPod,
  type Tolerances,
} from './decide-metric-replicas.ts';

/** What one metric says. */
export type MetricOutcome =
  | { readonly replicas: number; readonly metricName: string; readonly status: object }
  | {
      readonly reason: string;
      /** What goes into the event and the condition. */
      readonly detail: string;
      /** What goes into the sum of all failures. */
      readonly failure: string;
    };

export interface MetricSite {
  readonly namespace: string;
  readonly currentReplicas: number;
  /** All pods of the namespace that the selector selects. */
  readonly pods: readonly Pod[];
  readonly usage: UsageSource;
  readonly tolerances: Tolerances;
  readonly nowMs: number;
}

const noCustomMetrics =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';

/** Asks one metric of an autoscaler how many replicas it wants. Only resource metrics have a source here. */
export function evaluateMetric(spec: MetricSpec, site: MetricSite): MetricOutcome {
  switch (spec.type) {
    case 'Resource':
      return evaluateResource(spec.resource?.name ?? '', '', spec.resource?.target ?? { type: '' }, site);
    case 'ContainerResource': {
      const { name = '', container = '', target = { type: '' } } = spec.containerResource ?? {};
      return evaluateResource(name, container, target, site);
    }
    case 'Pods': {
      const detail = `unable to get metric ${spec.pods?.metric.name ?? ''}: ${noCustomMetrics}`;
      return { reason: 'FailedGetPodsMetric', detail, failure: `failed to get pods metric value: ${detail}` };
    }
    case 'Object': {
      const { metric, describedObject, target } = spec.object ?? {};
      const place = `${describedObject?.kind ?? ''} on ${site.namespace} ${describedObject?.name ?? ''}`;
      const detail = `unable to get metric ${metric?.name ?? ''}: ${place}/${noCustomMetrics}`;
      const inner =
        target?.averageValue === undefined ? detail : `failed to get ${metric?.name ?? ''} object metric: ${detail}`;
      return { reason: 'FailedGetObjectMetric', detail, failure: `failed to get object metric value: ${inner}` };
    }
    case 'External': {
      const { metric, target } = spec.external ?? {};
      const name = metric?.name ?? '';
      const absent = `unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
      const detail = `unable to get external metric ${site.namespace}/${name}/${metric?.selector === undefined ? 'nil' : printGoSelector(metric.selector)}: ${absent}`;
      const inner =
        target?.averageValue === undefined
          ? `failed to get external metric ${name}: ${detail}`
          : `failed to get ${name} external metric: ${detail}`;
      return {
        reason: 'FailedGetExternalMetric',
        detail,
        failure: `failed to get ${name} external metric value: ${inner}`,
      };
    }
    default: {
      const detail = `unknown metric source type "${spec.type}"`;
      return { reason: 'InvalidMetricSourceType', detail, failure: detail };
    }
  }
}

function evaluateResource(resource: string, container: string, target: MetricTarget, site: MetricSite): MetricOutcome {
  const isRaw = target.averageValue !== undefined;
  try {
    const metrics = readMetrics(resource, container, site);
    const proposal = decideMetricReplicas({
      pods: site.pods.map((pod) => scaledPod(pod, isRaw ? 0 : requestOf(pod, container, resource))),
      metrics,
      resource,
      currentReplicas: site.currentReplicas,
      target: isRaw ? { averageMilli: milliOf(target.averageValue) } : { utilization: target.averageUtilization ?? 0 },
      tolerances: site.tolerances,
      nowMs: site.nowMs,
    });
    const print = resource === 'memory' ? printBinaryQuantity : printDecimalQuantity;
    const averageValue = print(BigInt(proposal.averageMilli) * nanosPerMilli);
    const { utilization } = proposal;
    const current = { ...(utilization === undefined ? {} : { averageUtilization: utilization }), averageValue };
    const kind = container === '' ? 'resource' : 'container resource';
    return {
      replicas: proposal.replicas,
      metricName: isRaw ? `${resource} resource` : `${resource} ${kind} utilization (percentage of request)`,
      status:
        container === ''
          ? { type: 'Resource', resource: { name: resource, current } }
          : { type: 'ContainerResource', containerResource: { name: resource, container, current } },
    };
  } catch (error) {
    if (!(error instanceof MetricError)) throw error;
    const detail = `failed to get ${resource} ${isRaw ? 'usage' : 'utilization'}: ${error.message}`;
    return container === ''
      ? {
          reason: 'FailedGetResourceMetric',
          detail,
          failure: `failed to get ${resource} resource metric value: ${detail}`,
        }
      : {
          reason: 'FailedGetContainerResourceMetric',
          detail,
          failure: `failed to get ${container} container metric value: ${detail}`,
        };
  }
}

function readMetrics(resource: string, container: string, site: MetricSite): ReadonlyMap<string, PodMetric> {
  const metrics = new Map<string, PodMetric>();
  let hasAny = false;
  for (const usage of site.usage.measure(site.pods)) {
    hasAny = true;
    const milli = milliUsed(usage, resource, container);
    if (milli !== undefined)
      metrics.set(usage.pod.metadata.name, { milli, atMs: usage.atMs, windowMs: measureEveryMs });
  }
  if (!hasAny) {
    throw new MetricError(
      `unable to get metrics for resource ${resource}: no metrics returned from resource metrics API`,
    );
  }
  return metrics;
}

function milliUsed({ containers }: PodUsage, resource: string, container: string): number | undefined {
  if (resource !== 'cpu' && resource !== 'memory') return undefined;
  const counted = containers.filter(({ name }) => container === '' || name === container);
  if (counted.length === 0) return undefined;
  // In the steps the metrics API gives: memory in kibibytes, and each container rounded up by itself.
  return counted.reduce(
    (sum, { cpuNanos, memoryBytes }) =>
      sum + (resource === 'cpu' ? Math.ceil(cpuNanos / 1e6) : Math.floor(memoryBytes / 1024) * 1_024_000),
    0,
  );
}

/** What the pod requests, in thousandths. Throws `MetricError` where a container requests nothing of it. */
function requestOf(pod: Pod, container: string, resource: string): number {
  const name = pod.metadata.name;
  const podLevel = asObject(readPath(pod, 'spec', 'resources', 'requests'));
  if (podLevel !== undefined && container === '') {
    if (podLevel[resource] === undefined)
      throw new MetricError(`missing pod-level request for ${resource} in Pod ${name}`);
    return milliOf(podLevel[resource]);
  }
  const sidecars = asObjectList(readPath(pod, 'spec', 'initContainers')).filter(
    (each) => each.restartPolicy === 'Always',
  );
  let total = 0;
  for (const each of [...asObjectList(readPath(pod, 'spec', 'containers')), ...sidecars]) {
    if (container !== '' && each.name !== container) continue;
    const request = readPath(each, 'resources', 'requests', resource);
    if (request === undefined) {
      throw new MetricError(`missing request for ${resource} in container ${String(each.name)} of Pod ${name}`);
    }
    total += milliOf(request);
    if (container !== '') return total;
  }
  if (container !== '') throw new MetricError(`container ${container} not found in Pod ${name}`);
  return total;
}

function scaledPod(pod: Pod, requestMilli: number): ScaledPod {
  const ready = findCondition(pod.status?.conditions, 'Ready');
  const startTime = asString(pod.status?.startTime);
  return {
    name: pod.metadata.name,
    phase: pod.status?.phase ?? '',
    isDeleted: pod.metadata.deletionTimestamp !== undefined,
    startedAtMs: startTime === undefined ? undefined : Date.parse(startTime),
    ready:
      ready === undefined
        ? undefined
        : {
            isTrue: ready.status === 'True',
            isFalse: ready.status === 'False',
            sinceMs: Date.parse(ready.lastTransitionTime ?? '') || 0,
          },
    requestMilli,
  };
}

function milliOf(quantity: unknown): number {
  return Number(stepsOf(quantity, nanosPerMilli));
}
