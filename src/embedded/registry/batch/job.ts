import {
  asList,
  asObject,
  asObjectList,
  cloneJson,
  ensureObject,
  isEqualJson,
  type JsonObject,
  setDefault,
} from '../../machinery/json.ts';
import { matchesLabelSelector, parseSelectorObject } from '../../machinery/label-selector.ts';
import type { ClusterObject } from '../../store/types.ts';
import { defineResource } from '../define-resource.ts';
import {
  defaultPodTemplate,
  validateCount,
  validateMatch,
  validatePodTemplate,
} from '../pod-spec/validate-pod-template.ts';
import type { Draft } from '../resource-strategy.ts';
import { jobTable } from '../tables/batch-tables.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { validateSelector } from '../validation/validate-selector.ts';

export const jobs = defineResource(
  {
    group: 'batch',
    version: 'v1',
    kind: 'Job',
    plural: 'jobs',
    categories: ['all'],
    subresources: ['status'],
  },
  {
    generation: 'spec',
    defaultPropagation: 'Orphan',
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'manualSelector', false);
      defaultJobSpec(spec);
    },
    prepareForCreate(draft) {
      draft.status = {};
      const spec = ensureObject(draft, 'spec');
      const own = asObject(asObject(spec.template)?.metadata)?.labels;
      const inherits = own !== undefined && isEqualJson(draft.metadata.labels ?? {}, {});
      if (spec.manualSelector !== true) generateSelector(draft, spec);
      // A Job without labels takes those of its template, the generated ones included.
      if (inherits)
        draft.metadata.labels = cloneJson(asObject(asObject(asObject(spec.template)?.metadata)?.labels) ?? {});
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      if (spec.manualSelector !== true) validateGeneratedSelector(draft, spec, errors);
      const selector = asObject(spec.selector);
      if (selector === undefined) errors.required('spec.selector');
      else validateSelector(selector, 'spec.selector', errors);
      validateMatch(selector, asObject(spec.template) ?? {}, 'spec.template', errors);
      validateJobSpec(spec, 'spec', errors);
    },
    validateUpdate: validateJobUpdate,
    selectableFields: {
      'status.successful': (job) => String(asObject(job.status)?.succeeded ?? 0),
    },
    table: jobTable,
  },
);

/** The defaults of a Job's spec, alone or in a CronJob's template. */
export function defaultJobSpec(spec: JsonObject): void {
  if (spec.completions === undefined && spec.parallelism === undefined) {
    spec.completions = 1;
    spec.parallelism = 1;
  }
  setDefault(spec, 'parallelism', 1);
  setDefault(spec, 'backoffLimit', 6);
  setDefault(spec, 'completionMode', 'NonIndexed');
  setDefault(spec, 'suspend', false);
  // A failure policy judges ended pods only, so nothing replaces one that is still ending.
  setDefault(spec, 'podReplacementPolicy', spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed');
  defaultPodTemplate(spec);
}

const modes = ['NonIndexed', 'Indexed'];
const failureActions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const endingPolicies = ['OnFailure', 'Never'];

export function validateJobSpec(spec: JsonObject, field: string, errors: FieldErrors): void {
  for (const count of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ]) {
    validateCount(spec[count], `${field}.${count}`, errors);
  }
  const mode = spec.completionMode ?? 'NonIndexed';
  if (!modes.includes(String(mode))) errors.notSupported(`${field}.completionMode`, mode, modes);
  if (mode === 'Indexed' && spec.completions === undefined) {
    errors.required(`${field}.completions`, 'when completion mode is Indexed');
  }
  if (mode === 'NonIndexed') {
    for (const limit of ['backoffLimitPerIndex', 'maxFailedIndexes']) {
      if (spec[limit] !== undefined) {
        errors.invalid(`${field}.${limit}`, spec[limit], 'requires indexed completion mode');
      }
    }
  }
  const policy = asObject(spec.podFailurePolicy);
  if (policy !== undefined) validateFailurePolicy(policy, spec, `${field}.podFailurePolicy`, errors);
  if (spec.podReplacementPolicy !== undefined) {
    const supported = policy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'];
    errors.oneOf(`${field}.podReplacementPolicy`, spec.podReplacementPolicy, supported);
  }
  const template = asObject(spec.template) ?? {};
  validatePodTemplate(template, `${field}.template`, errors);
  const restart = asObject(template.spec)?.restartPolicy ?? '';
  const restartField = `${field}.template.spec.restartPolicy`;
  if (restart === 'Always' || restart === '') {
    errors.required(restartField, 'valid values: "OnFailure", "Never"');
  } else if (!endingPolicies.includes(String(restart))) errors.notSupported(restartField, restart, endingPolicies);
  else if (policy !== undefined && restart !== 'Never') {
    errors.invalid(restartField, restart, 'only "Never" is supported when podFailurePolicy is specified');
  }
}

