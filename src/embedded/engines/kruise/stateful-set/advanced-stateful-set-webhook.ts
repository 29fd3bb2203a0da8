import {
  asList,
  asObject,
  asObjectList,
  asString,
  ensureObject,
  isEqualJson,
  type JsonObject,
  setDefault,
} from '../../../machinery/json.ts';
import type { AdmissionWebhook } from '../../../registry/admission/admission-webhooks.ts';
import { validateSelectorAndTemplate } from '../../../registry/pod-spec/validate-pod-template.ts';
import type { FieldErrors } from '../../../registry/validation/field-errors.ts';
import { validateIntOrPercent } from '../../../registry/validation/int-or-percent.ts';
import type { ClusterObject } from '../../../store/types.ts';
import { withClaimVolumes } from '../claim-volumes.ts';
import { group, type IntOrPercent } from '../kinds.ts';
import { scaled } from '../partition.ts';
import { readTemplates } from '../read-template.ts';
import { inPlaceGate } from '../readiness.ts';
import { problemInPlace, validatePriority } from '../validate-strategies.ts';
import { rangeOf } from './ordinal-range.ts';

const maxMinReadySeconds = 300;
const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'persistentVolumeClaimRetentionPolicy',
  'scaleStrategy',
  'volumeClaimTemplates',
  'volumeClaimUpdateStrategy',
  'reserveOrdinals',
  'lifecycle',
  'revisionHistoryLimit',
];
const rollingField = 'spec.updateStrategy.rollingUpdate';

