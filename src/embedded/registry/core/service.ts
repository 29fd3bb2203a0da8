import { asObject, asObjectList, asString, ensureObject, type JsonObject, setDefault } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import { defineResource } from '../define-resource.ts';
import type { StrategyEnvironment } from '../resource-strategy.ts';
import { serviceTable } from '../tables/service-table.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { isPort } from '../validation/ports.ts';
import { validateLabels } from '../validation/validate-metadata.ts';

const serviceTypes = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const protocols = ['SCTP', 'TCP', 'UDP'];
const firstNodePort = 30_000;
const lastNodePort = 32_767;

export const services = defineResource(
  {
    group: '',
    version: 'v1',
    kind: 'Service',
    plural: 'services',
    shortNames: ['svc'],
    categories: ['all'],
    subresources: ['status', 'proxy'],
  },
  {
    returnsDeleted: true,
    nameRule: 'dns-1035-label',
    createsOnUpdate: true,
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'type', 'ClusterIP');
      setDefault(spec, 'sessionAffinity', 'None');
      for (const port of asObjectList(spec.ports)) {
        setDefault(port, 'protocol', 'TCP');
        if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') {
          port.targetPort = port.port;
        }
      }
      if (spec.type === 'ExternalName') return;
      setDefault(spec, 'internalTrafficPolicy', 'Cluster');
      if (spec.type !== 'ClusterIP') setDefault(spec, 'externalTrafficPolicy', 'Cluster');
      if (spec.type === 'LoadBalancer') setDefault(spec, 'allocateLoadBalancerNodePorts', true);
    },
    prepareForCreate(draft, environment) {
      draft.status = { loadBalancer: {} };
      allocate(ensureObject(draft, 'spec'), undefined, environment);
    },
    prepareForUpdate(draft, current, environment) {
      allocate(ensureObject(draft, 'spec'), asObject(current.spec), environment);
    },
    validate: (draft, errors) => validateService(asObject(draft.spec) ?? {}, errors),
    validateUpdate: (draft, current, errors) => validateClusterAddress(asObject(draft.spec) ?? {}, current, errors),
    selectableFields: {
      'spec.clusterIP': (service) => asString(asObject(service.spec)?.clusterIP) ?? '',
      'spec.type': (service) => asString(asObject(service.spec)?.type) ?? '',
    },
    table: serviceTable,
  },
);

/** Gives the cluster address and node ports out, keeping those the service already has. */
function allocate(spec: JsonObject, before: JsonObject | undefined, environment: StrategyEnvironment): void {
  const type = spec.type;
  if (type === 'ExternalName') {
    for (const key of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) delete spec[key];
    return;
  }
  const others = environment.list('', 'services').map((service) => asObject(service.spec) ?? {});
  if ((spec.clusterIP ?? '') === '') {
    spec.clusterIP = before !== undefined && (before.clusterIP ?? '') !== '' ? before.clusterIP : freeAddress(others);
  }
  spec.clusterIPs = [spec.clusterIP];
  setDefault(spec, 'ipFamilies', ['IPv4']);
  setDefault(spec, 'ipFamilyPolicy', 'SingleStack');
  const wantsNodePorts =
    type === 'NodePort' || (type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  const taken = new Set(others.flatMap((other) => asObjectList(other.ports)).map((port) => port.nodePort));
  for (const port of asObjectList(spec.ports)) {
    if (!wantsNodePorts) {
      if (type === 'ClusterIP') delete port.nodePort;
      continue;
    }
    if (typeof port.nodePort === 'number' && port.nodePort !== 0) continue;
    const kept = asObjectList(before?.ports).find(
      (each) => each.port === port.port && each.protocol === port.protocol,
    )?.nodePort;
    port.nodePort = kept ?? freeNodePort(taken);
    taken.add(port.nodePort);
  }
}

// Addresses are handed out upwards from 10.96.0.10; those below stay free for the cluster's own services.
function freeAddress(others: readonly JsonObject[]): string {
  const taken = new Set(others.map((other) => other.clusterIP));
  for (let number = 10; number < 65_535; number += 1) {
    const address = `10.96.${number >> 8}.${number & 255}`;
    if ((number & 255) !== 0 && (number & 255) !== 255 && !taken.has(address)) return address;
  }
  return '';
}

function freeNodePort(taken: ReadonlySet<unknown>): number {
  for (let port = firstNodePort; port <= lastNodePort; port += 1) if (!taken.has(port)) return port;
  return 0;
}

function validateService(spec: JsonObject, errors: FieldErrors): void {
  const type = spec.type;
  if (!serviceTypes.includes(String(type))) errors.notSupported('spec.type', type, serviceTypes);
  const isHeadless = spec.clusterIP === 'None';
  const ports = asObjectList(spec.ports);
  if (ports.length === 0 && !isHeadless && type !== 'ExternalName') errors.required('spec.ports');
  if (type === 'ExternalName' && (spec.externalName ?? '') === '') errors.required('spec.externalName');
  if (type === 'LoadBalancer' && isHeadless) {
    errors.invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for LoadBalancer services");
  }
  validateLabels(spec.selector, 'spec.selector', errors);
  const names = new Set<string>();
  const numbers = new Set<string>();
  ports.forEach((port, at) => {
    const field = `spec.ports[${at}]`;
    const name = asString(port.name) ?? '';
    if (ports.length > 1 && name === '') errors.required(`${field}.name`);
    if (name !== '' && names.has(name)) errors.duplicate(`${field}.name`, name);
    names.add(name);
    if (!isPort(port.port)) errors.invalid(`${field}.port`, port.port ?? 0, 'must be between 1 and 65535, inclusive');
    const target = port.targetPort;
    if (typeof target === 'number' && !isPort(target)) {
      errors.invalid(`${field}.targetPort`, target, 'must be between 1 and 65535, inclusive');
    }
    if (!protocols.includes(String(port.protocol))) errors.notSupported(`${field}.protocol`, port.protocol, protocols);
    const key = `${String(port.protocol)}/${String(port.port)}`;
    if (numbers.has(key)) errors.duplicate(field, { protocol: port.protocol, port: port.port });
    numbers.add(key);
    const nodePort = port.nodePort;
    if (typeof nodePort === 'number' && nodePort !== 0 && (nodePort < firstNodePort || nodePort > lastNodePort)) {
      errors.invalid(
        `${field}.nodePort`,
        nodePort,
        `provided port is not in the valid range. The range of valid ports is ${firstNodePort}-${lastNodePort}`,
      );
    }
  });
}

function validateClusterAddress(spec: JsonObject, current: ClusterObject, errors: FieldErrors): void {
  const before = asString(asObject(current.spec)?.clusterIP) ?? '';
  const wasExternal = asObject(current.spec)?.type === 'ExternalName';
  if (before === '' || wasExternal || spec.type === 'ExternalName' || spec.clusterIP === before) return;
  errors.invalid('spec.clusterIPs[0]', [spec.clusterIP], 'may not change once set');
}
