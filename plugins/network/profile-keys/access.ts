import { profileKey, profileValues } from 'longshore/sdk';

export const accessTypes = profileKey({
  name: 'access.types',
  schema: profileValues.someOf('IN_CLUSTER', 'NODE_PORT', 'VPC', 'PUBLIC'),
  default: ['IN_CLUSTER', 'NODE_PORT', 'VPC', 'PUBLIC'],
  description: 'From where a workload may be made reachable in its access settings.',
  sources: ['NET-06', 'NET-09', 'NET-11'],
});

export const accessProtocols = profileKey({
  name: 'access.protocols',
  schema: profileValues.someOf('TCP', 'UDP', 'HTTP', 'HTTPS'),
  default: ['TCP', 'UDP', 'HTTP', 'HTTPS'],
  description: 'Protocols by which load balancers of Services may be reached, by form and by YAML.',
  sources: ['NET-06', 'NET-09', 'CON-44'],
});

export const accessClusterProtocols = profileKey({
  name: 'access.clusterProtocols',
  schema: profileValues.someOf('TCP', 'UDP'),
  default: ['TCP', 'UDP'],
  description: 'Protocols of access settings inside the cluster and by ports of nodes.',
  sources: ['NET-06', 'NET-09', 'CON-44'],
});

export const accessAlgorithms = profileKey({
  name: 'access.algorithms',
  schema: profileValues.someOf('ROUND_ROBIN', 'LEAST_CONN', 'WEIGHTED', 'WEIGHTED_LEAST_CONN'),
  default: ['ROUND_ROBIN', 'LEAST_CONN', 'WEIGHTED', 'WEIGHTED_LEAST_CONN'],
  description: 'How a load balancer may spread requests, in access settings.',
  sources: ['NET-06', 'CON-20'],
});

export const accessTcpHealthCheck = profileKey({
  name: 'access.tcpHealthCheck',
  schema: profileValues.oneOf('ALWAYS', 'CHOICE'),
  default: 'CHOICE',
  description: 'Whether the health check of a TCP port of a load balancer can be turned off in access settings.',
  sources: ['NET-06', 'CON-21', 'Appendix A'],
});

export const accessKeys = [
  accessTypes,
  accessProtocols,
  accessClusterProtocols,
  accessAlgorithms,
  accessTcpHealthCheck,
];
