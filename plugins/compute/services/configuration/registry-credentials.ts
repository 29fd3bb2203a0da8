import { compilePattern, type ValidationIssue } from 'longshore/sdk';
import type { DataEntry } from './data-entries.ts';

/** How one signs in to an image registry. */
export interface RegistryCredentialsInput {
  readonly address: string;
  readonly username: string;
  readonly password: string;
  readonly email?: string | null | undefined;
}

export const dockerConfigKey = '.dockerconfigjson';

const address = compilePattern(
  '^(https?://)?[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?(/[-A-Za-z0-9._]+)*/?$',
);
const email = compilePattern('^[^@ ]+@[^@ ]+$');
const longest = 1_024;

/** What is wrong with credentials (CMP-97); says nothing of the password but that it is missing or too long. */
export function checkRegistryCredentials(
  input: RegistryCredentialsInput,
  path: readonly string[],
): readonly ValidationIssue[] {
  const issue = (field: string, code: string, message: string) => [{ path: [...path, field], code, message }];
  const isAddress = input.address.length <= 253 && address.test(input.address);
  const isEmail = !input.email || (input.email.length <= 254 && email.test(input.email));
  const hasSize = (text: string) => text.length > 0 && text.length <= longest;
  return [
    ...(isAddress
      ? []
      : issue(
          'address',
          'invalid_address',
          'address must be a host with or without port and path, such as registry.example:5000',
        )),
    ...(hasSize(input.username) && !input.username.includes(':')
      ? []
      : issue('username', 'invalid_username', `username must be 1 to ${longest} characters without a colon`)),
    ...(hasSize(input.password)
      ? []
      : issue('password', 'invalid_password', `password must be 1 to ${longest} characters`)),
    ...(isEmail ? [] : issue('email', 'invalid_email', 'email must be like user@domain')),
  ];
}

/** The file that kubelets sign in with (`kubernetes.io/dockerconfigjson`), as `kubectl create secret docker-registry` makes it. */
export function entriesOfCredentials({
  address: registry,
  username,
  password,
  email: mail,
}: RegistryCredentialsInput): readonly DataEntry[] {
  const auth = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  const entry = { username, password, ...(mail ? { email: mail } : {}), auth };
  return [{ key: dockerConfigKey, bytes: Buffer.from(JSON.stringify({ auths: { [registry]: entry } }), 'utf8') }];
}
