import { profileKey, profileValues } from 'longshore/sdk';

export const lbCreateBy = profileKey({
  name: 'lb.createBy',
  schema: profileValues.oneOf('MEMBERS', 'ADMINISTRATORS'),
  default: 'MEMBERS',
  description:
    'Who makes, changes and deletes load balancers and their listeners. Backend groups are bound to those that are there by whoever works in their namespace.',
  sources: ['NET-06', 'NET-20', 'CORE-17'],
});

export const lbDisplayName = profileKey({
  name: 'lb.displayName',
  schema: profileValues.textRule(253),
  default: { min: 1, max: 80, examples: ['Shop, public', '商店'] },
  description: 'What people call load balancers and backend groups.',
  sources: ['NET-20', 'Appendix B'],
});

export const lbInstancesMax = profileKey({
  name: 'lb.instancesMax',
  schema: profileValues.count(1, 100),
  default: 10,
  unit: 'load balancers',
  description: 'Most load balancers of one request in each cluster.',
  sources: ['NET-20'],
});

export const lbBandwidthMax = profileKey({
  name: 'lb.bandwidthMax',
  schema: profileValues.limit(1, 1_000_000),
  default: null,
  unit: 'Mbps',
  description: 'Highest peak bandwidth of a load balancer.',
  sources: ['NET-15', 'NET-20'],
});

export const lbProtocols = profileKey({
  name: 'lb.protocols',
  schema: profileValues.someOf('TCP', 'UDP', 'HTTP', 'HTTPS'),
  default: ['TCP', 'UDP', 'HTTP', 'HTTPS'],
  description: 'Protocols of listeners.',
  sources: ['NET-17', 'NET-20'],
});

export const lbSensitivePorts = profileKey({
  name: 'lb.sensitivePorts',
  schema: profileValues.someNumbers(1, 65_535),
  default: null,
  description: 'Ports of listeners that need to be filed with the authorities first; null: none do.',
  sources: ['NET-17', 'VND-03'],
});

export const lbSensitivePortsApproved = profileKey({
  name: 'lb.sensitivePortsApproved',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether the filing for sensitive ports was approved: then listeners may have them.',
  sources: ['NET-17', 'VND-03'],
});

export const forwardingRules = ['ROUND_ROBIN', 'LEAST_CONN', 'WEIGHTED', 'WEIGHTED_LEAST_CONN'] as const;

export const lbForwarding = profileKey({
  name: 'lb.forwarding',
  schema: profileValues.someOf(...forwardingRules),
  default: [...forwardingRules],
  description: 'How load balancers may choose among backends; the first is what a form begins with.',
  sources: ['NET-20', 'CON-20', 'Appendix B'],
});

export const lbXForwardedFor = profileKey({
  name: 'lb.xForwardedFor',
  schema: profileValues.onOff(),
  default: true,
  description: 'Whether backends are told the address of the client where nothing else is said.',
  sources: ['NET-20', 'CON-22', 'Appendix B'],
});

export const lbSessionPersistence = profileKey({
  name: 'lb.sessionPersistence',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether a client stays with its backend where nothing else is said.',
  sources: ['NET-20', 'Appendix B'],
});

export const lbHealthCheck = profileKey({
  name: 'lb.healthCheck',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether load balancers probe backends by themselves where nothing else is said.',
  sources: ['NET-20', 'CON-21', 'Appendix B'],
});

export const backendGroupMaxServices = profileKey({
  name: 'backendGroup.maxServices',
  schema: profileValues.limit(1, 16),
  default: 1,
  unit: 'Services',
  description: 'Most Services that a backend group stands for.',
  sources: ['NET-19', 'CON-26'],
});

export const lbQuota = profileKey({
  name: 'lb.quota',
  schema: profileValues.limit(0, 1_000_000),
  default: null,
  unit: 'load balancers',
  description: 'Most load balancers of a workspace in one cluster.',
  sources: ['NET-23'],
});

export const lbPublicAddressQuota = profileKey({
  name: 'lb.publicAddressQuota',
  schema: profileValues.limit(0, 1_000_000),
  default: null,
  unit: 'load balancers',
  description: 'Most public load balancers of a workspace in one cluster, each with an address of its own.',
  sources: ['NET-23'],
});

export const lbCustomResource = profileKey({
  name: 'lb.customResource',
  schema: profileValues.onOff(),
  default: false,
  description:
    'Whether load balancers are custom resources `cafe.sofastack.io/v1` that are made by YAML, and are checked as such.',
  sources: ['NET-21', 'VND-05'],
});

export const lbResourceName = profileKey({
  name: 'lb.resourceName',
  schema: profileValues.textRule(253),
  default: { min: 1, max: 64, examples: ['shop-lb'] },
  description: 'Names of load balancers that are custom resources, as the infrastructure below has them (`iaasName`).',
  sources: ['NET-21', 'Appendix B'],
});

export const balancerKeys = [
  lbCreateBy,
  lbDisplayName,
  lbInstancesMax,
  lbBandwidthMax,
  lbProtocols,
  lbSensitivePorts,
  lbSensitivePortsApproved,
  lbForwarding,
  lbXForwardedFor,
  lbSessionPersistence,
  lbHealthCheck,
  backendGroupMaxServices,
  lbQuota,
  lbPublicAddressQuota,
  lbCustomResource,
  lbResourceName,
];