function validateFailurePolicy(policy: JsonObject, spec: JsonObject, field: string, errors: FieldErrors): void {
  const podSpec = asObject(asObject(spec.template)?.spec) ?? {};
  const names = [...asObjectList(podSpec.containers), ...asObjectList(podSpec.initContainers)].map(({ name }) => name);
  asObjectList(policy.rules).forEach((rule, at) => {
    const place = `${field}.rules[${at}]`;
    if ((rule.action ?? '') === '') {
      errors.required(`${place}.action`, 'valid values: ["Count" "FailIndex" "FailJob" "Ignore"]');
    } else if (rule.action === 'FailIndex') {
      if (spec.backoffLimitPerIndex === undefined) {
        errors.invalid(`${place}.action`, rule.action, 'requires the backoffLimitPerIndex to be set');
      }
    } else errors.oneOf(`${place}.action`, rule.action, failureActions);
    const codes = asObject(rule.onExitCodes);
    if (codes !== undefined) validateExitCodes(codes, names, `${place}.onExitCodes`, errors);
    const conditions = asObjectList(rule.onPodConditions);
    if (codes !== undefined && conditions.length > 0) {
      errors.invalidUnprinted(place, 'specifying both OnExitCodes and OnPodConditions is not supported');
    }
    if (codes === undefined && conditions.length === 0) {
      errors.invalidUnprinted(place, 'specifying one of OnExitCodes and OnPodConditions is required');
    }
  });
}

function validateExitCodes(codes: JsonObject, names: readonly unknown[], field: string, errors: FieldErrors): void {
  if ((codes.operator ?? '') === '') errors.required(`${field}.operator`, 'valid values: ["In" "NotIn"]');
  else errors.oneOf(`${field}.operator`, codes.operator, ['In', 'NotIn']);
  if (codes.containerName !== undefined && !names.includes(codes.containerName)) {
    errors.invalid(
      `${field}.containerName`,
      codes.containerName,
      'must be one of the container or initContainer names in the pod template',
    );
  }
  const values = asList(codes.values);
  if (values.length === 0) errors.invalid(`${field}.values`, values, 'at least one value is required');
  values.forEach((value, at) => {
    if (codes.operator === 'In' && value === 0) {
      errors.invalid(`${field}.values[${at}]`, value, 'must not be 0 for the In operator');
    }
    if (values.indexOf(value) < at) errors.duplicate(`${field}.values[${at}]`, value);
  });
  const isOrdered = values.every((value, at) => at === 0 || Number(values[at - 1]) <= Number(value));
  if (!isOrdered) errors.invalid(`${field}.values`, values, 'must be ordered');
}

/** Marks the pods of this Job, and nobody else's, by its uid. */
function generateSelector(draft: Draft, spec: JsonObject): void {
  const labels = ensureObject(ensureObject(ensureObject(spec, 'template'), 'metadata'), 'labels');
  const { uid, name } = draft.metadata;
  for (const prefix of ['', 'batch.kubernetes.io/']) {
    setDefault(labels, `${prefix}controller-uid`, uid);
    setDefault(labels, `${prefix}job-name`, name);
  }
  setDefault(ensureObject(ensureObject(spec, 'selector'), 'matchLabels'), 'batch.kubernetes.io/controller-uid', uid);
}

/** A selector nobody asked to set by hand is the one that was generated, and the template carries its labels. */
function validateGeneratedSelector(draft: Draft, spec: JsonObject, errors: FieldErrors): void {
  const selector = asObject(spec.selector);
  if (selector === undefined) return;
  const { uid, name } = draft.metadata;
  const expected: Readonly<Record<string, string>> = {
    'controller-uid': String(uid),
    'job-name': String(name),
    'batch.kubernetes.io/controller-uid': String(uid),
    'batch.kubernetes.io/job-name': String(name),
  };
  const labels = asObject(asObject(asObject(spec.template)?.metadata)?.labels) ?? {};
  for (const [key, value] of Object.entries(expected)) {
    const field = 'spec.template.metadata.labels';
    if (labels[key] === undefined) errors.required(`${field}[${key}]`, `must be '${value}'`);
    else if (labels[key] !== value) errors.invalid(`${field}[${key}]`, labels[key], `must be '${value}'`);
  }
  if (!matchesLabelSelector(parseSelectorObject(selector), expected)) {
    errors.invalid('spec.selector', selector, '`selector` not auto-generated');
  }
}

function validateJobUpdate(draft: Draft, current: ClusterObject, errors: FieldErrors): void {
  const next = asObject(draft.spec) ?? {};
  const before = asObject(current.spec) ?? {};
  for (const field of ['selector', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex']) {
    if (!isEqualJson(next[field], before[field])) errors.invalid(`spec.${field}`, next[field], 'field is immutable');
  }
  if (next.completionMode !== 'Indexed' && next.completions !== before.completions) {
    errors.invalid('spec.completions', next.completions, 'field is immutable');
  }
  // A suspended job that has not started may still get scheduling directives.
  const isUnstarted = before.suspend === true && asObject(current.status)?.startTime === undefined;
  if (!isEqualJson(templatePart(next, isUnstarted), templatePart(before, isUnstarted))) {
    errors.invalid('spec.template', next.template, 'field is immutable');
  }
}

function templatePart(spec: JsonObject, isUnstarted: boolean): JsonObject {
  const template = cloneJson(asObject(spec.template) ?? {});
  if (!isUnstarted) return template;
  const podSpec = ensureObject(template, 'spec');
  for (const key of ['nodeSelector', 'affinity', 'tolerations', 'schedulingGates']) delete podSpec[key];
  delete template.metadata;
  return template;
}
