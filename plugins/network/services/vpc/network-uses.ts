import { podKind } from 'longshore/plugins/compute';
import { type ClusterReader, type KindRef, type KubeObject, kindRef, UpstreamError } from 'longshore/sdk';
import { groupUses } from '../groups/group-users.ts';
import { natUses } from '../nat/nat-uses.ts';
import { type SubnetObject, subnetKind, type VpcObject } from './kube-ovn-kinds.ts';

/** What may use a VPC or a subnet besides pods. Each area of the plugin that makes such things adds its own to `networkUses`. */
export interface NetworkUses {
  /** What keeps the subnet from being deleted. Throws answer errors where that cannot be known. */
  readonly ofSubnet?: (subnet: SubnetObject, reader: ClusterReader) => Promise<readonly KubeObject[]>;
  /** What keeps the VPC from being deleted, its subnets and what is in them apart. */
  readonly ofVpc?: (vpc: VpcObject, reader: ClusterReader) => Promise<readonly KubeObject[]>;
}

interface Tie {
  readonly kind: KindRef;
  readonly vpc?: string;
  /** Fields of `spec` that name a subnet, or several. */
  readonly subnets?: readonly string[];
}

const tie = (kind: string, plural: string, more: Omit<Tie, 'kind'>, isNamespaced = false): Tie => ({
  kind: kindRef({ group: 'kubeovn.io', version: 'v1', kind, plural, isNamespaced }),
  ...more,
});

/** What of Kube-OVN's own objects names a VPC or a subnet (1.16). */
const ties: readonly Tie[] = [
  tie('IPPool', 'ippools', { subnets: ['subnet'] }),
  tie('IP', 'ips', { subnets: ['subnet', 'attachSubnets'] }),
  tie('Vip', 'vips', { subnets: ['subnet'] }),
  tie('VpcNatGateway', 'vpc-nat-gateways', { vpc: 'vpc', subnets: ['subnet', 'externalSubnets'] }),
  tie('IptablesEIP', 'iptables-eips', { subnets: ['externalSubnet'] }),
  tie('OvnEip', 'ovn-eips', { subnets: ['externalSubnet'] }),
  tie('OvnFip', 'ovn-fips', { vpc: 'vpc' }),
  tie('OvnSnatRule', 'ovn-snat-rules', { vpc: 'vpc', subnets: ['vpcSubnet'] }),
  tie('OvnDnatRule', 'ovn-dnat-rules', { vpc: 'vpc' }),
  tie('VpcDns', 'vpc-dnses', { vpc: 'vpc', subnets: ['subnet'] }),
  tie('VpcEgressGateway', 'vpc-egress-gateways', { vpc: 'vpc', subnets: ['internalSubnet', 'externalSubnet'] }, true),
];

const engineUses: NetworkUses = {
  ofSubnet: async ({ metadata }, reader) => {
    const found = await Promise.all(
      ties.map(async ({ kind, subnets = [] }) => {
        if (subnets.length === 0) return [];
        const all = await listOf(kind, reader);
        return all.filter((object) => subnets.some((field) => namesIn(object, field).includes(metadata.name)));
      }),
    );
    return Promise.all(found.flat().map((object) => podOf(object, reader)));
  },
  ofVpc: async ({ metadata }, reader) => {
    const found = await Promise.all(
      ties.map(async ({ kind, vpc }) => {
        if (vpc === undefined) return [];
        return (await listOf(kind, reader)).filter((object) => namesIn(object, vpc).includes(metadata.name));
      }),
    );
    return found.flat();
  },
};

/** Everything that is asked before a VPC or a subnet goes. */
export const networkUses: readonly NetworkUses[] = [engineUses, natUses, groupUses];

/** Each object once, whoever found it. */
export async function usersOfSubnet(subnet: SubnetObject, reader: ClusterReader): Promise<readonly KubeObject[]> {
  return distinct(await Promise.all(networkUses.map(({ ofSubnet }) => ofSubnet?.(subnet, reader) ?? [])));
}

export async function usersOfVpc(vpc: VpcObject, reader: ClusterReader): Promise<readonly KubeObject[]> {
  return distinct(await Promise.all(networkUses.map(({ ofVpc }) => ofVpc?.(vpc, reader) ?? [])));
}

/** Subnets of a VPC, by name. */
export async function subnetsOf(vpc: string, reader: ClusterReader): Promise<readonly SubnetObject[]> {
  const found = (await listOf(subnetKind, reader)).filter(({ spec }) => spec?.vpc === vpc);
  return found.toSorted((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1));
}

/** A kind that the engine's version does not have is used by nothing; where a cluster cannot be asked, nobody knows. */
async function listOf<T>(kind: KindRef<T>, reader: ClusterReader): Promise<readonly KubeObject<T>[]> {
  const { items, problems } = await reader.list(kind);
  const problem = problems.find(({ code }) => code !== 'CAPABILITY_MISSING');
  if (problem) throw new UpstreamError(`cluster '${reader.cluster}'`, problem.message);
  return items;
}

/** An address is told as the pod that has it, as long as that is there. */
async function podOf(object: KubeObject, reader: ClusterReader): Promise<KubeObject> {
  const [pod] = namesIn(object, 'podName');
  const [namespace] = namesIn(object, 'namespace');
  if (object.kind !== 'IP' || pod === undefined || namespace === undefined) return object;
  return ((await reader.get(podKind, namespace, pod)) as KubeObject | undefined) ?? object;
}

function namesIn(object: KubeObject, field: string): readonly string[] {
  const { spec } = object as { readonly spec?: Readonly<Record<string, unknown>> };
  return [spec?.[field]].flat().filter((name): name is string => typeof name === 'string' && name !== '');
}

function distinct(lists: readonly (readonly KubeObject[])[]): readonly KubeObject[] {
  return [...new Map(lists.flat().map((object) => [object.metadata.uid, object])).values()];
}
