import { BlockList, isIPv4 } from 'node:net';
import {
  asList,
  asObject,
  asObjectList,
  asString,
  ensureObject,
  type JsonObject,
  setDefault,
} from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { networkPolicyTable } from '../tables/networking-tables.ts';
import { isRange, validateRange } from '../validation/addresses.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { validatePortNumber, validatePortNumberOrName } from '../validation/ports.ts';
import { validateSelector } from '../validation/validate-selector.ts';

const protocols = ['TCP', 'UDP', 'SCTP'];
const policyTypes = ['Ingress', 'Egress'];

export const networkPolicies = defineResource(
  {
    group: 'networking.k8s.io',
    version: 'v1',
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
    shortNames: ['netpol'],
  },
  {
    table: networkPolicyTable,
    generation: 'spec',
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'podSelector', {});
      if (asList(spec.policyTypes).length === 0) {
        spec.policyTypes = asList(spec.egress).length === 0 ? ['Ingress'] : ['Ingress', 'Egress'];
      }
      for (const rule of [...asObjectList(spec.ingress), ...asObjectList(spec.egress)]) {
        for (const port of asObjectList(rule.ports)) setDefault(port, 'protocol', 'TCP');
      }
    },
    validate: (draft, errors) => validatePolicy(asObject(draft.spec) ?? {}, errors),
  },
);

function validatePolicy(spec: JsonObject, errors: FieldErrors): void {
  validateSelector(asObject(spec.podSelector) ?? {}, 'spec.podSelector', errors);
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    asObjectList(spec[direction]).forEach((rule, at) => {
      const field = `spec.${direction}[${at}]`;
      asObjectList(rule.ports).forEach((port, index) => {
        validatePort(port, `${field}.ports[${index}]`, errors);
      });
      asObjectList(rule[peers]).forEach((peer, index) => {
        validatePeer(peer, `${field}.${peers}[${index}]`, errors);
      });
    });
  }
  const types = asList(spec.policyTypes);
  if (types.length > policyTypes.length) {
    errors.invalid('spec.policyTypes', types, 'may not specify more than two policyTypes');
    return;
  }
  types.forEach((type, at) => {
    errors.oneOf(`spec.policyTypes[${at}]`, type, policyTypes);
  });
}

function validatePort({ protocol, port, endPort }: JsonObject, field: string, errors: FieldErrors): void {
  if (protocol !== undefined) errors.oneOf(`${field}.protocol`, protocol, protocols);
  if (port === undefined) {
    if (endPort !== undefined) {
      errors.invalid(`${field}.endPort`, endPort, 'may not be specified when `port` is not specified');
    }
  } else if (typeof port === 'number') {
    validatePortNumber(port, `${field}.port`, errors);
    if (endPort === undefined) return;
    if (Number(endPort) < port) errors.invalid(`${field}.endPort`, port, 'must be greater than or equal to `port`');
    validatePortNumber(endPort, `${field}.endPort`, errors);
  } else {
    if (endPort !== undefined) {
      errors.invalid(`${field}.endPort`, endPort, 'may not be specified when `port` is non-numeric');
    }
    validatePortNumberOrName(port, `${field}.port`, errors);
  }
}

function validatePeer(peer: JsonObject, field: string, errors: FieldErrors): void {
  const selectors = ['podSelector', 'namespaceSelector'].filter((name) => asObject(peer[name]) !== undefined);
  for (const name of selectors) validateSelector(asObject(peer[name]) ?? {}, `${field}.${name}`, errors);
  const block = asObject(peer.ipBlock);
  if (block !== undefined) validateBlock(block, `${field}.ipBlock`, errors);
  if (block === undefined && selectors.length === 0) errors.required(field, 'must specify a peer');
  else if (block !== undefined && selectors.length > 0) {
    errors.forbidden(field, 'may not specify both ipBlock and another peer');
  }
}

function validateBlock(block: JsonObject, field: string, errors: FieldErrors): void {
  const range = asString(block.cidr) ?? '';
  if (range === '') {
    errors.required(`${field}.cidr`);
    return;
  }
  validateRange(range, `${field}.cidr`, errors);
  if (!isRange(range)) return;
  asList(block.except).forEach((exception, at) => {
    const place = `${field}.except[${at}]`;
    validateRange(exception, place, errors);
    if (isRange(exception) && !isStrictlyInside(exception, range)) {
      errors.invalid(place, exception, 'must be a strict subset of `cidr`');
    }
  });
}

function isStrictlyInside(inner: string, outer: string): boolean {
  const [address = '', bits = ''] = inner.split('/');
  const [network = '', outerBits = ''] = outer.split('/');
  if (isIPv4(address) !== isIPv4(network) || Number(bits) <= Number(outerBits)) return false;
  const family = isIPv4(network) ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, Number(outerBits), family);
  return list.check(address, family);
}
