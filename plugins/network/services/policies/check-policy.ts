import { isLabelKey, isLabelValue, type LabelSelectorObject, type ManifestMisfit } from 'longshore/sdk';
import { type Cidr, contains, parseCidr } from '../vpc/cidr.ts';
import { selectorOperators } from './policy-form.ts';
import { directions } from './write-policy.ts';

type Path = readonly (string | number)[];

interface Port {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

interface Peer {
  readonly podSelector?: LabelSelectorObject;
  readonly namespaceSelector?: LabelSelectorObject;
  readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly ports?: readonly Port[];
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
}

/** What is read of the spec of a NetworkPolicy. */
export interface PolicySpec {
  readonly podSelector?: LabelSelectorObject;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

const misfit = (path: Path, code: string, message: string): ManifestMisfit => ({ path, code, message });

/**
 * What the API server refuses of a NetworkPolicy (networking.k8s.io/v1, `ValidateNetworkPolicySpec` of Kubernetes 1.34), known before a
 * cluster is asked, so that of several clusters none has made it when the next one refuses. Ambiguous addresses such as 010.0.0.1 are
 * refused too, as Kubernetes does by `StrictIPCIDRValidation`. Pure.
 */
export function checkPolicySpec(spec: PolicySpec): readonly ManifestMisfit[] {
  return [
    ...checkSelector(spec.podSelector ?? {}, ['spec', 'podSelector']),
    ...directions.flatMap(({ field, peers }) =>
      (spec[field] ?? []).flatMap((rule, at) => {
        const path = ['spec', field, at];
        return [
          ...(rule.ports ?? []).flatMap((port, index) => checkPort(port, [...path, 'ports', index])),
          ...(rule[peers] ?? []).flatMap((peer, index) => checkPeer(peer, [...path, peers, index])),
        ];
      }),
    ),
  ];
}

const isPortNumber = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;
const range = 'must be between 1 and 65535';

function checkPort({ protocol = 'TCP', port, endPort }: Port, path: Path): readonly ManifestMisfit[] {
  const found: ManifestMisfit[] = [];
  const refuse = (field: string, code: string, message: string): void => {
    found.push(misfit([...path, field], code, `${field} ${message}`));
  };
  if (!['TCP', 'UDP', 'SCTP'].includes(protocol)) {
    refuse('protocol', 'not_supported', `must be TCP, UDP or SCTP, got '${protocol.slice(0, 50)}'`);
  }
  if (port === undefined) {
    if (endPort !== undefined) refuse('endPort', 'invalid', 'may only be given with a port');
    return found;
  }
  if (typeof port === 'string') {
    if (endPort !== undefined) refuse('endPort', 'invalid', 'may only be given with a port by number');
    if (!isPortName(port)) {
      refuse('port', 'invalid', "by name must be 1 to 15 characters of a-z, 0-9 and single '-' inside, with a letter");
    }
    return found;
  }
  if (!isPortNumber(port)) refuse('port', 'out_of_range', `${range}, got ${port}`);
  if (endPort === undefined) return found;
  if (endPort < port) refuse('endPort', 'invalid', `must be greater than or equal to port ${port}, got ${endPort}`);
  if (!isPortNumber(endPort)) refuse('endPort', 'out_of_range', `${range}, got ${endPort}`);
  return found;
}

/** As IANA names services (RFC 6335, section 5.1). */
function isPortName(name: string): boolean {
  return /^[a-z0-9-]{1,15}$/.test(name) && /[a-z]/.test(name) && !/--|^-|-$/.test(name);
}

function checkPeer({ podSelector, namespaceSelector, ipBlock }: Peer, path: Path): readonly ManifestMisfit[] {
  const selectors = { podSelector, namespaceSelector };
  const found = Object.entries(selectors).flatMap(([field, selector]) =>
    selector ? checkSelector(selector, [...path, field]) : [],
  );
  const isOfPods = podSelector !== undefined || namespaceSelector !== undefined;
  if (ipBlock) found.push(...checkBlock(ipBlock, [...path, 'ipBlock']));
  if (ipBlock && isOfPods) found.push(misfit(path, 'forbidden', 'A peer is either addresses or pods, not both'));
  if (!ipBlock && !isOfPods) found.push(misfit(path, 'required', 'A peer must say which pods or addresses it is'));
  return found;
}

function checkBlock({ cidr = '', except = [] }: NonNullable<Peer['ipBlock']>, path: Path): readonly ManifestMisfit[] {
  const at = [...path, 'cidr'];
  if (cidr === '') return [misfit(at, 'required', 'cidr must be given')];
  const block = parseCidr(cidr);
  if (!block)
    return [misfit(at, 'invalid_cidr', `cidr must be a network such as 10.0.0.0/16, got '${cidr.slice(0, 50)}'`)];
  return except.flatMap((text, index) => checkException(text, block, cidr, [...path, 'except', index]));
}

function checkException(text: string, block: Cidr, cidr: string, path: Path): readonly ManifestMisfit[] {
  const exception = parseCidr(text);
  if (!exception) {
    return [misfit(path, 'invalid_cidr', `except must be networks such as 10.0.1.0/24, got '${text.slice(0, 50)}'`)];
  }
  const isInside = contains(block, exception) && exception.prefix > block.prefix;
  return isInside ? [] : [misfit(path, 'not_inside', `except must lie inside of ${cidr} and be smaller, got ${text}`)];
}

function checkSelector({ matchLabels, matchExpressions }: LabelSelectorObject, path: Path): readonly ManifestMisfit[] {
  return [
    ...Object.entries(matchLabels ?? {}).flatMap(([key, value]) => [
      ...(isLabelKey(key) ? [] : [badKey(key, [...path, 'matchLabels'])]),
      ...(isLabelValue(value) ? [] : [badValue(value, [...path, 'matchLabels'])]),
    ]),
    ...(matchExpressions ?? []).flatMap(({ key, operator, values = [] }, index) => {
      const at = [...path, 'matchExpressions', index];
      return [
        ...checkOperands(operator, values, [...at, 'values']),
        ...(isLabelKey(key) ? [] : [badKey(key, [...at, 'key'])]),
        ...values.flatMap((value, place) => (isLabelValue(value) ? [] : [badValue(value, [...at, 'values', place])])),
      ];
    }),
  ];
}

function checkOperands(operator: string | undefined, values: readonly string[], path: Path): readonly ManifestMisfit[] {
  if (operator === undefined || !Object.hasOwn(selectorOperators, operator)) {
    const message = 'operator must be IN, NOT_IN, EXISTS or DOES_NOT_EXIST';
    return [misfit([...path.slice(0, -1), 'operator'], 'not_supported', message)];
  }
  const wantsValues = operator === 'In' || operator === 'NotIn';
  if (wantsValues === values.length > 0) return [];
  return wantsValues
    ? [misfit(path, 'required', 'values must be given for IN and NOT_IN')]
    : [misfit(path, 'forbidden', 'values may not be given for EXISTS and DOES_NOT_EXIST')];
}

const badKey = (key: string, path: Path): ManifestMisfit =>
  misfit(path, 'invalid_label', `'${key.slice(0, 100)}' is no key of a label`);
const badValue = (value: string, path: Path): ManifestMisfit =>
  misfit(path, 'invalid_label', `'${value.slice(0, 100)}' is no value of a label`);
