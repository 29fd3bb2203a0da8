import { asObject, ensureObject, isEqualJson, type JsonObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import {
  defaultPodTemplate,
  validateCount,
  validateImmutable,
  validateSelectorAndTemplate,
} from '../pod-spec/validate-pod-template.ts';
import type { Draft } from '../resource-strategy.ts';
import { daemonSetTable } from '../tables/workload-tables.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { isNothing, validateAtMostAll, validateIntOrPercent } from '../validation/int-or-percent.ts';
import { printGoStruct } from '../validation/print-go-struct.ts';

/** Counts templates; the server keeps it where apps/v1 has no field for it any more. */
const templateGenerationAnnotation = 'deprecated.daemonset.template.generation';
const strategies = ['RollingUpdate', 'OnDelete'];

export const daemonSets = defineResource(
  {
    group: 'apps',
    version: 'v1',
    kind: 'DaemonSet',
    plural: 'daemonsets',
    shortNames: ['ds'],
    categories: ['all'],
    subresources: ['status'],
  },
  {
    generation: 'spec',
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'revisionHistoryLimit', 10);
      const strategy = ensureObject(spec, 'updateStrategy');
      setDefault(strategy, 'type', 'RollingUpdate');
      if (strategy.type === 'RollingUpdate') {
        const rolling = ensureObject(strategy, 'rollingUpdate');
        setDefault(rolling, 'maxUnavailable', 1);
        setDefault(rolling, 'maxSurge', 0);
      }
      defaultPodTemplate(spec);
    },
    prepareForCreate(draft) {
      setTemplateGeneration(draft, '1');
      draft.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
    },
    prepareForUpdate(draft, current) {
      const known = Number(current.metadata.annotations?.[templateGenerationAnnotation] ?? 0);
      const isSame = isEqualJson(asObject(draft.spec)?.template, asObject(current.spec)?.template);
      setTemplateGeneration(draft, String(isSame ? known : known + 1));
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      validateSelectorAndTemplate(spec, { selector: 'daemonset', kind: 'DaemonSet' }, errors);
      validateCount(spec.minReadySeconds, 'spec.minReadySeconds', errors);
      const strategy = asObject(spec.updateStrategy) ?? {};
      if (!strategies.includes(String(strategy.type))) {
        errors.notSupported('spec.updateStrategy', printGoStruct('Strategy', strategy), strategies);
      } else if (strategy.type === 'RollingUpdate') validateRolling(asObject(strategy.rollingUpdate) ?? {}, errors);
      validateCount(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit', errors);
    },
    validateUpdate: (draft, current, errors) => validateImmutable(draft.spec, current, 'selector', errors),
    table: daemonSetTable,
  },
);

function setTemplateGeneration(draft: Draft, generation: string): void {
  ensureObject(draft.metadata, 'annotations')[templateGenerationAnnotation] = generation;
}

/** A daemon moves either by ending the old pod first or by starting the new one first. */
function validateRolling(rolling: JsonObject, errors: FieldErrors): void {
  const field = 'spec.updateStrategy.rollingUpdate';
  const { maxUnavailable, maxSurge } = rolling;
  validateIntOrPercent(maxUnavailable, `${field}.maxUnavailable`, errors);
  validateIntOrPercent(maxSurge, `${field}.maxSurge`, errors);
  validateAtMostAll(maxUnavailable, `${field}.maxUnavailable`, errors);
  validateAtMostAll(maxSurge, `${field}.maxSurge`, errors);
  if (isNothing(maxUnavailable)) {
    if (isNothing(maxSurge)) errors.required(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0');
  } else if (!isNothing(maxSurge)) {
    errors.invalid(`${field}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero');
  }
}
