import { profileKey, profileValues } from 'longshore/sdk';

export const vpcManagedBy = profileKey({
  name: 'vpc.managedBy',
  schema: profileValues.oneOf('MEMBERS', 'ADMINISTRATORS'),
  default: 'MEMBERS',
  description:
    'Who makes, changes and deletes VPCs, subnets, security groups, NAT gateways and load balancers of a workspace.',
  sources: ['CORE-17', 'NET-24', 'NET-30', 'NET-32'],
});

export const vpcAllowedCidrs = profileKey({
  name: 'vpc.allowedCidrs',
  schema: profileValues.wordsOrAll(),
  default: null,
  description:
    'Ranges that a VPC may have: a network with a fixed base and mask, 10.0.0.0/9, or one whose mask can be chosen, 10.0.0.0/8-24; null: any.',
  sources: ['CON-23', 'NET-24', 'NET-30', 'Appendix B'],
});

export const vpcName = profileKey({
  name: 'vpc.name',
  schema: profileValues.textRule(128),
  default: { min: 1, max: 128, examples: ['Shop', 'shop-2', '商店'] },
  description: 'Names of VPCs, subnets and security groups, as people call them.',
  sources: ['NET-30', 'NET-31', 'Appendix B'],
});

export const vpcMaxPerCluster = profileKey({
  name: 'vpc.maxPerCluster',
  schema: profileValues.limit(1, 10_000),
  default: null,
  description: 'Most VPCs that a workspace may have in one cluster.',
  sources: ['NET-29'],
});

export const subnetMaskMin = profileKey({
  name: 'subnet.mask.min',
  schema: profileValues.count(1, 30),
  default: 8,
  description: 'Shortest mask of a subnet (IPv4), so the largest subnet.',
  sources: ['NET-31', 'Appendix B'],
});

export const subnetMaskMax = profileKey({
  name: 'subnet.mask.max',
  schema: profileValues.count(1, 30),
  default: 30,
  description: 'Longest mask of a subnet (IPv4), so the smallest subnet.',
  sources: ['NET-31', 'Appendix B'],
});

export const subnetMaskDefault = profileKey({
  name: 'subnet.mask.default',
  schema: profileValues.count(1, 30),
  default: 24,
  description: 'Mask of a subnet for which nobody says one; never one that is wider than its VPC.',
  sources: ['NET-31', 'Appendix B'],
});

export const subnetReserved = profileKey({
  name: 'subnet.reserved',
  schema: profileValues.count(3, 64),
  default: 3,
  description:
    'Addresses of each subnet that nobody gets: its first, its last, its gateway, and what the platform keeps besides.',
  sources: ['CON-24', 'NET-25', 'NET-31'],
});

export const subnetZoneRequired = profileKey({
  name: 'subnet.zoneRequired',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether each subnet must name its availability zone.',
  sources: ['NET-31'],
});

export const vpcKeys = [
  vpcManagedBy,
  vpcAllowedCidrs,
  vpcName,
  vpcMaxPerCluster,
  subnetMaskMin,
  subnetMaskMax,
  subnetMaskDefault,
  subnetReserved,
  subnetZoneRequired,
];
