import { asList, asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import { validateAddress } from '../validation/addresses.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName } from '../validation/names.ts';
import { validateLabels } from '../validation/validate-metadata.ts';
import { validateAffinity } from './validate-affinity.ts';
import { validateContainers } from './validate-containers.ts';
import { validateGates, validateTolerations, validateTopologySpread } from './validate-scheduling.ts';
import { validatePodSecurity } from './validate-security-context.ts';
import { validateVolumes } from './validate-volumes.ts';

const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const restartPolicies = ['Always', 'OnFailure', 'Never'];
const maxInt32 = 2_147_483_647;
const maxNameServers = 3;
const maxSearches = 32;

/**
 * The rules of a pod's spec, in the order in which a refusal lists them. `field` is where it stands: `spec`, or
 * `spec.template.spec`. Only a pod itself must use the same port on its host's network.
 */
export function validatePodSpec(spec: JsonObject, field: string, errors: FieldErrors, isPod = false): void {
  const volumes = validateVolumes(spec, `${field}.volumes`, errors);
  validateContainers(spec, field, volumes, errors);
  if (spec.hostNetwork === true) validateHostNetwork(spec, field, isPod, errors);
  const restartPolicy = spec.restartPolicy;
  if ((restartPolicy ?? '') === '') errors.required(`${field}.restartPolicy`);
  else errors.oneOf(`${field}.restartPolicy`, restartPolicy, restartPolicies);
  errors.oneOf(`${field}.dnsPolicy`, spec.dnsPolicy, dnsPolicies);
  validateLabels(spec.nodeSelector, `${field}.nodeSelector`, errors);
  validatePodSecurity(spec, `${field}.securityContext`, errors);
  validateAffinity(asObject(spec.affinity), `${field}.affinity`, errors);
  validateNameServers(spec, `${field}.dnsConfig`, errors);
  validateGates(spec, field, errors);
  validateTopologySpread(spec.topologySpreadConstraints, `${field}.topologySpreadConstraints`, errors);
  validateName(spec, 'serviceAccountName', 'dns-subdomain', field, errors);
  validateName(spec, 'nodeName', 'dns-subdomain', field, errors);
  const deadline = spec.activeDeadlineSeconds;
  if (typeof deadline === 'number' && (deadline < 1 || deadline > maxInt32)) {
    errors.invalid(`${field}.activeDeadlineSeconds`, deadline, `must be between 1 and ${maxInt32}, inclusive`);
  }
  validateName(spec, 'hostname', 'dns-label', field, errors);
  validateName(spec, 'subdomain', 'dns-label', field, errors);
  validateTolerations(spec.tolerations, `${field}.tolerations`, errors);
  asObjectList(spec.hostAliases).forEach((alias, at) => {
    const place = `${field}.hostAliases[${at}]`;
    validateAddress(alias.ip, `${place}.ip`, errors);
    asList(alias.hostnames).forEach((name, index) => {
      errors.eachInvalid(`${place}.hostnames[${index}]`, name, problemsOfName(String(name), 'dns-subdomain'));
    });
  });
  validateName(spec, 'priorityClassName', 'dns-subdomain', field, errors);
  validateName(spec, 'runtimeClassName', 'dns-subdomain', field, errors);
  const preemption = spec.preemptionPolicy;
  if (preemption !== undefined) {
    errors.oneOf(`${field}.preemptionPolicy`, preemption, ['PreemptLowerPriority', 'Never']);
  }
  const system = asObject(spec.os);
  if (system !== undefined) {
    if ((system.name ?? '') === '') errors.required(`${field}.os.name`);
    else errors.oneOf(`${field}.os`, system.name, ['linux', 'windows']);
  }
}

function validateName(
  spec: JsonObject,
  key: string,
  rule: 'dns-label' | 'dns-subdomain',
  field: string,
  errors: FieldErrors,
): void {
  const name = asString(spec[key]) ?? '';
  if (name !== '') errors.eachInvalid(`${field}.${key}`, name, problemsOfName(name, rule));
}

function validateHostNetwork(spec: JsonObject, field: string, isPod: boolean, errors: FieldErrors): void {
  asObjectList(spec.containers).forEach((container, index) => {
    asObjectList(container.ports).forEach((port, at) => {
      const hostPort = port.hostPort ?? 0;
      if ((isPod || hostPort !== 0) && hostPort !== port.containerPort) {
        errors.invalid(
          `${field}.containers[${index}].ports[${at}].hostPort`,
          hostPort,
          'must match `containerPort` when `hostNetwork` is true',
        );
      }
    });
  });
}

function validateNameServers(spec: JsonObject, field: string, errors: FieldErrors): void {
  const config = asObject(spec.dnsConfig);
  const servers = asList(config?.nameservers);
  if (spec.dnsPolicy === 'None') {
    if (config === undefined) {
      errors.required(field, 'must provide `dnsConfig` when `dnsPolicy` is None');
      return;
    }
    if (servers.length === 0) {
      errors.required(`${field}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None');
      return;
    }
  }
  if (config === undefined) return;
  if (servers.length > maxNameServers) {
    errors.invalid(`${field}.nameservers`, servers, `must not have more than ${maxNameServers} nameservers`);
  }
  servers.forEach((server, at) => {
    validateAddress(server, `${field}.nameservers[${at}]`, errors);
  });
  const searches = asList(config.searches);
  if (searches.length > maxSearches) {
    errors.invalid(`${field}.searches`, searches, `must not have more than ${maxSearches} search paths`);
  }
  asObjectList(config.options).forEach((option, at) => {
    if ((option.name ?? '') === '') errors.required(`${field}.options[${at}]`, 'must not be empty');
  });
}
