import { isPlainObject } from './plain-value.ts';

export interface SecretKey {
  readonly name: string;
  readonly bytes: number;
}

/** Keys of a sealed Secret with the lengths of their values, by name. */
export function listSecretKeys(secret: { readonly data?: unknown }): readonly SecretKey[] {
  if (!isPlainObject(secret.data)) return [];
  return Object.entries(secret.data)
    .map(([name, value]) => ({ name, bytes: isPlainObject(value) ? Number(value.bytes) : 0 }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether it carries the credentials of a service account: nobody but administrators may read those. */
export function isServiceAccountToken(secret: unknown): boolean {
  if (!isPlainObject(secret)) return false;
  if (secret.type === 'kubernetes.io/service-account-token') return true;
  const metadata = isPlainObject(secret.metadata) ? secret.metadata : {};
  const annotations = isPlainObject(metadata.annotations) ? metadata.annotations : {};
  return 'kubernetes.io/service-account.name' in annotations;
}
