import { profileKey, profileValues } from 'longshore/sdk';

export const serviceYamlOnly = profileKey({
  name: 'service.yamlOnly',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether Services are made and changed by YAML alone, not by a form.',
  sources: ['NET-03'],
});

export const serviceTypes = profileKey({
  name: 'service.types',
  schema: profileValues.someOf(
    'CONTAINER_NATIVE_LB',
    'EXTERNAL_NAME',
    'CLUSTER_IP',
    'NODE_PORT',
    'LOAD_BALANCER',
    'CUSTOM',
  ),
  default: ['CONTAINER_NATIVE_LB', 'EXTERNAL_NAME', 'CLUSTER_IP', 'NODE_PORT', 'LOAD_BALANCER', 'CUSTOM'],
  description: 'Types of Services that may be made, by form and by YAML; CUSTOM is the whole spec in a form.',
  sources: ['NET-01', 'NET-03', 'NET-09', 'NET-11', 'CON-30'],
});

export const serviceName = profileKey({
  name: 'service.name',
  schema: profileValues.textRule(),
  default: {
    min: 1,
    max: 63,
    pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
    says: "lower-case letters, digits and '-', beginning with a letter and ending with a letter or digit",
    examples: ['web', 'shop-front-2', 'a'],
  },
  description: 'Names of Services.',
  sources: ['NET-02', 'NET-11'],
});

export const serviceProtocols = profileKey({
  name: 'service.protocols',
  schema: profileValues.someOf('TCP', 'UDP', 'SCTP'),
  default: ['TCP', 'UDP', 'SCTP'],
  description: 'Protocols of the ports of Services.',
  sources: ['NET-02', 'NET-06', 'NET-09'],
});

export const serviceNodePortMin = profileKey({
  name: 'service.nodePort.min',
  schema: profileValues.count(1, 65_535),
  default: 30_000,
  description: 'Lowest port of nodes that may be asked for.',
  sources: ['NET-02', 'Appendix B'],
});

export const serviceNodePortMax = profileKey({
  name: 'service.nodePort.max',
  schema: profileValues.count(1, 65_535),
  default: 32_767,
  description: 'Highest port of nodes that may be asked for.',
  sources: ['NET-02', 'Appendix B'],
});

export const serviceLbAlgorithms = profileKey({
  name: 'service.lbAlgorithms',
  schema: profileValues.someOf('ROUND_ROBIN', 'LEAST_CONN', 'WEIGHTED', 'WEIGHTED_LEAST_CONN'),
  default: ['ROUND_ROBIN', 'LEAST_CONN', 'WEIGHTED', 'WEIGHTED_LEAST_CONN'],
  description: 'How a load balancer of a Service may spread requests, in the form for Services.',
  sources: ['NET-02', 'CON-20'],
});

export const serviceLbAlgorithmDefault = profileKey({
  name: 'service.lbAlgorithmDefault',
  schema: profileValues.oneOf('ROUND_ROBIN', 'LEAST_CONN', 'WEIGHTED', 'WEIGHTED_LEAST_CONN'),
  default: 'ROUND_ROBIN',
  description: 'How a load balancer of a Service spreads requests where the form says nothing.',
  sources: ['NET-02', 'Appendix B'],
});

export const serviceLbForwardedFor = profileKey({
  name: 'service.lbForwardedFor',
  schema: profileValues.onOff(),
  default: true,
  description:
    "Whether a load balancer of a Service passes the caller's address on (X-Forwarded-For) where the form says nothing.",
  sources: ['NET-02', 'CON-22', 'Appendix B'],
});

export const serviceLbHealthCheck = profileKey({
  name: 'service.lbHealthCheck',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether a load balancer of a Service checks its backends where the form says nothing.',
  sources: ['NET-02', 'CON-21', 'Appendix B'],
});

export const serviceLbAnnotations = profileKey({
  name: 'service.lbAnnotations',
  schema: profileValues.words(),
  default: [],
  description:
    "Annotations by which the platform's load balancers are told what Kubernetes has no field for, each as `OPTION=annotation`; options are ALGORITHM, BANDWIDTH_MBPS, X_FORWARDED_FOR, SESSION_PERSISTENCE_SECONDS, HEALTH_CHECK, HEALTH_CHECK_PORTS, LOAD_BALANCER_ID, ADDRESS_TYPE. An option without one is not offered.",
  sources: ['NET-02', 'NET-06', 'NET-21', 'VND-05'],
});

export const serviceLbValues = profileKey({
  name: 'service.lbValues',
  schema: profileValues.words(),
  default: [],
  description:
    'How those annotations write what forms call ROUND_ROBIN, ON or PUBLIC, each as `WORD=value`; the others stand there in lower case.',
  sources: ['NET-02', 'VND-05'],
});

export const serviceKeys = [
  serviceYamlOnly,
  serviceTypes,
  serviceName,
  serviceProtocols,
  serviceNodePortMin,
  serviceNodePortMax,
  serviceLbAlgorithms,
  serviceLbAlgorithmDefault,
  serviceLbForwardedFor,
  serviceLbHealthCheck,
  serviceLbAnnotations,
  serviceLbValues,
];
