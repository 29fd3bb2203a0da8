import { createHash } from 'node:crypto';
import type { PrincipalSession, SignInMethod } from '../../kernel/principal.ts';
import { digestToken } from '../token-digest.ts';

const longestSid = 255;

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
 * The session of a token: one for each token, and one for all tokens of a sign-in where the identity provider says which belong to it (`sid`,
 * OpenID Connect Front-Channel Logout): a refreshed token goes on with it, and ending it ends them all. The token's signature was checked
 * before.
 */
export function sessionOf(token: string, method: SignInMethod, principalId: string): PrincipalSession {
  const signIn = method === 'OIDC' ? signInOf(token) : undefined;
  if (signIn === undefined) return { id: sessionIdOf(sessionDigestOf(token, method), principalId), method };
  return { id: sessionIdOf(digestToken(signIn), principalId), method, spansTokens: true };
}

/** Issuer and session id, where the token names one that may be kept for it. */
function signInOf(token: string): string | undefined {
  const { iss, sid } = claimsOf(token);
  return typeof sid === 'string' && sid.length > 0 && sid.length <= longestSid
    ? `sid ${String(iss)}\n${sid}`
    : undefined;
}

function claimsOf(token: string): { readonly iss?: unknown; readonly sid?: unknown } {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}

/**
 * The digest that a session goes by. A signed token (RFC 7519) is the same with its signature written in another way: ECDSA
 * has two for each, and base64url leaves bits over. Nobody must come again like that whose session was ended, so only what
 * was signed counts, in one spelling.
 */
function sessionDigestOf(token: string, method: SignInMethod): Buffer {
  if (method !== 'OIDC' && method !== 'SERVICE_ACCOUNT') return digestToken(token);
  const [header = '', payload = ''] = token.split('.');
  return digestToken([header, payload].map((part) => Buffer.from(part, 'base64url').toString('base64url')).join('.'));
}
