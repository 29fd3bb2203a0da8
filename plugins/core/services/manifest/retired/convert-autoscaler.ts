import type { PlainObject, PlainValue } from '../plain-value.ts';
import { type Conversion, given, isObject, listAt, objectAt, without } from './conversion.ts';

/** A HorizontalPodAutoscaler of autoscaling/v2beta1 as autoscaling/v2 has it: each metric has `metric` and `target`. */
export function convertAutoscaler(conversion: Conversion): void {
  const { object, moves } = conversion;
  const spec = objectAt(object, 'spec');
  if (!isObject(object.spec)) return;
  const metrics = listAt(spec, 'metrics').map((metric, index) => {
    if (!isObject(metric)) return metric;
    const converted = Object.entries(metric).map(([name, source]) => {
      if (!isObject(source) || !sources.has(name)) return [name, source] as const;
      // Values move about within their metric: its own place is near enough.
      const path = ['spec', 'metrics', index, name];
      for (const part of ['metric', 'target', 'describedObject']) moves.push({ to: [...path, part], from: path });
      return [name, convertSource(source)] as const;
    });
    return Object.fromEntries(converted);
  });
  const isThere = spec.metrics !== undefined;
  conversion.object = { ...object, spec: { ...spec, ...(isThere ? { metrics } : {}) } };
}

const sources = new Set(['resource', 'containerResource', 'pods', 'object', 'external']);
const oldFields = [
  'targetAverageUtilization',
  'targetAverageValue',
  'targetValue',
  'averageValue',
  'metricName',
  'metricSelector',
  'selector',
];

function convertSource(source: PlainObject): PlainObject {
  const { metricName, metricSelector, selector, target } = source;
  const isAboutObject = isObject(target) && target.kind !== undefined;
  const metric =
    metricName === undefined ? undefined : given({ name: metricName, selector: metricSelector ?? selector });
  return {
    ...without(source, ...oldFields, ...(isAboutObject ? ['target'] : [])),
    ...given({ describedObject: isAboutObject ? target : undefined, metric, target: targetOf(source) }),
  };
}

function targetOf(source: PlainObject): PlainValue | undefined {
  const { targetAverageUtilization, targetAverageValue, targetValue, averageValue, target } = source;
  if (targetAverageUtilization !== undefined)
    return { type: 'Utilization', averageUtilization: targetAverageUtilization };
  const average = targetAverageValue ?? averageValue;
  if (average !== undefined) return { type: 'AverageValue', averageValue: average };
  if (targetValue !== undefined) return { type: 'Value', value: targetValue };
  return isObject(target) && target.kind === undefined ? target : undefined;
}
