import type { AccessAttributes, ResolvedRules, UserInfo } from './authorizer.ts';
import type { RoleReference } from './create-rbac-authorizer.ts';
import type { PolicyRule } from './policy-rule.ts';

/** Somebody outside who writes, and what the write path may ask about its rights. Controllers inside are nobody's guest. */
export interface Requester {
  readonly user: UserInfo;
  may(question: Pick<AccessAttributes, 'verb' | 'group' | 'resource'> & Partial<AccessAttributes>): boolean;
  rulesIn(namespace: string): ResolvedRules;
  /** The rules behind a roleRef; `error` says that the role is missing. */
  rulesOfRole(
    reference: RoleReference,
    namespace: string,
  ): { readonly rules: readonly PolicyRule[]; readonly error?: string };
}
