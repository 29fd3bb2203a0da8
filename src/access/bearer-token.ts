/** Longest token that is looked at, in characters; tokens of identity providers with many groups stay well below. */
export const maxTokenLength = 8_192;

/**
 * The token of an `Authorization: Bearer …` value (RFC 6750: scheme in any case, one run of token characters).
 * Undefined for anything else.
 */
export function parseBearerToken(authorization: string): string | undefined {
  if (authorization.length > maxTokenLength + 'Bearer '.length) return undefined;
  return /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization)?.[1];
}
