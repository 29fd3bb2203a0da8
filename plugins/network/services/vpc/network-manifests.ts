import { descriptionAnnotation, displayNameAnnotation } from 'longshore/plugins/core';
import { labelsOfOwner, type Owner } from '../ownership/owner.ts';
import { printCidr } from './cidr.ts';
import type { PlannedSubnet } from './plan-subnets.ts';
import { printReservations, type Reservation } from './subnet-reservations.ts';
import { cidrAnnotation, zoneAnnotation } from './vpc-facts.ts';

interface Told {
  readonly objectName: string;
  readonly displayName: string;
  readonly description: string | null | undefined;
  readonly owner: Owner | undefined;
}

export function vpcManifest(
  given: Told & {
    readonly cidr: string;
    readonly defaultSubnet: string;
    readonly reservations: readonly Reservation[];
  },
): object {
  return {
    metadata: metadataOf(given, { [cidrAnnotation]: given.cidr, ...printReservations(given.reservations) }),
    spec: { defaultSubnet: given.defaultSubnet },
  };
}

export function subnetManifest(
  given: Told & {
    readonly vpc: string;
    readonly planned: PlannedSubnet;
    readonly zone: string | null | undefined;
    readonly isPrivate: boolean;
  },
): object {
  const { vpc, planned, zone, isPrivate } = given;
  const { network, gateway, excludeIps } = planned;
  return {
    metadata: metadataOf(given, zone ? { [zoneAnnotation]: zone } : {}),
    spec: {
      vpc,
      protocol: network.family === 4 ? 'IPv4' : 'IPv6',
      cidrBlock: printCidr(network),
      gateway,
      excludeIps: [...excludeIps],
      provider: 'ovn',
      enableLb: true,
      private: isPrivate,
      // Ways out of a VPC are its NAT gateway's.
      natOutgoing: false,
    },
  };
}

function metadataOf({ objectName, displayName, description, owner }: Told, more: Readonly<Record<string, string>>) {
  return {
    name: objectName,
    labels: labelsOfOwner(owner),
    annotations: {
      [displayNameAnnotation]: displayName,
      ...(description ? { [descriptionAnnotation]: description } : {}),
      ...more,
    },
  };
}
