import { type ManifestCheck, type ManifestMisfit, systemPrincipal, type WrittenObject } from 'longshore/sdk';
import { type Cidr, contains, overlaps, parseCidr, printCidr } from './cidr.ts';
import { type OvnSubnet, type OvnVpc, type SubnetObject, type VpcObject, vpcKind } from './kube-ovn-kinds.ts';
import { subnetsOf } from './network-uses.ts';
import { cidrAnnotation, displayNameOf, networksOf, rangesOfVpc } from './vpc-facts.ts';

/** What the forms refuse, YAML does not bring in: a subnet outside of its VPC or on another one, another range for a VPC (NET-25, NET-30). */
export const networkManifestCheck: ManifestCheck = {
  subjects: ['kubeovn.io/Vpc', 'kubeovn.io/Subnet'],
  async check(written, context) {
    if (written.kind.kind === vpcKind.kind) return checkVpc(written);
    const { cluster, name, existing, object } = written;
    const now = existing as SubnetObject | undefined;
    const spec = { ...(written.road === 'APPLY' ? now?.spec : undefined), ...specOf(object) } as NonNullable<
      OvnSubnet['spec']
    >;
    if (now?.spec?.vpc && spec.vpc !== now.spec.vpc) {
      return [misfit(['spec', 'vpc'], 'immutable', 'spec.vpc can never be changed')];
    }
    if (typeof spec.cidrBlock !== 'string') return [];
    if (now?.spec?.cidrBlock === spec.cidrBlock) return [];
    const texts = spec.cidrBlock.split(',');
    if (texts.some((text) => parseCidr(text.trim()) === undefined)) {
      return [misfit(['spec', 'cidrBlock'], 'invalid_cidr', 'spec.cidrBlock must be a network such as 10.0.1.0/24')];
    }
    const vpcName = spec.vpc ?? 'ovn-cluster';
    const reader = context.cluster(cluster).reader(systemPrincipal, context.signal);
    const vpc = (await reader.get(vpcKind, undefined, vpcName)) as VpcObject | undefined;
    const others = (await subnetsOf(vpcName, reader)).filter(({ metadata }) => metadata.name !== name);
    return checkPlace(networksOf({ spec }), vpc ? rangesOfVpc(vpc) : [], others.filter(isSameWire(spec)), (other) =>
      context.access.allowed('READ', other),
    );
  },
};

/** Where a subnet may not lie. Pure. */
export function checkPlace(
  networks: readonly Cidr[],
  ranges: readonly Cidr[],
  others: readonly SubnetObject[],
  isVisible: (subnet: SubnetObject) => boolean,
): readonly ManifestMisfit[] {
  const path = ['spec', 'cidrBlock'];
  return networks.flatMap((network) => {
    if (ranges.length > 0 && !ranges.some((range) => contains(range, network))) {
      const inside = ranges.map(printCidr).join(' or ');
      return [misfit(path, 'outside_vpc', `spec.cidrBlock must lie inside of the VPC's ${inside}`)];
    }
    const rival = others.find((other) => networksOf(other).some((each) => overlaps(each, network)));
    if (!rival) return [];
    const named = isVisible(rival) ? `subnet '${displayNameOf(rival)}'` : 'another subnet';
    return [misfit(path, 'overlaps', `spec.cidrBlock ${printCidr(network)} overlaps with ${named} of its VPC`)];
  });
}

/** Subnets of different VLANs may have the same addresses. */
const isSameWire =
  (spec: NonNullable<OvnSubnet['spec']>) =>
  (other: SubnetObject): boolean =>
    (other.spec?.vlan ?? '') === (spec.vlan ?? '');

function checkVpc({ existing, object, road }: WrittenObject): readonly ManifestMisfit[] {
  const before = (existing as (VpcObject & OvnVpc) | undefined)?.metadata.annotations?.[cidrAnnotation];
  const { metadata } = object as { readonly metadata?: { readonly annotations?: Readonly<Record<string, unknown>> } };
  const after = metadata?.annotations?.[cidrAnnotation];
  const path = ['metadata', 'annotations', cidrAnnotation];
  if (before !== undefined) {
    const isKept = after === before || (road === 'APPLY' && after === undefined);
    return isKept ? [] : [misfit(path, 'immutable', `The range of a VPC can never be changed: it is ${before}`)];
  }
  if (after === undefined || (typeof after === 'string' && after.split(',').every((text) => parseCidr(text))))
    return [];
  return [misfit(path, 'invalid_cidr', 'The range of a VPC must be a network such as 10.0.0.0/16')];
}

function specOf(object: Readonly<Record<string, unknown>>): object {
  return typeof object.spec === 'object' && object.spec !== null ? object.spec : {};
}

const misfit = (path: readonly string[], code: string, message: string): ManifestMisfit => ({ path, code, message });
