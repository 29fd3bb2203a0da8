import { type ClusterReader, type KubeObject, kindRef } from 'longshore/sdk';
import type { SubnetObject, VpcObject } from '../vpc/kube-ovn-kinds.ts';
import { doRangesMeet, ipv4PartOf, liesIn } from './ipv4.ts';
import { type NatView, rulesOfGateway } from './nat-view.ts';
import { readNat } from './read-nat.ts';

/** Rules on a VPC's own router: Kube-OVN strands them for good where the VPC goes first (kube-ovn#6717). */
interface RouterRule {
  readonly spec?: { readonly vpc?: string };
  /** The VPC that the engine found for a rule that names only a subnet or a pod. */
  readonly status?: { readonly vpc?: string };
}

const ovn = { group: 'kubeovn.io', version: 'v1', isNamespaced: false, isOptional: true } as const;

const routerRuleKinds = [
  kindRef<RouterRule>({ ...ovn, kind: 'OvnSnatRule', plural: 'ovn-snat-rules' }),
  kindRef<RouterRule>({ ...ovn, kind: 'OvnDnatRule', plural: 'ovn-dnat-rules' }),
  kindRef<RouterRule>({ ...ovn, kind: 'OvnFip', plural: 'ovn-fips' }),
];

/** What NAT keeps of a VPC and of its subnets: they go last, or rules are stuck for good (P41). */
export const natUses = {
  ofVpc: async ({ metadata }: VpcObject, reader: ClusterReader): Promise<readonly KubeObject[]> => {
    const lists = await Promise.all(routerRuleKinds.map((kind) => reader.list(kind)));
    const onRouter = lists
      .flatMap(({ items }) => items)
      .filter(({ spec, status }) => spec?.vpc === metadata.name || status?.vpc === metadata.name);
    return [...natUsersOfVpc(await readNat(reader), metadata.name), ...onRouter] as readonly KubeObject[];
  },
  ofSubnet: async (subnet: SubnetObject, reader: ClusterReader): Promise<readonly KubeObject[]> =>
    natUsersOfSubnet(await readNat(reader), subnet),
};

/** Its gateway, with all that leads through it. Pure. */
export function natUsersOfVpc(view: NatView, vpc: string): readonly KubeObject[] {
  const gateways = view.gateways.filter(({ spec }) => spec?.vpc === vpc);
  const behind = gateways.flatMap(({ metadata }) => {
    const { snat, dnat, fip } = rulesOfGateway(view, metadata.name);
    return [...snat, ...dnat, ...fip];
  });
  return [...gateways, ...behind];
}

/** The gateway that stands in it, and rules that lead out of it or into it. Pure. */
export function natUsersOfSubnet(view: NatView, subnet: SubnetObject): readonly KubeObject[] {
  const range = ipv4PartOf(subnet.spec?.cidrBlock) ?? '';
  const behind = view.gateways
    .filter(({ spec }) => spec?.vpc === subnet.spec?.vpc)
    .flatMap(({ metadata }) => {
      const { snat, dnat, fip } = rulesOfGateway(view, metadata.name);
      return [
        ...snat.filter(({ spec }) => doRangesMeet(spec?.internalCIDR ?? '', range)),
        ...[...dnat, ...fip].filter(({ spec }) => liesIn(range, spec?.internalIp ?? '')),
      ];
    });
  return [...view.gateways.filter(({ spec }) => spec?.subnet === subnet.metadata.name), ...behind];
}
