import type { Principal, SignInMethod } from '../../kernel/principal.ts';
import type { ClientAddress } from './create-session-log.ts';

/** What stands between a token that somebody knows and whoever is let in with it. */
export interface SignInDesk {
  /** The principal of a token of the gateway's own, memberships included; undefined for every other. Throws where it cannot be told at present. */
  ownToken(token: string): Principal | undefined;
  /** Gives a principal its session; undefined where that was ended, or the principal is disabled. */
  admit(principal: Principal, method: SignInMethod, token: string | undefined): Principal | undefined;
  /**
   * Takes down who came in. `base` is what the way of signing in says of them now, without memberships; undefined for the
   * gateway's own tokens, whose rights are somebody else's.
   */
  note(
    principal: Principal,
    base: Principal | undefined,
    client: ClientAddress | undefined,
    token: string | undefined,
  ): void;
  /** Whether one that was admitted may still be here. */
  isAdmitted(principal: Principal): boolean;
  /** Of a token of the gateway's own: as it stands now; undefined where it is gone. */
  currentOwn(principal: Principal): Principal | undefined;
  /** Something long-lived is open with it, until the returned function is called. */
  open(principal: Principal): () => void;
}

/** Whether a principal came with a token of the gateway's own, whose rights are derived from somebody else's. */
export function hasOwnToken({ session }: Principal): boolean {
  return session?.method === 'SERVICE_TOKEN' || session?.method === 'IMPERSONATION';
}
