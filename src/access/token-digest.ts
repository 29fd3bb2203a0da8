import { hash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a token's UTF-8 bytes. Tokens are compared by digest alone, so lengths and prefixes do not show in time. */
export function digestToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Constant-time comparison of two SHA-256 digests. */
export function isSameDigest(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
