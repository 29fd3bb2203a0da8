import { type InputTypeRef, inputRef, type LongshoreBuilder } from 'longshore/sdk';
import type { RegistryCredentialsInput } from '../../services/configuration/registry-credentials.ts';
import type { SecretContentInput } from '../../services/configuration/secret-content.ts';
import type { TlsPairInput } from '../../services/configuration/tls-pair.ts';
import { dataEntryInputRef } from './data-entry-input.ts';

export const secretContentInputRef: InputTypeRef<SecretContentInput> =
  inputRef<SecretContentInput>('SecretContentInput');
export const registryCredentialsInputRef: InputTypeRef<RegistryCredentialsInput> =
  inputRef<RegistryCredentialsInput>('RegistryCredentialsInput');
export const tlsPairInputRef: InputTypeRef<TlsPairInput> = inputRef<TlsPairInput>('TlsPairInput');

export function registerSecretContentInput(builder: LongshoreBuilder): void {
  builder.inputType('RegistryCredentialsInput', {
    description: 'How one signs in to an image registry.',
    fields: (t) => ({
      address: t.string({
        required: true,
        description: 'Its address: a host with or without port and path, e.g. `registry.example:5000`.',
      }),
      username: t.string({ required: true, description: 'The user name.' }),
      password: t.string({ required: true, description: 'The password or token.' }),
      email: t.string({ description: 'An e-mail address `user@domain`, which hardly a registry asks for.' }),
    }),
  });
  builder.inputType('TlsPairInput', {
    description: 'A certificate with its private key.',
    fields: (t) => ({
      certificate: t.string({
        required: true,
        description: 'PEM: the server’s own certificate first, then those that lead to its authority.',
      }),
      privateKey: t.string({
        required: true,
        description: 'PEM: the private key of that certificate, without a passphrase.',
      }),
    }),
  });
  builder.inputType('SecretContentInput', {
    description: 'What a Secret holds; which one is given says its type.',
    isOneOf: true,
    fields: (t) => ({
      opaque: t.field({
        type: [dataEntryInputRef],
        description: 'OPAQUE: keys with values of any kind, maybe none yet.',
      }),
      registryCredentials: t.field({
        type: registryCredentialsInputRef,
        description: 'REGISTRY_CREDENTIALS: for pulling images.',
      }),
      dockerConfigJson: t.string({
        description: 'DOCKER_CONFIG_JSON: the text of a `config.json` of Docker with its credentials under `auths`.',
      }),
      tls: t.field({ type: tlsPairInputRef, description: 'TLS: for serving a site.' }),
    }),
  });
}
