import { clusterIssuer } from '../../access/create-token-issuer.ts';
import type { Handler } from '../api-context.ts';

/** GET of `/.well-known/openid-configuration`: where to find the keys that the cluster's tokens are signed with. */
export const handleIssuerConfiguration: Handler = (_context, request) => ({
  code: 200,
  body: {
    issuer: clusterIssuer,
    jwks_uri: `https://127.0.0.1:${request.response.socket?.localPort ?? 0}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  },
});

/** GET of `/openid/v1/jwks`: those keys. */
export const handleKeySet: Handler = async (context) => ({
  code: 200,
  text: JSON.stringify(await context.tokenIssuer.keySet()),
  contentType: 'application/jwk-set+json',
  headers: { 'cache-control': 'public, max-age=3600' },
});
