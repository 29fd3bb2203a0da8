import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import { RequestError } from '../kernel/request-error.ts';
import { createAdminToken } from './admin-token.ts';
import type { AuthenticationProvider } from './authentication-provider.ts';
import { parseBearerToken } from './bearer-token.ts';
import { createDevTokens, type DevTokenSettings } from './dev-tokens.ts';
import { createIssuedPrincipals, type IssuedPrincipals } from './issued-principals.ts';
import { createMemberships, type MembershipSeat, type Memberships } from './memberships.ts';
import { refuseSystemNames } from './refuse-system-names.ts';
import { createRightsEvents, type RightsEvents } from './rights-events.ts';
import { createStaticTokens, type StaticToken } from './static-tokens.ts';
import type { ClientAddress } from './users/create-session-log.ts';
import { hasOwnToken, type SignInDesk } from './users/sign-in-desk.ts';

export interface Authenticator {
  /**
   * Who asks, from the value of the Authorization header or of `authorization` in `connection_init`; undefined where
   * there was none. Rejects with `UNAUTHENTICATED` in one text for every bad token, so that nothing can be told apart.
   */
  authenticate(authorization: string | undefined, client?: ClientAddress): Promise<Principal>;
  /** The principal as it stands now, for what outlives a request; undefined once it may no longer be here. */
  refresh(principal: Principal): Promise<Principal | undefined>;
  /** Something long-lived is open for this principal, until the returned function is called. */
  follow(principal: Principal): () => void;
  /**
   * The same principal with what its memberships give now, from memory; its token is not looked at. Undefined where it was
   * disabled, its session was ended, or a token of the gateway's own gives nothing any more.
   */
  regrant(principal: Principal): Principal | undefined;
  /**
   * The principal that somebody was a moment ago, perhaps on another replica, as it stands now; undefined where it may no
   * longer be here. `written` must come from where nobody else can write. Whose rights only an identity provider could tell
   * is taken as written; a service account only where this replica has seen its token, since nobody else would notice its end.
   */
  resume(written: Principal): Promise<Principal | undefined>;
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
  /** Makes what stands between a known token and who is let in; everybody known is let in where absent. */
  readonly desk?: (parts: DeskParts) => SignInDesk;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a desk needs of the authenticator that it is made for. */
export interface DeskParts {
  readonly memberships: Pick<Memberships, 'enrich' | 'grantsIn' | 'isKnown'>;
  /** A principal as the settings have it now; `elsewhere` for who is known by somebody else's word alone. */
  settled(principalId: string): Principal | undefined | 'elsewhere';
}

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { clock, logger } = options;
  const rights = options.rights ?? createRightsEvents(logger);
  const memberships = createMemberships(rights);
  const { issue } = options.issued ?? createIssuedPrincipals();
  const staticTokens = createStaticTokens({ tokens: options.tokens, clock, rights });
  const own: Readonly<Record<string, AuthenticationProvider | undefined>> = {
    'token:': staticTokens,
    'local:': options.adminToken === undefined ? undefined : createAdminToken(options.adminToken),
    'dev:': options.dev === undefined ? undefined : createDevTokens(options.dev),
  };
  const chain: readonly AuthenticationProvider[] = [
    ...Object.values(own).filter((provider) => provider !== undefined),
    ...(options.providers ?? []),
  ];
  const desk = options.desk?.({
    memberships,
    settled(principalId) {
      const prefix = Object.keys(own).find((start) => principalId.startsWith(start));
      if (prefix === undefined) return 'elsewhere';
      const current = own[prefix]?.current(principalId);
      // Those of the settings answer from memory.
      return current instanceof Promise ? undefined : current;
    },
  });

  const isLive = (principal: Principal) => principal.expiresAt === undefined || principal.expiresAt > clock.now();

  async function firstAnswer(
    ask: (provider: AuthenticationProvider) => ReturnType<AuthenticationProvider['authenticate']>,
  ): Promise<{ readonly principal: Principal; readonly provider: AuthenticationProvider } | undefined> {
    for (const provider of chain) {
      const principal = await ask(provider);
      if (principal === undefined) continue;
      return isTrusted(principal, provider, logger) && isLive(principal) ? { principal, provider } : undefined;
    }
    return undefined;
  }

  async function signIn(token: string | undefined, client: ClientAddress | undefined): Promise<Principal | undefined> {
    const derived = token === undefined ? undefined : desk?.ownToken(token);
    if (derived) {
      if (!isLive(derived) || !desk?.isAdmitted(derived)) return undefined;
      desk.note(derived, undefined, client, token);
      return issue(derived);
    }
    const answer = await firstAnswer((provider) => provider.authenticate(token));
    if (!answer) return undefined;
    const { principal, provider } = answer;
    if (!desk) return issue(memberships.enrich(principal));
    const admitted = desk.admit(principal, provider.method, token);
    if (!admitted) return undefined;
    const enriched = memberships.enrich(admitted);
    // An older token of an identity provider may still be shown; what the newest one says is how things stand.
    const newest = provider.method === 'OIDC' ? await provider.current(principal.id) : principal;
    desk.note(enriched, newest ?? principal, client, token);
    return issue(enriched);
  }

  return {
    async authenticate(authorization, client) {
      const token = authorization === undefined ? undefined : parseBearerToken(authorization);
      if (authorization !== undefined && token === undefined) throw unauthenticated();
      const principal = await signIn(token, client);
      if (!principal) throw unauthenticated();
      return principal;
    },
    async refresh(before) {
      if (desk && !desk.isAdmitted(before)) return undefined;
      if (desk && hasOwnToken(before)) {
        const now = desk.currentOwn(before);
        return now && isLive(now) ? issue(now) : undefined;
      }
      const answer = await firstAnswer((provider) => provider.current(before.id));
      if (!answer) return undefined;
      const { principal } = answer;
      const { session } = before;
      return issue(memberships.enrich(session ? { ...principal, session } : principal));
    },
    follow(principal) {
      const ends = [...chain.map((provider) => provider.follow?.(principal.id)), desk?.open(principal)];
      return () => {
        for (const end of ends) end?.();
      };
    },
    regrant(principal) {
      if (desk && !desk.isAdmitted(principal)) return undefined;
      const fresh = desk && hasOwnToken(principal) ? desk.currentOwn(principal) : memberships.regrant(principal);
      return fresh && issue(fresh);
    },
    async resume(written) {
      if (!isLive(written) || (desk && !desk.isAdmitted(written))) return undefined;
      if (desk && hasOwnToken(written)) {
        const now = desk.currentOwn(written);
        return now && isLive(now) ? issue(now) : undefined;
      }
      const { memberships: _then, ...base } = written;
      const answer = await firstAnswer((provider) => provider.current(base.id));
      const now = answer?.principal ?? (base.session?.method === 'OIDC' ? base : undefined);
      if (!now) return undefined;
      return issue(memberships.enrich({ ...now, ...(base.session ? { session: base.session } : {}) }));
    },
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
