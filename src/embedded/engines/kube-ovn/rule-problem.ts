import { parseAddress, parseNetwork } from './address-math.ts';
import type { IptablesPlural, IptablesRule } from './kinds.ts';

/** Why a rule of a NAT gateway is refused by itself; undefined when it is not. The API server refuses none of this. */
export function ruleProblem(plural: IptablesPlural, name: string, spec: IptablesRule['spec'] = {}): string | undefined {
  if ((spec.eip ?? '') === '') return `${name}: eip cannot be empty`;
  switch (plural) {
    case 'iptables-snat-rules':
      return cidrProblem(name, spec.internalCIDR ?? '');
    case 'iptables-dnat-rules':
      return (
        portProblem(name, 'externalPort', spec.externalPort ?? '') ??
        portProblem(name, 'internalPort', spec.internalPort ?? '') ??
        addressProblem(name, spec.internalIp ?? '') ??
        (['tcp', 'udp'].includes(spec.protocol ?? '')
          ? undefined
          : `${name}: invalid protocol "${spec.protocol ?? ''}": must be tcp or udp`)
      );
    case 'iptables-fip-rules':
      return addressProblem(name, spec.internalIp ?? '');
  }
}

function addressProblem(name: string, text: string): string | undefined {
  if (text === '') return `${name}: internalIP cannot be empty`;
  const address = parseAddress(text);
  if (address === undefined) return `${name}: invalid internalIP "${text}"`;
  return address.bits === 32 ? undefined : `${name}: internalIP "${text}" must be IPv4, IPv6 is not supported`;
}

function cidrProblem(name: string, text: string): string | undefined {
  if (text === '') return `${name}: internalCIDR cannot be empty`;
  if (text.split('/').length > 2) {
    return `${name}: internalCIDR "${text}" contains multiple CIDRs, only single CIDR or IP is allowed`;
  }
  const bits = text.includes('/') ? parseNetwork(text)?.bits : parseAddress(text)?.bits;
  if (bits === undefined) return `${name}: invalid internalCIDR "${text}"`;
  return bits === 32 ? undefined : `${name}: internalCIDR "${text}" must be IPv4, IPv6 is not supported`;
}

function portProblem(name: string, field: string, text: string): string | undefined {
  const isPort = /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
  return isPort ? undefined : `${name}: invalid ${field} "${text}": must be a port number from 1 to 65535`;
}
