import { type MembershipRank, membershipRanks, type NamespaceScope, type Principal } from '../kernel/principal.ts';
import type { PermissionCondition, PermissionRule } from './permission-rule.ts';
import type { Fact, SubjectFacts } from './subject-facts.ts';

/** A rule's condition with the principal's values filled in; all of it must hold. Data, so that it can become SQL. */
export interface GrantedCondition {
  /** It lies in one of these; sorted, without duplicates. */
  readonly namespaces?: readonly NamespaceScope[];
  /** It belongs to this principal. */
  readonly owner?: string;
  /** It lies in one of these tenants; sorted, without duplicates. An empty list holds for nothing. */
  readonly tenants?: readonly string[];
  /** Each of these facts has one of its values. */
  readonly facts?: Readonly<Record<string, readonly Fact[]>>;
}

/** What of a principal goes into conditions. */
type FilledIn = Pick<Principal, 'id' | 'namespaces' | 'memberships'>;

/** A rule as one principal has it. */
export interface GrantedRule {
  readonly actions: readonly string[] | 'ALL';
  readonly subjects: readonly string[] | 'ALL';
  readonly fields: readonly string[] | undefined;
  readonly condition: GrantedCondition | undefined;
}

/** Fills the principal's values into a rule, in one spelling per meaning: lists sorted, duplicates gone. */
export function fillRule(rule: PermissionRule, principal: FilledIn): GrantedRule {
  return {
    actions: rule.actions === 'ALL' ? 'ALL' : sorted(rule.actions),
    subjects: rule.subjects === 'ALL' ? 'ALL' : sorted(rule.subjects),
    fields: rule.fields && sorted(rule.fields),
    condition: fillCondition(rule.where, principal),
  };
}

/** Whether a condition with its values filled in holds for these facts. */
export function holdsFor(condition: GrantedCondition): (facts: SubjectFacts) => boolean {
  const clusters = condition.namespaces && byCluster(condition.namespaces);
  const tenants = condition.tenants && new Set(condition.tenants);
  const wanted = Object.entries(condition.facts ?? {});
  return (facts) => {
    if (clusters && !liesIn(clusters, facts.cluster, facts.namespace)) return false;
    if (condition.owner !== undefined && facts.owner !== condition.owner) return false;
    if (tenants && !facts.tenants?.some((tenant) => tenants.has(tenant))) return false;
    return wanted.every(([name, values]) => {
      const value = facts.facts && Object.hasOwn(facts.facts, name) ? facts.facts[name] : undefined;
      return value !== undefined && values.includes(value);
    });
  };
}

/** Namespaces by cluster; `*` stands for every cluster. */
export type NamespacesByCluster = ReadonlyMap<string, ReadonlySet<string>>;

export function byCluster(scopes: readonly NamespaceScope[]): NamespacesByCluster {
  const clusters = new Map<string, Set<string>>();
  for (const { cluster, namespace } of scopes) {
    const namespaces = clusters.get(cluster) ?? new Set();
    clusters.set(cluster, namespaces.add(namespace));
  }
  return clusters;
}

export function liesIn(
  clusters: NamespacesByCluster,
  cluster: string | undefined,
  namespace: string | undefined,
): boolean {
  if (cluster === undefined || namespace === undefined) return false;
  return clusters.get(cluster)?.has(namespace) === true || clusters.get('*')?.has(namespace) === true;
}

function fillCondition(where: PermissionRule['where'], principal: FilledIn): GrantedCondition | undefined {
  if (where === undefined) return undefined;
  const { namespaces, own, member, tenantKind, facts }: Exclude<PermissionCondition, string> =
    where === 'namespaces' ? { namespaces: true } : where === 'own' ? { own: true } : where;
  return {
    ...(namespaces && { namespaces: sortedScopes(principal.namespaces) }),
    ...(own && { owner: principal.id }),
    ...(member && { tenants: tenantsOf(principal, member, tenantKind) }),
    ...(facts && { facts: sortedFacts(facts) }),
  };
}

function tenantsOf({ memberships = [] }: FilledIn, rank: MembershipRank, kind: string | undefined): readonly string[] {
  const enough = membershipRanks.slice(membershipRanks.indexOf(rank));
  return sorted(
    memberships
      .filter(({ of, as }) => enough.includes(as) && (kind === undefined || of.startsWith(`${kind}/`)))
      .map(({ of }) => of),
  );
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

function sortedScopes(scopes: readonly NamespaceScope[]): readonly NamespaceScope[] {
  const known = new Map(scopes.map((scope) => [JSON.stringify([scope.cluster, scope.namespace]), scope]));
  return [...known]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { cluster, namespace }]) => ({ cluster, namespace }));
}

function sortedFacts(
  facts: Readonly<Record<string, Fact | readonly Fact[]>>,
): Readonly<Record<string, readonly Fact[]>> {
  const entries = Object.entries(facts).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    entries.map(([name, values]) => [
      name,
      [...new Set(Array.isArray(values) ? (values as readonly Fact[]) : [values as Fact])].sort(compareFacts),
    ]),
  );
}

function compareFacts(one: Fact, other: Fact): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}
