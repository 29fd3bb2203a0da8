import type { Controller } from '../../controllers/controller.ts';
import { keysByResource } from '../../controllers/controller.ts';
import { createObjectIndex } from '../../controllers/create-object-index.ts';
import type { ClusterObject } from '../../store/types.ts';
import { isInside, parseAddress } from './address-math.ts';
import { group, type Ip, marks, type Subnet } from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';
import { countSubnet, rangesOf, type SubnetCounts } from './subnet-ranges.ts';

/** Counters follow what happens by so much, so that a thousand new pods are counted a few times only. */
const countEveryMs = 300;

/** Who uses the addresses of a subnet. */
export interface SubnetUse {
  /** IPs, Vips and EIPs that hold an address of it. */
  usersOf(subnet: string): readonly ClusterObject[];
  count(subnet: Subnet): SubnetCounts;
  /** For `keysByResource`: what a change of a user of the subnet concerns. */
  resources(keys: (subnet: string) => readonly string[]): Parameters<typeof keysByResource>[0];
}

export function createSubnetUse({ context, kinds, book }: OvnWorld): SubnetUse {
  const { ips, vips, eips, ovnEips } = kinds;
  const indexes = [ips, vips, eips, ovnEips].map(({ resource }) =>
    createObjectIndex<ClusterObject>(context.store, resource, (object) => subnetsOf(object)),
  );
  const usersOf = (subnet: string): ClusterObject[] => indexes.flatMap((index) => index.get(subnet));
  return {
    usersOf,
    count(subnet) {
      const { name } = subnet.metadata;
      const gateways = (subnet.spec?.gateway ?? '').split(',');
      const ranges = rangesOf({
        ...subnet.spec,
        excludeIps: (subnet.spec?.excludeIps ?? []).filter((range) => !gateways.includes(range)),
      });
      const kept = [...(ranges.v4?.excluded ?? []), ...(ranges.v6?.excluded ?? [])];
      const isKept = (object: ClusterObject): boolean => {
        const { v4IpAddress = '', v6IpAddress = '' } = (object as Ip).spec;
        return [v4IpAddress, v6IpAddress].some((text) => {
          const address = parseAddress(text);
          return address !== undefined && kept.some((range) => isInside(address, range));
        });
      };
      const users = usersOf(name);
      const counting = kept.length === 0 ? users : users.filter((object) => object.kind !== 'IP' || !isKept(object));
      return countSubnet(rangesOf(subnet.spec ?? {}), book.held(name), counting.length);
    },
    resources(keys) {
      const ofUser = (object: ClusterObject): string[] => subnetsOf(object).flatMap((subnet) => [...keys(subnet)]);
      return Object.fromEntries(
        ['ips', 'vips', 'iptables-eips', 'ovn-eips'].map((plural) => [`${plural}.${group}`, ofUser]),
      );
    },
  };
}

/** Keeps the counters of subnets current while addresses come and go. */
export function createSubnetCounter({ context, kinds }: OvnWorld, use: SubnetUse): Controller {
  const { subnets } = kinds;
  const countedAtMs = new Map<string, number>();
  return {
    name: 'kube-ovn-subnet-counter',
    keysOf: keysByResource(use.resources((subnet) => [subnet])),
    reconcile(name) {
      const now = context.clock.now();
      const dueAt = (countedAtMs.get(name) ?? Number.NEGATIVE_INFINITY) + countEveryMs;
      if (dueAt > now) return dueAt - now;
      const subnet = subnets.get(undefined, name);
      if (subnet === undefined) {
        countedAtMs.delete(name);
        return undefined;
      }
      countedAtMs.set(name, now);
      subnets.updateStatus(subnet, { ...subnet.status, ...use.count(subnet) });
      return undefined;
    },
  };
}

function subnetsOf({ metadata }: ClusterObject): string[] {
  const subnet = metadata.labels?.[marks.subnet];
  return subnet === undefined ? [] : [subnet];
}
