import { podKind } from 'longshore/plugins/compute';
import {
  InUseError,
  type KubeObject,
  nameUsers,
  origin,
  type RequestContext,
  systemPrincipal,
  type ValidationIssue,
} from 'longshore/sdk';
import { contains, overlaps } from '../vpc/cidr.ts';
import type { SubnetObject } from '../vpc/kube-ovn-kinds.ts';
import { networksOf } from '../vpc/vpc-facts.ts';
import {
  heldBy,
  type IpObject,
  type IpPoolObject,
  ipKind,
  ipPoolKind,
  liesInSome,
  rangesOfPool,
  readRange,
} from './address-pools.ts';

/** Addresses of a pool, as they were given. */
interface WantedPool {
  readonly name: string;
  readonly subnet: SubnetObject;
  readonly addresses: readonly string[];
}

/** What stands against the addresses of a pool: ones that cannot be read, outside of the subnet, twice, or of another pool. Pure. */
export function checkPoolAddresses(
  { name, subnet, addresses }: WantedPool,
  pools: readonly IpPoolObject[],
): readonly ValidationIssue[] {
  const networks = networksOf(subnet);
  const others = pools.filter(({ metadata, spec }) => metadata.name !== name && spec?.subnet === subnet.metadata.name);
  const seen: ReturnType<typeof readRange>[] = [];
  return addresses.flatMap((text, index) => {
    const refuse = (code: string, message: string) => [{ path: ['addresses', index], code, message }];
    const range = readRange(text);
    if (!range)
      return refuse('invalid_address', `'${text}' must be an address, a range as 10.0.0.5..10.0.0.9 or a network`);
    if (!networks.some((network) => contains(network, range))) {
      return refuse('outside_subnet', `'${text}' must lie in the subnet '${subnet.metadata.name}'`);
    }
    if (seen.some((one) => one && overlaps(one, range))) return refuse('duplicate', `'${text}' is there already`);
    seen.push(range);
    const rival = others.find((pool) => rangesOfPool(pool).some((each) => overlaps(each, range)));
    return rival ? refuse('taken', `'${text}' is of the address pool '${rival.metadata.name}' already`) : [];
  });
}

/**
 * Throws `InUseError` where pods hold addresses of a pool that shall no longer be of it (NET-42); `left` is what stays, nothing where it goes
 * as a whole.
 */
export async function requireFreed(
  pool: IpPoolObject,
  left: readonly string[],
  context: RequestContext,
): Promise<void> {
  const users = await usersOfPool(pool, left, context);
  if (users.length === 0) return;
  const { words, references } = nameUsers(users, context);
  throw new InUseError(`Addresses of the pool '${pool.metadata.name}' are used by ${words}.`, references);
}

/** Pods, or what else, that hold addresses of a pool which are not among those that stay. */
export async function usersOfPool(
  pool: IpPoolObject,
  left: readonly string[],
  context: RequestContext,
): Promise<readonly KubeObject[]> {
  const reader = context.cluster(pool[origin].cluster).reader(systemPrincipal, context.signal);
  const [own, kept] = [rangesOfPool(pool), left.flatMap((text) => readRange(text) ?? [])];
  const { items } = await reader.list(ipKind);
  const holders = items.filter(
    (ip) =>
      ip.spec?.subnet === pool.spec?.subnet &&
      heldBy(ip).some((address) => liesInSome(address, own) && !liesInSome(address, kept)),
  );
  return Promise.all(
    holders.map(async (ip: IpObject) => {
      const { podName = '', namespace = '' } = ip.spec ?? {};
      const pod = namespace === '' ? undefined : await reader.get(podKind, namespace, podName);
      return (pod ?? ip) as unknown as KubeObject;
    }),
  );
}

/** All pools of a cluster, also those that the caller may not see: their addresses exclude one another. */
export async function everyPool(cluster: string, context: RequestContext): Promise<readonly IpPoolObject[]> {
  const lists = await Promise.all(
    [context.principal, systemPrincipal].map((who) =>
      context.cluster(cluster).reader(who, context.signal).list(ipPoolKind),
    ),
  );
  return [...new Map(lists.flatMap(({ items }) => items).map((pool) => [pool.metadata.uid, pool])).values()];
}
