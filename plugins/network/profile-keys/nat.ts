import { profileKey, profileValues } from 'longshore/sdk';

export const natName = profileKey({
  name: 'nat.name',
  schema: profileValues.textRule(50),
  default: {
    min: 1,
    max: 50,
    pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
    says: "lower-case letters, digits and '-', beginning and ending with a letter or digit",
    examples: ['shop-out', 'gw-1', 'a'],
  },
  description: "Names of NAT gateways and elastic IPs; the name of a gateway's pod is made of them, hence at most 50.",
  sources: ['NET-34', 'CORE-28'],
});

export const natBandwidthMin = profileKey({
  name: 'nat.bandwidthMin',
  schema: profileValues.count(1, 100_000),
  default: 1,
  unit: 'Mbit/s',
  description: 'Least bandwidth of an elastic IP.',
  sources: ['NET-34', 'NET-40', 'Appendix B'],
});

export const natBandwidthMax = profileKey({
  name: 'nat.bandwidthMax',
  schema: profileValues.count(1, 100_000),
  default: 1_000,
  unit: 'Mbit/s',
  description: 'Most bandwidth of an elastic IP.',
  sources: ['NET-34', 'NET-40', 'Appendix B'],
});

export const natBandwidthDefault = profileKey({
  name: 'nat.bandwidthDefault',
  schema: profileValues.count(1, 100_000),
  default: 1,
  unit: 'Mbit/s',
  description: 'Bandwidth of an elastic IP where none is said.',
  sources: ['NET-34', 'Appendix B'],
});

export const natBandwidthMarks = profileKey({
  name: 'nat.bandwidthMarks',
  schema: profileValues.someNumbers(1, 100_000),
  default: null,
  unit: 'Mbit/s',
  description: 'Marks on the slider of a form; they bind nobody. Null: none but the ends.',
  sources: ['NET-34'],
});

export const natQuotaPerCluster = profileKey({
  name: 'nat.quotaPerCluster',
  schema: profileValues.limit(0, 10_000),
  default: null,
  unit: 'gateways',
  description: 'Most NAT gateways of a workspace in one cluster.',
  sources: ['NET-39'],
});

export const natReadyWithin = profileKey({
  name: 'nat.readyWithin',
  schema: profileValues.count(1, 86_400),
  default: 300,
  unit: 'seconds',
  description:
    'After how long a gateway, rule or elastic IP that is not ready is said to have FAILED: Kube-OVN tells why in its log alone.',
  sources: ['NET-34', 'Appendix C'],
});

export const natKeys = [
  natName,
  natBandwidthMin,
  natBandwidthMax,
  natBandwidthDefault,
  natBandwidthMarks,
  natQuotaPerCluster,
  natReadyWithin,
];
