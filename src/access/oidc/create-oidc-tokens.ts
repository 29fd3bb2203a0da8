import { decodeJwt, errors, jwtVerify } from 'jose';
import type { Clock } from '../../kernel/clock.ts';
import type { EgressClient } from '../../kernel/egress-client.ts';
import type { Logger } from '../../kernel/logger.ts';
import { RequestError } from '../../kernel/request-error.ts';
import type { AuthenticationProvider } from '../authentication-provider.ts';
import { refuseSystemNames } from '../refuse-system-names.ts';
import type { RightsEvents } from '../rights-events.ts';
import { createKeySet, type KeySet } from './create-key-set.ts';
import { createVerifiedTokens, type VerifiedToken } from './create-verified-tokens.ts';
import { fetchKeys } from './fetch-keys.ts';
import type { OidcIssuer } from './oidc-issuer.ts';
import { principalOfClaims } from './principal-of-claims.ts';
import { usableAlgorithms } from './usable-keys.ts';

export interface OidcTokens extends AuthenticationProvider {
  /** Ends the reading of keys. */
  stop(): void;
}

interface Verifier {
  readonly issuer: OidcIssuer;
  readonly keys: KeySet;
}

/** Bearer tokens of OpenID Connect providers: JWTs (RFC 7519) whose signature, issuer, audience and times are checked here. */
export function createOidcTokens(options: {
  /** Each issuer once. */
  readonly issuers: readonly OidcIssuer[];
  readonly egress: EgressClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly rights: RightsEvents;
}): OidcTokens {
  const { egress, clock, logger, rights } = options;
  const verified = createVerifiedTokens({
    clock,
    rights,
    isKeyGood: (issuer, keyId) => verifiers.get(issuer)?.keys.has(keyId) ?? false,
  });
  const verifiers = new Map<string, Verifier>(
    options.issuers.map((issuer) => [
      issuer.issuer,
      {
        issuer,
        keys: createKeySet({
          issuer: issuer.issuer,
          fetchKeys: () => fetchKeys(issuer, egress),
          clock,
          logger,
          onVanished: () => verified.forgetVanished(),
        }),
      },
    ]),
  );

  async function verify(token: string, { issuer, keys }: Verifier): Promise<VerifiedToken> {
    let keyId = '';
    const { payload } = await jwtVerify(
      token,
      async (header) => {
        const key = await keys.find(header);
        if (key === undefined) throw new Error('key-unknown');
        keyId = key.id;
        return key.key;
      },
      {
        algorithms: [...usableAlgorithms],
        issuer: issuer.issuer,
        audience: issuer.audience,
        requiredClaims: ['sub', 'exp'],
        currentDate: new Date(clock.now()),
        clockTolerance: issuer.clockSkewSeconds,
      },
    );
    const principal = principalOfClaims(issuer, payload);
    refuseSystemNames(principal);
    return { principal, issuer: issuer.issuer, keyId, issuedAt: payload.iat ?? 0 };
  }

  return {
    name: 'OpenID Connect',
    method: 'OIDC',
    async authenticate(token) {
      if (token === undefined) return undefined;
      const known = verified.find(token);
      if (known) return known;
      const verifier = verifiers.get(issuerIn(token) ?? '');
      if (!verifier) return undefined;
      try {
        return verified.remember(token, await verify(token, verifier));
      } catch (error) {
        if (error instanceof RequestError) throw error;
        logger.info({ issuer: verifier.issuer.issuer, reason: reasonOf(error) }, 'a token of an issuer was refused');
        return undefined;
      }
    },
    current: (principalId) => verified.current(principalId),
    stop() {
      for (const { keys } of verifiers.values()) keys.stop();
    },
  };
}

/** Who it claims to be from: only which keys are asked depends on it. */
function issuerIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** One word for the log. The library's errors carry the claims along, and texts may quote them. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed) return `${error.code} ${error.claim}`;
  if (error instanceof errors.JOSEError) return error.code;
  return error instanceof Error && /^[a-z-]{1,40}$/.test(error.message) ? error.message : 'refused';
}
