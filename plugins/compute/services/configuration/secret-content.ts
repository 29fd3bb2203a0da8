import { registryAnnotation } from 'longshore/plugins/core';
import type { ValidationIssue } from 'longshore/sdk';
import { checkEntries, type DataEntry, type DataEntryInput, readEntries } from './data-entries.ts';
import { checkDockerConfig, entriesOfDockerConfig } from './docker-config.ts';
import {
  checkRegistryCredentials,
  entriesOfCredentials,
  type RegistryCredentialsInput,
} from './registry-credentials.ts';
import { checkTlsPair, entriesOfTlsPair, type TlsPairInput } from './tls-pair.ts';

/** What a Secret is made with; exactly one of them says its type (CMP-97). */
export interface SecretContentInput {
  readonly opaque?: readonly DataEntryInput[] | null | undefined;
  readonly registryCredentials?: RegistryCredentialsInput | null | undefined;
  readonly dockerConfigJson?: string | null | undefined;
  readonly tls?: TlsPairInput | null | undefined;
}

/** Types of Secrets that forms make, in the words of profiles. */
export type FormSecretType = 'OPAQUE' | 'REGISTRY_CREDENTIALS' | 'DOCKER_CONFIG_JSON' | 'TLS';

export interface SecretContent {
  readonly type: FormSecretType;
  /** `type` of the object (core/v1). */
  readonly rawType: string;
  readonly entries: readonly DataEntry[];
  /** Of credentials the address of their registry; null where that is said of none. */
  readonly registry: string | null;
}

type Field = keyof SecretContentInput;

/** Where the content of a type stands in the input. */
export const fieldOfType: Readonly<Record<FormSecretType, Field>> = {
  OPAQUE: 'opaque',
  REGISTRY_CREDENTIALS: 'registryCredentials',
  DOCKER_CONFIG_JSON: 'dockerConfigJson',
  TLS: 'tls',
};

/** Everything that is wrong with what is given, wherever it stands. */
export function checkContent(content: SecretContentInput, path: readonly string[]): readonly ValidationIssue[] {
  const { opaque, registryCredentials, dockerConfigJson, tls } = content;
  return [
    ...(opaque ? checkEntries(opaque, [...path, 'opaque']) : []),
    ...(registryCredentials ? checkRegistryCredentials(registryCredentials, [...path, 'registryCredentials']) : []),
    ...(isGiven(dockerConfigJson) ? checkDockerConfig(dockerConfigJson, [...path, 'dockerConfigJson']) : []),
    ...(tls ? checkTlsPair(tls, [...path, 'tls']) : []),
  ];
}

/** The content that is given; without any an Opaque Secret without keys. */
export function readContent({ opaque, registryCredentials, dockerConfigJson, tls }: SecretContentInput): SecretContent {
  if (registryCredentials) {
    const entries = entriesOfCredentials(registryCredentials);
    return { type: 'REGISTRY_CREDENTIALS', rawType: docker, entries, registry: registryCredentials.address };
  }
  if (isGiven(dockerConfigJson)) {
    return {
      type: 'DOCKER_CONFIG_JSON',
      rawType: docker,
      entries: entriesOfDockerConfig(dockerConfigJson),
      registry: null,
    };
  }
  if (tls) return { type: 'TLS', rawType: 'kubernetes.io/tls', entries: entriesOfTlsPair(tls), registry: null };
  return { type: 'OPAQUE', rawType: 'Opaque', entries: readEntries(opaque ?? []), registry: null };
}

/** `data` of the object: base64, whatever the bytes are (CMP-101). */
export function dataOfSecret(entries: readonly DataEntry[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map(({ key, bytes }) => [key, bytes.toString('base64')]));
}

export const annotationsOf = ({ registry }: SecretContent): Readonly<Record<string, string | null>> => ({
  [registryAnnotation]: registry,
});

const docker = 'kubernetes.io/dockerconfigjson';
const isGiven = (value: string | null | undefined): value is string => value !== null && value !== undefined;
