import { asObject, asObjectList, isJsonObject, type JsonObject } from '../../machinery/json.ts';
import { metricFromFirst, metricToFirst, processorMetric, processorUtilization } from './convert-metric.ts';

const prefix = 'autoscaling.alpha.kubernetes.io/';
const annotationNames = {
  metrics: `${prefix}metrics`,
  behavior: `${prefix}behavior`,
  current: `${prefix}current-metrics`,
  conditions: `${prefix}conditions`,
} as const;
const roundTrip = new Set<string>(Object.values(annotationNames));
const defaultUtilization = 80;

/** An autoscaler of autoscaling/v2 as autoscaling/v1 shows it: what v1 has no field for stands in annotations. */
export function autoscalerToFirst(object: JsonObject): JsonObject {
  const { metrics, behavior, ...spec } = asObject(object.spec) ?? {};
  const { currentMetrics, conditions, ...status } = asObject(object.status) ?? {};
  const specs = asObjectList(metrics);
  const measured = asObjectList(currentMetrics);
  const others = specs.filter((metric) => processorUtilization(metric, 'target') === undefined);
  const target = specs.map((metric) => processorUtilization(metric, 'target')).find((value) => value !== undefined);
  const current = measured
    .map((metric) => processorUtilization(metric, 'current'))
    .findLast((value) => value !== undefined);
  const annotations: JsonObject = ownAnnotations(object);
  const annotate = (name: string, list: readonly JsonObject[]): void => {
    if (list.length > 0) annotations[name] = JSON.stringify(list);
  };
  annotate(
    annotationNames.metrics,
    others.map((metric) => metricToFirst(metric, 'target')),
  );
  annotate(
    annotationNames.current,
    measured.map((metric) => metricToFirst(metric, 'current')),
  );
  annotate(annotationNames.conditions, asObjectList(conditions));
  if (isJsonObject(behavior)) annotations[annotationNames.behavior] = JSON.stringify(renameKeys(behavior, upper));
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    metadata: withAnnotations(object, annotations),
    spec: { ...spec, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: {
      currentReplicas: 0,
      ...status,
      ...(current === undefined ? {} : { currentCPUUtilizationPercentage: current }),
    },
  };
}

/** An autoscaler of autoscaling/v1 as it is kept: autoscaling/v2, with what its annotations say. */
export function autoscalerFromFirst(object: JsonObject): JsonObject {
  const { targetCPUUtilizationPercentage: target, ...spec } = asObject(object.spec) ?? {};
  const { currentCPUUtilizationPercentage: current, ...status } = asObject(object.status) ?? {};
  const read = (name: keyof typeof annotationNames): unknown =>
    parse(asObject(asObject(object.metadata)?.annotations)?.[annotationNames[name]]);
  const metrics = [
    ...asObjectList(read('metrics')).map((metric) => metricFromFirst(metric, 'target')),
    ...(target === undefined ? [] : [processorMetric(target, 'target')]),
  ];
  const annotated = read('current');
  const measured = Array.isArray(annotated)
    ? asObjectList(annotated).map((metric) => metricFromFirst(metric, 'current'))
    : current === undefined
      ? null
      : [processorMetric(current, 'current')];
  const behavior = read('behavior');
  const conditions = asObjectList(read('conditions'));
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    metadata: withAnnotations(object, ownAnnotations(object)),
    spec: {
      ...spec,
      metrics: metrics.length === 0 ? [processorMetric(defaultUtilization, 'target')] : metrics,
      ...(isJsonObject(behavior) ? { behavior: renameKeys(behavior, lower) } : {}),
    },
    status: { ...status, currentMetrics: measured, ...(conditions.length === 0 ? {} : { conditions }) },
  };
}

/** Without those that only carry what v1 lacks. */
function ownAnnotations(object: JsonObject): JsonObject {
  const annotations = asObject(asObject(object.metadata)?.annotations) ?? {};
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => !roundTrip.has(name)));
}

function withAnnotations(object: JsonObject, annotations: JsonObject): JsonObject {
  const { annotations: _, ...metadata } = asObject(object.metadata) ?? {};
  return Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations };
}

/** Annotations are written by anybody: what cannot be read says nothing. */
function parse(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The behavior's annotation begins its fields with capitals; they are read in either way. */
function renameKeys(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renameKeys(item, rename));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [rename(key), renameKeys(member, rename)]),
  );
}

function upper(key: string): string {
  return `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
}

function lower(key: string): string {
  return `${key.charAt(0).toLowerCase()}${key.slice(1)}`;
}
