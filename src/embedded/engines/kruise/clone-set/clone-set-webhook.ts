import {
  asList,
  asObject,
  asString,
  ensureObject,
  isEqualJson,
  type JsonObject,
  setDefault,
} from '../../../machinery/json.ts';
import type { AdmissionWebhook } from '../../../registry/admission/admission-webhooks.ts';
import { validateMatch, validatePodTemplate } from '../../../registry/pod-spec/validate-pod-template.ts';
import type { Draft, StrategyEnvironment } from '../../../registry/resource-strategy.ts';
import type { FieldErrors } from '../../../registry/validation/field-errors.ts';
import { isEmptySelector, isUsableSelector, validateSelector } from '../../../registry/validation/validate-selector.ts';
import type { ClusterObject } from '../../../store/types.ts';
import { withClaimVolumes } from '../claim-volumes.ts';
import { group, type IntOrPercent } from '../kinds.ts';
import { scaled } from '../partition.ts';
import { readTemplates } from '../read-template.ts';
import { problemInPlace, validatePriority, validateScatter } from '../validate-strategies.ts';

const types = ['ReCreate', 'InPlaceIfPossible', 'InPlaceOnly'];
const changeable = [
  'replicas',
  'template',
  'lifecycle',
  'scaleStrategy',
  'updateStrategy',
  'minReadySeconds',
  'progressDeadlineSeconds',
  'volumeClaimTemplates',
  'revisionHistoryLimit',
];
const noDeadline = 2_147_483_647;

/** What OpenKruise adds to and refuses of CloneSets, in its words. */
export const cloneSetWebhook: AdmissionWebhook = {
  group,
  plural: 'clonesets',
  mutatingName: 'mcloneset.kb.io',
  validatingName: 'vcloneset.kb.io',
  mutate(draft, current) {
    const spec = ensureObject(draft, 'spec');
    setDefault(spec, 'replicas', 1);
    setDefault(spec, 'revisionHistoryLimit', 10);
    const problem = readTemplates(spec, current);
    if (problem !== undefined) return problem;
    const strategy = ensureObject(spec, 'updateStrategy');
    if ((strategy.type ?? '') === '') strategy.type = 'ReCreate';
    else if (strategy.type !== 'ReCreate') ensureObject(strategy, 'inPlaceUpdateStrategy');
    setDefault(strategy, 'partition', 0);
    setDefault(strategy, 'maxUnavailable', '20%');
    setDefault(strategy, 'maxSurge', 0);
    ensureObject(spec, 'scaleStrategy');
    return undefined;
  },
  validate(draft, current, errors, environment) {
    const spec = asObject(draft.spec) ?? {};
    if (current !== undefined) validateUpdate(spec, current, errors);
    errors.notNegative('spec.replicas', spec.replicas);
    validateTemplate(spec, errors);
    validateScaleStrategy(draft, current, errors, environment);
    validateStrategy(asObject(spec.updateStrategy) ?? {}, Number(spec.replicas ?? 1), errors);
    validateDeadline(spec, errors);
    return undefined;
  },
};

function validateUpdate(spec: JsonObject, { spec: before }: ClusterObject, errors: FieldErrors): void {
  const old = asObject(before) ?? {};
  const fixed = ({ ...rest }: JsonObject): JsonObject => {
    for (const field of changeable) delete rest[field];
    return rest;
  };
  if (!isEqualJson(fixed(spec), fixed(old))) {
    const [last, ...others] = [...changeable].reverse().map((field) => `'${field}'`);
    const list = `${others.reverse().join(', ')} and ${last ?? ''}`;
    errors.forbidden('spec', `updates to cloneset spec for fields other than ${list} are forbidden`);
  }
  if (asObject(spec.updateStrategy)?.type !== 'InPlaceOnly') return;
  const problem = problemInPlace(old.template, spec.template);
  if (problem === undefined) return;
  errors.forbidden('spec', `only allowed to update images in spec for InPlaceOnly, but found ${problem}`);
}

