import { profileKey, profileValues } from 'longshore/sdk';

export const configDeleteWhenReferenced = profileKey({
  name: 'config.deleteWhenReferenced',
  schema: profileValues.oneOf('REFUSE', 'WARN'),
  default: 'REFUSE',
  description: 'What comes of deleting a ConfigMap or Secret, or a key of it, that a workload uses.',
  sources: ['CON-06', 'CMP-92', 'CMP-99'],
});

export const secretTypes = profileKey({
  name: 'secret.types',
  schema: profileValues.someOf('OPAQUE', 'REGISTRY_CREDENTIALS', 'DOCKER_CONFIG_JSON', 'TLS'),
  default: ['OPAQUE', 'REGISTRY_CREDENTIALS', 'DOCKER_CONFIG_JSON', 'TLS'],
  description: 'Types of Secrets that may be made.',
  sources: ['CON-04', 'CMP-97'],
});

export const secretEditable = profileKey({
  name: 'secret.editable',
  schema: profileValues.oneOf('NONE', 'OPAQUE_ONLY', 'ALL'),
  default: 'ALL',
  description: 'Secrets that may be changed once they are made.',
  sources: ['CON-05', 'CMP-98'],
});

export const secretValues = profileKey({
  name: 'secret.values',
  schema: profileValues.oneOf('ANY', 'BASE64'),
  default: 'ANY',
  description: 'How values of Opaque Secrets are given: as text or base64, or as base64 alone.',
  sources: ['CMP-97'],
});

export const configurationKeys = [configDeleteWhenReferenced, secretTypes, secretEditable, secretValues];
