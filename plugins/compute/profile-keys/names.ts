import { profileKey, profileValues, type TextRule } from 'longshore/sdk';

/** As Kubernetes has it (RFC 1123): what no profile can widen, since the cluster takes nothing else (CON-07). */
const subdomain: TextRule = {
  min: 1,
  max: 253,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
  says: "lower-case letters, digits, '-' and '.', each part beginning and ending with a letter or digit",
  examples: ['vote', 'vote-db-0', 'vote.example.com', '0'],
};

export const workloadName = profileKey({
  name: 'workload.name',
  schema: profileValues.textRule(253, subdomain),
  default: subdomain,
  description: 'Names of workloads.',
  sources: ['CMP-45'],
});

export const applicationName = profileKey({
  name: 'application.name',
  schema: profileValues.textRule(63),
  default: {
    min: 1,
    max: 63,
    pattern: '^[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$',
    says: "letters, digits, '-', '_' and '.', beginning and ending with a letter or digit",
    examples: ['Shop', 'shop_2', '2nd-shop', 's'],
  },
  description: 'Names of applications; a label carries them, so that they have at most 63 characters.',
  sources: ['CMP-37', 'CMP-38', 'CORE-28'],
});

export const configName = profileKey({
  name: 'config.name',
  schema: profileValues.textRule(253, subdomain),
  default: subdomain,
  description: 'Names of ConfigMaps.',
  sources: ['CON-07', 'CMP-89', 'Appendix B'],
});

export const configKeyName = profileKey({
  name: 'config.keyName',
  schema: profileValues.textRule(253),
  default: {
    min: 1,
    max: 253,
    // What a cluster takes: `.` and whatever begins with `..` would be a way out of the folder of a volume.
    pattern: '^([-_a-zA-Z0-9]|\\.[-_a-zA-Z0-9])[-._a-zA-Z0-9]*$',
    says: "letters, digits, '.', '-' and '_', neither '.' alone nor beginning with '..'",
    examples: ['vote.conf', 'LOG_LEVEL', '10-hosts', '.hidden'],
  },
  description: 'Names of the keys of a ConfigMap or Secret: each is a file.',
  sources: ['CMP-89', 'CMP-90'],
});

export const secretName = profileKey({
  name: 'secret.name',
  schema: profileValues.textRule(253, subdomain),
  default: subdomain,
  description: 'Names of Secrets.',
  sources: ['CON-07', 'CMP-96'],
});

export const envName = profileKey({
  name: 'env.name',
  schema: profileValues.textRule(253),
  default: {
    min: 1,
    max: 253,
    pattern: '^[-._a-zA-Z][-._a-zA-Z0-9]*$',
    says: "letters, digits, '_', '-' and '.', not beginning with a digit",
    examples: ['LOG_LEVEL', '_private', 'my.env-name'],
  },
  description: 'Names of environment variables.',
  sources: ['CMP-47', 'CMP-90'],
});

export const nameKeys = [workloadName, applicationName, configName, configKeyName, secretName, envName];
