import { type PodObject, podKind } from 'longshore/plugins/compute';
import { allMaybe, type ClusterReader, type MaybePromise, mapMaybe } from 'longshore/sdk';
import { chainMaybe } from './chain-maybe.ts';
import {
  dnatRuleKind,
  type EipObject,
  eipKind,
  fipRuleKind,
  type NatGatewayObject,
  type NatRuleObject,
  natGatewayKind,
  qosPolicyKind,
  snatRuleKind,
} from './nat-kinds.ts';
import type { NatView } from './nat-view.ts';

const nothing: NatView = { gateways: [], eips: [], snatRules: [], dnatRules: [], fipRules: [] };

/** Everything one reader sees of a cluster's NAT. */
export function readNat(reader: ClusterReader): MaybePromise<NatView> {
  const lists = [natGatewayKind, eipKind, snatRuleKind, dnatRuleKind, fipRuleKind].map((kind) =>
    mapMaybe(reader.list(kind as typeof eipKind), ({ items }) => items),
  );
  return mapMaybe(allMaybe(lists), ([gateways = [], eips = [], snatRules = [], dnatRules = [], fipRules = []]) => {
    return { gateways, eips, snatRules, dnatRules, fipRules } as NatView;
  });
}

/** What lies around a gateway: its EIPs and all their rules. */
export function readGateway(reader: ClusterReader, gateway: NatGatewayObject): MaybePromise<NatView> {
  return chainMaybe(reader.byIndex(eipKind, 'gateway', gateway.metadata.name), (eips) =>
    mapMaybe(allMaybe(eips.map((eip) => readRules(reader, eip.metadata.name))), (parts) => ({
      gateways: [gateway],
      eips,
      snatRules: parts.flatMap(({ snatRules }) => snatRules),
      dnatRules: parts.flatMap(({ dnatRules }) => dnatRules),
      fipRules: parts.flatMap(({ fipRules }) => fipRules),
    })),
  );
}

/** What lies around an EIP: its gateway and its rules. */
export function readEip(reader: ClusterReader, eip: EipObject): MaybePromise<NatView> {
  return chainMaybe(reader.get(natGatewayKind, undefined, eip.spec?.natGwDp ?? ''), (gateway) =>
    mapMaybe(readRules(reader, eip.metadata.name), (rules) => ({
      ...rules,
      gateways: gateway ? [gateway] : [],
      eips: [eip],
    })),
  );
}

/** What lies around a rule: its EIP, the gateway of that, and the EIP's other rules. */
export function readRule(reader: ClusterReader, rule: NatRuleObject): MaybePromise<NatView> {
  return chainMaybe(reader.get(eipKind, undefined, rule.spec?.eip ?? ''), (eip) =>
    eip ? readEip(reader, eip) : nothing,
  );
}

/** Mbit/s that an EIP is held to; null where nothing holds it, or that may not be seen. */
export function readBandwidth(reader: ClusterReader, eip: EipObject): MaybePromise<number | null> {
  const name = eip.spec?.qosPolicy ?? '';
  if (name === '') return null;
  return mapMaybe(reader.get(qosPolicyKind, undefined, name), (policy) => {
    const rates = (policy?.spec?.bandwidthLimitRules ?? []).map(({ rateMax }) => Number(rateMax));
    const known = rates.filter((rate) => Number.isFinite(rate) && rate > 0);
    return known.length === 0 ? null : Math.min(...known);
  });
}

/** The pod that has an address in a VPC; other VPCs may have the same addresses. */
export function readPodAt(
  reader: ClusterReader,
  vpc: string | undefined,
  address: string | undefined,
): MaybePromise<PodObject | undefined> {
  if (!address) return undefined;
  return mapMaybe(reader.byIndex(podKind, 'address', address), (pods) =>
    pods.find((pod) => pod.spec?.hostNetwork !== true && (vpcOfPod(pod) ?? vpc) === vpc),
  );
}

/** The VPC in which Kube-OVN gave a pod its address. */
export function vpcOfPod({ metadata }: PodObject): string | undefined {
  return metadata.annotations?.['ovn.kubernetes.io/logical_router'];
}

function readRules(reader: ClusterReader, eip: string) {
  const rules = [snatRuleKind, dnatRuleKind, fipRuleKind].map((kind) =>
    reader.byIndex(kind as typeof snatRuleKind, 'eip', eip),
  );
  return mapMaybe(allMaybe(rules), ([snatRules = [], dnatRules = [], fipRules = []]) => {
    return { ...nothing, snatRules, dnatRules, fipRules } as NatView;
  });
}
