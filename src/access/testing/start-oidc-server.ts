import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** A key that the server signs with, and shows unless told otherwise. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: object;
}

export interface OidcServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly issuer: string;
  /** Paths that were asked for, oldest first. */
  readonly asked: readonly string[];
  /** Makes a key; it is shown once it stands in `shown`. */
  makeKey(kid: string, alg?: string): Promise<SigningKey>;
  /** What the JWK Set holds. */
  shown: readonly object[];
  /** Answers of single paths instead of the usual ones: a status, a JSON document, or where it redirects to. */
  readonly instead: Map<string, { status?: number; body?: unknown; location?: string }>;
  /** Everything is answered with 503. */
  isDown: boolean;
  /** A token as the provider would give it; undefined removes a claim. */
  sign(key: SigningKey, claims: JWTPayload, header?: object): Promise<string>;
}

/** A little OpenID Connect provider: discovery document, keys, and tokens that it signs. */
export async function startOidcServer(): Promise<OidcServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const usual: Record<string, unknown> = {
      '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/keys` },
      '/keys': { keys: oidc.shown },
    };
    const { status, body = usual[path], location } = oidc.instead.get(path) ?? {};
    const code = oidc.isDown ? 503 : (status ?? (location === undefined ? (body === undefined ? 404 : 200) : 302));
    response.writeHead(code, { 'content-type': 'application/json', ...(location === undefined ? {} : { location }) });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const oidc: OidcServer = {
    issuer,
    asked,
    shown: [],
    instead: new Map(),
    isDown: false,
    async makeKey(kid, alg = 'ES256') {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
    },
    sign: (key, claims, header = {}) =>
      new SignJWT({ iss: issuer, ...claims })
        .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
        .sign(key.privateKey),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return oidc;
}
