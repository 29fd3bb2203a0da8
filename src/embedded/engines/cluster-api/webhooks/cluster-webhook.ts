import { isIP } from 'node:net';
import { asList, asObject, asObjectList, asString, isEqualJson, type JsonObject } from '../../../machinery/json.ts';
import type { AdmissionWebhook } from '../../../registry/admission/admission-webhooks.ts';
import type { Draft, StrategyEnvironment } from '../../../registry/resource-strategy.ts';
import { FieldErrors } from '../../../registry/validation/field-errors.ts';
import { problemsOfLabelValue } from '../../../registry/validation/names.ts';
import type { ClusterObject } from '../../../store/types.ts';
import { controlPlaneGroup, coreGroup } from '../groups.ts';
import { findClass } from './class-of-cluster.ts';
import { decideVariables, definitionsOf } from './decide-variables.ts';
import { compareSemanticVersions, parseSemanticVersion, withPrefix } from './semantic-version.ts';
import { toldProblems } from './told-problems.ts';

const topologyField = 'spec.topology';

/** What Cluster API defaults and refuses of Clusters, in its words. */
export const clusterWebhook: AdmissionWebhook = {
  group: coreGroup,
  plural: 'clusters',
  mutatingName: 'default.cluster.cluster.x-k8s.io',
  validatingName: 'validation.cluster.cluster.x-k8s.io',
  mutate(draft, current, environment) {
    const topology = asObject(asObject(draft.spec)?.topology);
    if (topology === undefined) return undefined;
    topology.version = withPrefix(asString(topology.version) ?? '');
    // Without its class nothing is known of its variables: it waits.
    const found = findClass(topology, draft.metadata.namespace, environment);
    if (found === undefined) return undefined;
    const errors = new FieldErrors();
    defaultVariables(topology, asObject(asObject(current?.spec)?.topology), found, errors);
    const why = toldProblems('Cluster', coreGroup, draft.metadata.name, errors);
    return why === undefined ? undefined : { code: 422, why };
  },
  validate(draft, current, _errors, environment) {
    const problems = new FieldErrors();
    validateCluster(draft, current, problems, environment);
    return toldProblems('Cluster', coreGroup, draft.metadata.name, problems);
  },
};

function defaultVariables(
  topology: JsonObject,
  old: JsonObject | undefined,
  { spec }: ClusterObject,
  errors: FieldErrors,
): void {
  const definitions = definitionsOf(spec);
  const values = decideVariables(
    topology.variables,
    old?.variables,
    definitions,
    { field: `${topologyField}.variables`, isOverride: false },
    errors,
  );
  if (values.length > 0) topology.variables = values;
  const override = (part: JsonObject | undefined, before: JsonObject | undefined, field: string): void => {
    const variables = asObject(part?.variables);
    if (variables?.overrides === undefined) return;
    const place = { field: `${field}.variables.overrides`, isOverride: true };
    const known = asObject(before?.variables)?.overrides;
    variables.overrides = decideVariables(variables.overrides, known, definitions, place, errors);
  };
  override(asObject(topology.controlPlane), asObject(old?.controlPlane), `${topologyField}.controlPlane`);
  for (const list of ['machineDeployments', 'machinePools']) {
    const before = asObjectList(asObject(old?.workers)?.[list]);
    for (const group of asObjectList(asObject(topology.workers)?.[list])) {
      const namesake = before.find(({ name }) => name === group.name);
      override(group, namesake, `${topologyField}.workers.${list}[${String(group.name)}]`);
    }
  }
}

function validateCluster(
  { metadata, spec }: Draft,
  current: ClusterObject | undefined,
  errors: FieldErrors,
  environment: StrategyEnvironment,
): void {
  const wanted = asObject(spec) ?? {};
  const before = asObject(current?.spec);
  for (const words of problemsOfLabelValue(String(metadata.name))) {
    errors.invalid('metadata.name', metadata.name, `must be a valid label value ${words}`);
  }
  for (const field of ['infrastructureRef', 'controlPlaneRef']) {
    if (wanted[field] === undefined && before?.[field] !== undefined) {
      errors.forbidden(`spec.${field}`, 'cannot be removed');
    }
  }
  if (!['controlPlaneRef', 'infrastructureRef', 'topology'].some((field) => wanted[field] !== undefined)) {
    errors.forbidden('spec', 'one of spec.controlPlaneRef, spec.infrastructureRef or spec.topology must be set');
  }
  for (const network of ['pods', 'services']) {
    asList(asObject(asObject(wanted.clusterNetwork)?.[network])?.cidrBlocks).forEach((block, at) => {
      if (isCidr(String(block))) return;
      const field = `spec.clusterNetwork.${network}.cidrBlocks[${at}]`;
      errors.invalid(field, block, `invalid CIDR address: ${String(block)}`);
    });
  }
  const topology = asObject(wanted.topology);
  const old = asObject(before?.topology);
  if (topology !== undefined) validateTopology(topology, metadata, current, errors, environment);
  else if (old !== undefined) errors.forbidden(topologyField, 'cannot be removed from an existing Cluster');
}

function isCidr(block: string): boolean {
  const match = /^(.+)\/(\d{1,3})$/.exec(block);
  const family = isIP(match?.[1] ?? '');
  return family !== 0 && Number(match?.[2]) <= (family === 4 ? 32 : 128);
}

