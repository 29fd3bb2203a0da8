import type { PolicyRule } from './policy-rule.ts';

/** Who a request acts as. */
export interface UserInfo {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** What somebody wants to do; the same question a SubjectAccessReview asks. */
export interface AccessAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty asks for all namespaces, or for a cluster-scoped resource. */
  readonly namespace: string;
  readonly name: string;
  /** Set for paths that are no resources. */
  readonly path?: string;
}

export interface Decision {
  readonly isAllowed: boolean;
  /** Who allowed it, or what stood in the way of an answer; often empty. */
  readonly reason: string;
}

/** Everything somebody may do in one namespace. */
export interface ResolvedRules {
  readonly rules: readonly PolicyRule[];
  /** Bindings whose role is missing; the other rules hold all the same. */
  readonly errors: readonly string[];
}

export interface Authorizer {
  authorize(user: UserInfo, attributes: AccessAttributes): Decision;
  /** The same rights as a list; an empty namespace asks for what holds in all of them. */
  rulesFor(user: UserInfo, namespace: string): ResolvedRules;
}

/** Allows what one of the sources allows. Reasons of sources without an opinion are joined, as the real union does. */
export function createUnionAuthorizer(sources: readonly Authorizer[]): Authorizer {
  return {
    authorize(user, attributes) {
      const reasons: string[] = [];
      for (const source of sources) {
        const decision = source.authorize(user, attributes);
        if (decision.isAllowed) return decision;
        if (decision.reason !== '') reasons.push(decision.reason);
      }
      return { isAllowed: false, reason: reasons.join('\n') };
    },
    rulesFor(user, namespace) {
      const found = sources.map((source) => source.rulesFor(user, namespace));
      return { rules: found.flatMap(({ rules }) => rules), errors: found.flatMap(({ errors }) => errors) };
    },
  };
}
