import type { ChosenAddresses } from 'longshore/plugins/compute';
import { contains, parseRange } from '../vpc/cidr.ts';
import type { SubnetObject, VpcObject } from '../vpc/kube-ovn-kinds.ts';
import { networksOf } from '../vpc/vpc-facts.ts';
import { countPool, heldBy, type IpObject, type IpPoolObject, liesInSome, rangesOfPool } from './address-pools.ts';
import { podAnnotations } from './pod-addressing.ts';

/** What chosen addresses are judged by: everything that there is, also what their writer may not see. */
export interface AddressFacts {
  readonly namespace: string;
  readonly vpcs: readonly VpcObject[];
  readonly subnets: readonly SubnetObject[];
  readonly pools: readonly IpPoolObject[];
  readonly ips: readonly IpObject[];
  /** Whether the writer may have pods in a subnet that is not their namespace's. */
  readonly mayUse: (subnet: SubnetObject) => boolean;
}

export interface AddressIssue {
  readonly annotation: string;
  readonly code: string;
  readonly message: string;
}

/**
 * What stands against chosen addresses (NET-42): a subnet or pool that is not the namespace's, an address that is none, outside of the
 * subnet, kept for others, or taken. `before` was there already and is not judged again. Pure.
 */
export function judgeAddresses(
  { pool, addresses, subnet }: ChosenAddresses,
  before: ChosenAddresses | undefined,
  facts: AddressFacts,
): readonly AddressIssue[] {
  const issue = (annotation: string, code: string, message: string): AddressIssue[] => [{ annotation, code, message }];
  const named = facts.subnets.find(({ metadata }) => metadata.name === subnet);
  if (subnet && subnet !== before?.subnet && !(named && isOffered(named, facts))) {
    return issue(
      podAnnotations.subnet,
      'unknown',
      `There is no subnet '${subnet}' for the namespace '${facts.namespace}'`,
    );
  }
  const within = named ? [named] : subnetsOfNamespace(facts);
  if (pool) {
    if (pool === before?.pool && subnet === before.subnet) return [];
    const found = poolFor(pool, facts);
    if (!found) {
      return issue(
        podAnnotations.pool,
        'unknown',
        `There is no address pool '${pool}' for the namespace '${facts.namespace}'`,
      );
    }
    const of = found.spec?.subnet ?? '';
    if (within.some(({ metadata }) => metadata.name === of)) return [];
    return issue(podAnnotations.pool, 'outside_subnet', `The address pool '${pool}' is of the subnet '${of}': name it`);
  }
  const known = new Set(before?.addresses ?? []);
  return (addresses ?? []).flatMap((text, index, all) => {
    if (known.has(text)) return [];
    const address = parseRange(text);
    if (!address || address.first !== address.last) {
      return issue(podAnnotations.pool, 'invalid_address', `'${text}' must be an IP address`);
    }
    if (all.indexOf(text) !== index)
      return issue(podAnnotations.pool, 'duplicate', `The address ${text} is there twice`);
    const of = within.find((each) => networksOf(each).some((network) => contains(network, address)));
    if (!of) {
      const where = subnet ? `the subnet '${subnet}'` : `the subnets of the namespace '${facts.namespace}'`;
      return issue(podAnnotations.pool, 'outside_subnet', `The address ${text} must be one of ${where}`);
    }
    const edges = networksOf(of).flatMap(({ first, last }) => [first, last]);
    const gateways = (of.spec?.gateway ?? '').split(',').flatMap((each) => parseRange(each.trim())?.first ?? []);
    if ([...edges, ...gateways].includes(address.first)) {
      return issue(podAnnotations.pool, 'reserved', `The address ${text} is kept back by its subnet`);
    }
    const keeper = facts.pools.find(
      (each) => each.spec?.subnet === of.metadata.name && liesInSome(address, rangesOfPool(each)),
    );
    if (keeper && !isForNamespace(keeper, facts)) {
      return issue(podAnnotations.pool, 'reserved', `The address ${text} is kept for others`);
    }
    const isTaken = facts.ips.some(
      (ip) => ip.spec?.subnet === of.metadata.name && heldBy(ip).some(({ first }) => first === address.first),
    );
    return isTaken ? issue(podAnnotations.pool, 'address_taken', `The address ${text} is taken`) : [];
  });
}

/** How many of so many pods would stay pending for want of an address (NET-42); undefined where none would. Pure. */
export function tellOfShortage(
  { pool, addresses }: ChosenAddresses,
  pods: number,
  facts: Pick<AddressFacts, 'namespace' | 'pools' | 'ips'>,
): string | undefined {
  const found = pool ? poolFor(pool, facts) : undefined;
  const free = found ? freeOf(found, facts.ips) : BigInt((addresses ?? []).length);
  if ((pool && !found) || BigInt(pods) <= free) return undefined;
  const what = found ? `the address pool '${found.metadata.name}' has ${free} free` : `there are ${free}`;
  return `${BigInt(pods) - free} of ${pods} pods will stay pending without an address: ${what}`;
}

/** How many addresses of a pool nothing holds. Pure. */
export function freeOf(pool: IpPoolObject, ips: readonly IpObject[]): bigint {
  const held = ips.filter(({ spec }) => spec?.subnet === pool.spec?.subnet).flatMap(heldBy);
  const { total, used } = countPool(rangesOfPool(pool), held);
  return total - used;
}

function poolFor(name: string, facts: Pick<AddressFacts, 'namespace' | 'pools'>): IpPoolObject | undefined {
  return facts.pools.find((pool) => pool.metadata.name === name && isForNamespace(pool, facts));
}

/** One that names no namespace is for whoever asks. */
function isForNamespace({ spec }: IpPoolObject, { namespace }: Pick<AddressFacts, 'namespace'>): boolean {
  const namespaces = spec?.namespaces ?? [];
  return namespaces.length === 0 || namespaces.includes(namespace);
}

const isOffered = (subnet: SubnetObject, facts: AddressFacts): boolean =>
  subnetsOfNamespace(facts).includes(subnet) || facts.mayUse(subnet);

/** Where pods of the namespace lie unless they ask: in its own subnets, else those of its VPC, else the cluster's. */
function subnetsOfNamespace({ namespace, subnets, vpcs }: AddressFacts): readonly SubnetObject[] {
  const own = subnets.filter(({ spec }) => spec?.namespaces?.includes(namespace));
  if (own.length > 0) return own;
  const theirs = new Set(
    vpcs.filter(({ spec }) => spec?.namespaces?.includes(namespace)).map(({ metadata }) => metadata.name),
  );
  const ofVpc = subnets.filter(({ spec }) => theirs.has(spec?.vpc ?? ''));
  return ofVpc.length > 0 ? ofVpc : subnets.filter(({ spec }) => spec?.default === true);
}
