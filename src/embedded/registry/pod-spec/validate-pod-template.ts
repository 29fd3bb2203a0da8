import { asObject, ensureObject, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import { matchesLabelSelector, parseSelectorObject } from '../../machinery/label-selector.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { validateAnnotations, validateLabels } from '../validation/validate-metadata.ts';
import { isEmptySelector, isUsableSelector, validateSelector } from '../validation/validate-selector.ts';
import { defaultPodSpec } from './default-pod-spec.ts';
import { validatePodSpec } from './validate-pod-spec.ts';

/** The defaults of `spec.template` in a workload. */
export function defaultPodTemplate(spec: JsonObject): void {
  const template = ensureObject(spec, 'template');
  ensureObject(template, 'metadata');
  defaultPodSpec(ensureObject(template, 'spec'));
}

/** How a workload speaks of itself where it refuses. */
export interface WorkloadWords {
  /** In `empty selector is invalid for …`. */
  readonly selector: 'deployment' | 'statefulset' | 'daemonset';
  /** In `activeDeadlineSeconds in … is not Supported`. */
  readonly kind: 'ReplicaSet' | 'StatefulSet' | 'DaemonSet';
}

/** `spec.selector` and `spec.template` of a workload whose pods it must match, and which always restart. */
export function validateSelectorAndTemplate(spec: JsonObject, words: WorkloadWords, errors: FieldErrors): void {
  const template = asObject(spec.template) ?? {};
  const selector = asObject(spec.selector);
  if (selector === undefined) errors.required('spec.selector');
  else {
    validateSelector(selector, 'spec.selector', errors);
    if (isEmptySelector(selector)) {
      errors.invalid('spec.selector', selector, `empty selector is invalid for ${words.selector}`);
    }
  }
  if (selector !== undefined && !isUsableSelector(selector)) {
    errors.invalid('spec.selector', selector, words.kind === 'StatefulSet' ? '' : 'invalid label selector');
    return;
  }
  if (selector === undefined || !isEmptySelector(selector)) validateMatch(selector, template, 'spec.template', errors);
  validatePodTemplate(template, 'spec.template', errors);
  validateLasting(template, words, errors);
}

/** Labels of a template that its own selector does not find. */
export function validateMatch(
  selector: JsonObject | undefined,
  template: JsonObject,
  field: string,
  errors: FieldErrors,
): void {
  const labels = asObject(template.metadata)?.labels;
  const isMatch =
    selector !== undefined &&
    matchesLabelSelector(parseSelectorObject(selector), (asObject(labels) ?? {}) as Readonly<Record<string, string>>);
  if (!isMatch) errors.invalid(`${field}.metadata.labels`, labels, '`selector` does not match template `labels`');
}

/** Pods of a workload that keeps them running neither end nor have a deadline. */
function validateLasting(template: JsonObject, words: WorkloadWords, errors: FieldErrors): void {
  const { restartPolicy, activeDeadlineSeconds } = asObject(template.spec) ?? {};
  errors.oneOf('spec.template.spec.restartPolicy', restartPolicy, ['Always']);
  if (activeDeadlineSeconds !== undefined) {
    errors.forbidden(
      'spec.template.spec.activeDeadlineSeconds',
      `activeDeadlineSeconds in ${words.kind} is not Supported`,
    );
  }
}

export function validatePodTemplate(template: JsonObject, field: string, errors: FieldErrors): void {
  const metadata = asObject(template.metadata);
  validateLabels(metadata?.labels, `${field}.labels`, errors);
  validateAnnotations(metadata?.annotations, `${field}.annotations`, errors);
  validatePodSpec(asObject(template.spec) ?? {}, `${field}.spec`, errors);
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
