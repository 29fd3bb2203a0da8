import type { PodObject } from 'longshore/plugins/compute';
import { idOfObject, type KubeObject, origin } from 'longshore/sdk';
import type { SubnetObject } from '../../api.ts';
import { doRangesMeet, ipv4PartOf } from '../nat/ipv4.ts';
import type { DnatRuleObject, FipRuleObject, NatRuleObject, SnatRuleObject } from '../nat/nat-kinds.ts';
import type { NatView } from '../nat/nat-view.ts';
import { vpcOfPod } from '../nat/read-nat.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** What rules may lead from. */
interface Inside {
  readonly subnets: readonly SubnetObject[];
  readonly pods: readonly PodObject[];
}

/**
 * Subnets by SNAT rules, and instances by DNAT rules, to elastic IPs, and these to their gateways (NET-34 to NET-40). VPCs, subnets and
 * pods are in the graph already.
 */
export function addNat(graph: GraphBuilder, view: NatView, inside: Inside): void {
  const vpcOfGateway = new Map(view.gateways.map((each) => [keyIn(each, each.metadata.name), each.spec?.vpc ?? '']));
  const onGateway = Map.groupBy(view.eips, (eip) => keyIn(eip, eip.spec?.natGwDp ?? ''));
  for (const gateway of view.gateways) {
    const eips = onGateway.get(keyIn(gateway, gateway.metadata.name));
    const isReady = eips?.some(({ status }) => status?.ready === true);
    graph.add('NAT_GATEWAY', gateway, { detail: gateway.spec?.lanIp, isReady });
    graph.connect(graph.find('VPC', gateway, undefined, gateway.spec?.vpc ?? ''), idOfObject(gateway));
  }
  const vpcOfEip = new Map<string, string | undefined>();
  for (const eip of view.eips) {
    const gateway = eip.spec?.natGwDp ?? '';
    graph.add('ELASTIC_IP', eip, { detail: eip.status?.ip, isReady: eip.status?.ready ?? false });
    graph.connect(idOfObject(eip), graph.find('NAT_GATEWAY', eip, undefined, gateway));
    vpcOfEip.set(keyIn(eip, eip.metadata.name), vpcOfGateway.get(keyIn(eip, gateway)));
  }
  const vpcOf = (rule: NatRuleObject): string | undefined => vpcOfEip.get(keyIn(rule, rule.spec?.eip ?? ''));
  const addRule = (kind: 'SNAT_RULE' | 'DNAT_RULE', rule: NatRuleObject, detail: string | undefined): void => {
    graph.add(kind, rule, { detail, isReady: rule.status?.ready ?? false });
    graph.connect(idOfObject(rule), graph.find('ELASTIC_IP', rule, undefined, rule.spec?.eip ?? ''));
  };
  const behind = subnetsBehind(inside.subnets);
  for (const rule of view.snatRules) {
    addRule('SNAT_RULE', rule, rule.spec?.internalCIDR);
    for (const subnet of behind(rule, vpcOf(rule))) graph.connect(idOfObject(subnet), idOfObject(rule));
  }
  const at = podsAt(inside.pods);
  for (const rule of [...view.dnatRules, ...view.fipRules]) {
    const ports = portsOf(rule);
    addRule('DNAT_RULE', rule, ports ?? rule.spec?.internalIp);
    for (const pod of at(rule, vpcOf(rule))) graph.connect(idOfObject(pod), idOfObject(rule), ports);
  }
}

const keyIn = ({ [origin]: { cluster } }: KubeObject, ...names: readonly string[]): string =>
  JSON.stringify([cluster, ...names]);

/** The subnets of a VPC that a rule lets out; rules are of whole subnets as a rule, so few are compared. */
function subnetsBehind(subnets: readonly SubnetObject[]) {
  const rangeOf = ({ spec }: SubnetObject): string => ipv4PartOf(spec?.cidrBlock) ?? '';
  const ofVpc = Map.groupBy(subnets, (subnet) => keyIn(subnet, subnet.spec?.vpc ?? ''));
  const ofRange = new Map(subnets.map((subnet) => [keyIn(subnet, subnet.spec?.vpc ?? '', rangeOf(subnet)), subnet]));
  return (rule: SnatRuleObject, vpc: string | undefined): readonly SubnetObject[] => {
    const range = rule.spec?.internalCIDR ?? '';
    if (vpc === undefined || range === '') return [];
    const whole = ofRange.get(keyIn(rule, vpc, range));
    if (whole) return [whole];
    return (ofVpc.get(keyIn(rule, vpc)) ?? []).filter((subnet) => doRangesMeet(range, rangeOf(subnet)));
  };
}

/** The pods that have the address that a rule leads to; other VPCs may have the same addresses. */
function podsAt(pods: readonly PodObject[]) {
  const own = pods.filter(({ spec, status }) => spec?.hostNetwork !== true && status?.podIP);
  const ofAddress = Map.groupBy(own, (pod) => keyIn(pod, pod.status?.podIP ?? ''));
  return (rule: DnatRuleObject | FipRuleObject, vpc: string | undefined): readonly PodObject[] => {
    const address = rule.spec?.internalIp;
    if (vpc === undefined || !address) return [];
    return (ofAddress.get(keyIn(rule, address)) ?? []).filter((pod) => (vpcOfPod(pod) ?? vpc) === vpc);
  };
}

/** Undefined for a rule of all ports. */
function portsOf({ spec }: DnatRuleObject | FipRuleObject): string | undefined {
  if (!spec || !('externalPort' in spec)) return undefined;
  const { externalPort, internalPort, protocol } = spec as NonNullable<DnatRuleObject['spec']>;
  return [`${externalPort}:${internalPort}`, protocol].filter(Boolean).join('/');
}
