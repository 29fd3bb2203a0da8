import { descriptionAnnotation } from 'longshore/plugins/core';
import { labelsOfOwner, type Owner } from '../ownership/owner.ts';

/** Names the gateway that an elastic IP was made together with: it goes with it too. */
export const madeWithAnnotation = 'longshore.dev/made-with';

/** What gateways, rules and EIPs are made of alike. */
export interface NatPart {
  readonly name: string;
  readonly owner: Owner | undefined;
  readonly description?: string | null | undefined;
  readonly madeWith?: string | undefined;
}

export function gatewayManifest(part: NatPart, spec: { vpc: string; subnet: string; lanIp: string }): object {
  // Its EIPs are made by name: the one that comes by itself could be neither held to a bandwidth nor found again.
  return { ...metadataOf(part), spec: { ...spec, noDefaultEIP: true } };
}

export function eipManifest(part: NatPart, spec: { gateway: string; qosPolicy: string }): object {
  return { ...metadataOf(part), spec: { natGwDp: spec.gateway, qosPolicy: spec.qosPolicy } };
}

/** Both ways alike. Rates are texts in Mbit/s; a policy that is not shared can be changed while it is in use. */
export function bandwidthManifest(part: NatPart, mbps: number): object {
  return { ...metadataOf(part), spec: { shared: false, bindingType: 'EIP', ...bandwidthRules(mbps) } };
}

export function bandwidthRules(mbps: number): { readonly bandwidthLimitRules: readonly object[] } {
  const rate = String(mbps);
  return {
    bandwidthLimitRules: ['ingress', 'egress'].map((direction) => ({
      name: `eip-${direction}`,
      rateMax: rate,
      burstMax: rate,
      priority: 1,
      direction,
    })),
  };
}

export function snatManifest(part: NatPart, spec: { eip: string; range: string }): object {
  return { ...metadataOf(part), spec: { eip: spec.eip, internalCIDR: spec.range } };
}

export function portManifest(
  part: NatPart,
  spec: { eip: string; protocol: string; port: number; address: string; instancePort: number },
): object {
  return {
    ...metadataOf(part),
    spec: {
      eip: spec.eip,
      protocol: spec.protocol.toLowerCase(),
      externalPort: String(spec.port),
      internalIp: spec.address,
      internalPort: String(spec.instancePort),
    },
  };
}

export function instanceManifest(part: NatPart, spec: { eip: string; address: string }): object {
  return { ...metadataOf(part), spec: { eip: spec.eip, internalIp: spec.address } };
}

/** Names are made of what may be there once: a second of a kind meets the first. */
export const natNames = {
  eipOf: (gateway: string) => `${gateway}-eip`,
  bandwidthOf: (eip: string) => `${eip}-bandwidth`,
  snat: (gateway: string, subnet: string) => `${gateway}-snat-${subnet}`,
  port: (eip: string, protocol: string, port: number) => `${eip}-${protocol.toLowerCase()}-${port}`,
  instance: (eip: string) => `${eip}-all-ports`,
} as const;

function metadataOf({ name, owner, description, madeWith }: NatPart): object {
  const annotations = {
    ...(description ? { [descriptionAnnotation]: description } : {}),
    ...(madeWith ? { [madeWithAnnotation]: madeWith } : {}),
  };
  const labels = labelsOfOwner(owner);
  return {
    metadata: {
      name,
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
  };
}
