import type { ValidationIssue } from 'longshore/sdk';
import {
  type AddressRange,
  bitsOf,
  type Cidr,
  contains,
  isCanonical,
  nextFree,
  overlaps,
  parseAddress,
  parseCidr,
  printAddress,
  printCidr,
} from './cidr.ts';

/** A subnet as somebody asks for it: by its network, or by a mask alone. */
export interface SubnetWish {
  readonly name: string;
  readonly cidr?: string | null | undefined;
  readonly mask?: number | null | undefined;
  readonly gateway?: string | null | undefined;
}

export interface PlannedSubnet {
  readonly name: string;
  readonly network: Cidr;
  readonly gateway: string;
  /** As Kube-OVN writes them; the gateway is among them. */
  readonly excludeIps: readonly string[];
}

export interface SubnetLimits {
  readonly maskMin: number;
  readonly maskMax: number;
  /** Of who says neither network nor mask. */
  readonly maskDefault: number;
  /** Addresses of each subnet that nobody gets: its first, its last, its gateway, and what a platform keeps for itself (CON-24). */
  readonly reserved: number;
}

/** A subnet that is there already. */
export interface StandingSubnet {
  readonly name: string;
  readonly networks: readonly Cidr[];
}

export type SubnetPlan =
  | { readonly planned: readonly PlannedSubnet[]; readonly issues: readonly [] }
  | { readonly planned: readonly []; readonly issues: readonly ValidationIssue[] };

/**
 * Where new subnets of a VPC come to lie (NET-25, NET-26, NET-31): inside of it, beside each other and beside those that are there. First
 * those with a network of their own are placed, then the others in their order, each at the lowest free place. `within` is empty
 * for a VPC without a range: then each subnet must say its network.
 */
export function planSubnets(
  wishes: readonly SubnetWish[],
  within: readonly Cidr[],
  standing: readonly StandingSubnet[],
  limits: SubnetLimits,
  pathOf: (index: number) => readonly (string | number)[] = (index) => ['subnets', index],
): SubnetPlan {
  const issues: ValidationIssue[] = [];
  const placed = new Map<number, PlannedSubnet>();
  const taken: (AddressRange & { readonly of: string })[] = standing.flatMap(({ name, networks }) =>
    networks.map((network) => ({ ...network, of: name })),
  );
  const refuse = (index: number, field: string, code: string, message: string): void => {
    issues.push({ path: [...pathOf(index), field], code, message });
  };

  function place(index: number, wish: SubnetWish, network: Cidr): void {
    taken.push({ ...network, of: wish.name });
    const gateway = gatewayOf(wish, network);
    if (gateway === undefined) {
      const message = `gateway must be an address of ${printCidr(network)}, and neither its first nor its last`;
      refuse(index, 'gateway', 'gateway_outside', message);
      return;
    }
    const excludeIps = keptBack(network, gateway, limits.reserved);
    if (excludeIps === undefined) {
      const message = `a network of /${network.prefix} has no address left beside the ${limits.reserved} that are kept back`;
      refuse(index, wish.cidr ? 'cidr' : 'mask', 'too_small', message);
      return;
    }
    placed.set(index, { name: wish.name, network, gateway, excludeIps });
  }

  for (const [index, wish] of wishes.entries()) {
    if (wish.cidr === null || wish.cidr === undefined) continue;
    const network = parseCidr(wish.cidr);
    if (!network || !isCanonical(wish.cidr)) {
      refuse(
        index,
        'cidr',
        'invalid_cidr',
        `cidr must be a network such as 10.0.1.0/24, got '${wish.cidr.slice(0, 50)}'`,
      );
      continue;
    }
    if (wish.mask !== null && wish.mask !== undefined && wish.mask !== network.prefix) {
      refuse(index, 'mask', 'mask_differs', `mask must be that of cidr, /${network.prefix}, or not be given`);
      continue;
    }
    if (within.length > 0 && !within.some((range) => contains(range, network))) {
      const ranges = within.map(printCidr).join(' or ');
      refuse(index, 'cidr', 'outside_vpc', `cidr must lie inside of the VPC's ${ranges}, got ${wish.cidr}`);
      continue;
    }
    const maskProblem = checkMask(network.prefix, network, limits);
    if (maskProblem !== undefined) {
      refuse(index, 'cidr', 'mask_out_of_range', maskProblem);
      continue;
    }
    const rival = taken.find((other) => overlaps(other, network));
    if (rival) {
      refuse(index, 'cidr', 'overlaps', `cidr ${wish.cidr} overlaps with subnet '${rival.of}'`);
      continue;
    }
    place(index, wish, network);
  }
  for (const [index, wish] of wishes.entries()) {
    if (wish.cidr !== null && wish.cidr !== undefined) continue;
    const [range] = within;
    if (range === undefined) {
      refuse(index, 'cidr', 'required', 'cidr must be given: the VPC says no range that one could be taken from');
      continue;
    }
    const mask = wish.mask ?? Math.max(limits.maskDefault, range.prefix);
    const maskProblem = checkMask(mask, range, limits);
    if (maskProblem !== undefined) {
      refuse(index, 'mask', 'mask_out_of_range', maskProblem);
      continue;
    }
    const network = within.map((each) => nextFree(each, mask, taken)).find((found) => found !== undefined);
    if (network === undefined) {
      const ranges = within.map(printCidr).join(' and ');
      refuse(index, 'mask', 'no_room', `there is no free network of /${mask} left in ${ranges}`);
      continue;
    }
    place(index, wish, network);
  }
  if (issues.length > 0) return { planned: [], issues };
  return { planned: wishes.flatMap((_wish, index) => placed.get(index) ?? []), issues: [] };
}

/** Masks of profiles are those of IPv4; subnets of IPv6 have /112 at the most, so that there is room. */
function checkMask(mask: number, { family }: Cidr, { maskMin, maskMax }: SubnetLimits): string | undefined {
  const [least, most] = family === 4 ? [maskMin, maskMax] : [16, 112];
  if (Number.isInteger(mask) && mask >= least && mask <= most && mask <= bitsOf(family)) return undefined;
  return `mask must be ${least} to ${most}, got ${mask}`;
}

/** The first address, unless somebody wants another; undefined for one that can be none. */
function gatewayOf({ gateway }: SubnetWish, { family, first, last }: Cidr): string | undefined {
  if (gateway === null || gateway === undefined) return printAddress(family, first + 1n);
  const parsed = parseAddress(gateway);
  if (parsed?.family !== family || parsed.value <= first || parsed.value >= last) return undefined;
  return printAddress(family, parsed.value);
}

/** The gateway, and what a platform keeps besides: the highest addresses below the last one. Undefined where nothing would be left. */
function keptBack({ family, first, last }: Cidr, gateway: string, reserved: number): readonly string[] | undefined {
  const all = last - first + 1n;
  if (all <= BigInt(reserved)) return undefined;
  const more: string[] = [];
  for (let value = last - 1n; more.length < reserved - 3; value -= 1n) {
    const text = printAddress(family, value);
    if (text !== gateway) more.unshift(text);
  }
  return [gateway, ...more];
}
