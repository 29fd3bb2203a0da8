import type { GrantedRule } from './granted-rule.ts';
import type { Holding } from './holdings.ts';

/**
 * What says for good which tenants it lay in (an operation record, say) is not seen for its namespace's sake by members of whoever has the
 * namespace now: their rules go by tenants there. Rules of a token's own namespaces stay as they are.
 */
export function keepTenants(rule: GrantedRule, holding: Holding, keeping: ReadonlySet<string>): readonly GrantedRule[] {
  const { subjects, condition } = rule;
  if (!holding.isOfMemberships || condition?.namespaces === undefined) return [rule];
  const kept = subjects === 'ALL' ? [...keeping] : subjects.filter((subject) => keeping.has(subject));
  if (kept.length === 0) return [rule];
  const others = subjects === 'ALL' ? subjects : subjects.filter((subject) => !keeping.has(subject));
  const { namespaces: _now, ...more } = condition;
  const tenants = [...new Set(holding.memberships.map(({ of }) => of))].sort();
  return [
    ...(others.length === 0
      ? []
      : [
          {
            ...rule,
            subjects: others,
            condition: subjects === 'ALL' ? { ...condition, exceptSubjects: kept } : condition,
          },
        ]),
    {
      ...rule,
      subjects: kept,
      condition: { ...more, tenants: more.tenants?.filter((tenant) => tenants.includes(tenant)) ?? tenants },
    },
  ];
}
