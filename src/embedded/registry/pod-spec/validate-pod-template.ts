import { asObject, ensureObject, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import { matchesLabelSelector, parseSelectorObject } from '../../machinery/label-selector.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { validateLabels } from '../validation/validate-metadata.ts';
import { defaultPodSpec } from './default-pod-spec.ts';
import { validatePodSpec } from './validate-pod-spec.ts';

/** The defaults of `spec.template` in a workload. */
export function defaultPodTemplate(spec: JsonObject): void {
  const template = ensureObject(spec, 'template');
  ensureObject(template, 'metadata');
  defaultPodSpec(ensureObject(template, 'spec'));
}

/** `spec.selector` and `spec.template` of a workload whose pods it must match. */
export function validateSelectorAndTemplate(
  spec: JsonObject,
  workload: 'deployment' | 'statefulset' | 'daemonset',
  errors: FieldErrors,
): void {
  const template = asObject(spec.template) ?? {};
  const labels = asObject(asObject(template.metadata)?.labels) ?? {};
  const selector = asObject(spec.selector);
  if (selector === undefined) errors.required('spec.selector');
  else {
    validateSelector(selector, 'spec.selector', errors);
    const isEmpty = Object.keys(asObject(selector.matchLabels) ?? {}).length === 0 && !hasExpressions(selector);
    if (isEmpty) errors.invalid('spec.selector', selector, `empty selector is invalid for ${workload}`);
    else if (!matchesLabelSelector(parseSelectorObject(selector), labels as Readonly<Record<string, string>>)) {
      errors.invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
    }
  }
  validatePodTemplate(template, 'spec.template', errors, ['Always']);
}

export function validatePodTemplate(
  template: JsonObject,
  field: string,
  errors: FieldErrors,
  restartPolicies: readonly string[],
): void {
  validateLabels(asObject(template.metadata)?.labels, `${field}.metadata.labels`, errors);
  validatePodSpec(asObject(template.spec) ?? {}, `${field}.spec`, errors, restartPolicies);
}

/** A label selector object anywhere: operators and their values. */
export function validateSelector(selector: JsonObject, field: string, errors: FieldErrors): void {
  validateLabels(selector.matchLabels, `${field}.matchLabels`, errors);
  const expressions = Array.isArray(selector.matchExpressions) ? selector.matchExpressions : [];
  expressions.forEach((expression: unknown, at: number) => {
    const place = `${field}.matchExpressions[${at}]`;
    const { operator, values } = asObject(expression) ?? {};
    const count = Array.isArray(values) ? values.length : 0;
    if (operator === 'In' || operator === 'NotIn') {
      if (count === 0) errors.required(`${place}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (count > 0) {
        errors.forbidden(`${place}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
      }
    } else errors.invalid(`${place}.operator`, operator ?? '', 'not a valid selector operator');
  });
}

/** A field of spec that must stay as it was created. */
export function validateImmutable(next: unknown, before: ClusterObject, field: string, errors: FieldErrors): void {
  const previous = asObject(before.spec)?.[field];
  if (!isEqualJson(asObject(next)?.[field], previous)) {
    errors.invalid(`spec.${field}`, asObject(next)?.[field], 'field is immutable');
  }
}

export function validateCount(value: unknown, field: string, errors: FieldErrors): void {
  if (value === undefined) return;
  if (typeof value !== 'number' || !Number.isInteger(value)) errors.typeInvalid(field, value, 'must be an integer');
  else if (value < 0) errors.invalid(field, value, 'must be greater than or equal to 0');
}

function hasExpressions(selector: JsonObject): boolean {
  return Array.isArray(selector.matchExpressions) && selector.matchExpressions.length > 0;
}
