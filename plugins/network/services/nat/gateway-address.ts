import { isIPv4 } from 'node:net';
import type { SubnetObject } from '../vpc/kube-ovn-kinds.ts';

/**
 * The address that a new gateway gets in its subnet: the highest that is free, as pods get the lowest. Kube-OVN tells free addresses as
 * `10.0.0.2-10.0.0.253,10.0.1.7`. Undefined where none is free, or the subnet has not told yet.
 */
export function freeAddressOf(subnet: SubnetObject): string | undefined {
  const { v4availableIPrange = '' } = (subnet.status ?? {}) as { readonly v4availableIPrange?: string };
  const last = v4availableIPrange
    .split(',')
    .at(-1)
    ?.split(/-|\.\./)
    .at(-1)
    ?.trim();
  return last !== undefined && isIPv4(last) ? last : undefined;
}
