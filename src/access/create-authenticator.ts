import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import { RequestError } from '../kernel/request-error.ts';
import { createAdminToken } from './admin-token.ts';
import type { AuthenticationProvider } from './authentication-provider.ts';
import { parseBearerToken } from './bearer-token.ts';
import { createDevTokens, type DevTokenSettings } from './dev-tokens.ts';
import { createIssuedPrincipals, type IssuedPrincipals } from './issued-principals.ts';
import { createMemberships, type MembershipSeat } from './memberships.ts';
import { refuseSystemNames } from './refuse-system-names.ts';
import { createRightsEvents, type RightsEvents } from './rights-events.ts';
import { createStaticTokens, type StaticToken } from './static-tokens.ts';

export interface Authenticator {
  /**
   * Who asks, from the value of the Authorization header or of `authorization` in `connection_init`; undefined where
   * there was none. Rejects with `UNAUTHENTICATED` in one text for every bad token, so that nothing can be told apart.
   */
  authenticate(authorization: string | undefined): Promise<Principal>;
  /** The principal as it stands now, for what outlives a request; undefined once it may no longer be here. */
  refresh(principal: Principal): Promise<Principal | undefined>;
  /** Something long-lived is open for this principal, until the returned function is called. */
  follow(principal: Principal): () => void;
  /** The same principal with what its memberships give now; its token is not looked at. */
  regrant(principal: Principal): Principal;
  /** Takes new token settings; who lost a token or has other rights is announced through `rights`. */
  replaceTokens(tokens: readonly StaticToken[]): void;
  /** Told whenever somebody's rights changed. */
  readonly rights: RightsEvents;
  /** What belonging to tenants adds to whoever signs in. */
  readonly memberships: MembershipSeat;
}

export interface AuthenticatorOptions {
  readonly tokens: readonly StaticToken[];
  /** Only while every cluster is embedded and the listener is loopback; without it the dev tokens are refused like any forged one. */
  readonly dev?: DevTokenSettings | undefined;
  /** The random token of the data directory. */
  readonly adminToken?: string | undefined;
  /** Further ways of signing in, asked after the built-in ones. */
  readonly providers?: readonly AuthenticationProvider[];
  /** Where providers announce that somebody's rights changed; one of its own where absent. */
  readonly rights?: RightsEvents;
  /** Told of every principal that is handed out. */
  readonly issued?: IssuedPrincipals;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { clock, logger } = options;
  const rights = options.rights ?? createRightsEvents(logger);
  const memberships = createMemberships(rights);
  const { issue } = options.issued ?? createIssuedPrincipals();
  const staticTokens = createStaticTokens({ tokens: options.tokens, clock, rights });
  const chain: readonly AuthenticationProvider[] = [
    staticTokens,
    ...(options.adminToken === undefined ? [] : [createAdminToken(options.adminToken)]),
    ...(options.dev === undefined ? [] : [createDevTokens(options.dev)]),
    ...(options.providers ?? []),
  ];

  const isLive = (principal: Principal) => principal.expiresAt === undefined || principal.expiresAt > clock.now();

  async function firstAnswer(
    ask: (provider: AuthenticationProvider) => ReturnType<AuthenticationProvider['authenticate']>,
  ): Promise<Principal | undefined> {
    for (const provider of chain) {
      const principal = await ask(provider);
      if (principal === undefined) continue;
      if (isTrusted(principal, provider, logger) && isLive(principal)) return issue(memberships.enrich(principal));
      return undefined;
    }
    return undefined;
  }

  return {
    async authenticate(authorization) {
      const token = authorization === undefined ? undefined : parseBearerToken(authorization);
      if (authorization !== undefined && token === undefined) throw unauthenticated();
      const principal = await firstAnswer((provider) => provider.authenticate(token));
      if (!principal) throw unauthenticated();
      return principal;
    },
    refresh: (principal) => firstAnswer((provider) => provider.current(principal.id)),
    follow(principal) {
      const ends = chain.map((provider) => provider.follow?.(principal.id));
      return () => {
        for (const end of ends) end?.();
      };
    },
    regrant: (principal) => issue(memberships.regrant(principal)),
    replaceTokens: (tokens) => staticTokens.replace(tokens),
    rights,
    memberships,
  };
}

function unauthenticated(): RequestError {
  return new RequestError('UNAUTHENTICATED', 'A valid bearer token is required.');
}

function isTrusted(principal: Principal, provider: AuthenticationProvider, logger: Logger): boolean {
  try {
    refuseSystemNames(principal);
    return true;
  } catch (error) {
    logger.warn({ err: error, provider: provider.name }, 'refused a principal that claims a name of the cluster');
    return false;
  }
}
