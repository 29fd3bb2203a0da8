import { createHash } from 'node:crypto';
import type { SignInMethod } from '../../kernel/principal.ts';
import { digestToken } from '../token-digest.ts';

/**
 * Names one token in use by one principal: the same on every replica, and nothing of the token can be read from it (UUID
 * version 8, RFC 9562).
 */
export function sessionIdOf(digest: Buffer, principalId: string): string {
  const hash = createHash('sha256').update(digest).update(principalId).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * The digest that a session goes by. A signed token (RFC 7519) is the same with its signature written in another way: ECDSA
 * has two for each, and base64url leaves bits over. Nobody must come again like that whose session was ended, so only what
 * was signed counts, in one spelling.
 */
export function sessionDigestOf(token: string, method: SignInMethod): Buffer {
  if (method !== 'OIDC' && method !== 'SERVICE_ACCOUNT') return digestToken(token);
  const [header = '', payload = ''] = token.split('.');
  return digestToken([header, payload].map((part) => Buffer.from(part, 'base64url').toString('base64url')).join('.'));
}
