import {
  asObject,
  asObjectList,
  asString,
  ensureObject,
  isEqualJson,
  type JsonObject,
  setDefault,
} from '../../../machinery/json.ts';
import { matchesLabelSelector, parseSelectorObject, printLabelSelector } from '../../../machinery/label-selector.ts';
import type { AdmissionWebhook } from '../../../registry/admission/admission-webhooks.ts';
import type { Draft } from '../../../registry/resource-strategy.ts';
import { FieldErrors } from '../../../registry/validation/field-errors.ts';
import { problemsOfLabelValue } from '../../../registry/validation/names.ts';
import type { ClusterObject } from '../../../store/types.ts';
import { coreGroup } from '../groups.ts';
import { decideReplicas } from './decide-replicas.ts';
import { parseSemanticVersion, withPrefix } from './semantic-version.ts';
import { toldProblems } from './told-problems.ts';

const clusterLabel = `${coreGroup}/cluster-name`;
const controlPlaneLabel = `${coreGroup}/control-plane`;
const defaultNodeDeletionSeconds = 10;

const names = (kind: string, plural: string) => ({
  group: coreGroup,
  plural,
  mutatingName: `default.${kind}.${coreGroup}`,
  validatingName: `validation.${kind}.${coreGroup}`,
});

/** What Cluster API defaults and refuses of Machines, in its words. */
export const machineWebhook: AdmissionWebhook = {
  ...names('machine', 'machines'),
  mutate(draft) {
    const spec = ensureObject(draft, 'spec');
    ensureObject(draft.metadata, 'labels')[clusterLabel] = spec.clusterName;
    if (spec.version !== undefined) spec.version = withPrefix(String(spec.version));
    setDefault(ensureObject(spec, 'deletion'), 'nodeDeletionTimeoutSeconds', defaultNodeDeletionSeconds);
    return undefined;
  },
  validate(draft, current) {
    const errors = new FieldErrors();
    const spec = asObject(draft.spec) ?? {};
    validateMachineSpec(spec, 'spec', asObject(draft.metadata.labels)?.[controlPlaneLabel] === undefined, errors);
    validateClusterName(spec, current, errors);
    return toldProblems('Machine', coreGroup, draft.metadata.name, errors);
  },
};

/** What Cluster API defaults and refuses of MachineDeployments, in its words. */
export const machineDeploymentWebhook: AdmissionWebhook = {
  ...names('machinedeployment', 'machinedeployments'),
  mutate(draft, current) {
    const spec = ensureObject(draft, 'spec');
    const problem = defaultSet(draft, current, `${coreGroup}/deployment-name`);
    const strategy = ensureObject(ensureObject(spec, 'rollout'), 'strategy');
    setDefault(strategy, 'type', 'RollingUpdate');
    if (strategy.type === 'RollingUpdate') {
      const rolling = ensureObject(strategy, 'rollingUpdate');
      setDefault(rolling, 'maxSurge', 1);
      setDefault(rolling, 'maxUnavailable', 0);
    }
    return problem;
  },
  validate(draft, current) {
    const errors = new FieldErrors();
    const spec = asObject(draft.spec) ?? {};
    validateSet(draft, current, errors);
    const strategy = asObject(asObject(spec.rollout)?.strategy);
    validateStrategy(asObject(strategy?.rollingUpdate) ?? {}, 'spec.rollout.strategy.rollingUpdate', errors);
    const maxInFlight = asObject(spec.remediation)?.maxInFlight;
    if (maxInFlight !== undefined) validateCount(maxInFlight, 'spec.remediation.maxInFlight', errors);
    return toldProblems('MachineDeployment', coreGroup, draft.metadata.name, errors);
  },
};

/** What Cluster API defaults and refuses of MachineSets, in its words. */
export const machineSetWebhook: AdmissionWebhook = {
  ...names('machineset', 'machinesets'),
  mutate: (draft, current) => defaultSet(draft, current, `${coreGroup}/set-name`),
  validate(draft, current) {
    const errors = new FieldErrors();
    validateSet(draft, current, errors);
    return toldProblems('MachineSet', coreGroup, draft.metadata.name, errors);
  },
};

