import { asObject, asString, type JsonObject } from '../../machinery/json.ts';

/** What of a metric is converted: what it shall be, or what it is. */
type MetricPart = 'target' | 'current';

const sources = ['object', 'pods', 'resource', 'containerResource', 'external'] as const;

/** A metric of autoscaling/v2 as autoscaling/v1 writes it into its annotations. */
export function metricToFirst(metric: JsonObject, part: MetricPart): JsonObject {
  const made: JsonObject = { type: metric.type };
  for (const name of sources) {
    const source = asObject(metric[name]);
    if (source !== undefined) made[name] = withoutGaps(sourceToFirst(name, source, part));
  }
  return made;
}

/** A metric of autoscaling/v1's annotations as autoscaling/v2 has it. */
export function metricFromFirst(metric: JsonObject, part: MetricPart): JsonObject {
  const made: JsonObject = { type: metric.type };
  for (const name of sources) {
    const source = asObject(metric[name]);
    if (source !== undefined) made[name] = withoutGaps(sourceFromFirst(name, source, part));
  }
  return made;
}

/** The utilization that a plain processor metric aims at or has; undefined for all other metrics. */
export function processorUtilization(metric: JsonObject, part: MetricPart): unknown {
  const source = asObject(metric.resource);
  if (metric.type !== 'Resource' || source?.name !== 'cpu') return undefined;
  return asObject(source[part])?.averageUtilization;
}

export function processorMetric(averageUtilization: unknown, part: MetricPart): JsonObject {
  const value = part === 'target' ? { type: 'Utilization', averageUtilization } : { averageUtilization };
  return { type: 'Resource', resource: { name: 'cpu', [part]: value } };
}

function sourceToFirst(name: (typeof sources)[number], source: JsonObject, part: MetricPart): JsonObject {
  const { value, averageValue, averageUtilization } = asObject(source[part]) ?? {};
  const { name: metricName, selector } = asObject(source.metric) ?? {};
  switch (name) {
    case 'resource':
    case 'containerResource':
      return {
        name: source.name,
        [`${part}AverageUtilization`]: averageUtilization,
        [`${part}AverageValue`]: averageValue ?? (part === 'current' ? '0' : undefined),
        container: source.container,
      };
    case 'pods':
      return { metricName, [`${part}AverageValue`]: averageValue ?? '0', selector };
    case 'object':
      return { target: source.describedObject, metricName, [`${part}Value`]: value ?? '0', selector, averageValue };
    case 'external':
      return {
        metricName,
        metricSelector: selector,
        [`${part}Value`]: value ?? (part === 'current' ? '0' : undefined),
        [`${part}AverageValue`]: averageValue,
      };
  }
}

function sourceFromFirst(name: (typeof sources)[number], source: JsonObject, part: MetricPart): JsonObject {
  const averageUtilization = source[`${part}AverageUtilization`];
  const averageValue = name === 'object' ? source.averageValue : source[`${part}AverageValue`];
  const value = source[`${part}Value`];
  const metric = withoutGaps({
    name: source.metricName,
    selector: name === 'external' ? source.metricSelector : source.selector,
  });
  const isAverage = name === 'object' ? averageValue !== undefined : value === undefined;
  switch (name) {
    case 'resource':
    case 'containerResource': {
      const type = averageUtilization === undefined ? 'AverageValue' : 'Utilization';
      return {
        name: source.name,
        container: source.container,
        [part]: partOf(part, type, { averageValue, averageUtilization }),
      };
    }
    case 'object': {
      // The older version cannot leave the value out, so that 0 beside an average says nothing.
      const meant = isAverage && isZero(value) ? undefined : value;
      const target = partOf(part, isAverage ? 'AverageValue' : 'Value', { value: meant, averageValue });
      return { describedObject: source.target, metric, [part]: target };
    }
    case 'pods':
    case 'external':
      return { metric, [part]: partOf(part, isAverage ? 'AverageValue' : 'Value', { value, averageValue }) };
  }
}

function partOf(part: MetricPart, type: string, values: JsonObject): JsonObject {
  return withoutGaps(part === 'target' ? { type, ...values } : values);
}

function isZero(quantity: unknown): boolean {
  return Number.parseFloat(asString(quantity) ?? String(quantity ?? '0')) === 0;
}

function withoutGaps(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
