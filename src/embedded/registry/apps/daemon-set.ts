import { asObject, ensureObject, isEqualJson, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import {
  defaultPodTemplate,
  validateCount,
  validateImmutable,
  validateSelectorAndTemplate,
} from '../pod-spec/validate-pod-template.ts';
import type { Draft } from '../resource-strategy.ts';
import { daemonSetTable } from '../tables/workload-tables.ts';

/** Counts templates; the server keeps it where apps/v1 has no field for it any more. */
const templateGenerationAnnotation = 'deprecated.daemonset.template.generation';
const strategies = ['OnDelete', 'RollingUpdate'];

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
      validateCount(spec.minReadySeconds, 'spec.minReadySeconds', errors);
      validateCount(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit', errors);
      validateSelectorAndTemplate(spec, 'daemonset', errors);
      const type = asObject(spec.updateStrategy)?.type;
      if (!strategies.includes(String(type))) errors.notSupported('spec.updateStrategy.type', type, strategies);
    },
    validateUpdate: (draft, current, errors) => validateImmutable(draft.spec, current, 'selector', errors),
    table: daemonSetTable,
  },
);

function setTemplateGeneration(draft: Draft, generation: string): void {
  ensureObject(draft.metadata, 'annotations')[templateGenerationAnnotation] = generation;
}