function defaultSet(draft: Draft, current: ClusterObject | undefined, nameLabel: string): string | undefined {
  const spec = ensureObject(draft, 'spec');
  const template = ensureObject(spec, 'template');
  const machine = ensureObject(template, 'spec');
  ensureObject(draft.metadata, 'labels')[clusterLabel] = spec.clusterName;
  const decided = decideReplicas(spec.replicas, asObject(draft.metadata.annotations), current);
  if (typeof decided === 'string') return decided;
  spec.replicas = decided;
  const selector = ensureObject(spec, 'selector');
  const labels = ensureObject(ensureObject(template, 'metadata'), 'labels');
  const matchLabels = ensureObject(selector, 'matchLabels');
  if (Object.keys(matchLabels).length === 0 && asObjectList(selector.matchExpressions).length === 0) {
    matchLabels[nameLabel] = draft.metadata.name;
    labels[nameLabel] = draft.metadata.name;
  }
  matchLabels[clusterLabel] = spec.clusterName;
  labels[clusterLabel] = spec.clusterName;
  if (machine.version !== undefined) machine.version = withPrefix(String(machine.version));
  return undefined;
}

function validateSet(draft: Draft, current: ClusterObject | undefined, errors: FieldErrors): void {
  const spec = asObject(draft.spec) ?? {};
  const template = asObject(spec.template) ?? {};
  const machine = asObject(template.spec) ?? {};
  for (const words of problemsOfLabelValue(String(draft.metadata.name))) {
    errors.invalid('metadata.name', draft.metadata.name, `must be a valid label value: ${words}`);
  }
  validateMachineSpec(machine, 'spec.template.spec', true, errors);
  const selector = parseSelectorObject(spec.selector);
  const labels = asObject(asObject(template.metadata)?.labels) as Record<string, string> | undefined;
  if (!matchesLabelSelector(selector, labels)) {
    const printed = JSON.stringify(printLabelSelector(selector));
    errors.forbidden('spec.template.metadata.labels', `must match spec.selector ${printed}`);
  }
  validateClusterName(spec, current, errors);
  if (spec.clusterName !== machine.clusterName) {
    const words = 'spec.clusterName and spec.template.spec.clusterName must be set to the same value';
    errors.invalid('spec.clusterName', spec.clusterName, words);
  }
}

function validateClusterName(spec: JsonObject, current: ClusterObject | undefined, errors: FieldErrors): void {
  const before = asObject(current?.spec);
  if (before === undefined || isEqualJson(before.clusterName, spec.clusterName)) return;
  errors.forbidden('spec.clusterName', 'field is immutable');
}

function validateMachineSpec(spec: JsonObject, field: string, isWorker: boolean, errors: FieldErrors): void {
  const bootstrap = asObject(spec.bootstrap);
  if (bootstrap?.configRef === undefined && bootstrap?.dataSecretName === undefined) {
    const words = `expected either ${field}.bootstrap.dataSecretName or ${field}.bootstrap.configRef to be populated`;
    errors.required(`${field}.bootstrap`, words);
  }
  const version = asString(spec.version);
  if (version !== undefined && parseSemanticVersion(version) === undefined) {
    errors.invalid(`${field}.version`, version, 'must be a valid semantic version');
  }
  asObjectList(spec.taints).forEach(({ key }, at) => {
    if (!isWorker || key !== 'node-role.kubernetes.io/control-plane') return;
    errors.invalid(`${field}.taints[${at}].key`, key, 'taint is not allowed for worker Machines');
  });
}

function validateStrategy({ maxSurge, maxUnavailable }: JsonObject, field: string, errors: FieldErrors): void {
  if (maxUnavailable !== undefined) validateCount(maxUnavailable, `${field}.maxUnavailable`, errors);
  if (maxSurge !== undefined) validateCount(maxSurge, `${field}.maxSurge`, errors);
  if (maxSurge === 0 && maxUnavailable === 0) {
    errors.invalid(field, '0', 'maxUnavailable and maxSurge cannot both be 0');
  }
}

function validateCount(value: unknown, field: string, errors: FieldErrors): void {
  if (typeof value === 'number' || /^\d+%$/.test(String(value))) return;
  const words =
    'must be either an int or a percentage: invalid value for IntOrString: invalid type: string is not a percentage';
  errors.invalid(field, String(value), words);
}
