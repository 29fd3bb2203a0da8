import type { JsonObject } from '../machinery/json.ts';
import type { ClusterObject } from '../store/types.ts';
import type { AccessAttributes, Authorizer, ResolvedRules } from './authorizer.ts';
import type { BindingIndex, IndexedBinding } from './create-binding-index.ts';
import { type PolicyRule, readRules, ruleAllows } from './policy-rule.ts';

/** Finds a stored role; an empty namespace means a ClusterRole. */
export type FindRole = (namespace: string, name: string) => ClusterObject | undefined;

export interface RbacAuthorizer extends Authorizer {
  /** The rules behind a roleRef. Its `error` says in Kubernetes' words that the role is missing. */
  rulesOfRole(reference: RoleReference, namespace: string): { rules: readonly PolicyRule[]; error?: string };
}

export interface RoleReference {
  readonly kind: string;
  readonly name: string;
}

/** Role-based access control: the union of all rules that bindings give the user or one of its groups. */
export function createRbacAuthorizer(bindings: BindingIndex, findRole: FindRole): RbacAuthorizer {
  // Stored objects never change, so what was read out of one stays true as long as it lives.
  const rulesByRole = new WeakMap<ClusterObject, readonly PolicyRule[]>();

  function rulesOf(role: ClusterObject): readonly PolicyRule[] {
    let rules = rulesByRole.get(role);
    if (rules === undefined) {
      rules = readRules(role as unknown as JsonObject);
      rulesByRole.set(role, rules);
    }
    return rules;
  }

  const authorizer: RbacAuthorizer = {
    rulesOfRole({ kind, name }, namespace) {
      const isCluster = kind === 'ClusterRole';
      const role = findRole(isCluster ? '' : namespace, name);
      if (role !== undefined) return { rules: rulesOf(role) };
      const what = `${isCluster ? 'clusterrole' : 'role'}.rbac.authorization.k8s.io`;
      return { rules: [], error: `${what} "${name}" not found` };
    },
    authorize(user, attributes) {
      const errors = new Set<string>();
      for (const binding of bindings.of(user, attributes.namespace)) {
        const { rules, error } = authorizer.rulesOfRole(binding.roleRef, binding.namespace);
        if (error !== undefined) errors.add(error);
        if (isAllowedBy(rules, attributes)) {
          return { isAllowed: true, reason: `RBAC: allowed by ${describeBinding(binding)}` };
        }
      }
      return { isAllowed: false, reason: errors.size === 0 ? '' : `RBAC: ${aggregate([...errors])}` };
    },
    rulesFor(user, namespace): ResolvedRules {
      const rules: PolicyRule[] = [];
      const errors = new Set<string>();
      for (const binding of bindings.of(user, namespace)) {
        const found = authorizer.rulesOfRole(binding.roleRef, binding.namespace);
        rules.push(...found.rules);
        if (found.error !== undefined) errors.add(found.error);
      }
      return { rules, errors: [...errors] };
    },
  };
  return authorizer;
}

/** Several errors as one text: a single one stands bare, more stand in brackets. */
export function aggregate(errors: readonly string[]): string {
  return errors.length === 1 ? (errors[0] ?? '') : `[${errors.join(', ')}]`;
}

function isAllowedBy(rules: readonly PolicyRule[], attributes: AccessAttributes): boolean {
  for (const rule of rules) if (ruleAllows(rule, attributes)) return true;
  return false;
}

function describeBinding({ name, namespace, roleRef, subject }: IndexedBinding): string {
  const kind = namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding';
  const binding = namespace === '' ? name : `${name}/${namespace}`;
  const home = subject.kind === 'ServiceAccount' ? `/${subject.namespace || namespace}` : '';
  return `${kind} "${binding}" of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${subject.name}${home}"`;
}