function validateTemplate(spec: JsonObject, errors: FieldErrors): void {
  const selector = asObject(spec.selector) ?? {};
  validateSelector(selector, 'spec.selector', errors);
  if (isEmptySelector(selector)) errors.invalid('spec.selector', selector, 'empty selector is invalid for cloneset');
  if (!isUsableSelector(selector)) {
    errors.invalid('spec.selector', selector, '');
    return;
  }
  const template = asObject(withClaimVolumes(spec).template) ?? {};
  if (!isEmptySelector(selector)) validateMatch(selector, template, 'spec.template', errors);
  validatePodTemplate(template, 'spec.template', errors);
  const { restartPolicy, activeDeadlineSeconds } = asObject(template.spec) ?? {};
  if ((restartPolicy ?? '') !== '') errors.oneOf('spec.template.spec.restartPolicy', restartPolicy, ['Always']);
  if (activeDeadlineSeconds === undefined) return;
  const words = 'activeDeadlineSeconds in cloneset is not Supported';
  errors.forbidden('spec.template.spec.activeDeadlineSeconds', words);
}

/** Pods that are newly named must be there, stay, and be the CloneSet's own. */
function validateScaleStrategy(
  { metadata, spec }: Draft,
  current: ClusterObject | undefined,
  errors: FieldErrors,
  environment: StrategyEnvironment,
): void {
  const named = namesIn(spec);
  const field = 'spec.scaleStrategy.podsToDelete';
  const twice = [...new Set(named.filter((name, at) => named.indexOf(name) !== at))];
  if (twice.length > 0) {
    errors.invalid(field, named, `duplicated items [${twice.join(' ')}]`);
    return;
  }
  const known = new Set(namesIn(current?.spec));
  for (const name of named.filter((each) => !known.has(each)).sort()) {
    const pod = environment.find('', 'pods', name, String(metadata.namespace));
    const owner = pod?.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (pod === undefined) errors.invalid(field, name, `find pod ${name} failed: pods "${name}" not found`);
    else if (pod.metadata.deletionTimestamp !== undefined) {
      errors.invalid(field, name, `find pod ${name} already terminating`);
    } else if (owner?.uid !== metadata.uid) errors.invalid(field, name, `find pod ${name} owner is not this CloneSet`);
  }
}

function namesIn(spec: unknown): readonly string[] {
  return asList(asObject(asObject(spec)?.scaleStrategy)?.podsToDelete).map(String);
}

function validateStrategy(strategy: JsonObject, replicas: number, errors: FieldErrors): void {
  const field = 'spec.updateStrategy';
  if (!types.includes(String(strategy.type))) {
    errors.invalid(`${field}.type`, strategy.type, "must be 'ReCreate', InPlaceIfPossible or 'InPlaceOnly'");
  }
  const read = (key: 'partition' | 'maxUnavailable' | 'maxSurge'): number => {
    const value = strategy[key] as IntOrPercent;
    const problem = problemOfIntOrPercent(value);
    if (problem === undefined) return scaled(value, replicas, 'up');
    errors.invalid(`${field}.${key}`, value, `failed GetScaledValueFromIntOrPercent for ${key}: ${problem}`);
    return 0;
  };
  errors.notNegative(`${field}.partition`, read('partition'));
  validatePriority(strategy.priorityStrategy, `${field}.priorityStrategy`, errors);
  validateScatter(strategy.scatterStrategy, `${field}.scatterStrategy`, errors);
  const maxUnavailable = read('maxUnavailable');
  const maxSurge = read('maxSurge');
  if (strategy.type === 'InPlaceOnly' && maxSurge > 0) {
    const printed = String(strategy.maxSurge);
    errors.invalid(`${field}.maxSurge`, printed, 'can not use maxSurge with strategy type InPlaceOnly');
  }
  if (replicas > 0 && maxUnavailable < 1 && maxSurge < 1) {
    const words = 'maxUnavailable and maxSurge should not both be less than 1';
    errors.invalid(`${field}.maxUnavailable`, strategy.maxUnavailable, words);
  }
}

/** Numbers in texts are refused: a client has to decide between a count and a share. */
function problemOfIntOrPercent(value: unknown): string | undefined {
  const text = asString(value);
  if (text === undefined) return undefined;
  if (!text.endsWith('%')) return 'invalid type: string is not a percentage';
  const number = text.slice(0, -1);
  return /^\d+(\.\d+)?$/.test(number) ? undefined : `strconv.ParseFloat: parsing "${number}": invalid syntax`;
}

function validateDeadline(spec: JsonObject, errors: FieldErrors): void {
  const deadline = spec.progressDeadlineSeconds;
  if (typeof deadline !== 'number') return;
  errors.notNegative('spec.progressDeadlineSeconds', deadline);
  if (deadline === noDeadline || deadline > Number(spec.minReadySeconds ?? 0)) return;
  errors.invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds');
}
