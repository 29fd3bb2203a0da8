import { createHash } from 'node:crypto';

/** A token's entry of the settings, by which the gateway knows it. */
export function staticToken(
  name: string,
  token: string,
  rights: {
    readonly roles: readonly string[];
    readonly namespaces?: readonly string[];
    readonly expiresAt?: string;
  },
) {
  return { name, sha256: createHash('sha256').update(token).digest('hex'), ...rights };
}
