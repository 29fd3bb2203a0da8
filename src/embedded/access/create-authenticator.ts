import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { unauthorized } from '../api/status-error.ts';
import type { UserInfo } from './authorizer.ts';
import type { TokenIssuer } from './create-token-issuer.ts';
import { clusterIssuer } from './create-token-issuer.ts';
import type { TokenTable } from './create-token-table.ts';
import { type FindObject, readClaims } from './service-account-claims.ts';

/** Whom a token stands for, and for whom it was meant; or why it stands for nobody. */
export type TokenOutcome =
  | { readonly user: UserInfo; readonly audiences: readonly string[] }
  | { readonly error: string };

export interface Authenticator {
  /** Looks at the client certificate, then at the bearer token. Throws `StatusError` 401 without a known one. */
  authenticate(message: IncomingMessage): Promise<UserInfo>;
  /** What a TokenReview answers. */
  reviewToken(token: string, audiences: readonly string[]): Promise<TokenOutcome>;
}

export interface AuthenticatorOptions {
  readonly tokens: TokenTable;
  readonly issuer: TokenIssuer;
  readonly find: FindObject;
  readonly now: () => number;
  /** The user of a client certificate; undefined when there is none or it is not good. */
  readonly userOfCertificate: (socket: TLSSocket) => UserInfo | undefined;
}

/** Everybody who can prove who they are: by a certificate of the cluster's authority, by a given or by a signed token. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  async function reviewToken(token: string, audiences: readonly string[]): Promise<TokenOutcome> {
    const user = options.tokens.find(token);
    if (user !== undefined && audiences.includes(clusterIssuer)) return { user, audiences: [clusterIssuer] };
    const claims = await options.issuer.verify(token);
    if (claims === undefined) return { error: 'invalid bearer token' };
    const outcome = readClaims(claims, token, { nowMs: options.now(), find: options.find, audiences });
    return 'error' in outcome ? { error: `[invalid bearer token, ${outcome.error}]` } : outcome;
  }

  return {
    reviewToken,
    async authenticate(message) {
      const byCertificate = options.userOfCertificate(message.socket as TLSSocket);
      if (byCertificate !== undefined) return byCertificate;
      const token = /^bearer +([^ ]+)$/i.exec(message.headers.authorization ?? '')?.[1];
      if (token === undefined) throw unauthorized();
      const outcome = await reviewToken(token, [clusterIssuer]);
      if ('error' in outcome) throw unauthorized();
      return outcome.user;
    },
  };
}
