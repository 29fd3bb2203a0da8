import type { NamespaceScope, Role } from '../../kernel/principal.ts';

/** An OpenID Connect provider whose tokens sign in. */
export interface OidcIssuer {
  /** Exactly as tokens and the discovery document name it. */
  readonly issuer: string;
  readonly audience: string;
  readonly usernameClaim: string;
  readonly groupsClaim: string;
  /** Before each group; roles and namespaces by group are found without it. */
  readonly groupsPrefix?: string | undefined;
  readonly rolesFromGroups: Readonly<Record<string, Role | readonly Role[]>>;
  readonly namespacesFromGroups: Readonly<Record<string, readonly NamespaceScope[]>>;
  readonly clockSkewSeconds: number;
  /** Instead of what the discovery document says. */
  readonly jwksUrl?: string | undefined;
}
