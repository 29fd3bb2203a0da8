import { profileKey, profileValues } from 'longshore/sdk';

export const logsRetentionDays = profileKey({
  name: 'logs.retentionDays',
  schema: profileValues.limit(1, 36_500),
  default: null,
  unit: 'days',
  description: 'How long collected logs are kept where a workload says nothing; null: as the log store does.',
  sources: ['CON-32', 'CMP-63'],
});

export const logstoreRetentionDaysMax = profileKey({
  name: 'logstore.retentionDaysMax',
  schema: profileValues.limit(1, 36_500),
  default: null,
  unit: 'days',
  description: 'Longest time that a log store may keep logs.',
  sources: ['CON-32', 'CMP-105'],
});

export const logstoreShardsMax = profileKey({
  name: 'logstore.shardsMax',
  schema: profileValues.limit(1, 100_000),
  default: null,
  unit: 'shards',
  description: 'Most shards of a log store.',
  sources: ['CMP-105', 'Appendix B'],
});

export const logstoreShardsPerProjectMax = profileKey({
  name: 'logstore.shardsPerProjectMax',
  schema: profileValues.limit(1, 100_000),
  default: null,
  unit: 'shards',
  description: 'Most shards of all log stores of a project.',
  sources: ['CMP-105', 'Appendix B'],
});

export const logstoreName = profileKey({
  name: 'logstore.name',
  schema: profileValues.textRule(63),
  default: {
    min: 3,
    max: 63,
    pattern: '^[a-z0-9][-_a-z0-9]*[a-z0-9]$',
    says: "lower-case letters, digits, '-' and '_', beginning and ending with a letter or digit",
    examples: ['app', 'shop-front_2'],
  },
  description: 'Names of log stores; each of their characters is one byte.',
  sources: ['CMP-105', 'Appendix B'],
});

export const metricsRetentionDays = profileKey({
  name: 'metrics.retentionDays',
  schema: profileValues.limit(1, 36_500),
  default: null,
  unit: 'days',
  description: 'How long ago what a query of metrics asks about may be.',
  sources: ['CON-32', 'CMP-110'],
});

export const metricsSpanDays = profileKey({
  name: 'metrics.spanDays',
  schema: profileValues.limit(1, 36_500),
  default: null,
  unit: 'days',
  description: 'Longest span of one query of metrics.',
  sources: ['CON-32', 'CMP-110'],
});

export const retentionKeys = [
  logsRetentionDays,
  logstoreRetentionDaysMax,
  logstoreShardsMax,
  logstoreShardsPerProjectMax,
  logstoreName,
  metricsRetentionDays,
  metricsSpanDays,
];
