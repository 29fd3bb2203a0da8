import { isPlainObject } from '../manifest/plain-value.ts';

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
