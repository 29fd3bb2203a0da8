import { liesIn } from './ipv4.ts';
import type { EipObject, FipRuleObject, SnatRuleObject } from './nat-kinds.ts';
import { gatewayOfVpc, type NatView, rulesOfGateway } from './nat-view.ts';

/** How an instance gets out of its VPC. */
export type InternetAccess =
  | { readonly way: 'ELASTIC_IP'; readonly rule: FipRuleObject; readonly eip: EipObject | undefined }
  | { readonly way: 'SNAT'; readonly rule: SnatRuleObject; readonly eip: EipObject | undefined }
  | { readonly way: 'NONE' };

/**
 * By which address an instance goes out: its own EIP wins over NAT (NET-35), as the gateway's chains have it; then the SNAT rule of
 * its subnet. Rules that do not work yet count: they say what is meant. Pure.
 */
export function internetAccessOf(view: NatView, vpc: string, address: string): InternetAccess {
  const gateway = gatewayOfVpc(view, vpc);
  if (!gateway) return { way: 'NONE' };
  const { fip, snat } = rulesOfGateway(view, gateway.metadata.name);
  const eipOf = (name: string | undefined): EipObject | undefined =>
    view.eips.find(({ metadata }) => metadata.name === name);
  const own = fip.find(({ spec }) => spec?.internalIp === address);
  if (own) return { way: 'ELASTIC_IP', rule: own, eip: eipOf(own.spec?.eip) };
  const shared = snat.find(({ spec }) => liesIn(spec?.internalCIDR ?? '', address));
  return shared ? { way: 'SNAT', rule: shared, eip: eipOf(shared.spec?.eip) } : { way: 'NONE' };
}
