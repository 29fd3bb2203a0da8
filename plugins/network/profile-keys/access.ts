import { profileKey, profileValues } from 'longshore/sdk';

const protocols = ['TCP', 'UDP', 'HTTP', 'HTTPS'] as const;

export const accessProtocols = profileKey({
  name: 'access.protocols',
  schema: profileValues.someOf(...protocols),
  default: [...protocols],
  description: 'Protocols by which load balancers of Services may be reached, by form and by YAML.',
  sources: ['NET-06', 'NET-09', 'CON-44'],
});

export const accessAlgorithms = profileKey({
  name: 'access.algorithms',
  schema: profileValues.someOf('ROUND_ROBIN', 'LEAST_CONN', 'WEIGHTED', 'WEIGHTED_LEAST_CONN'),
  default: ['ROUND_ROBIN', 'LEAST_CONN', 'WEIGHTED', 'WEIGHTED_LEAST_CONN'],
  description:
    'How a load balancer may spread requests, in the access settings of workloads; the first is what a new one begins with.',
  sources: ['NET-06', 'CON-20'],
});

export const accessHealthCheckAlways = profileKey({
  name: 'access.healthCheckAlways',
  schema: profileValues.someOf(...protocols),
  default: ['TCP'],
  description:
    'Protocols whose ports a load balancer always checks, in the access settings of workloads: it cannot be turned off.',
  sources: ['NET-06', 'CON-21'],
});

export const accessKeys = [accessProtocols, accessAlgorithms, accessHealthCheckAlways];
