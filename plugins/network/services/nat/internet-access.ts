import { isIPv4 } from 'node:net';
import type { PodObject } from 'longshore/plugins/compute';
import { type ClusterReader, type MaybePromise, mapMaybe, origin, type RequestContext } from 'longshore/sdk';
import { subnetKind, type VpcObject, vpcKind } from '../vpc/kube-ovn-kinds.ts';
import { chainMaybe } from './chain-maybe.ts';
import { liesIn } from './ipv4.ts';
import { type EipObject, type FipRuleObject, natGatewayKind, type SnatRuleObject } from './nat-kinds.ts';
import { gatewayOfVpc, type NatView, rulesOfGateway } from './nat-view.ts';
import { readGateway, vpcOfPod } from './read-nat.ts';

/** How an instance gets out of its VPC. */
export type InternetAccess =
  | { readonly way: 'ELASTIC_IP'; readonly rule: FipRuleObject; readonly eip: EipObject | undefined }
  | { readonly way: 'SNAT'; readonly rule: SnatRuleObject; readonly eip: EipObject | undefined }
  | { readonly way: 'NODE' }
  | { readonly way: 'NONE' };

/**
 * By which address an instance goes out: its own EIP wins over NAT (NET-35), as the gateway's chains have it; then the SNAT rule of
 * its subnet. Rules that do not work yet count: they say what is meant. Pure.
 */
export function internetAccessOf(view: NatView, vpc: string, address: string): InternetAccess {
  return waysOut(view, vpc)(address);
}

/** The same for many instances of one VPC: rules are looked through once. */
function waysOut(view: NatView, vpc: string): (address: string) => InternetAccess {
  const gateway = gatewayOfVpc(view, vpc);
  if (!gateway) return () => ({ way: 'NONE' });
  const { fip, snat } = rulesOfGateway(view, gateway.metadata.name);
  const eips = new Map(view.eips.map((eip) => [eip.metadata.name, eip]));
  const own = new Map(fip.map((rule) => [rule.spec?.internalIp ?? '', rule]));
  return (address) => {
    const rule = own.get(address);
    if (rule) return { way: 'ELASTIC_IP', rule, eip: eips.get(rule.spec?.eip ?? '') };
    const shared = snat.find(({ spec }) => liesIn(spec?.internalCIDR ?? '', address));
    return shared ? { way: 'SNAT', rule: shared, eip: eips.get(shared.spec?.eip ?? '') } : { way: 'NONE' };
  };
}

type WaysOfVpc = { readonly vpc: VpcObject; readonly wayOf: (address: string) => InternetAccess } | null;
const waysKey = {};

/**
 * How a pod reaches the Internet (NET-14, NET-35): by its node where it is on its network, or where its subnet in the platform's own VPC goes
 * out so (`natOutgoing`). Null where that cannot be told: it has no address yet, another engine made its network, or the caller does not see
 * its VPC.
 */
export function readInternetAccess(pod: PodObject, context: RequestContext): MaybePromise<InternetAccess | null> {
  if (pod.spec?.hostNetwork === true) return { way: 'NODE' };
  const vpc = vpcOfPod(pod);
  const addresses = [pod.status?.podIP, ...(pod.status?.podIPs ?? []).map(({ ip }) => ip)];
  const address = addresses.find((each) => each !== undefined && isIPv4(each));
  if (vpc === undefined || address === undefined) return null;
  const { cluster } = pod[origin];
  const reader = context.kube(cluster);
  const known = context.memo(waysKey, () => new Map<string, MaybePromise<WaysOfVpc>>());
  const ways = known.get(`${cluster}/${vpc}`) ?? readWaysOfVpc(reader, vpc);
  known.set(`${cluster}/${vpc}`, ways);
  return chainMaybe(ways, (found): MaybePromise<InternetAccess | null> => {
    if (found === null) return null;
    const access = found.wayOf(address);
    if (access.way !== 'NONE' || found.vpc.status?.default !== true) return access;
    const subnet = pod.metadata.annotations?.['ovn.kubernetes.io/logical_switch'] ?? '';
    return mapMaybe(
      reader.get(subnetKind, undefined, subnet),
      (of): InternetAccess => ({ way: of?.spec?.natOutgoing === true ? 'NODE' : 'NONE' }),
    );
  });
}

function readWaysOfVpc(reader: ClusterReader, name: string): MaybePromise<WaysOfVpc> {
  return chainMaybe(reader.get(vpcKind, undefined, name), (vpc): MaybePromise<WaysOfVpc> => {
    if (vpc === undefined) return null;
    return chainMaybe(reader.byIndex(natGatewayKind, 'vpc', name), (gateways) => {
      const gateway = gatewayOfVpc({ gateways }, name);
      const view = gateway ? readGateway(reader, gateway) : undefined;
      return mapMaybe(view, (around) => ({ vpc, wayOf: around ? waysOut(around, name) : () => ({ way: 'NONE' }) }));
    }) as MaybePromise<WaysOfVpc>;
  });
}
