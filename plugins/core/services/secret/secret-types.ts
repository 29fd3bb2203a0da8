import type { SecretObject } from '../../api.ts';
import { registryAnnotation } from '../../api.ts';

/** What a Secret is for, as forms call it (CMP-97), with the type it has in the cluster (core/v1). */
export const secretTypes = {
  OPAQUE: { raw: 'Opaque', description: 'Keys with values of any kind.' },
  REGISTRY_CREDENTIALS: {
    raw: 'kubernetes.io/dockerconfigjson',
    description: 'Address, user name and password of one image registry, as the form for them made it.',
  },
  DOCKER_CONFIG_JSON: {
    raw: 'kubernetes.io/dockerconfigjson',
    description: 'A `config.json` of Docker with credentials of image registries.',
  },
  TLS: { raw: 'kubernetes.io/tls', description: 'A certificate with its private key.' },
  DOCKER_CONFIG: { raw: 'kubernetes.io/dockercfg', description: 'The same as DOCKER_CONFIG_JSON in its older format.' },
  BASIC_AUTH: { raw: 'kubernetes.io/basic-auth', description: 'User name and password.' },
  SSH_AUTH: { raw: 'kubernetes.io/ssh-auth', description: 'A private key of SSH.' },
  SERVICE_ACCOUNT_TOKEN: {
    raw: 'kubernetes.io/service-account-token',
    description: 'A token of a service account: a key to the cluster.',
  },
  BOOTSTRAP_TOKEN: {
    raw: 'bootstrap.kubernetes.io/token',
    description: 'A token by which nodes join: a key to the cluster.',
  },
  HELM_RELEASE: { raw: 'helm.sh/release.v1', description: 'A release of Helm.' },
  UNKNOWN: { raw: undefined, description: 'Another one: see `rawType`.' },
} as const;
export type SecretType = keyof typeof secretTypes;

/** The type of a Secret in the words of forms. One with credentials of a registry says which one, where a form made it. */
export function secretTypeOf({ type = 'Opaque', metadata }: Pick<SecretObject, 'type' | 'metadata'>): SecretType {
  if (type === secretTypes.DOCKER_CONFIG_JSON.raw) {
    return metadata.annotations?.[registryAnnotation] === undefined ? 'DOCKER_CONFIG_JSON' : 'REGISTRY_CREDENTIALS';
  }
  for (const [name, { raw }] of Object.entries(secretTypes)) if (raw === type) return name as SecretType;
  return 'UNKNOWN';
}