function validateTopology(
  topology: JsonObject,
  metadata: JsonObject,
  current: ClusterObject | undefined,
  errors: FieldErrors,
  environment: StrategyEnvironment,
): void {
  const version = asString(topology.version) ?? '';
  if (parseSemanticVersion(version) === undefined) {
    errors.invalid(`${topologyField}.version`, version, 'version must be a valid semantic version');
  }
  const found = findClass(topology, metadata.namespace, environment);
  if (found !== undefined) validateAgainstClass(topology, found, errors);
  // What changes nothing but metadata, such as the end of a deletion, needs no class.
  if (current === undefined || isEqualJson(asObject(current.spec)?.topology, topology)) return;
  if (found === undefined) {
    errors.invalid(`${topologyField}.class`, asObject(topology.classRef), 'ClusterClass not found');
    return;
  }
  const old = asObject(asObject(current.spec)?.topology);
  if (old === undefined) {
    errors.forbidden(`${topologyField}.class`, 'classRef cannot be set on an existing Cluster');
    return;
  }
  if (!isEqualJson(old.version, topology.version)) validateUpgrade(current, old, version, found, errors, environment);
}

function validateAgainstClass(topology: JsonObject, found: ClusterObject, errors: FieldErrors): void {
  const spec = asObject(found.spec) ?? {};
  const versions = asList(spec.kubernetesVersions);
  if (versions.length > 0 && !versions.includes(topology.version)) {
    const words = 'version must match one of the versions defined in the ClusterClass';
    errors.invalid(`${topologyField}.version`, topology.version, words);
  }
  for (const [list, kind] of [
    ['machineDeployments', 'MachineDeployment'],
    ['machinePools', 'MachinePool'],
  ] as const) {
    const classes = new Set(asObjectList(asObject(spec.workers)?.[list]).map((each) => each.class));
    asObjectList(asObject(topology.workers)?.[list]).forEach((group, at) => {
      if (classes.has(group.class)) return;
      const words = `${kind}Class with name ${JSON.stringify(group.class)} does not exist in ClusterClass "${found.metadata.name}"`;
      errors.invalid(`${topologyField}.workers.${list}[${at}].class`, group.class, words);
    });
  }
}

/** A version only grows, by one minor version at a time, and never while the last upgrade is under way. */
function validateUpgrade(
  cluster: ClusterObject,
  old: JsonObject,
  version: string,
  found: ClusterObject,
  errors: FieldErrors,
  environment: StrategyEnvironment,
): void {
  const field = `${topologyField}.version`;
  const wanted = parseSemanticVersion(version);
  const before = parseSemanticVersion(asString(old.version) ?? '');
  if (wanted === undefined || before === undefined) return;
  const [from, to] = [old.version, version].map((each) => JSON.stringify(String(each).replace(/^v/, '')));
  if (compareSemanticVersions(wanted, before) < 0) {
    errors.invalid(field, version, `version cannot be decreased from ${from} to ${to}`);
    return;
  }
  const ceiling = { major: before.major, minor: before.minor + 2, patch: 0 };
  const hasVersions = asList(asObject(found.spec)?.kubernetesVersions).length > 0;
  if (!hasVersions && compareSemanticVersions(wanted, ceiling) >= 0) {
    errors.invalid(field, version, `version cannot be increased from ${from} to ${to}`);
    return;
  }
  const why = problemsOfUpgrade(cluster, String(old.version), environment);
  if (why.length === 0) return;
  const told = why.length === 1 ? why[0] : `[${why.join(', ')}]`;
  errors.invalid(field, version, `version cannot be changed: ${told}`);
}

function problemsOfUpgrade(cluster: ClusterObject, old: string, environment: StrategyEnvironment): string[] {
  const { namespace, name } = cluster.metadata;
  const problems: string[] = [];
  const ref = asObject(asObject(cluster.spec)?.controlPlaneRef);
  const plane =
    ref === undefined
      ? undefined
      : environment.find(controlPlaneGroup, 'kubeadmcontrolplanes', String(ref.name), namespace);
  if (plane === undefined) {
    problems.push('failed to check if control plane is upgrading: failed to get control plane object');
  } else {
    const now = asString(asObject(plane.spec)?.version) ?? '';
    const status = asString(asObject(plane.status)?.version);
    const bare = now.replace(/^v/, '');
    if (now !== old) {
      problems.push(
        `Cluster.spec.topology.version ${old.replace(/^v/, '')} was not propagated to control plane yet (control plane version ${bare})`,
      );
    } else if (status === undefined) problems.push('control plane is currently provisioning');
    else if (status !== now) problems.push('control plane is still completing a previous upgrade');
  }
  const behind = environment
    .list(coreGroup, 'machinedeployments', namespace)
    .filter(({ metadata }) => metadata.labels?.[`${coreGroup}/cluster-name`] === name)
    .filter(({ metadata }) => metadata.labels?.[`topology.${coreGroup}/owned`] !== undefined)
    .filter((each) => isUpgrading(each, old, environment))
    .map(({ metadata }) => metadata.name);
  if (behind.length > 0)
    problems.push(`there are MachineDeployments still completing a previous upgrade: [${behind.join(', ')}]`);
  return problems;
}

function isUpgrading(deployment: ClusterObject, version: string, environment: StrategyEnvironment): boolean {
  const template = asObject(asObject(asObject(deployment.spec)?.template)?.spec);
  if (template?.version !== version) return true;
  return environment
    .list(coreGroup, 'machines', deployment.metadata.namespace)
    .filter(({ metadata }) => metadata.labels?.[`${coreGroup}/deployment-name`] === deployment.metadata.name)
    .some(({ spec }) => asObject(spec)?.version !== version);
}
