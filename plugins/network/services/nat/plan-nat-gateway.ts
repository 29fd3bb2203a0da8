import { ConflictError, PreconditionError, type RequestContext, ValidationError } from 'longshore/sdk';
import { type Owner, ownerOf } from '../ownership/owner.ts';
import { requireNetworkQuota } from '../quotas/network-quotas.ts';
import { type SubnetObject, subnetKind, type VpcObject } from '../vpc/kube-ovn-kinds.ts';
import { objectToGateway, objectToSnatRule } from './exclusion-rules.ts';
import { freeAddressOf } from './gateway-address.ts';
import { ipv4PartOf } from './ipv4.ts';
import { natNames } from './nat-manifests.ts';
import { readWholeNat } from './read-whole-nat.ts';
import { refuseObjection } from './tell-objection.ts';

export interface WantedSnatRule {
  readonly subnet: SubnetObject;
  readonly description: string | null | undefined;
}

/** A gateway in one cluster, as it was asked for. */
export interface WantedGateway {
  readonly name: string;
  readonly cluster: string;
  readonly vpc: VpcObject;
  /** The one that it shall stand in; the VPC's default, else its first, where nobody said. */
  readonly subnet: SubnetObject | undefined;
  readonly snatRules: readonly WantedSnatRule[];
}

/** What will be made of it. */
export interface GatewayPlan extends WantedGateway {
  readonly owner: Owner | undefined;
  readonly subnet: SubnetObject;
  readonly lanIp: string;
  readonly ranges: readonly {
    readonly subnet: string;
    readonly range: string;
    readonly description: string | null | undefined;
  }[];
}

/**
 * Checks a gateway against everything that is there (NET-34, NET-35, NET-39). Throws `InUseError` where the VPC has one, or a subnet a
 * rule; `PreconditionError` where the VPC has no subnet with a free address; `QuotaExceededError`; `ValidationError` for a foreign subnet.
 */
export async function planNatGateway(wanted: WantedGateway, context: RequestContext): Promise<GatewayPlan> {
  const { cluster, name, vpc } = wanted;
  const owner = ownerOf(vpc.metadata);
  const view = await readWholeNat(cluster, context);
  refuseObjection(objectToGateway(view, vpc.metadata.name), context);
  await requireNetworkQuota('NAT_GATEWAY', context.cluster(cluster), owner, context);
  if (view.gateways.some(({ metadata }) => metadata.name === name)) {
    throw new ConflictError(`There is a NAT gateway '${name}' in the cluster '${cluster}' already`);
  }
  const subnet = wanted.subnet ?? (await firstSubnetOf(vpc, cluster, context));
  requireInVpc(subnet, vpc, ['subnetId']);
  const lanIp = freeAddressOf(subnet);
  if (lanIp === undefined) {
    throw new PreconditionError(
      'NO_FREE_ADDRESS',
      `The subnet '${subnet.metadata.name}' has no free IPv4 address for the gateway`,
    );
  }
  const ranges = wanted.snatRules.map(({ subnet: of, description }, index) => {
    requireInVpc(of, vpc, ['snatRules', index, 'subnetId']);
    return { subnet: of.metadata.name, range: requireRange(of, ['snatRules', index, 'subnetId']), description };
  });
  for (const { subnet: of, range } of ranges) {
    const rule = { gateway: name, eip: natNames.eipOf(name), subnet: of, range };
    refuseObjection(objectToSnatRule(view, rule), context);
  }
  return { ...wanted, owner, subnet, lanIp, ranges };
}

/** Throws `ValidationError` where a subnet is of another VPC. */
export function requireInVpc(subnet: SubnetObject, vpc: VpcObject | string, path: readonly (string | number)[]): void {
  const wanted = typeof vpc === 'string' ? vpc : vpc.metadata.name;
  const is = subnet.spec?.vpc ?? '';
  if (is === wanted) return;
  const message = `The subnet '${subnet.metadata.name}' must be of the VPC '${wanted}', got one of '${is}'`;
  throw new ValidationError([{ path, code: 'other_vpc', message }]);
}

/** The IPv4 range of a subnet; NAT gateways know no other. */
export function requireRange(subnet: SubnetObject, path: readonly (string | number)[]): string {
  const range = ipv4PartOf(subnet.spec?.cidrBlock);
  if (range !== undefined) return range;
  const message = `The subnet '${subnet.metadata.name}' has no IPv4 range, which NAT needs`;
  throw new ValidationError([{ path, code: 'no_ipv4', message }]);
}

async function firstSubnetOf(vpc: VpcObject, cluster: string, context: RequestContext): Promise<SubnetObject> {
  const { items } = await context.kube(cluster).list(subnetKind);
  const own = items
    .filter(({ spec, metadata }) => spec?.vpc === vpc.metadata.name && !metadata.deletionTimestamp)
    .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1));
  const subnet = own.find(({ metadata }) => metadata.name === vpc.spec?.defaultSubnet) ?? own[0];
  if (subnet) return subnet;
  throw new PreconditionError('NO_SUBNET', `The VPC '${vpc.metadata.name}' has no subnet for the gateway to stand in`);
}
