import { conditionOf } from './granted-rule.ts';
import type { PermissionRule } from './permission-rule.ts';
import type { Fact } from './subject-facts.ts';

/** A rule's condition in words, for documents and reviews; empty where it has none. */
export function describeCondition(rule: Pick<PermissionRule, 'where'>): string {
  const { namespaces, own, member, tenantKind, principalIn, facts = {}, profile = {} } = conditionOf(rule);
  const among = (values: Fact | readonly Fact[]) => [values].flat().join(' or ');
  return [
    namespaces && 'in a namespace where the role holds',
    own && 'what is your own',
    member && `in a ${tenantKind ?? 'tenant'} that you belong to${member === 'GUEST' ? '' : ` as ${member} or more`}`,
    principalIn && `where you or a group of yours is ${principalIn.join(' or ')}`,
    ...Object.entries(facts).map(([name, values]) => `where ${name} is ${among(values)}`),
    ...Object.entries(profile).map(([key, values]) => `where the profile has ${key}: ${among(values)}`),
  ]
    .filter((part) => typeof part === 'string')
    .join(', and ');
}
