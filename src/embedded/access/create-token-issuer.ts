import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';

/** Who the cluster's tokens are from and, unless a request says otherwise, for. */
export const clusterIssuer = 'https://kubernetes.default.svc';

const algorithm = 'ES256';
/** Verified tokens whose signature is not checked again; the oldest is forgotten first. */
const rememberedTokens = 1_000;

/** Signs and checks the cluster's own JSON Web Tokens. What their claims mean is for others to know. */
export interface TokenIssuer {
  sign(claims: JWTPayload): Promise<string>;
  /** The claims of a token this cluster signed; undefined for every other text. Times are not looked at. */
  verify(token: string): Promise<JWTPayload | undefined>;
  /** The public key as `/openid/v1/jwks` publishes it. */
  keySet(): Promise<object>;
}

/** The key is made when it is first needed, and lives as long as the cluster. */
export function createTokenIssuer(): TokenIssuer {
  let material: ReturnType<typeof createKeys> | undefined;
  const keys = (): ReturnType<typeof createKeys> => {
    material ??= createKeys();
    return material;
  };
  const verified = new Map<string, JWTPayload>();

  return {
    async sign(claims) {
      const { jose, privateKey, kid } = await keys();
      return new jose.SignJWT(claims).setProtectedHeader({ alg: algorithm, kid }).sign(privateKey);
    },
    async verify(token) {
      // Three parts in base64url: anything else is no JWT and not worth loading the library for.
      if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined;
      const digest = createHash('sha256').update(token).digest('base64');
      const known = verified.get(digest);
      if (known !== undefined) return known;
      const { jose, publicKey } = await keys();
      try {
        const { payload } = await jose.compactVerify(token, publicKey, { algorithms: [algorithm] });
        const claims = JSON.parse(Buffer.from(payload).toString()) as JWTPayload;
        verified.set(digest, claims);
        const [oldest] = verified.keys();
        if (verified.size > rememberedTokens && oldest !== undefined) verified.delete(oldest);
        return claims;
      } catch {
        return undefined;
      }
    },
    async keySet() {
      const { jwk } = await keys();
      return { keys: [jwk] };
    },
  };
}

async function createKeys() {
  const jose = await import('jose');
  const { privateKey, publicKey } = await jose.generateKeyPair(algorithm, { extractable: true });
  const { kty, crv, x, y } = await jose.exportJWK(publicKey);
  const kid = await jose.calculateJwkThumbprint({ kty, crv, x, y } as Parameters<
    typeof jose.calculateJwkThumbprint
  >[0]);
  return { jose, privateKey, publicKey, kid, jwk: { use: 'sig', kty, kid, crv, alg: algorithm, x, y } };
}
