import type { Principal, SignInMethod } from '../kernel/principal.ts';

/**
 * One way of signing in. Providers form a chain: the first that knows the token answers. A provider that cannot decide
 * (its identity service is away) rejects with a `RequestError` of its own code, never with a principal.
 */
export interface AuthenticationProvider {
  readonly name: string;
  readonly method: SignInMethod;
  /** The principal of a bearer token; undefined where this provider does not know it. No token at all comes as undefined. */
  authenticate(token: string | undefined): Principal | undefined | Promise<Principal | undefined>;
  /**
   * The same principal as it stands now, by its id, for streams that outlive a request; undefined where it is gone or
   * was never this provider's.
   */
  current(principalId: string): Principal | undefined | Promise<Principal | undefined>;
  /**
   * Something long-lived is open for this principal, until the returned function is called: a provider that is not told
   * of revocations asks again by itself meanwhile, and announces what it hears.
   */
  follow?(principalId: string): () => void;
}
