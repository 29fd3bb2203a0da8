import { asList, asObject, asObjectList, asString, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import { validateAddress, validateNonSpecialAddress, validateRange } from '../validation/addresses.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName, problemsOfQualifiedName } from '../validation/names.ts';
import { protocols, validatePortNumber, validatePortNumberOrName } from '../validation/ports.ts';
import { validateLabels } from '../validation/validate-metadata.ts';
import { isExternallyAccessible, isHeadless, needsHealthCheck } from './service-kinds.ts';

const serviceTypes = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const trafficPolicies = ['Cluster', 'Local'];
const familyPolicies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
const maxAffinitySeconds = 86_400;

/** The rules of a service's spec, in the order in which a refusal lists them. */
export function validateService(spec: JsonObject, errors: FieldErrors): void {
  const { type } = spec;
  const ports = asObjectList(spec.ports);
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') errors.required('spec.ports');
  if (isHeadless(spec) && (type === 'LoadBalancer' || type === 'NodePort')) {
    errors.invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`);
  }
  if (type === 'ExternalName') validateExternalName(spec, errors);
  const names = new Set<string>();
  ports.forEach((port, at) => {
    validatePort(port, `spec.ports[${at}]`, ports.length > 1, names, errors);
  });
  validateLabels(spec.selector, 'spec.selector', errors);
  validateAffinity(spec, errors);
  if (type !== 'ExternalName') validateAddresses(spec, errors);
  asList(spec.externalIPs).forEach((address, at) => {
    const before = errors.causes.length;
    validateAddress(address, `spec.externalIPs[${at}]`, errors);
    if (errors.causes.length === before) {
      validateNonSpecialAddress(String(address), `spec.externalIPs[${at}]`, errors);
    }
  });
  errors.oneOf('spec.type', type, serviceTypes);
  validateUnique(spec, ports, errors);
  validateBalancer(spec, errors);
  validateTraffic(spec, errors);
}

/** What an update may not do to a service. */
export function validateServiceUpdate(spec: JsonObject, current: ClusterObject, errors: FieldErrors): void {
  const before = asObject(current.spec) ?? {};
  const isExternal = spec.type === 'ExternalName' || before.type === 'ExternalName';
  if (!isExternal && !(isHeadless(spec) && isHeadless(before))) {
    const next = asList(spec.clusterIPs);
    asList(before.clusterIPs).forEach((address, at) => {
      if (address !== next[at]) errors.invalid(`spec.clusterIPs[${at}]`, next, 'may not change once set');
    });
  }
  if (!isExternal && !isEqualJson(asList(spec.ipFamilies)[0], asList(before.ipFamilies)[0])) {
    errors.invalid('spec.ipFamilies[0]', spec.ipFamilies, 'may not change once set');
  }
  if (
    spec.type === 'LoadBalancer' &&
    before.type === 'LoadBalancer' &&
    spec.loadBalancerClass !== before.loadBalancerClass
  ) {
    errors.invalid('spec.loadBalancerClass', spec.loadBalancerClass, 'may not change once set');
  }
  if (needsHealthCheck(spec) && needsHealthCheck(before) && spec.healthCheckNodePort !== before.healthCheckNodePort) {
    errors.forbidden('spec.healthCheckNodePort', 'field is immutable');
  }
}

function validateExternalName(spec: JsonObject, errors: FieldErrors): void {
  const unset = 'may not be set for ExternalName services';
  if (asList(spec.clusterIPs).length > 0) errors.forbidden('spec.clusterIPs', unset);
  if (asList(spec.ipFamilies).length > 0) errors.forbidden('spec.ipFamilies', unset);
  if (spec.ipFamilyPolicy !== undefined) errors.forbidden('spec.ipFamilyPolicy', unset);
  const name = (asString(spec.externalName) ?? '').replace(/\.$/, '');
  if (name === '') errors.required('spec.externalName');
  else errors.eachInvalid('spec.externalName', name, problemsOfName(name, 'dns-subdomain'));
}

function validatePort(
  port: JsonObject,
  field: string,
  needsName: boolean,
  names: Set<string>,
  errors: FieldErrors,
): void {
  const name = asString(port.name) ?? '';
  if (name === '') {
    if (needsName) errors.required(`${field}.name`);
  } else {
    errors.eachInvalid(`${field}.name`, name, problemsOfName(name, 'dns-label'));
    if (names.has(name)) errors.duplicate(`${field}.name`, name);
    names.add(name);
  }
  validatePortNumber(port.port, `${field}.port`, errors);
  errors.oneOf(`${field}.protocol`, port.protocol, protocols);
  validatePortNumberOrName(port.targetPort, `${field}.targetPort`, errors);
  const protocol = asString(port.appProtocol);
  if (protocol !== undefined) {
    errors.eachInvalid(`${field}.appProtocol`, protocol, problemsOfQualifiedName(protocol));
  }
}

function validateAffinity(spec: JsonObject, errors: FieldErrors): void {
  errors.oneOf('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']);
  if (spec.sessionAffinity !== 'ClientIP') return;
  const seconds = asObject(asObject(spec.sessionAffinityConfig)?.clientIP)?.timeoutSeconds;
  if (typeof seconds !== 'number' || seconds <= 0 || seconds > maxAffinitySeconds) {
    errors.invalid(
      'spec.sessionAffinityConfig.clientIP.timeoutSeconds',
      seconds,
      `must be greater than 0 and less than ${maxAffinitySeconds}`,
    );
  }
}

function validateAddresses(spec: JsonObject, errors: FieldErrors): void {
  const addresses = asList(spec.clusterIPs);
  if ((spec.clusterIP ?? '') === '') {
    if (addresses.length > 0) {
      errors.invalid('spec.clusterIPs', addresses, 'must be empty when `clusterIP` is not specified');
    }
  } else if (addresses.length === 0) errors.required('spec.clusterIPs');
  else if (addresses[0] !== spec.clusterIP) {
    errors.invalid('spec.clusterIPs', addresses, 'first value must match `clusterIP`');
  }
  const families = asList(spec.ipFamilies);
  families.forEach((family, at) => {
    errors.oneOf(`spec.ipFamilies[${at}]`, family, ['IPv4', 'IPv6']);
    if (families.indexOf(family) < at) errors.duplicate(`spec.ipFamilies[${at}]`, family);
  });
  if (spec.ipFamilyPolicy !== undefined) errors.oneOf('spec.ipFamilyPolicy', spec.ipFamilyPolicy, familyPolicies);
  addresses.forEach((address, at) => {
    if (at === 0 && address === 'None') {
      if (addresses.length > 1) {
        errors.invalid('spec.clusterIPs', addresses, "'None' must be the first and only value");
      }
    } else validateAddress(address, `spec.clusterIPs[${at}]`, errors);
  });
  if (addresses.length > 2) errors.invalid('spec.clusterIPs', addresses, 'may only hold up to 2 values');
}

function validateUnique(spec: JsonObject, ports: readonly JsonObject[], errors: FieldErrors): void {
  if (spec.type === 'ClusterIP') {
    ports.forEach((port, at) => {
      if ((port.nodePort ?? 0) === 0) return;
      errors.forbidden(`spec.ports[${at}].nodePort`, "may not be used when `type` is 'ClusterIP'");
    });
  }
  const nodePorts = new Set<string>();
  ports.forEach(({ protocol, nodePort = 0 }, at) => {
    if (nodePort === 0) return;
    const key = `${String(protocol)}/${String(nodePort)}`;
    if (nodePorts.has(key)) errors.duplicate(`spec.ports[${at}].nodePort`, nodePort);
    nodePorts.add(key);
  });
  const numbers = new Set<string>();
  ports.forEach(({ protocol, port }, at) => {
    const key = `${String(protocol)}/${String(port)}`;
    if (numbers.has(key)) {
      const printed = { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
      errors.duplicate(`spec.ports[${at}]`, printed);
    }
    numbers.add(key);
  });
}

function validateBalancer(spec: JsonObject, errors: FieldErrors): void {
  const only = "may only be used when `type` is 'LoadBalancer'";
  const isBalancer = spec.type === 'LoadBalancer';
  const ranges = asList(spec.loadBalancerSourceRanges);
  // The field is spelled with a capital in refusals.
  if (ranges.length > 0 && !isBalancer) errors.forbidden('spec.LoadBalancerSourceRanges', only);
  ranges.forEach((range, at) => {
    validateRange(String(range).trim(), `spec.LoadBalancerSourceRanges[${at}]`, errors);
  });
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isBalancer) {
    errors.forbidden('spec.allocateLoadBalancerNodePorts', only);
  }
  const name = asString(spec.loadBalancerClass);
  if (name === undefined) return;
  if (!isBalancer) errors.forbidden('spec.loadBalancerClass', only);
  else errors.eachInvalid('spec.loadBalancerClass', name, problemsOfQualifiedName(name));
}

function validateTraffic(spec: JsonObject, errors: FieldErrors): void {
  const { externalTrafficPolicy, healthCheckNodePort = 0, internalTrafficPolicy, trafficDistribution } = spec;
  if (isExternallyAccessible(spec)) {
    errors.oneOf('spec.externalTrafficPolicy', externalTrafficPolicy, trafficPolicies);
  } else if ((externalTrafficPolicy ?? '') !== '') {
    errors.invalid(
      'spec.externalTrafficPolicy',
      externalTrafficPolicy,
      'may only be set for externally-accessible services',
    );
  }
  if (!needsHealthCheck(spec) && healthCheckNodePort !== 0) {
    errors.invalid(
      'spec.healthCheckNodePort',
      healthCheckNodePort,
      "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    );
  }
  if (internalTrafficPolicy !== undefined) {
    errors.oneOf('spec.internalTrafficPolicy', internalTrafficPolicy, trafficPolicies);
  }
  if (trafficDistribution !== undefined) {
    errors.oneOf('spec.trafficDistribution', trafficDistribution, distributions);
  }
}
