import {
  asObject,
  asObjectList,
  asString,
  cloneJson,
  ensureObject,
  isEqualJson,
  type JsonObject,
  setDefault,
} from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { defaultPodTemplate, validateCount, validateSelectorAndTemplate } from '../pod-spec/validate-pod-template.ts';
import type { Draft } from '../resource-strategy.ts';
import { statefulSetTable } from '../tables/workload-tables.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName } from '../validation/names.ts';
import { printGoStruct } from '../validation/print-go-struct.ts';

const managementPolicies = ['OrderedReady', 'Parallel'];
const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

export const statefulSets = defineResource(
  {
    group: 'apps',
    version: 'v1',
    kind: 'StatefulSet',
    plural: 'statefulsets',
    shortNames: ['sts'],
    categories: ['all'],
    subresources: ['status', 'scale'],
  },
  {
    generation: 'spec',
    scale: {
      specReplicas: ['spec', 'replicas'],
      statusReplicas: ['status', 'replicas'],
      selector: ['spec', 'selector'],
    },
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'replicas', 1);
      setDefault(spec, 'revisionHistoryLimit', 10);
      setDefault(spec, 'podManagementPolicy', 'OrderedReady');
      const strategy = ensureObject(spec, 'updateStrategy');
      setDefault(strategy, 'type', 'RollingUpdate');
      if (strategy.type === 'RollingUpdate') setDefault(ensureObject(strategy, 'rollingUpdate'), 'partition', 0);
      const retention = ensureObject(spec, 'persistentVolumeClaimRetentionPolicy');
      setDefault(retention, 'whenDeleted', 'Retain');
      setDefault(retention, 'whenScaled', 'Retain');
      for (const claim of asObjectList(spec.volumeClaimTemplates)) {
        setDefault(claim, 'apiVersion', 'v1');
        setDefault(claim, 'kind', 'PersistentVolumeClaim');
        setDefault(ensureObject(claim, 'spec'), 'volumeMode', 'Filesystem');
        setDefault(ensureObject(claim, 'status'), 'phase', 'Pending');
      }
      defaultPodTemplate(spec);
    },
    prepareForCreate(draft) {
      draft.status = { replicas: 0, availableReplicas: 0 };
      dropMaxUnavailable(draft);
    },
    prepareForUpdate: dropMaxUnavailable,
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      if (!managementPolicies.includes(String(spec.podManagementPolicy))) {
        errors.invalid('spec.podManagementPolicy', spec.podManagementPolicy, "must be 'OrderedReady' or 'Parallel'");
      }
      validateStrategy(asObject(spec.updateStrategy) ?? {}, errors);
      const retention = asObject(spec.persistentVolumeClaimRetentionPolicy) ?? {};
      for (const key of ['whenDeleted', 'whenScaled']) {
        errors.oneOf(`spec.persistentVolumeClaimRetentionPolicy.${key}`, retention[key], ['Retain', 'Delete']);
      }
      validateCount(spec.replicas, 'spec.replicas', errors);
      validateCount(spec.minReadySeconds, 'spec.minReadySeconds', errors);
      validateCount(asObject(spec.ordinals)?.start, 'spec.ordinals.start', errors);
      const service = asString(spec.serviceName) ?? '';
      if (service !== '') errors.eachInvalid('spec.serviceName', service, problemsOfName(service, 'dns-label'));
      validateSelectorAndTemplate(withClaimVolumes(spec), { selector: 'statefulset', kind: 'StatefulSet' }, errors);
    },
    validateUpdate(draft, current, errors) {
      if (!isEqualJson(fixedPart(draft.spec), fixedPart(current.spec))) {
        const list = changeable
          .map((field) => `'${field}'`)
          .join(', ')
          .replace(/, ([^,]*)$/, ' and $1');
        errors.forbidden('spec', `updates to statefulset spec for fields other than ${list} are forbidden`);
      }
    },
    table: statefulSetTable,
  },
);

/** Clusters of this version do not know the field unless somebody opens its feature gate (KEP-961). */
function dropMaxUnavailable({ spec }: Draft): void {
  delete asObject(asObject(asObject(spec)?.updateStrategy)?.rollingUpdate)?.maxUnavailable;
}

function validateStrategy(strategy: JsonObject, errors: FieldErrors): void {
  if (strategy.type === 'RollingUpdate') {
    const { partition } = asObject(strategy.rollingUpdate) ?? {};
    const field = 'spec.updateStrategy.rollingUpdate';
    validateCount(partition, `${field}.partition`, errors);
  } else if (strategy.type === 'OnDelete') {
    if (strategy.rollingUpdate === undefined) return;
    errors.invalid(
      'spec.updateStrategy.rollingUpdate',
      strategy.rollingUpdate,
      "only allowed for updateStrategy 'RollingUpdate'",
    );
  } else {
    errors.invalid('spec.updateStrategy', printGoStruct('Strategy', strategy), "must be 'RollingUpdate' or 'OnDelete'");
  }
}

function fixedPart(spec: unknown): JsonObject {
  return Object.fromEntries(Object.entries(asObject(spec) ?? {}).filter(([key]) => !changeable.includes(key)));
}

/** Mounts may name a claim template: at run time it becomes a volume of that name. */
function withClaimVolumes(spec: JsonObject): JsonObject {
  const claims = asObjectList(spec.volumeClaimTemplates).map((claim) => asObject(claim.metadata)?.name);
  if (claims.length === 0) return spec;
  const copy = cloneJson(spec);
  const podSpec = ensureObject(ensureObject(copy, 'template'), 'spec');
  const volumes = asObjectList(podSpec.volumes).filter((volume) => !claims.includes(volume.name));
  podSpec.volumes = [...volumes, ...claims.map((name) => ({ name, emptyDir: {} }))];
  return copy;
}
