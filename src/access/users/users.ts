import type { OperationHandle } from '../../audit/operation-handle.ts';
import type { Principal, PrincipalName, SignInMethod } from '../../kernel/principal.ts';
import type { KnownUser, ServiceToken } from './sign-in-rows.ts';
import type { TokenScope } from './token-scope.ts';

export interface NewServiceToken {
  readonly name: string;
  readonly description: string;
  readonly scope: TokenScope;
  readonly expiresAt: Date;
  /** Most tokens that one owner may have at a time. */
  readonly mostOfOwner: number;
}

/** One token in use, or one sign-in at an identity provider with all its tokens, over all replicas. */
export interface Session {
  /** UUID. */
  readonly id: string;
  readonly principal: PrincipalName;
  readonly method: SignInMethod;
  readonly impersonatedBy: PrincipalName | undefined;
  /** Why, in the administrator's words. */
  readonly impersonationReason: string | undefined;
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date | undefined;
  /** WebSockets and event streams. */
  readonly openStreams: number;
  readonly endedAt: Date | undefined;
}

export interface ServiceTokenNews {
  readonly type: 'ADDED' | 'MODIFIED';
  readonly token: ServiceToken;
}

/** A token that is shown once: it stands nowhere after this. */
export interface Issued<T> {
  readonly what: T;
  /** Undefined in a dry run. */
  readonly value: string | undefined;
}

/**
 * Who signs in with what. Changes hold on this replica when they resolve, and on every other one within seconds; they answer
 * errors as data and know nothing of who may ask for them, but for what nobody may.
 */
export interface Users {
  /** `owner` is the caller. Throws `ForbiddenError` for more than it has, `ConflictError` for a name that is taken, `QuotaExceededError`. */
  createServiceToken(owner: Principal, wanted: NewServiceToken, ticket: OperationHandle): Promise<Issued<ServiceToken>>;
  /** One that is revoked already stays as it is. */
  revokeServiceToken(id: string, by: Principal, ticket: OperationHandle): Promise<ServiceToken>;
  /** Newest first, those of the last 90 days that have expired or were revoked included. */
  serviceTokens(ownerId?: string): Promise<readonly ServiceToken[]>;
  serviceToken(id: string): Promise<ServiceToken | undefined>;
  /** Calls back in the transaction of each change. */
  onServiceToken(listener: (news: ServiceTokenNews) => Promise<void>): () => void;

  /** Used last first; those of the last 30 days. */
  sessions(principalId?: string): Promise<readonly Session[]>;
  session(id: string): Promise<Session | undefined>;
  /** Its token is refused until it expires; all tokens of a sign-in are, for 90 days. Throws `PreconditionError` where there is no token that could be refused. */
  endSession(session: Session, by: Principal, ticket: OperationHandle): Promise<Session>;

  users(): Promise<readonly KnownUser[]>;
  user(id: string): Promise<KnownUser | undefined>;
  /** Refused everywhere, with all that acts for it. */
  disableUser(id: string, reason: string, by: Principal, ticket: OperationHandle): Promise<KnownUser>;
  enableUser(id: string, ticket: OperationHandle): Promise<KnownUser>;

  /**
   * A token with which an administrator acts as somebody else for a while: never as another administrator, with less than
   * either has, and seen by both among their sessions.
   */
  startImpersonation(
    administrator: Principal,
    wanted: { readonly principalId: string; readonly reason: string; readonly minutes: number },
    ticket: OperationHandle,
  ): Promise<Issued<Session>>;

  /**
   * Whom a loop acts as that carries out somebody's order, with what they have now: undefined once they, or the administrator who acted as them, may
   * not do so any more. Throws `UPSTREAM_UNAVAILABLE` where that cannot be told at present.
   */
  actingAs(actor: {
    readonly id: string;
    readonly impersonatedBy?: Pick<PrincipalName, 'id'> | null;
  }): Principal | undefined;
  /** Records the ends of impersonations whose time is over, and forgets what nobody needs any more. */
  sweep(signal: AbortSignal): Promise<void>;
}
