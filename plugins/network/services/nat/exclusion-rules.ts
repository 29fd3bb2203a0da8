import { doRangesMeet } from './ipv4.ts';
import { gatewayOfVpc, type NatObjection, type NatView, rulesOfEip, rulesOfGateway } from './nat-view.ts';

/**
 * What excludes one another among NAT gateways, rules and EIPs (NET-35). Kube-OVN's API takes all of it, and says of some in its log
 * alone that it does not work. Each answers what stands against something new; undefined where nothing does. Pure.
 */

/** A VPC has one default route, and so one gateway. */
export function objectToGateway(view: NatView, vpc: string): NatObjection | undefined {
  const gateway = gatewayOfVpc(view, vpc);
  if (!gateway) return undefined;
  return { what: `VPC '${vpc}' has a NAT gateway already`, users: [gateway] };
}

/** A subnet goes out by one SNAT rule, and never by an EIP of which all ports lead to one instance. */
export function objectToSnatRule(
  view: NatView,
  wanted: { readonly gateway: string; readonly eip: string; readonly range: string; readonly subnet: string },
): NatObjection | undefined {
  const rivals = rulesOfGateway(view, wanted.gateway).snat.filter(({ spec }) =>
    doRangesMeet(spec?.internalCIDR ?? '', wanted.range),
  );
  if (rivals.length > 0) {
    return { what: `Subnet '${wanted.subnet}' (${wanted.range}) has an SNAT rule already`, users: rivals };
  }
  const { fip } = rulesOfEip(view, wanted.eip);
  if (fip.length === 0) return undefined;
  const what = `No SNAT rule can share the elastic IP '${wanted.eip}', of which all ports lead to one instance`;
  return { what, users: fip };
}

/** A port of an EIP, of one protocol, leads to one instance. */
export function objectToPortMapping(
  view: NatView,
  wanted: { readonly eip: string; readonly protocol: string; readonly port: number },
): NatObjection | undefined {
  const { dnat, fip } = rulesOfEip(view, wanted.eip);
  const rivals = dnat.filter(
    ({ spec }) =>
      (spec?.protocol ?? '').toLowerCase() === wanted.protocol.toLowerCase() &&
      Number(spec?.externalPort) === wanted.port,
  );
  const port = `${wanted.protocol.toUpperCase()} port ${wanted.port} of the elastic IP '${wanted.eip}'`;
  if (rivals.length > 0) return { what: `${port} is mapped already`, users: rivals };
  if (fip.length === 0) return undefined;
  return { what: `${port} cannot be mapped: all its ports lead to one instance`, users: fip };
}

/** All ports of an EIP lead to one instance only where nothing else uses it; and an instance has one EIP of its own. */
export function objectToAddressMapping(
  view: NatView,
  wanted: { readonly gateway: string; readonly eip: string; readonly address: string },
): NatObjection | undefined {
  const { snat, dnat, fip } = rulesOfEip(view, wanted.eip);
  const users = [...fip, ...snat, ...dnat];
  if (users.length > 0) {
    const what = `All ports of the elastic IP '${wanted.eip}' can lead to one instance only when nothing else uses it`;
    return { what, users };
  }
  const own = rulesOfGateway(view, wanted.gateway).fip.filter(({ spec }) => spec?.internalIp === wanted.address);
  if (own.length === 0) return undefined;
  return { what: `${wanted.address} has an elastic IP of its own already`, users: own };
}
