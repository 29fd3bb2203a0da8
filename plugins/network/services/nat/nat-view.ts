import type { KubeObject } from 'longshore/sdk';
import type { DnatRuleObject, EipObject, FipRuleObject, NatGatewayObject, SnatRuleObject } from './nat-kinds.ts';

/** What one cluster has of gateways, addresses and rules, from which rules are judged. */
export interface NatView {
  readonly gateways: readonly NatGatewayObject[];
  readonly eips: readonly EipObject[];
  readonly snatRules: readonly SnatRuleObject[];
  readonly dnatRules: readonly DnatRuleObject[];
  readonly fipRules: readonly FipRuleObject[];
}

/** What stands against something new, with what there is already and keeps it out. */
export interface NatObjection {
  /** A sentence that the names of the users end. */
  readonly what: string;
  readonly users: readonly KubeObject[];
}

/** The rules by which an EIP is used; those that are being deleted still count. */
export function rulesOfEip(view: NatView, eip: string) {
  const isOfEip = ({ spec }: { readonly spec?: { readonly eip?: string } }): boolean => spec?.eip === eip;
  return {
    snat: view.snatRules.filter(isOfEip),
    dnat: view.dnatRules.filter(isOfEip),
    fip: view.fipRules.filter(isOfEip),
  };
}

/** The EIPs that lie on a gateway. */
export function eipsOfGateway(view: Pick<NatView, 'eips'>, gateway: string): readonly EipObject[] {
  return view.eips.filter(({ spec }) => spec?.natGwDp === gateway);
}

/** All rules of a gateway, over its EIPs. */
export function rulesOfGateway(view: NatView, gateway: string) {
  const eips = new Set(eipsOfGateway(view, gateway).map(({ metadata }) => metadata.name));
  const isOfGateway = ({ spec, status }: { spec?: { eip?: string }; status?: { natGwDp?: string } }): boolean =>
    eips.has(spec?.eip ?? '') || status?.natGwDp === gateway;
  return {
    snat: view.snatRules.filter(isOfGateway),
    dnat: view.dnatRules.filter(isOfGateway),
    fip: view.fipRules.filter(isOfGateway),
  };
}

/** The gateway of a VPC; there is one at most (NET-35), and where YAML of others has made more, the oldest counts. */
export function gatewayOfVpc(view: Pick<NatView, 'gateways'>, vpc: string): NatGatewayObject | undefined {
  const age = ({ metadata }: NatGatewayObject): string => `${metadata.creationTimestamp} ${metadata.name}`;
  return view.gateways
    .filter(({ spec }) => spec?.vpc === vpc)
    .sort((one, other) => (age(one) < age(other) ? -1 : 1))[0];
}
