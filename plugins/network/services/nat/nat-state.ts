import { isIPv4 } from 'node:net';
import type {
  DnatRuleObject,
  EipObject,
  FipRuleObject,
  NatGatewayObject,
  NatRuleObject,
  SnatRuleObject,
} from './nat-kinds.ts';
import { eipsOfGateway, type NatView } from './nat-view.ts';

/** State of a gateway, rule or EIP, in the words of the platform (Appendix C). */
export type NatState = 'IN_USE' | 'CREATING' | 'FAILED' | 'DELETING';

export interface NatStanding {
  readonly state: NatState;
  /** Why it is not in use; undefined where it is. */
  readonly reason?: string;
}

/** After how long something that is still not ready is said to have failed, and what time it is; asked only where that counts. */
export interface Patience {
  readonly nowMs: () => number;
  readonly seconds: () => number;
}

const inUse: NatStanding = { state: 'IN_USE' };

/**
 * A gateway works once one of its EIPs got its address: Kube-OVN 1.16 gives no status to gateways, and none of these before the
 * gateway's pod runs. Without an EIP nothing tells, and it is taken as in use. Pure but for the clock it is handed.
 */
export function standingOfGateway(
  gateway: NatGatewayObject,
  view: Pick<NatView, 'eips'>,
  patience: Patience,
): NatStanding {
  if (gateway.metadata.deletionTimestamp) return deleting('its EIPs and its pod go first');
  const eips = eipsOfGateway(view, gateway.metadata.name);
  if (eips.length === 0 || eips.some(({ status }) => status?.ready === true)) return inUse;
  return waiting(gateway, patience, 'its pod does not run yet, or none of its elastic IPs got an address');
}

/** An EIP is in use once it has its address; which rules use it is another matter. */
export function standingOfEip(eip: EipObject, view: Pick<NatView, 'gateways'>, patience: Patience): NatStanding {
  if (eip.metadata.deletionTimestamp) return deleting('until no rule uses it');
  if (eip.status?.ready === true) return inUse;
  const gateway = eip.spec?.natGwDp ?? '';
  if (!view.gateways.some(({ metadata }) => metadata.name === gateway)) return failed(noGateway(gateway));
  return waiting(eip, patience, 'its gateway does not run yet, or the network outside has no address left');
}

/** A rule tells of itself only that it works; why it does not, Kube-OVN writes to its log, so that is found out here. */
export function standingOfRule(rule: NatRuleObject, view: NatView, patience: Patience): NatStanding {
  if (rule.metadata.deletionTimestamp) return deleting('its gateway takes it out first');
  if (rule.status?.ready === true) return inUse;
  const cause = causeOf(rule, view);
  return cause === undefined ? waiting(rule, patience, 'its gateway does not run yet') : failed(cause);
}

function causeOf(rule: NatRuleObject, view: NatView): string | undefined {
  const { eip: name = '' } = rule.spec ?? {};
  const eip = view.eips.find(({ metadata }) => metadata.name === name);
  if (!eip) return `There is no elastic IP '${name}'`;
  const gateway = eip.spec?.natGwDp ?? '';
  if (!view.gateways.some(({ metadata }) => metadata.name === gateway)) return noGateway(gateway);
  switch (rule.kind) {
    case 'IptablesSnatRule':
      return causeOfRange((rule as SnatRuleObject).spec?.internalCIDR ?? '');
    case 'IptablesDnatRule':
      return causeOfPort(rule as DnatRuleObject, view);
    default:
      return causeOfAddress(rule as FipRuleObject, view);
  }
}

const noGateway = (name: string): string => `There is no NAT gateway '${name}'`;

function causeOfRange(range: string): string | undefined {
  return isIPv4(range.split('/')[0] ?? '') ? undefined : `'${range}' is no range of IPv4 addresses`;
}

function causeOfPort(rule: DnatRuleObject, view: NatView): string | undefined {
  const { eip, protocol, externalPort, internalIp = '' } = rule.spec ?? {};
  const rival = view.dnatRules.find(
    ({ metadata, spec, status }) =>
      metadata.name !== rule.metadata.name &&
      status?.ready === true &&
      spec?.eip === eip &&
      spec?.protocol === protocol &&
      spec?.externalPort === externalPort,
  );
  if (rival) return `The port is mapped by '${rival.metadata.name}' already`;
  if (protocol !== 'tcp' && protocol !== 'udp') return `The protocol must be tcp or udp, got '${protocol ?? ''}'`;
  return isIPv4(internalIp) ? undefined : `'${internalIp}' is no IPv4 address`;
}

function causeOfAddress(rule: FipRuleObject, view: NatView): string | undefined {
  const { eip, internalIp = '' } = rule.spec ?? {};
  const rival = view.fipRules.find(
    ({ metadata, spec, status }) => metadata.name !== rule.metadata.name && status?.ready === true && spec?.eip === eip,
  );
  if (rival) return `The elastic IP leads to another instance by '${rival.metadata.name}' already`;
  return isIPv4(internalIp) ? undefined : `'${internalIp}' is no IPv4 address`;
}

const deleting = (until: string): NatStanding => ({ state: 'DELETING', reason: `It is being deleted: ${until}` });
const failed = (reason: string): NatStanding => ({ state: 'FAILED', reason });

/** Nothing is known to be wrong; but nobody would tell either. */
function waiting(
  { metadata }: NatRuleObject | EipObject | NatGatewayObject,
  patience: Patience,
  why: string,
): NatStanding {
  const seconds = patience.seconds();
  const madeMs = Date.parse(String(metadata.creationTimestamp));
  if (patience.nowMs() - madeMs < seconds * 1_000) return { state: 'CREATING', reason: `Not ready yet: ${why}` };
  return failed(
    `Not ready after ${seconds} s: ${why}. Kube-OVN says why in the log of kube-ovn-controller alone; it goes on trying`,
  );
}
