import { asObject, cloneJson, ensureObject, isEqualJson, type JsonObject, setDefault } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import { defineResource } from '../define-resource.ts';
import { defaultPodTemplate, validateCount, validatePodTemplate } from '../pod-spec/validate-pod-template.ts';
import type { Draft } from '../resource-strategy.ts';
import { jobTable } from '../tables/batch-tables.ts';
import type { FieldErrors } from '../validation/field-errors.ts';

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
    setDefaults: (draft) => defaultJobSpec(ensureObject(draft, 'spec')),
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
      validateJobSpec(spec, 'spec', errors);
      if (spec.selector === undefined) errors.required('spec.selector');
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
  setDefault(spec, 'manualSelector', false);
  setDefault(spec, 'podReplacementPolicy', 'TerminatingOrFailed');
  defaultPodTemplate(spec);
}

export function validateJobSpec(spec: JsonObject, field: string, errors: FieldErrors): void {
  for (const count of [
    'parallelism',
    'completions',
    'backoffLimit',
    'activeDeadlineSeconds',
    'ttlSecondsAfterFinished',
  ]) {
    validateCount(spec[count], `${field}.${count}`, errors);
  }
  const modes = ['NonIndexed', 'Indexed'];
  if (!modes.includes(String(spec.completionMode))) {
    errors.notSupported(`${field}.completionMode`, spec.completionMode, modes);
  }
  if (spec.completionMode === 'Indexed' && spec.completions === undefined) {
    errors.required(`${field}.completions`, 'when completion mode is Indexed');
  }
  const template = asObject(spec.template) ?? {};
  const policy = asObject(template.spec)?.restartPolicy;
  if (policy === 'Always') {
    errors.required(`${field}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"');
  }
  validatePodTemplate(template, `${field}.template`, errors, ['Always', 'OnFailure', 'Never']);
}

/** Marks the pods of this Job, and nobody else's, by its uid. */
function generateSelector(draft: Draft, spec: JsonObject): void {
  const labels = ensureObject(ensureObject(ensureObject(spec, 'template'), 'metadata'), 'labels');
  const { uid, name } = draft.metadata;
  for (const prefix of ['', 'batch.kubernetes.io/']) {
    labels[`${prefix}controller-uid`] = uid;
    labels[`${prefix}job-name`] = name;
  }
  spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
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
