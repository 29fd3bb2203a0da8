import type { EgressClient } from '../../kernel/egress-client.ts';
import type { OidcIssuer } from './oidc-issuer.ts';
import { type UsableKey, usableKeys } from './usable-keys.ts';

const maxBytes = 1_048_576;
const timeoutMs = 5_000;

/**
 * The keys of a provider, found by its discovery document (OpenID Connect Discovery 1.0) where the settings do not say
 * where they are. Throws where it does not answer, leads to another scheme or host by a redirect, or is somebody else.
 */
export async function fetchKeys(issuer: OidcIssuer, egress: EgressClient): Promise<readonly UsableKey[]> {
  const url = issuer.jwksUrl ?? (await discoverKeys(issuer, egress));
  return usableKeys(await readJson(url, egress));
}

async function discoverKeys({ issuer }: OidcIssuer, egress: EgressClient): Promise<string> {
  const document = await readJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, egress);
  if (typeof document !== 'object' || document === null) throw new Error('the discovery document is no object');
  // One that speaks for another issuer would lend its keys to that one's tokens.
  if (!('issuer' in document) || document.issuer !== issuer) {
    throw new Error('the discovery document is of another issuer');
  }
  const url = 'jwks_uri' in document && typeof document.jwks_uri === 'string' ? URL.parse(document.jwks_uri) : null;
  if (url === null) throw new Error('the discovery document names no jwks_uri');
  if (url.protocol !== 'https:' && url.protocol !== new URL(issuer).protocol) {
    throw new Error('the discovery document leads to keys without TLS');
  }
  return url.href;
}

async function readJson(url: string, egress: EgressClient): Promise<unknown> {
  const answer = await egress.request({ url, headers: { accept: 'application/json' }, maxBytes, timeoutMs });
  if (new URL(answer.url).origin !== new URL(url).origin) throw new Error('the provider redirects to another host');
  if (answer.status !== 200) throw new Error(`the provider answers with status ${answer.status}`);
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.body));
}