/** What OpenKruise adds to and refuses of its StatefulSets, in its words. */
export const advancedStatefulSetWebhook: AdmissionWebhook = {
  group,
  plural: 'statefulsets',
  mutatingName: 'mstatefulset.kb.io',
  validatingName: 'vstatefulset.kb.io',
  mutate(draft, current) {
    const spec = ensureObject(draft, 'spec');
    if ((spec.podManagementPolicy ?? '') === '') spec.podManagementPolicy = 'OrderedReady';
    const strategy = ensureObject(spec, 'updateStrategy');
    if ((strategy.type ?? '') === '') strategy.type = 'RollingUpdate';
    if (strategy.type === 'RollingUpdate') {
      const rolling = ensureObject(strategy, 'rollingUpdate');
      setDefault(rolling, 'partition', 0);
      setDefault(rolling, 'maxUnavailable', 1);
      setDefault(rolling, 'podUpdatePolicy', 'ReCreate');
      setDefault(rolling, 'minReadySeconds', 0);
    }
    const retention = ensureObject(spec, 'persistentVolumeClaimRetentionPolicy');
    setDefault(retention, 'whenDeleted', 'Retain');
    setDefault(retention, 'whenScaled', 'Retain');
    setDefault(spec, 'replicas', 1);
    setDefault(spec, 'revisionHistoryLimit', 10);
    return readTemplates(spec, current);
  },
  validate(draft, current, errors) {
    const spec = asObject(draft.spec) ?? {};
    const policy = spec.podManagementPolicy;
    if (policy !== 'OrderedReady' && policy !== 'Parallel') {
      errors.invalid('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'");
    }
    validateReserved(spec, errors);
    const scaleLimit = asObject(spec.scaleStrategy)?.maxUnavailable;
    if (scaleLimit !== undefined) validateLimit(scaleLimit, spec, 'spec.scaleStrategy.maxUnavailable', errors);
    validateStrategy(spec, errors);
    const retention = asObject(spec.persistentVolumeClaimRetentionPolicy) ?? {};
    for (const key of ['whenDeleted', 'whenScaled']) {
      errors.oneOf(`spec.persistentVolumeClaimRetentionPolicy.${key}`, retention[key], ['Retain', 'Delete']);
    }
    errors.notNegative('spec.replicas', spec.replicas);
    validateSelectorAndTemplate(withClaimVolumes(spec), { selector: 'statefulset', kind: 'StatefulSet' }, errors);
    if (current === undefined) return undefined;
    validateUpdate(spec, current, errors);
    if (errors.causes.length > 0) return undefined;
    return problemOfInPlaceOnly(spec, current);
  },
};

function validateReserved(spec: JsonObject, errors: FieldErrors): void {
  for (const [at, entry] of asList(spec.reserveOrdinals).entries()) {
    const problem = problemOfReserved(entry as IntOrPercent);
    if (problem !== undefined) errors.invalid('spec', spec.reserveOrdinals, `${at} th reserve ordinal is ${problem}`);
  }
}

function problemOfReserved(entry: IntOrPercent): string | undefined {
  if (typeof entry === 'number') return entry < 0 ? `negative: ${entry}` : undefined;
  return rangeOf(entry) === undefined ? `not a valid range: ${entry}` : undefined;
}

/** More than one pod at a time only where pods need not wait for one another. */
function validateLimit(value: unknown, spec: JsonObject, field: string, errors: FieldErrors): void {
  const known = errors.causes.length;
  validateIntOrPercent(value, field, errors);
  if (errors.causes.length === known && scaled(value as IntOrPercent, 1, 'up') < 1) {
    errors.invalid(field, value, 'should not be less than 1');
  }
  if (spec.podManagementPolicy !== 'Parallel' && value !== 1) {
    errors.invalid(field, value, 'can only work with Parallel PodManagementPolicyType');
  }
}

function validateStrategy(spec: JsonObject, errors: FieldErrors): void {
  const { type, rollingUpdate } = asObject(spec.updateStrategy) ?? {};
  if (type === 'OnDelete') {
    if (rollingUpdate === undefined) return;
    errors.invalid(rollingField, rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'");
    return;
  }
  if (type !== 'RollingUpdate') {
    errors.invalid('spec.updateStrategy', { type }, "must be 'RollingUpdate' or 'OnDelete'");
    return;
  }
  const rolling = asObject(rollingUpdate) ?? {};
  errors.notNegative(`${rollingField}.partition`, rolling.partition);
  errors.notNegative(`${rollingField}.minReadySeconds`, rolling.minReadySeconds);
  if (Number(rolling.minReadySeconds) > maxMinReadySeconds) {
    const words = `must be no more than ${maxMinReadySeconds} seconds`;
    errors.invalid(`${rollingField}.minReadySeconds`, rolling.minReadySeconds, words);
  }
  validateLimit(rolling.maxUnavailable, spec, `${rollingField}.maxUnavailable`, errors);
  validateUpdatePolicy(spec, asString(rolling.podUpdatePolicy) ?? '', errors);
  const unordered = asObject(rolling.unorderedUpdate);
  if (unordered === undefined) return;
  if (spec.podManagementPolicy !== 'Parallel') {
    const words = 'unorderedUpdate can only work with Parallel PodManagementPolicyType';
    errors.required(`${rollingField}.unorderedUpdate`, words);
  }
  validatePriority(unordered.priorityStrategy, `${rollingField}.unorderedUpdate.priorityStrategy`, errors);
}

/** Unlike a CloneSet's, a template must name the gate that keeps pods unready while they are updated in place. */
function validateUpdatePolicy(spec: JsonObject, policy: string, errors: FieldErrors): void {
  if (policy === 'ReCreate') return;
  if (policy !== 'InPlaceIfPossible' && policy !== 'InPlaceOnly') {
    const words = "must be 'ReCreate', InPlaceIfPossible or 'InPlaceOnly'";
    errors.invalid(`${rollingField}.podUpdatePolicy`, policy, words);
    return;
  }
  const gates = asObject(asObject(spec.template)?.spec)?.readinessGates;
  if (asObjectList(gates).some(({ conditionType }) => conditionType === inPlaceGate)) return;
  const words = `must contains ${inPlaceGate} when podUpdatePolicy is ${policy}`;
  errors.invalid('spec.template.spec.readinessGates', gates, words);
}

function validateUpdate(spec: JsonObject, current: ClusterObject, errors: FieldErrors): void {
  const fixed = ({ ...rest }: JsonObject): JsonObject => {
    for (const field of changeable) delete rest[field];
    return rest;
  };
  if (isEqualJson(fixed(spec), fixed(asObject(current.spec) ?? {}))) return;
  errors.forbidden(
    'spec',
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'reserveOrdinals', 'lifecycle', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy', `volumeClaimTemplates`, `VolumeClaimUpdateStrategy` and 'updateStrategy' are forbidden",
  );
}

function problemOfInPlaceOnly(spec: JsonObject, current: ClusterObject): string | undefined {
  const rolling = asObject(asObject(spec.updateStrategy)?.rollingUpdate);
  if (rolling?.podUpdatePolicy !== 'InPlaceOnly') return undefined;
  const problem = problemInPlace(asObject(current.spec)?.template, spec.template);
  if (problem === undefined) return undefined;
  return `invalid template modified with InPlaceOnly strategy: ${problem}, currently only image update is allowed for InPlaceOnly`;
}
