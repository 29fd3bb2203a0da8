import { descriptionAnnotation, displayNameAnnotation } from 'longshore/plugins/core';
import type { KubeMetadata } from 'longshore/sdk';
import { type Cidr, countTaken, type Family, parseAddress, parseCidr, parseRange, printCidr } from './cidr.ts';
import type { OvnSubnet, OvnVpc } from './kube-ovn-kinds.ts';

/** Kube-OVN gives a Vpc no range of its own: what was asked for stands here, for good (NET-30). */
export const cidrAnnotation = 'longshore.dev/cidr';
/** The availability zone that a subnet is meant for. */
export const zoneAnnotation = 'longshore.dev/zone';

/** What the platform's engine, and whoever plans a platform, has made for everybody: no user deletes it (NET-27, NET-28). */
const plannedVpcs: ReadonlySet<string> = new Set(['ovn-cluster', 'default-vpc']);
const plannedSubnets: ReadonlySet<string> = new Set([
  'ovn-default',
  'join',
  'default-subnet',
  'ovn-vpc-external-network',
  'external',
]);

interface Named {
  readonly metadata: Pick<KubeMetadata, 'name' | 'annotations' | 'deletionTimestamp'>;
}
type Vpc = Named & OvnVpc;
type Subnet = Named & OvnSubnet;

export type NetworkState = 'CREATING' | 'ENABLED' | 'FAILED' | 'DELETING';

export const displayNameOf = ({ metadata }: Named): string =>
  metadata.annotations?.[displayNameAnnotation] ?? metadata.name;

export const descriptionOf = ({ metadata }: Named): string | null =>
  metadata.annotations?.[descriptionAnnotation] ?? null;

/** Networks that the subnets of a VPC lie in; none for one that was made without saying so. */
export const rangesOfVpc = ({ metadata }: Named): readonly Cidr[] => cidrsIn(metadata.annotations?.[cidrAnnotation]);

export const isPlannedVpc = ({ metadata, status }: Vpc): boolean =>
  plannedVpcs.has(metadata.name) || status?.default === true;

export const isPlannedSubnet = ({ metadata, spec }: Subnet): boolean =>
  plannedSubnets.has(metadata.name) || spec?.default === true;

/** Its router is there, or not yet (`status.standby`). */
export function vpcStateOf({ metadata, status }: Vpc): NetworkState {
  if (metadata.deletionTimestamp) return 'DELETING';
  return status?.standby === true ? 'ENABLED' : 'CREATING';
}

/**
 * `Error` is never taken back by Kube-OVN, so `Ready` alone decides; one that is not ready has failed where its own check says so.
 */
export function subnetStateOf({ metadata, status }: Subnet): {
  readonly state: NetworkState;
  readonly reason: string | null;
} {
  const conditions = status?.conditions ?? [];
  const find = (type: string) => conditions.find((condition) => condition.type === type);
  const ready = find('Ready');
  if (metadata.deletionTimestamp) return { state: 'DELETING', reason: null };
  if (ready?.status === 'True') return { state: 'ENABLED', reason: null };
  const failed = [ready, find('Validated'), find('Error')].find((condition) => isFailure(condition));
  if (!failed) return { state: 'CREATING', reason: null };
  return { state: 'FAILED', reason: failed.message || failed.reason || 'Kube-OVN refuses it and does not say why' };
}

function isFailure(
  condition: { type?: string; status?: string; reason?: string; message?: string } | undefined,
): boolean {
  if (condition === undefined) return false;
  if (condition.type === 'Error') return condition.status === 'True';
  return condition.status === 'False' && Boolean(condition.reason) && condition.reason !== 'Init';
}

/** A subnet's networks: one, or one of each family. */
export const networksOf = ({ spec }: OvnSubnet): readonly Cidr[] => cidrsIn(spec?.cidrBlock);

function cidrsIn(text: string | undefined): readonly Cidr[] {
  return (text ?? '').split(',').flatMap((each) => parseCidr(each.trim()) ?? []);
}

export interface AddressCounts {
  readonly family: Family;
  readonly cidr: string;
  readonly gateway: string | null;
  readonly usable: bigint;
  readonly used: bigint;
  readonly available: bigint;
}

/**
 * Addresses of a subnet by family (NET-25, CON-24). What can be given out is counted from its network and what is kept back: the
 * engine tells such numbers as JSON numbers, which cannot hold those of IPv6. How many are in use is as the engine says.
 */
export function addressesOf({ spec, status }: OvnSubnet): readonly AddressCounts[] {
  const gateways = (spec?.gateway ?? '').split(',').filter(Boolean);
  const excluded = (spec?.excludeIps ?? []).flatMap((range) => parseRange(range) ?? []);
  return networksOf({ spec: spec ?? {} }).map((network) => {
    const { family, first, last } = network;
    const gateway = gateways.find((each) => parseAddress(each)?.family === family) ?? null;
    const own = gateway === null ? [] : [parseRange(gateway) ?? []].flat();
    // Kube-OVN keeps the first and the last address back, in both families.
    const edges = [
      { family, first, last: first },
      { family, first: last, last },
    ];
    const all = last - first + 1n;
    const usable = all - countTaken(network, [...edges, ...excluded, ...own]);
    const used = BigInt((family === 4 ? status?.v4usingIPs : status?.v6usingIPs) ?? 0);
    return { family, cidr: printCidr(network), gateway, usable, used, available: usable > used ? usable - used : 0n };
  });
}
