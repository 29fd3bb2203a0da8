import { asObject, asObjectList, type JsonObject } from '../../machinery/json.ts';
import { compareQuantities } from '../../machinery/quantity.ts';
import type { FieldErrors } from '../validation/field-errors.ts';

/** The member that belongs to each type of metric. */
const sources: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};

/** `spec.metrics` of an autoscaler. */
export function validateMetrics(metrics: unknown, errors: FieldErrors): void {
  for (const [index, metric] of asObjectList(metrics).entries()) {
    validateMetric(metric, `spec.metrics[${index}]`, errors);
  }
}

function validateMetric(metric: JsonObject, path: string, errors: FieldErrors): void {
  const { type } = metric;
  const isKnown = typeof type === 'string' && Object.hasOwn(sources, type);
  if (type === undefined || type === '') errors.required(`${path}.type`, 'must specify a metric source type');
  if (!isKnown) errors.notSupported(`${path}.type`, type ?? '', Object.keys(sources));
  const present = ['object', 'external', 'pods', 'resource', 'containerResource'].filter(
    (name) => asObject(metric[name]) !== undefined,
  );
  const [first] = present;
  if (first !== undefined) validateSource(first, asObject(metric[first]) ?? {}, `${path}.${first}`, errors);
  const expected = isKnown ? (sources[type] ?? '') : '';
  if (expected !== '' && !present.includes(expected)) {
    errors.required(`${path}.${expected}`, 'must populate information for the given metric source');
  }
  if (!isKnown) errors.notSupported(`${path}.type`, type ?? '', Object.keys(sources));
  if (present.length === 1) return;
  for (const name of present.filter((each) => each !== expected)) {
    errors.forbidden(`${path}.${name}`, 'must populate the given metric source only');
  }
}

function validateSource(kind: string, source: JsonObject, path: string, errors: FieldErrors): void {
  const target = asObject(source.target) ?? {};
  const isResource = kind === 'resource' || kind === 'containerResource';
  if (isResource && (source.name ?? '') === '') errors.required(`${path}.name`, 'must specify a resource name');
  if (kind === 'containerResource' && (source.container ?? '') === '') {
    errors.required(`${path}.container`, 'must specify a container');
  }
  if (kind === 'object') {
    const described = asObject(source.describedObject) ?? {};
    if ((described.kind ?? '') === '') errors.required(`${path}.describedObject.kind`);
    if ((described.name ?? '') === '') errors.required(`${path}.describedObject.name`);
  }
  if (!isResource && (asObject(source.metric)?.name ?? '') === '') {
    errors.required(`${path}.metric.name`, 'must specify a metric name');
  }
  validateTarget(target, `${path}.target`, errors);
  const has = (name: string): boolean => target[name] !== undefined;
  if (isResource) {
    if (!has('averageUtilization') && !has('averageValue')) {
      errors.required(
        `${path}.target.averageUtilization`,
        'must set either a target raw value or a target utilization',
      );
    }
    if (has('averageUtilization') && has('averageValue')) {
      errors.forbidden(`${path}.target.averageValue`, 'may not set both a target raw value and a target utilization');
    }
  } else if (kind === 'pods') {
    if (!has('averageValue'))
      errors.required(`${path}.target.averageValue`, 'must specify a positive target averageValue');
  } else if (!has('value') && !has('averageValue')) {
    const either =
      kind === 'object'
        ? 'must set either a target value or averageValue'
        : 'must set either a target value for metric or a per-pod target';
    errors.required(`${path}.target.averageValue`, either);
  } else if (kind === 'external' && has('value') && has('averageValue')) {
    errors.forbidden(`${path}.target.value`, 'may not set both a target value for metric and a per-pod target');
  }
}

function validateTarget(target: JsonObject, path: string, errors: FieldErrors): void {
  const type = target.type ?? '';
  if (type === '') errors.required(`${path}.type`, 'must specify a metric target type');
  if (typeof type !== 'string' || !['Utilization', 'Value', 'AverageValue'].includes(type)) {
    errors.invalid(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue');
  }
  for (const name of ['value', 'averageValue']) {
    const quantity = target[name];
    if (quantity !== undefined && compareQuantities(quantity, '0') <= 0) {
      errors.invalid(`${path}.${name}`, quantity, 'must be positive');
    }
  }
  const utilization = target.averageUtilization;
  if (typeof utilization === 'number' && utilization < 1) {
    errors.invalid(`${path}.averageUtilization`, utilization, 'must be greater than 0');
  }
}
