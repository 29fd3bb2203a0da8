import { profileKey, profileValues } from 'longshore/sdk';

export const probeMethods = profileKey({
  name: 'probe.methods',
  schema: profileValues.someOf('EXEC', 'TCP', 'HTTP', 'HTTPS'),
  default: ['EXEC', 'TCP', 'HTTP', 'HTTPS'],
  description: 'How a container may be probed. HTTP and HTTPS are well with 200 to 399.',
  sources: ['CON-09', 'CMP-51'],
});

const sources = ['CMP-51', 'Appendix B'];

export const probeInitialDelaySeconds = profileKey({
  name: 'probe.initialDelaySeconds',
  schema: profileValues.count(0, 86_400),
  default: 0,
  unit: 'seconds',
  description: 'Time before the first probe where none is said.',
  sources,
});

export const probeTimeoutSeconds = profileKey({
  name: 'probe.timeoutSeconds',
  schema: profileValues.count(1, 86_400),
  default: 1,
  unit: 'seconds',
  description: 'Time that a probe has where none is said.',
  sources,
});

export const probePeriodSeconds = profileKey({
  name: 'probe.periodSeconds',
  schema: profileValues.count(1, 86_400),
  default: 10,
  unit: 'seconds',
  description: 'Time from probe to probe where none is said.',
  sources,
});

export const probeSuccessThreshold = profileKey({
  name: 'probe.successThreshold',
  schema: profileValues.count(1, 1_000),
  default: 1,
  unit: 'probes',
  description: 'Good readiness probes in a row that make well, where no number is said; of liveness it is always 1.',
  sources,
});

export const probeFailureThreshold = profileKey({
  name: 'probe.failureThreshold',
  schema: profileValues.count(1, 1_000),
  default: 3,
  unit: 'probes',
  description: 'Bad probes in a row that make ill, where no number is said.',
  sources,
});

export const probeKeys = [
  probeMethods,
  probeInitialDelaySeconds,
  probeTimeoutSeconds,
  probePeriodSeconds,
  probeSuccessThreshold,
  probeFailureThreshold,
];
