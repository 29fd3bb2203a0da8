import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import { compareQuantities } from '../../machinery/quantity.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName } from '../validation/names.ts';

const sourceOf: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};
/** In the order in which a metric with several sources is looked at. */
const sources = ['object', 'external', 'pods', 'resource', 'containerResource'];
const policyTypes = ['Percent', 'Pods'];
const selectPolicies = ['Disabled', 'Max', 'Min'];
const maxWindowSeconds = 3600;
const maxPeriodSeconds = 1800;

/** The rules of autoscaling/v2, in the order in which a refusal lists them. */
export function validateAutoscaler(spec: JsonObject, errors: FieldErrors): void {
  const { minReplicas } = spec;
  const maxReplicas = spec.maxReplicas ?? 0;
  if (typeof minReplicas === 'number' && minReplicas < 1) {
    errors.invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1');
  }
  if (maxReplicas === 0) errors.required('spec.maxReplicas', 'must be set and greater than 0');
  else if (typeof maxReplicas === 'number' && maxReplicas < 0) {
    errors.invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to 1');
  }
  if (typeof minReplicas === 'number' && typeof maxReplicas === 'number' && maxReplicas < minReplicas) {
    errors.invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`');
  }
  validateReference(asObject(spec.scaleTargetRef) ?? {}, 'spec.scaleTargetRef', errors);
  const metrics = asObjectList(spec.metrics);
  metrics.forEach((metric, at) => {
    validateMetric(metric, `spec.metrics[${at}]`, errors);
  });
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    errors.forbidden(
      'spec.metrics',
      'must specify at least one Object or External metric to support scaling to zero replicas',
    );
  }
  const behavior = asObject(spec.behavior) ?? {};
  for (const direction of ['scaleUp', 'scaleDown']) {
    const rules = asObject(behavior[direction]);
    if (rules !== undefined) validateRules(rules, `spec.behavior.${direction}`, errors);
  }
}

function validateReference(reference: JsonObject, field: string, errors: FieldErrors): void {
  for (const key of ['kind', 'name']) {
    const value = asString(reference[key]) ?? '';
    if (value === '') errors.required(`${field}.${key}`);
    else errors.eachInvalid(`${field}.${key}`, value, problemsOfName(value, 'path-segment'));
  }
  // Only the core group is written without one, and it has one kind that scales.
  if ((reference.apiVersion ?? '') === '' && reference.kind !== 'ReplicationController') {
    errors.invalid(`${field}.apiVersion`, '', 'apiVersion must specify API group');
  }
}

function validateMetric(metric: JsonObject, field: string, errors: FieldErrors): void {
  const type = asString(metric.type) ?? '';
  const types = Object.keys(sourceOf);
  if (type === '') errors.required(`${field}.type`, 'must specify a metric source type');
  errors.oneOf(`${field}.type`, type, types);
  const present = sources.filter((name) => metric[name] !== undefined);
  const [first] = present;
  if (first !== undefined) validateSource(first, asObject(metric[first]) ?? {}, `${field}.${first}`, errors);
  const expected = sourceOf[type];
  if (expected === undefined) errors.oneOf(`${field}.type`, type, types);
  else if (metric[expected] === undefined) {
    errors.required(`${field}.${expected}`, 'must populate information for the given metric source');
  }
  if (present.length === 1) return;
  for (const name of present) {
    if (name !== expected) errors.forbidden(`${field}.${name}`, 'must populate the given metric source only');
  }
}

function validateSource(name: string, source: JsonObject, field: string, errors: FieldErrors): void {
  const target = asObject(source.target) ?? {};
  const { value, averageValue, averageUtilization } = target;
  const isResource = name === 'resource' || name === 'containerResource';
  if (isResource) {
    if ((source.name ?? '') === '') errors.required(`${field}.name`, 'must specify a resource name');
    if (name === 'containerResource' && (source.container ?? '') === '') {
      errors.required(`${field}.container`, 'must specify a container');
    }
  } else {
    if (name === 'object')
      validateReference(asObject(source.describedObject) ?? {}, `${field}.describedObject`, errors);
    const metric = asString(asObject(source.metric)?.name) ?? '';
    if (metric === '') errors.required(`${field}.metric.name`, 'must specify a metric name');
    else errors.eachInvalid(`${field}.metric.name`, metric, problemsOfName(metric, 'path-segment'));
  }
  validateTarget(target, `${field}.target`, errors);
  if (isResource) {
    if (averageUtilization === undefined && averageValue === undefined) {
      errors.required(
        `${field}.target.averageUtilization`,
        'must set either a target raw value or a target utilization',
      );
    }
    if (averageUtilization !== undefined && averageValue !== undefined) {
      errors.forbidden(`${field}.target.averageValue`, 'may not set both a target raw value and a target utilization');
    }
  } else if (name === 'pods') {
    if (averageValue === undefined) {
      errors.required(`${field}.target.averageValue`, 'must specify a positive target averageValue');
    }
  } else if (value === undefined && averageValue === undefined) {
    errors.required(
      `${field}.target.averageValue`,
      name === 'object'
        ? 'must set either a target value or averageValue'
        : 'must set either a target value for metric or a per-pod target',
    );
  } else if (name === 'external' && value !== undefined && averageValue !== undefined) {
    errors.forbidden(`${field}.target.value`, 'may not set both a target value for metric and a per-pod target');
  }
}

function validateTarget(target: JsonObject, field: string, errors: FieldErrors): void {
  const type = asString(target.type) ?? '';
  if (type === '') errors.required(`${field}.type`, 'must specify a metric target type');
  if (!['Utilization', 'Value', 'AverageValue'].includes(type)) {
    errors.invalid(`${field}.type`, type, 'must be either Utilization, Value, or AverageValue');
  }
  for (const key of ['value', 'averageValue']) {
    const quantity = target[key];
    if (quantity !== undefined && compareQuantities(quantity, '0') <= 0) {
      errors.invalid(`${field}.${key}`, quantity, 'must be positive');
    }
  }
  const { averageUtilization } = target;
  if (typeof averageUtilization === 'number' && averageUtilization < 1) {
    errors.invalid(`${field}.averageUtilization`, averageUtilization, 'must be greater than 0');
  }
}

function validateRules(rules: JsonObject, field: string, errors: FieldErrors): void {
  const { stabilizationWindowSeconds: window, selectPolicy } = rules;
  const windowField = `${field}.stabilizationWindowSeconds`;
  if (typeof window === 'number' && window < 0) {
    errors.invalid(windowField, window, 'must be greater than or equal to zero');
  }
  if (typeof window === 'number' && window > maxWindowSeconds) {
    errors.invalid(windowField, window, `must be less than or equal to ${maxWindowSeconds}`);
  }
  if (selectPolicy !== undefined) errors.oneOf(`${field}.selectPolicy`, selectPolicy, selectPolicies);
  const policies = asObjectList(rules.policies);
  if (policies.length === 0) errors.required(`${field}.policies`, 'must specify at least one Policy');
  policies.forEach(({ type, value, periodSeconds }, at) => {
    const place = `${field}.policies[${at}]`;
    errors.oneOf(`${place}.type`, type, policyTypes);
    if (Number(value ?? 0) <= 0) errors.invalid(`${place}.value`, value ?? 0, 'must be greater than zero');
    const period = Number(periodSeconds ?? 0);
    if (period <= 0) errors.invalid(`${place}.periodSeconds`, period, 'must be greater than zero');
    if (period > maxPeriodSeconds) {
      errors.invalid(`${place}.periodSeconds`, period, `must be less than or equal to ${maxPeriodSeconds}`);
    }
  });
}
