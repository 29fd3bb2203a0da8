import type { GatewayAddress } from './kinds.ts';

export type AddressDecision =
  | { readonly addresses: readonly string[] }
  | { readonly unsupported: string }
  | { readonly unusable: string }
  | { readonly exhausted: string };

/** A range of IPv4 addresses in CIDR form, as numbers; undefined for other text. */
export function parsePool(cidr: string): { readonly first: number; readonly last: number } | undefined {
  const [, base = '', bits = ''] = /^(\d+(?:\.\d+){3})\/(\d+)$/.exec(cidr) ?? [];
  const size = 2 ** (32 - Number(bits));
  const address = numberOf(base);
  if (base === '' || address === undefined || Number(bits) > 30 || Number(bits) < 8) return undefined;
  const network = Math.floor(address / size) * size;
  return { first: network + 1, last: network + size - 2 };
}

/**
 * The addresses of a Gateway: those it asks for where they are of the pool and free, else the one it has, else the lowest
 * free one. `taken` are those of other Gateways.
 */
export function decideAddresses(
  wanted: readonly GatewayAddress[],
  present: readonly string[],
  taken: ReadonlySet<string>,
  pool: { readonly first: number; readonly last: number },
): AddressDecision {
  const other = wanted.find(({ type }) => (type ?? 'IPAddress') !== 'IPAddress');
  if (other !== undefined) return { unsupported: `Only IPAddress addresses are supported, got ${other.type}` };
  const asked = wanted.flatMap(({ value }) => (value === undefined || value === '' ? [] : [value]));
  const strange = asked.find((value) => !isInside(value, pool) || taken.has(value));
  if (strange !== undefined) {
    const why = taken.has(strange) ? 'is in use by another Gateway' : 'is not one of the addresses of its class';
    return { unusable: `Address ${strange} ${why}` };
  }
  if (asked.length > 0) return { addresses: asked };
  const kept = present.find((value) => isInside(value, pool) && !taken.has(value));
  if (kept !== undefined) return { addresses: [kept] };
  for (let address = pool.first; address <= pool.last; address += 1) {
    if (!taken.has(print(address))) return { addresses: [print(address)] };
  }
  return { exhausted: 'No addresses have been assigned to the Gateway: the pool of its class has no free address' };
}

function isInside(value: string, { first, last }: { readonly first: number; readonly last: number }): boolean {
  const address = numberOf(value);
  return address !== undefined && address >= first && address <= last;
}

function numberOf(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function print(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
