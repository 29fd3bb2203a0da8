import type { NamespaceScope, Role } from '../../kernel/principal.ts';

/** An OpenID Connect provider whose tokens sign in. */
export interface OidcIssuer {
  /** Exactly as tokens and the discovery document name it. */
  readonly issuer: string;
  readonly audience: string;
  readonly usernameClaim: string;
  readonly groupsClaim: string;
  readonly rolesFromGroups: Readonly<Record<string, Role>>;
  readonly namespacesFromGroups: Readonly<Record<string, readonly NamespaceScope[]>>;
  readonly clockSkewSeconds: number;
  /** Instead of what the discovery document says. */
  readonly jwksUrl?: string | undefined;
}
